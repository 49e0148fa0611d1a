import type { ContractRunner } from 'ethers';

import { canonicalTransactionChain } from '../abi/CanonicalTransactionChain.ts';
import { chainStorageContainer } from '../abi/ChainStorageContainer.ts';
import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../abi/L2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from '../abi/L2ToL1MessagePasser.ts';
import { senderAllowlist } from '../abi/SenderAllowlist.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import type { Lane } from '../core/lane.ts';
import type { Message } from '../core/message.ts';
import { contract, type Read, type Typed, type Write } from './typedContract.ts';

/** What a messenger records of a delivery, as the contract returns it. */
interface DeliveryRecord {
  /** 0 unattempted, 1 failed, 2 relayed. */
  readonly status: bigint;
  readonly relayer: string;
  readonly attempts: bigint;
  readonly blockNumber: bigint;
}

/** A state root's place in the state-commitment chain. */
export interface StateRootProof {
  /** Position of the batch among all, from 0. */
  readonly batchIndex: bigint;
  /** State roots in the batch, 1 to 65,536. */
  readonly batchSize: bigint;
  /** State roots in all earlier batches. */
  readonly prevTotalElements: bigint;
  /** L1 timestamp of the batch, seconds. */
  readonly timestamp: bigint;
  /** Position in the batch, from 0. */
  readonly index: bigint;
  /** Of the path in the batch's tree, from the leaf upwards. */
  readonly siblings: readonly string[];
}

/** What `relayMessage` on L1 takes beside the message, and `proveMessageRoot` beside the tree. */
export interface MessageProof {
  readonly stateRootProof: StateRootProof;
  /** Nodes of account and storage proof, packed; hex. */
  readonly nodes: string;
}

interface Messenger {
  readonly sendMessage: Write<[target: string, message: string, minGasLimit: bigint], string>;
  readonly sentMessages: Read<[messageHash: string], boolean>;
  readonly delivery: Read<[messageHash: string], DeliveryRecord>;
  readonly messageNonce: Read<[], bigint>;
  readonly baseGas: Read<[message: string, minGasLimit: bigint], bigint>;
}

/** Two-step: the owner offers it, and whom it is offered to accepts. */
interface Owned {
  readonly owner: Read<[], string>;
  /** Zero where it is offered to nobody. */
  readonly pendingOwner: Read<[], string>;
  readonly transferOwnership: Write<[newOwner: string], void>;
  readonly acceptOwnership: Write<[], void>;
}

interface L1Messenger extends Messenger, Owned {
  readonly relayMessage: Write<[message: Message, proof: MessageProof], boolean>;
  readonly relayMessageByPath: Write<[message: Message, count: number, siblings: readonly string[]], boolean>;
  readonly relayMessages: Write<[messages: readonly Message[], count: number, siblings: readonly string[]], bigint>;
  readonly proveMessageRoot: Write<[count: number, peaks: readonly string[], proof: MessageProof], string>;
  readonly messageRoots: Read<[count: number], string>;
  readonly paused: Read<[], boolean>;
  readonly pause: Write<[], void>;
  readonly unpause: Write<[], void>;
  readonly guardian: Read<[], string>;
  readonly setGuardian: Write<[newGuardian: string], void>;
  readonly replayMessage: Write<[message: Message, gasLimit: bigint], void>;
}

interface L2Messenger extends Messenger {
  /** Zero where everyone may send. */
  readonly senderAllowlist: Read<[], string>;
  readonly relayMessage: Write<
    [nonce: bigint, sender: string, target: string, value: bigint, minGasLimit: bigint, message: string],
    void
  >;
}

interface MessagePasser {
  readonly treePeaks: Read<[], readonly [count: bigint, peaks: readonly string[]]>;
}

/** A batch as the state-commitment chain takes it. */
interface StateBatchStruct {
  readonly batchIndex: bigint;
  readonly batchRoot: string;
  readonly batchSize: bigint;
  readonly prevTotalElements: bigint;
  readonly timestamp: bigint;
}

interface StateCommitmentChain extends Owned {
  readonly appendStateBatch: Write<[batchRoot: string, batchSize: number, expectedStart: bigint], void>;
  readonly deleteStateBatch: Write<[batch: StateBatchStruct], void>;
  readonly challenger: Read<[], string>;
  readonly getTotalElements: Read<[], bigint>;
  readonly getTotalBatches: Read<[], bigint>;
  readonly proposer: Read<[], string>;
  readonly setProposer: Write<[newProposer: string], void>;
  readonly setChallenger: Write<[newChallenger: string], void>;
}

interface BatchContainer {
  readonly get: Read<[index: bigint], string>;
}

interface Queue {
  readonly enqueue: Write<[target: string, gasLimit: bigint, data: string], bigint>;
  readonly getQueueLength: Read<[], bigint>;
}

interface SenderAllowlist extends Owned {
  readonly isAllowed: Read<[sender: string], boolean>;
}

export function l1MessengerOf(lane: Lane, runner: ContractRunner): Typed<L1Messenger> {
  return contract(lane.l1Messenger, l1CrossDomainMessenger.abi, runner);
}

export function l2MessengerOf(lane: Lane, runner: ContractRunner): Typed<L2Messenger> {
  return contract(lane.l2Messenger, l2CrossDomainMessenger.abi, runner);
}

export function messagePasserOf(lane: Lane, runner: ContractRunner): Typed<MessagePasser> {
  return contract(lane.messagePasser, l2ToL1MessagePasser.abi, runner);
}

export function stateCommitmentChainOf(lane: Lane, runner: ContractRunner): Typed<StateCommitmentChain> {
  return contract(lane.stateCommitmentChain, stateCommitmentChain.abi, runner);
}

export function batchesOf(lane: Lane, runner: ContractRunner): Typed<BatchContainer> {
  return contract(lane.batches, chainStorageContainer.abi, runner);
}

export function queueOf(lane: Lane, runner: ContractRunner): Typed<Queue> {
  return contract(lane.canonicalTransactionChain, canonicalTransactionChain.abi, runner);
}

/** The contract that says who sends from L2, where a lane has one. */
export function senderAllowlistAt(address: string, runner: ContractRunner): Typed<SenderAllowlist> {
  return contract(address, senderAllowlist.abi, runner);
}
