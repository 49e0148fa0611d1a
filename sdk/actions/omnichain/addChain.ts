import type { JsonRpcProvider, Signer } from 'ethers';

import { callsOnNewChain, callsOnOtherChains } from '../../chain/omnichain/additionCalls.ts';
import type { OmnichainClient } from '../../chain/omnichain/client.ts';
import { serviceAt } from '../../chain/omnichain/contracts.ts';
import {
  accountOn,
  CALL_GAS,
  contractCreation,
  creationGas,
  laneDeployerCreation,
  type ChainEstimate,
  type PlannedCreation,
  type PlannedPlace,
} from '../../chain/omnichain/plannedCreations.ts';
import { transactionOf, type PlannedCall, type ServiceCall } from '../../chain/omnichain/serviceCalls.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { sendOnce, type OneTimeTransaction } from '../../chain/sendOnce.ts';
import { signerOn } from '../../chain/signers.ts';
import { XdmError } from '../../core/errors.ts';
import {
  additionSalt,
  extendedDeployment,
  verifyIsNew,
  type AddedContract,
  type ChainAddition,
} from '../../core/omnichain/addition.ts';
import type { OmnichainDeployment } from '../../core/omnichain/deployment.ts';

/** Something that was to be done, and is done now. */
export interface AdditionStep {
  /** Name of the chain that it was done on. */
  readonly chain: string;
  readonly what: AddedContract | ServiceCall['purpose'] | 'LaneDeployer';
  /** Name of the chain that a service is told of, if it is told of one. */
  readonly of: string | undefined;
  /** The contract that was created, or called. */
  readonly address: string;
  /** None where another run has done it. */
  readonly transactionHash: string | undefined;
  readonly gasUsed: bigint | undefined;
}

/** How to carry out a plan. */
export interface AddChainParameters {
  /** Connected to the new chain. */
  readonly provider: JsonRpcProvider;
  /** The account that the plan is for. */
  readonly signer: Signer;
  /** What to do where a service is another account's: refuse before anything is sent, or leave its owner's calls to be made. */
  readonly othersCalls: 'refuse' | 'leave';
  /** Is told of each step when it is done, in order; of those that were done already, too. */
  readonly onStep?: ((step: AdditionStep) => void) | undefined;
  /** Ends the run between two steps, or while it waits. It can be repeated. */
  readonly signal?: AbortSignal | undefined;
}

/** What has come of it. */
export interface AddedChain {
  /** The lane with the new chain. It is complete once no calls are left. */
  readonly deployment: OmnichainDeployment;
  /** What must still be called, in this order: by owners of services, and on other chains once the relay chain knows the new one. */
  readonly calls: readonly ServiceCall[];
}

/**
 * Adds a chain to a running lane by a plan: its service, light clients between it and the relay chain, and what all services must be told
 * by their owners. Repeat it when it fails: it goes on where the last run stopped, and neither creates nor pays for anything twice.
 * @throws {XdmError} `unauthorized` where others own a service whose calls are not to be left, `plan-stale` when the plan cannot be
 * carried out any more, `misconfigured` where a service knows another one of the chain's id, `wrong-chain` or `invalid-argument` for a
 * signer that the plan is not for, `timeout` when the signal ends the run, and what the endpoints throw
 */
