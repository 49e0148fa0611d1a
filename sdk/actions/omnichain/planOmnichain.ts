import { getAddress, type Signer } from 'ethers';

import { omnichainRelayService } from '../../abi/OmnichainRelayService.ts';
import { omnichainService } from '../../abi/OmnichainService.ts';
import { creationCode } from '../../chain/creationCode.ts';
import { readChainPlan } from '../../chain/readChainPlan.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { connectionOf } from '../../chain/signers.ts';
import { XdmError } from '../../core/errors.ts';
import type { PlannedLightClient } from '../../core/omnichain/addition.ts';
import type { HeaderForm } from '../../core/omnichain/deployment.ts';
import type { OmnichainPlan, PlannedBetween, PlannedChain } from '../../core/omnichain/plan.ts';

/** A chain that is to have a service. */
export interface OmnichainPlace {
  readonly name: string;
  /** Connected to the chain: deploys, and owns the service until the owner takes it over. */
  readonly signer: Signer;
  /** Who is offered the service in the end; the signer where it is not given. */
  readonly owner?: string | undefined;
  /** Who gets the fees; the owner where it is not given. */
  readonly feeReceiver?: string | undefined;
  /** What goes into the deployment file. */
  readonly rpcUrl?: string | undefined;
  readonly headers?: HeaderForm | undefined;
}

/** A light client that is to be deployed: on the chain of one place, of that of another. */
export interface LightClientPlan extends PlannedLightClient {
  /** Names of the places. */
  readonly on: string;
  readonly of: string;
}

/** What messages cost to begin with, in wei: the same on each chain, to each other one. */
export interface OmnichainFee {
  readonly perMessage: bigint;
  readonly perGas: bigint;
}

/** What an omnichain lane is planned by. */
export interface PlanOmnichainParameters {
  /** The relay chain first. */
  readonly places: readonly [OmnichainPlace, ...OmnichainPlace[]];
  /** Of each other chain on the relay chain, and of the relay chain on each. */
  readonly lightClients: readonly LightClientPlan[];
  /** Seconds for which another light client must be announced: a day to 90. */
  readonly lightClientDelay: bigint;
  readonly fee: OmnichainFee;
}

/**
 * Plans an omnichain lane from its chains as they are now; sends nothing. The plan holds as long as no account sends anything else before
 * `deployOmnichain` has created the lane deployers.
 * @throws {XdmError} `invalid-argument` where a light client is missing, and what the endpoints throw
 */
export async function planOmnichain(parameters: PlanOmnichainParameters): Promise<OmnichainPlan> {
  const { places, lightClients, fee } = parameters;
  verify(places, lightClients);
  try {
    const { chainId: relayChainId } = await connectionOf(places[0].signer).getNetwork();
    const plan = async (place: OmnichainPlace): Promise<PlannedChain> =>
      await planChain(place, { isRelay: place === places[0], relayChainId, parameters });
    const [relay, ...others] = places;
    const chains = [await plan(relay), ...(await Promise.all(others.map(plan)))] as const;
    const idOf = (wanted: string): bigint => named(chains, wanted).chainId;
    const between = ({ on, of, kind, creationCode: code, sources, trusts }: LightClientPlan): PlannedBetween => {
      return { on: idOf(on), of: idOf(of), kind, creationCode: code, sources, trusts };
    };
    return { chains, lightClients: lightClients.map(between), fee };
  } catch (error) {
    throw toXdmError(error);
  }
}

function verify([relay, ...others]: PlanOmnichainParameters['places'], plans: readonly LightClientPlan[]): void {
  const isPlanned = (on: string, of: string): boolean => plans.some((plan) => plan.on === on && plan.of === of);
  const lonely = others.find(({ name }) => !(isPlanned(relay.name, name) && isPlanned(name, relay.name)));
  if (lonely === undefined) return;
  throw new XdmError(
    'invalid-argument',
    `chain ${lonely.name} and the relay chain ${relay.name} need a light client of each other`,
    { hint: 'plan one on each of the two chains' },
  );
}

function named(chains: readonly PlannedChain[], wanted: string): PlannedChain {
  const chain = chains.find(({ name }) => name === wanted);
  if (chain !== undefined) return chain;
  throw new XdmError('invalid-argument', `a light client is planned for "${wanted}", which is no chain of the lane`);
}

interface Planning {
  readonly isRelay: boolean;
  readonly relayChainId: bigint;
  readonly parameters: PlanOmnichainParameters;
}

async function planChain(
  place: OmnichainPlace,
  { isRelay, relayChainId, parameters }: Planning,
): Promise<PlannedChain> {
  const { name, signer, rpcUrl, headers = 'ethereum' } = place;
  const account = await signer.getAddress();
  const chain = await readChainPlan(connectionOf(signer), account);
  const owner = getAddress(place.owner ?? account);
  const terms = [account, getAddress(place.feeReceiver ?? owner), parameters.lightClientDelay];
  const serviceCode = isRelay
    ? creationCode(omnichainRelayService, terms)
    : creationCode(omnichainService, [relayChainId, ...terms]);
  return { ...chain, name, rpcUrl, headers, owner, serviceCode };
}
