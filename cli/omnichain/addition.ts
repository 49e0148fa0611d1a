// A chain's addition between its terms and the deployment file: connected, and with its plan on disk, by which a run that broke off is
// gone on with.
import type { JsonRpcProvider, VoidSigner } from 'ethers';

import { addChain, type AddChainParameters, type AddedChain } from '../../sdk/actions/omnichain/addChain.ts';
import { planAddition } from '../../sdk/actions/omnichain/planAddition.ts';
import {
  chainOf,
  connectOmnichain,
  disconnectOmnichain,
  type OmnichainClient,
  endpointOption,
} from '../../sdk/chain/omnichain/client.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import {
  addedContracts,
  parseAddition,
  serializeAddition,
  verifyIsNew,
  type ChainAddition,
  type PlannedLightClient,
} from '../../sdk/core/omnichain/addition.ts';
import type { OmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import { isPublic } from '../deploying.ts';
import { readIfThere, writeNew } from '../files.ts';
import type { Output } from '../output.ts';
import type { Account } from '../signer.ts';
import { samePlan, startOf } from './filedPlan.ts';
import { verifyGoesOn, type PlannedCreations } from './goingOn.ts';
import { planLightClient } from './lightClientPlans.ts';
import { headersOf, type NewChainTerms } from './terms.ts';

/** The lane, the new chain, and connections to all of them. */
interface ReachedChains {
  readonly client: OmnichainClient;
  readonly provider: JsonRpcProvider;
  readonly urls: readonly string[];
}

/** What is to be added, by whom, and where that is planned. */
export interface AdditionUndertaking extends ReachedChains {
  readonly terms: NewChainTerms;
  readonly account: Account | VoidSigner;
  /** The plan's file. */
  readonly path: string;
  readonly output: Output;
}

/** A plan that stands in its file. */
export interface FiledAddition {
  readonly addition: ChainAddition;
  /** Whether it stood there before. */
  readonly isOld: boolean;
}

interface Sought {
  readonly lane: OmnichainDeployment;
  readonly terms: NewChainTerms;
  /** Endpoints instead of the files', by chain id. */
  readonly rpcUrls: Readonly<Record<string, readonly string[]>>;
}

/**
 * Connects to the new chain and to those of the lane, as long as `use` runs.
 * @throws {XdmError} `invalid-argument` where the lane has the chain already or an endpoint is missing, what connecting and `use` throw
 */
export async function withNewChain<T>(
  { lane, terms, rpcUrls }: Sought,
  use: (chains: ReachedChains) => Promise<T>,
): Promise<T> {
  const { chainId, name, rpcUrl } = terms;
  verifyIsNew(lane, name, chainId);
  const urls = rpcUrls[`${chainId}`] ?? (rpcUrl === undefined ? undefined : [rpcUrl]);
  if (urls === undefined) {
    throw new XdmError('invalid-argument', `no endpoint of chain ${name} is given`, {
      hint: `give rpcUrl in the file, or ${endpointOption(name)}`,
    });
  }
  const provider = await connect(urls, { name, option: endpointOption(name), chainId });
  try {
    const client = await connectOmnichain(lane, { rpcUrls });
    try {
      return await use({ client, provider, urls });
    } finally {
      disconnectOmnichain(client);
    }
  } finally {
    provider.destroy();
  }
}

/**
 * The plan in a file. One that is not there is made, and written before anything is sent; one that is there must be what would be made.
 * Says what its light clients trust, by the terms and the sources: what the file says of it is not believed.
 * @throws {XdmError} `invalid-argument` where the file's plan is another one than is asked for, `plan-stale` where it cannot be carried
 * out any more, `in-use` where another run has planned meanwhile, and what planning throws
 */
export async function additionByFile(undertaking: AdditionUndertaking): Promise<FiledAddition> {
  const { path, output } = undertaking;
  const text = readIfThere(path);
  const planned = text === undefined ? undefined : parseAddition(text, path);
  const asked = await plan(undertaking, planned);
  output.log(`the light client of ${asked.name} trusts ${asked.lightClient.trusts}`);
  output.log(`the light client on ${asked.name} trusts ${asked.relayLightClient.trusts}`);
  if (planned === undefined) {
    writeNew(path, serializeAddition(asked));
    return { addition: asked, isOld: false };
  }
  const addition = samePlan(planned, asked, path);
  await verifyGoesOn(chainsOf(addition, undertaking), path, output);
  return { addition, isOld: true };
}

/** Both chains of the plan, with what is to be created there. */
function chainsOf(addition: ChainAddition, { client, provider }: ReachedChains): PlannedCreations[] {
  const { service, lightClient, relayLightClient } = addedContracts(addition);
  const relay = chainOf(client, addition.relayChainId);
  const place = { plan: addition.chain, provider, name: `chain ${addition.name}` };
  return [
    { ...place, contracts: [service, relayLightClient] },
    { plan: addition.relay, provider: relay.provider, name: `chain ${relay.name}`, contracts: [lightClient] },
  ];
}

/**
 * Adds a chain by the plan in a file.
 * @throws {XdmError} what adding throws
 */
export async function addByFile(
  { client, provider, path, output }: AdditionUndertaking,
  { addition, isOld }: FiledAddition,
  carryingOut: Omit<AddChainParameters, 'provider'>,
): Promise<AddedChain> {
  if (isOld) output.log(`going on with the addition that ${path} plans`);
  try {
    return await addChain(client, addition, { ...carryingOut, provider });
  } catch (error) {
    if (!(error instanceof XdmError) || error.code !== 'plan-stale') throw error;
    throw new XdmError(error.code, error.message, {
      cause: error,
      hint: `delete ${path} to plan anew, at other addresses: nothing of the chain but lane deployers is there`,
    });
  }
}

/** @param planned before: its light clients' blocks are started from, as far as the terms name no others */
async function plan(
  { client, provider, urls, terms, account, output }: AdditionUndertaking,
  planned: ChainAddition | undefined,
): Promise<ChainAddition> {
  const relay = chainOf(client, client.lane.relayChainId);
  const { name, owner, feeReceiver, fee, relayLightClient } = terms;
  const known = await planLightClient(
    { ...terms, on: relay.chainId, readers: { names: [relay.name], knowRelay: false } },
    provider,
    planned && startOf(planned.lightClient),
  );
  const relayKnown = await planLightClient(
    { ...relay, lightClient: relayLightClient, on: terms.chainId, readers: { names: [name], knowRelay: true } },
    relay.provider,
    planned && startOf(planned.relayLightClient),
  );
  for (const warning of [known, relayKnown].flatMap(({ warnings }) => warnings)) output.log(`warning: ${warning}`);
  const chain = {
    name,
    rpcUrl: urls.find(isPublic),
    headers: headersOf(terms),
    fee,
    owner,
    feeReceiver,
    lightClient: withoutWarning(known),
    relayLightClient: withoutWarning(relayKnown),
  };
  return await planAddition(client, { chain, provider, signer: account });
}

function withoutWarning({ kind, creationCode, sources, trusts }: PlannedLightClient): PlannedLightClient {
  return { kind, creationCode, sources, trusts };
}
