// What accounts with a role call, apart from what a node does for them.
import { Interface, type JsonRpcProvider, type Signer } from 'ethers';

import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { senderAllowlist } from '../abi/SenderAllowlist.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import { withMargin } from '../core/gas.ts';
import type { Lane } from '../core/lane.ts';
import type { LaneContract, LaneRole } from '../core/lanePlan.ts';
import { waitForReceipt } from './receipts.ts';
import { toXdmError } from './rpcErrors.ts';
import { signerOn } from './signers.ts';
import type { StateBatch } from './stateBatches.ts';

const INTERFACES = {
  L1CrossDomainMessenger: new Interface(l1CrossDomainMessenger.abi),
  StateCommitmentChain: new Interface(stateCommitmentChain.abi),
  SenderAllowlist: new Interface(senderAllowlist.abi),
} as const;

/** Contracts of a lane on L1 that have an owner, of which each can have another one. */
const OWNED_CONTRACTS = ['L1CrossDomainMessenger', 'StateCommitmentChain'] as const satisfies LaneContract[];

/** One of them. */
export type OwnedContract = (typeof OWNED_CONTRACTS)[number];

/** What replaces the holder of a role at once. */
const SETTERS = {
  guardian: { contract: 'L1CrossDomainMessenger', name: 'setGuardian' },
  proposer: { contract: 'StateCommitmentChain', name: 'setProposer' },
  challenger: { contract: 'StateCommitmentChain', name: 'setChallenger' },
} as const;

/** What is to be done: by the guardian (`pause`), by the new owner (`acceptOwnership`), otherwise by the owner. */
export type RoleAction =
  | { readonly kind: 'pause' }
  | { readonly kind: 'unpause' }
  | { readonly kind: 'acceptOwnership' }
  | { readonly kind: 'setRole'; readonly role: LaneRole; readonly account: string };

/** A call without value, to be sent or to be proposed to a multisignature. */
export interface RoleCall {
  /** The chain that it is made on: the contract's address can be another one's elsewhere. */
  readonly chainId: bigint;
  readonly contract: OwnedContract | 'SenderAllowlist';
  /** Its address. */
  readonly to: string;
  /** Hex. */
  readonly data: string;
}

/** A call that stands in a block. */
export interface SentRoleCall extends RoleCall {
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/** The calls that an action takes: two where both owned contracts are concerned, each sent by its own owner. */
export function buildRoleCalls(lane: Lane, action: RoleAction): RoleCall[] {
  const addresses = { L1CrossDomainMessenger: lane.l1Messenger, StateCommitmentChain: lane.stateCommitmentChain };
  const call = (contract: OwnedContract, name: string, ...args: readonly string[]): RoleCall => ({
    chainId: lane.l1ChainId,
    contract,
    to: addresses[contract],
    data: INTERFACES[contract].encodeFunctionData(name, args),
  });
  if (action.kind === 'acceptOwnership') return OWNED_CONTRACTS.map((contract) => call(contract, action.kind));
  if (action.kind !== 'setRole') return [call('L1CrossDomainMessenger', action.kind)];
  const { role, account } = action;
  if (role === 'owner') return OWNED_CONTRACTS.map((contract) => call(contract, 'transferOwnership', account));
  const setter = SETTERS[role];
  return [call(setter.contract, setter.name, account)];
}

/** The call that puts an account on an allowlist, or takes it off: by the list's owner, on L2. */
export function buildAllowlistCall(
  lane: Lane,
  allowlist: string,
  { account, isAllowed }: { readonly account: string; readonly isAllowed: boolean },
): RoleCall {
  const data = INTERFACES.SenderAllowlist.encodeFunctionData('setAllowed', [account, isAllowed]);
  return { chainId: lane.l2ChainId, contract: 'SenderAllowlist', to: allowlist, data };
}

/** What of a state batch the call that deletes it takes. */
type DeletedBatch = Pick<StateBatch, 'batchIndex' | 'batchRoot' | 'batchSize' | 'prevTotalElements' | 'timestamp'>;

/** The call that deletes a state batch, and all later ones with it: by the challenger, on L1. */
export function buildChallengeCall(
  lane: Lane,
  { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp }: DeletedBatch,
): RoleCall {
  const batch = { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp };
  return {
    chainId: lane.l1ChainId,
    contract: 'StateCommitmentChain',
    to: lane.stateCommitmentChain,
    data: INTERFACES.StateCommitmentChain.encodeFunctionData('deleteStateBatch', [batch]),
  };
}

/** Who sends calls. */
export interface RoleSender {
  readonly signer: Signer;
  /** Is told of each transaction when it is sent, before it stands in a block. */
  readonly onSent?: ((transactionHash: string) => void) | undefined;
}

/**
 * Sends calls on their chain, one after the other, and waits until each stands in a block. One that is stuck, or loses its place, keeps
 * none of the others from being sent, nor from being told of.
 * @throws {XdmError} as `sendRoleCall`, of the first that fails
 */
export async function sendRoleCalls(
  chain: JsonRpcProvider,
  sender: RoleSender,
  calls: readonly RoleCall[],
): Promise<SentRoleCall[]> {
  const waits: Promise<SentRoleCall>[] = [];
  try {
    let nonce: number | undefined;
    for (const call of calls) {
      // Of several nodes one can lack the transaction before: what it takes for the next nonce would replace that.
      const sent = await send(chain, sender, call, nonce);
      waits.push(sent.mined);
      nonce = sent.nonce + 1;
    }
    return await Promise.all(waits);
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * Sends a call on its chain, and waits until it stands in a block.
 * @throws {XdmError} `unauthorized` for an account without the role, `nonce-conflict` where another transaction of the account takes
 * its place, and what the endpoint throws
 */
export async function sendRoleCall<C extends Sendable>(
  chain: JsonRpcProvider,
  sender: RoleSender,
  call: C,
): Promise<Sent<C>> {
  try {
    const { mined } = await send(chain, sender, call);
    return await mined;
  } catch (error) {
    throw toXdmError(error);
  }
}

type Sendable = Pick<RoleCall, 'to' | 'data'>;

type Sent<C> = C & Pick<SentRoleCall, 'transactionHash' | 'gasUsed'>;

/** A call that was sent. In an object: an async function would wait for what it returns. */
interface PendingCall<C> {
  readonly nonce: number;
  readonly mined: Promise<Sent<C>>;
}

/** @param nonce the node's next one unless given */
async function send<C extends Sendable>(
  chain: JsonRpcProvider,
  { signer, onSent }: RoleSender,
  call: C,
  nonce?: number,
): Promise<PendingCall<C>> {
  const account = await signerOn(chain, signer);
  const { to, data } = call;
  const gasLimit = withMargin(await account.estimateGas({ to, data }));
  const sent = await account.sendTransaction({ to, data, gasLimit, ...(nonce !== undefined && { nonce }) });
  onSent?.(sent.hash);
  const wait = async (): Promise<Sent<C>> => {
    const { gasUsed } = await waitForReceipt(chain, sent);
    return { ...call, transactionHash: sent.hash, gasUsed };
  };
  const mined = wait();
  // It is awaited once all are sent, and may fail before that.
  mined.catch(() => undefined);
  return { nonce: sent.nonce, mined };
}
