// An omnichain lane between its terms and its deployment: connected, with what its light clients start from.
import { formatEther, type JsonRpcProvider, type VoidSigner } from 'ethers';

import {
  estimateOmnichain,
  type DeployOmnichainParameters,
  type LightClientPlan,
  type OmnichainPlace,
} from '../../sdk/actions/omnichain/deployOmnichain.ts';
import { endpointOption } from '../../sdk/chain/omnichain/client.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { isPublic } from '../deploying.ts';
import type { Values } from '../format.ts';
import type { Output } from '../output.ts';
import type { Account } from '../signer.ts';
import { headersOf, planLightClient, type ChainTerms, type OmnichainTerms, type PlannedLightClient } from './terms.ts';

/** A chain of the terms, and a connection to it. */
interface ReachedChain {
  readonly terms: ChainTerms;
  readonly provider: JsonRpcProvider;
  readonly urls: readonly string[];
}

type ReachedChains = readonly [relay: ReachedChain, ...others: ReachedChain[]];

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

/** How each chain's light clients are deployed wherever they are needed, by the chain's name; says what they trust. */
export async function planLightClients(
  chains: ReachedChains,
  output: Output,
): Promise<ReadonlyMap<string, PlannedLightClient>> {
  const planned = new Map<string, PlannedLightClient>();
  const [{ terms: relay }] = chains;
  const other = chains.at(1)!.terms.chainId;
  for (const { terms, provider } of chains) {
    const lightClient = await planLightClient({ ...terms, on: terms === relay ? other : relay.chainId }, provider);
    planned.set(terms.name, lightClient);
    output.log(`light clients of ${terms.name} trust ${lightClient.trusts}`);
    if (lightClient.warning !== undefined) output.log(`warning: ${lightClient.warning}`);
  }
  return planned;
}

/** What an omnichain lane is deployed with, and by whom. */
interface Undertaking {
  readonly terms: OmnichainTerms;
  readonly chains: ReachedChains;
  readonly account: Account | VoidSigner;
  readonly lightClients: ReadonlyMap<string, PlannedLightClient>;
}

export function parametersOf({ terms, chains, account, lightClients }: Undertaking): DeployOmnichainParameters {
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

/**
 * Tries the creation of each contract, and says what those of each chain take.
 * @throws {XdmError} what a contract refuses, `insufficient-funds` where the account has nothing
 */
export async function previewDeployment(
  parameters: DeployOmnichainParameters,
  { chains, lightClients }: Pick<Undertaking, 'chains' | 'lightClients'>,
): Promise<Values[]> {
  const estimates = await estimateOmnichain(parameters);
  return await Promise.all(
    chains.map(async ({ terms: { name, chainId } }, position): Promise<Values> => {
      const { signer } = parameters.places[position]!;
      const gas = estimates.filter(({ on }) => on === name).reduce((sum, each) => sum + each.gas, 0n);
      const account = await signer.getAddress();
      const balance = await signer.provider!.getBalance(account);
      if (balance === 0n) {
        throw new XdmError('insufficient-funds', `the account ${account} has nothing on chain ${name} to pay with`, {
          hint: 'fund it there, or use another account',
        });
      }
      return {
        chain: name,
        chainId,
        account,
        balance: `${formatEther(balance)} ether`,
        gas,
        trusts: lightClients.get(name)?.trusts,
      };
    }),
  );
}
