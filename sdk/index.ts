// What users of xdm import. Every name is documented in the file that defines it.
export { deployLane, type DeployLaneParameters } from './actions/deployLane.ts';
export { queueSourceHash } from './core/deposit.ts';
export type { Lane } from './core/lane.ts';
export {
  decodeNonce,
  encodeMessage,
  encodeNonce,
  type LaneIdentity,
  type Message,
  MESSAGE_VERSION,
  messageKey,
  sentMessageSlot,
} from './core/message.ts';
export {
  applyL1ToL2Alias,
  type Deposit,
  type DepositEvent,
  encodeDeposit,
  hashMessage,
  parseDeposit,
  undoL1ToL2Alias,
} from './core/optimism.ts';
export { buildStateBatchTree, MAX_STATE_BATCH_SIZE, type StateBatchTree } from './core/stateBatchTree.ts';
export { packStorageProof } from './core/storageProof.ts';