export async function addChain(
  client: OmnichainClient,
  addition: ChainAddition,
  parameters: AddChainParameters,
): Promise<AddedChain> {
  const { lane } = client;
  const { provider, signer, othersCalls, onStep, signal } = parameters;
  verifyIsNew(lane, addition.name, addition.chain.chainId);
  try {
    const [here, there] = await Promise.all([
      accountOn(provider, signer, addition.chain),
      accountOn(client.chains.get(addition.relayChainId)!.provider, signer, addition.relay),
    ]);
    const calls = await splitCalls(callsOnOtherChains(client, addition), addition);
    if (othersCalls === 'refuse') refuseForeign(calls.left);
    const run = { addition, here, there, relay: relayNameOf(client), signal };
    for (const step of creations(run)) {
      const receipt = await sendOnce(step.transaction, { signer: step.signer, signal });
      onStep?.({ ...step.told, of: undefined, transactionHash: receipt?.hash, gasUsed: receipt?.gasUsed });
    }
    for (const call of [...callsOnNewChain(client, addition, provider), ...calls.now]) {
      const receipt = await sendOnce(transactionOf(call), { signer: await signerOn(call.provider, signer), signal });
      const told = { chain: call.chain, what: call.purpose, of: call.of, address: call.to };
      onStep?.({ ...told, transactionHash: receipt?.hash, gasUsed: receipt?.gasUsed });
    }
    return { deployment: extendedDeployment(lane, addition), calls: calls.left.map(described) };
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * What the owners of the other chains' services must call so that a chain is added, as far as it is not done: in this order, once
 * `addChain` has created its contracts.
 * @throws {XdmError} `misconfigured` where a service knows another one of the chain's id, and what the endpoints throw
 */
export async function additionCallsLeft(client: OmnichainClient, addition: ChainAddition): Promise<ServiceCall[]> {
  try {
    return (await undone(callsOnOtherChains(client, addition))).map(described);
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * What is left to be paid for by the account of a plan, without sending anything: what a contract refuses shows. Calls of other owners are
 * theirs to pay.
 * @throws {XdmError} as `addChain`
 */
export async function estimateAddition(
  client: OmnichainClient,
  addition: ChainAddition,
  { provider, signer }: Pick<AddChainParameters, 'provider' | 'signer'>,
): Promise<ChainEstimate[]> {
  try {
    const [here, there] = await Promise.all([
      accountOn(provider, signer, addition.chain),
      accountOn(client.chains.get(addition.relayChainId)!.provider, signer, addition.relay),
    ]);
    const steps = creations({ addition, here, there, relay: relayNameOf(client) });
    const { now } = await splitCalls(callsOnOtherChains(client, addition), addition);
    const calls = await undone([...callsOnNewChain(client, addition, provider), ...now]);
    const done = await Promise.all(steps.map(async ({ transaction }) => await transaction.isDone()));
    const gas = await Promise.all(
      steps.map(async ({ place, code }, position) => (done[position] === true ? 0n : await creationGas(place, code))),
    );
    const paid = [
      ...steps.flatMap(({ told }, position) =>
        done[position] === true ? [] : [{ on: told.chain, gas: gas[position]! }],
      ),
      ...calls.map(({ chain }) => ({ on: chain, gas: CALL_GAS })),
    ];
    return [...new Set(paid.map(({ on }) => on))].map((on) => {
      const own = paid.filter((each) => each.on === on);
      return { on, gas: own.reduce((sum, each) => sum + each.gas, 0n), transactions: own.length };
    });
  } catch (error) {
    throw toXdmError(error);
  }
}

async function undone<T extends PlannedCall>(calls: readonly T[]): Promise<T[]> {
  const done = await Promise.all(calls.map(async ({ isDone }) => await isDone()));
  return calls.filter((_, position) => done[position] === false);
}

interface OwnedCall extends PlannedCall {
  readonly owner: string;
}

/**
 * What the account calls, and what is left. Before the relay chain knows the new one nothing is said of it on the others: they would take
 * messages to it, and their fees, that the relay chain refuses.
 */
async function splitCalls(
  calls: readonly PlannedCall[],
  { relay }: ChainAddition,
): Promise<{ readonly now: readonly PlannedCall[]; readonly left: readonly OwnedCall[] }> {
  const owned = await Promise.all(
    calls.map(async (call) => ({ ...call, owner: await serviceAt(call.to, call.provider).owner() })),
  );
  const others = await undone(owned.filter(({ owner }) => owner !== relay.account));
  const isHeldUp = others.some(({ chainId, purpose }) => chainId === relay.chainId && purpose === 'registerChain');
  if (isHeldUp) return { now: [], left: await undone(owned) };
  return { now: owned.filter(({ owner }) => owner === relay.account), left: others };
}

function refuseForeign([first]: readonly OwnedCall[]): void {
  if (first === undefined) return;
  const { chain, to, owner } = first;
  throw new XdmError('unauthorized', `the service ${to} on chain ${chain} is owned by ${owner}`, {
    hint: 'add the chain from that account, or leave to it the calls that its owner must make, with --calldata',
  });
}

interface Run {
  readonly addition: ChainAddition;
  readonly here: Signer;
  readonly there: Signer;
  readonly relay: string;
}

interface Creation {
  readonly place: PlannedPlace;
  readonly signer: Signer;
  readonly told: Pick<AdditionStep, 'chain' | 'what' | 'address'>;
  readonly transaction: OneTimeTransaction;
  /** What creates it, hex. */
  readonly code: string;
}

/** First the lane deployers: until both are there, nothing of the plan is. */
function creations(run: Run): readonly Creation[] {
  const { addition, here, there, relay } = run;
  const { chain, name, serviceCode, lightClient, relayLightClient } = addition;
  const onChain = { plan: chain, signer: here, name };
  const onRelay = { plan: addition.relay, signer: there, name: relay };
  const contract = (place: PlannedPlace, what: AddedContract, code: string): Creation =>
    creation(place, what, contractCreation(place, { what, salt: additionSalt(addition, what), code }));
  return [
    creation(onRelay, 'LaneDeployer', laneDeployerCreation(onRelay)),
    creation(onChain, 'LaneDeployer', laneDeployerCreation(onChain)),
    contract(onChain, 'service', serviceCode),
    contract(onRelay, 'lightClient', lightClient.creationCode),
    contract(onChain, 'relayLightClient', relayLightClient.creationCode),
  ];
}

function creation(
  place: PlannedPlace,
  what: AdditionStep['what'],
  { address, transaction, code }: PlannedCreation,
): Creation {
  const { signer, name } = place;
  return { place, signer, told: { chain: name, what, address }, transaction, code };
}

function described({ chainId, chain, purpose, of, to, data }: PlannedCall): ServiceCall {
  return { chainId, chain, purpose, of, to, data };
}

function relayNameOf({ chains, lane }: OmnichainClient): string {
  return chains.get(lane.relayChainId)!.name;
}
