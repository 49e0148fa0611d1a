// An omnichain lane between its terms and its deployment: connected, with what its light clients start from.
import type { JsonRpcProvider, VoidSigner } from 'ethers';

import {
  deployOmnichain,
  type DeployOmnichainParameters,
  type OmnichainStep,
} from '../../sdk/actions/omnichain/deployOmnichain.ts';
import {
  planOmnichain,
  type LightClientPlan,
  type OmnichainPlace,
  type PlanOmnichainParameters,
} from '../../sdk/actions/omnichain/planOmnichain.ts';
import { endpointOption } from '../../sdk/chain/omnichain/client.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { OmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import { parseOmnichainPlan, plannedOmnichain, type OmnichainPlan } from '../../sdk/core/omnichain/plan.ts';
import { isPublic } from '../deploying.ts';
import { readIfThere } from '../files.ts';
import type { Output } from '../output.ts';
import type { Account } from '../signer.ts';
import { sameLane, startOf } from './filedPlan.ts';
import { verifyGoesOn, type PlannedCreations } from './goingOn.ts';
import { planLightClient, type PlannedLightClient } from './lightClientPlans.ts';
import { headersOf, type ChainTerms, type OmnichainTerms } from './terms.ts';

/** A chain of the terms, and a connection to it. */
interface ReachedChain {
  readonly terms: ChainTerms;
  readonly provider: JsonRpcProvider;
  readonly urls: readonly string[];
}

/** The relay chain first. */
export type ReachedChains = readonly [relay: ReachedChain, ...others: ReachedChain[]];

/**
 * Connects to the chains of the terms, as long as `use` runs.
 * @param given endpoints instead of the terms', by chain id
 * @throws {XdmError} `invalid-argument` without an endpoint, what connecting and `use` throw
 */
export async function withChains<T>(
  { chains: [relay, ...others] }: OmnichainTerms,
  given: Readonly<Record<string, readonly string[]>>,
  use: (chains: ReachedChains) => Promise<T>,
): Promise<T> {
  const opened: JsonRpcProvider[] = [];
  const reach = async (terms: ChainTerms): Promise<ReachedChain> => {
    const { chainId, name, rpcUrl } = terms;
    const urls = given[`${chainId}`] ?? (rpcUrl === undefined ? undefined : [rpcUrl]);
    if (urls === undefined) {
      throw new XdmError('invalid-argument', `no endpoint of chain ${name} is given`, {
        hint: `give rpcUrl in the file, or ${endpointOption(name)}`,
      });
    }
    const provider = await connect(urls, { name, option: endpointOption(name), chainId });
    opened.push(provider);
    return { terms, provider, urls };
  };
  try {
    return await use([await reach(relay), ...(await Promise.all(others.map(reach)))]);
  } finally {
    for (const provider of opened) provider.destroy();
  }
}

/** What an omnichain lane is deployed with, by whom, and where that is planned. */
interface Undertaking {
  readonly terms: OmnichainTerms;
  readonly chains: ReachedChains;
  readonly account: Account | VoidSigner;
  /** The plan's file. */
  readonly path: string;
  readonly output: Output;
}

/** A plan that stands in its file, with what carries it out. */
export interface FiledLane extends DeployOmnichainParameters {
  readonly plan: OmnichainPlan;
  /** Whether it stood there before. */
  readonly isOld: boolean;
}

/**
 * The plan in a file. One that is not there is made, tried, and written before anything is sent; one that is there must be what would be
 * made. Says what its light clients trust, by the terms and the sources: what the file says of it is not believed.
 * @throws {XdmError} `invalid-argument` where the file's plan is another one than is asked for, `plan-stale` where it cannot be carried
 * out any more, and what planning throws
 */
export async function laneByFile(undertaking: Undertaking): Promise<FiledLane> {
  const { path, chains, output } = undertaking;
  const text = readIfThere(path);
  const planned = text === undefined ? undefined : parseOmnichainPlan(text, path);
  const parameters = parametersOf(undertaking, await planLightClients(undertaking, planned));
  const asked = await planOmnichain(parameters);
  if (planned === undefined) return { ...parameters, plan: asked, isOld: false };
  const plan = sameLane(planned, asked, path);
  await verifyGoesOn(chainsOf(plan, chains), path, output);
  return { ...parameters, plan, isOld: true };
}

