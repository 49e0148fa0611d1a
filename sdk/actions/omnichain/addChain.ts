import { Interface, type BlockTag, type JsonRpcProvider, type Signer, type TransactionRequest } from 'ethers';

import { laneDeployer } from '../../abi/LaneDeployer.ts';
import { creationCode } from '../../chain/creationCode.ts';
import {
  callsOnNewChain,
  callsOnOtherChains,
  type AdditionCall,
  type PlannedCall,
} from '../../chain/omnichain/additionCalls.ts';
import type { OmnichainClient } from '../../chain/omnichain/client.ts';
import { serviceAt } from '../../chain/omnichain/contracts.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { sendOnce, type OneTimeTransaction } from '../../chain/sendOnce.ts';
import { signerOn } from '../../chain/signers.ts';
import { XdmError } from '../../core/errors.ts';
import { laneDeployerOf, type ChainPlan } from '../../core/lanePlan.ts';
import {
  addedContracts,
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
  readonly what: AddedContract | AdditionCall['purpose'] | 'LaneDeployer';
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
  readonly calls: readonly AdditionCall[];
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
      onStep?.({ ...step.told, transactionHash: receipt?.hash, gasUsed: receipt?.gasUsed });
    }
    for (const call of [...callsOnNewChain(client, addition, provider), ...calls.now]) {
      const receipt = await sendOnce(requestOf(call), { signer: await signerOn(call.provider, signer), signal });
      const told = { chain: call.chain, what: call.purpose, address: call.to };
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
export async function additionCallsLeft(client: OmnichainClient, addition: ChainAddition): Promise<AdditionCall[]> {
  try {
    return (await undone(callsOnOtherChains(client, addition))).map(described);
  } catch (error) {
    throw toXdmError(error);
  }
}

async function accountOn(provider: JsonRpcProvider, signer: Signer, plan: ChainPlan): Promise<Signer> {
  const connected = await signerOn(provider, signer);
  const [{ chainId }, address] = await Promise.all([provider.getNetwork(), connected.getAddress()]);
  if (chainId !== plan.chainId) {
    throw new XdmError('wrong-chain', `the plan is for chain ${plan.chainId}, and the endpoint is of ${chainId}`);
  }
  if (address === plan.account) return connected;
  throw new XdmError('invalid-argument', `the plan is for account ${plan.account}, and the signer is ${address}`, {
    hint: `add the chain from ${plan.account}, or plan anew`,
  });
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
  readonly signer: Signer;
  readonly told: Pick<AdditionStep, 'chain' | 'what' | 'address'>;
  readonly transaction: OneTimeTransaction;
}

/** First the lane deployers: until both are there, nothing of the plan is. */
function creations(run: Run): readonly Creation[] {
  const { addition, here, there, relay } = run;
  const { chain, name, serviceCode, lightClient, relayLightClient } = addition;
  const onChain = { plan: chain, signer: here, name };
  const onRelay = { plan: addition.relay, signer: there, name: relay };
  return [
    deployerCreation(onRelay),
    deployerCreation(onChain),
    creation(addition, onChain, 'service', serviceCode),
    creation(addition, onRelay, 'lightClient', lightClient.creationCode),
    creation(addition, onChain, 'relayLightClient', relayLightClient.creationCode),
  ];
}

interface Place {
  readonly plan: ChainPlan;
  readonly signer: Signer;
  readonly name: string;
}

function deployerCreation({ plan, signer, name }: Place): Creation {
  const address = laneDeployerOf(plan);
  const data = creationCode(laneDeployer, [plan.account]);
  return {
    signer,
    told: { chain: name, what: 'LaneDeployer', address },
    transaction: {
      undone: `there is no LaneDeployer at ${address}`,
      async isDone(block = 'latest') {
        const code = await signer.provider!.getCode(address, block);
        if (code === '0x') return false;
        // Another contract that the account has created with the same nonce has other code.
        if (code === (await signer.provider!.call({ data }))) return true;
        throw stale(`${address} on chain ${name} holds another contract than the LaneDeployer`);
      },
      request(nonce) {
        if (nonce === plan.nonce) return { data };
        throw stale(
          `the next nonce of ${plan.account} on chain ${name} is ${nonce}, and the plan creates the LaneDeployer with ${plan.nonce}`,
        );
      },
    },
  };
}

function stale(problem: string): XdmError {
  return new XdmError('plan-stale', problem, { hint: 'plan anew: nothing of the new chain is there yet' });
}

function creation(addition: ChainAddition, place: Place, what: AddedContract, code: string): Creation {
  const { plan, signer, name } = place;
  const address = addedContracts(addition)[what];
  const call = [additionSalt(addition, what), code];
  const data = new Interface(laneDeployer.abi).encodeFunctionData('deploy', call);
  return {
    signer,
    told: { chain: name, what, address },
    transaction: {
      undone: `there is no ${what} at ${address}`,
      isDone: async (block: BlockTag = 'latest') => (await signer.provider!.getCode(address, block)) !== '0x',
      request: (): TransactionRequest => ({ to: laneDeployerOf(plan), data }),
    },
  };
}

function requestOf({ isDone, to, data, chain, purpose }: PlannedCall): OneTimeTransaction {
  return { isDone, request: () => ({ to, data }), undone: `${purpose} has no effect on chain ${chain}` };
}

function described({ chainId, chain, purpose, to, data }: PlannedCall): AdditionCall {
  return { chainId, chain, purpose, to, data };
}

function relayNameOf({ chains, lane }: OmnichainClient): string {
  return chains.get(lane.relayChainId)!.name;
}