/** The plan's chains, with what is to be created there. */
function chainsOf(plan: OmnichainPlan, reached: ReachedChains): PlannedCreations[] {
  const { chains, lightClients } = plannedOmnichain(plan);
  return chains.map(({ chainId, name, service }) => ({
    plan: plan.chains.find((chain) => chain.chainId === chainId)!,
    provider: reached.find(({ terms }) => terms.chainId === chainId)!.provider,
    name: `chain ${name}`,
    contracts: [service, ...lightClients.filter(({ on }) => on === chainId).map(({ address }) => address)],
  }));
}

/**
 * Deploys a lane by the plan in a file.
 * @throws {XdmError} what deploying throws
 */
export async function deployByFile(
  { path, output }: Undertaking,
  { isOld, ...parameters }: FiledLane,
): Promise<OmnichainDeployment> {
  if (isOld) output.log(`going on with the deployment that ${path} plans`);
  try {
    return await deployOmnichain({ ...parameters, onStep: (step) => output.log(stepLine(step)) });
  } catch (error) {
    if (!(error instanceof XdmError)) throw error;
    const hint =
      error.code === 'plan-stale'
        ? `delete ${path} to plan anew, at other addresses: nothing of the lane but lane deployers is there`
        : `${error.hint === undefined ? '' : `${error.hint}; `}the same command goes on where this one broke off`;
    throw new XdmError(error.code, error.message, { cause: error, hint });
  }
}

function stepLine({ on, of, what, address, gasUsed }: OmnichainStep): string {
  const name = of === undefined ? what : `${what} of ${of}`;
  return `${on} ${name} ${address}, ${gasUsed === undefined ? 'was done already' : `${gasUsed} gas`}`;
}

/** How each chain's light clients are deployed wherever they are needed, by the chain's name; says what they trust. */
async function planLightClients(
  { chains, output }: Undertaking,
  planned: OmnichainPlan | undefined,
): Promise<ReadonlyMap<string, PlannedLightClient>> {
  const lightClients = new Map<string, PlannedLightClient>();
  const [{ terms: relay }, ...others] = chains;
  const other = others[0]!.terms.chainId;
  for (const { terms, provider } of chains) {
    const on = terms === relay ? other : relay.chainId;
    const before = planned?.lightClients.find((each) => each.on === on && each.of === terms.chainId);
    const readers =
      terms === relay
        ? { names: others.map((each) => each.terms.name), knowRelay: true }
        : { names: [relay.name], knowRelay: false };
    const lightClient = await planLightClient({ ...terms, on, readers }, provider, before && startOf(before));
    lightClients.set(terms.name, lightClient);
    output.log(`light clients of ${terms.name} trust ${lightClient.trusts}`);
    for (const warning of lightClient.warnings) output.log(`warning: ${warning}`);
  }
  return lightClients;
}

function parametersOf(
  { terms, chains, account }: Undertaking,
  lightClients: ReadonlyMap<string, PlannedLightClient>,
): PlanOmnichainParameters {
  const placeOf = ({ terms: chain, provider, urls }: ReachedChain): OmnichainPlace => ({
    name: chain.name,
    signer: account.connect(provider),
    owner: chain.owner ?? terms.owner,
    feeReceiver: chain.feeReceiver ?? terms.feeReceiver,
    rpcUrl: urls.find(isPublic),
    headers: headersOf(chain),
  });
  const planOf = (on: string, of: string): LightClientPlan => ({ on, of, ...lightClients.get(of)! });
  const [relay, ...others] = chains;
  const between = ({ terms: { name } }: ReachedChain): LightClientPlan[] => [
    planOf(relay.terms.name, name),
    planOf(name, relay.terms.name),
  ];
  return {
    places: [placeOf(relay), ...others.map(placeOf)],
    lightClients: others.flatMap(between),
    lightClientDelay: terms.lightClientDelay,
    fee: terms.fee,
  };
}
