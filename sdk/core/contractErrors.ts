import type { ErrorCode } from './errors.ts';
import { LIGHT_CLIENT_ERRORS } from './omnichain/lightClientErrors.ts';
import { SERVICE_ERRORS } from './omnichain/serviceErrors.ts';

/** What an error of a contract means to a program, and what its reader can do. */
export interface ContractErrorMeaning {
  readonly code: ErrorCode;
  readonly hint: string;
}

const NOT_A_PROOF: ContractErrorMeaning = {
  code: 'proof-invalid',
  hint: 'build the proof again, with a node of the same L2',
};
const NOT_ALLOWED: ContractErrorMeaning = {
  code: 'unauthorized',
  hint: 'use the account that holds this role: `xdm roles` shows it',
};
const MISCONFIGURED: ContractErrorMeaning = { code: 'misconfigured', hint: "check the deployment's parameters" };
const NESTED: ContractErrorMeaning = { code: 'reentrant-call', hint: 'deliver messages one after the other' };

/** By the name of the error. Every error of every contract stands here. */
export const CONTRACT_ERRORS: Readonly<Record<string, ContractErrorMeaning>> = {
  ...LIGHT_CLIENT_ERRORS,
  ...SERVICE_ERRORS,
  CanonicalTransactionChain_BlockGasExhausted: { code: 'queue-full', hint: 'send again in the next L1 block' },
  CanonicalTransactionChain_BlockGasOutOfBounds: MISCONFIGURED,
  CanonicalTransactionChain_DataTooLarge: { code: 'message-too-large', hint: 'send less data' },
  CanonicalTransactionChain_GasLimitTooHigh: { code: 'message-too-large', hint: 'ask for less gas' },
  CanonicalTransactionChain_GasLimitTooLow: { code: 'insufficient-gas', hint: 'give the element more gas' },
  CanonicalTransactionChain_NotMessenger: NOT_ALLOWED,
  ChainStorageContainer_IndexOutOfBounds: {
    code: 'batch-gone',
    hint: 'the state batch was deleted: wait for the next one',
  },
  ChainStorageContainer_NotOwner: NOT_ALLOWED,
  Create2EmptyBytecode: MISCONFIGURED,
  Create3EmptyBytecode: MISCONFIGURED,
  CrossDomainEnabled_NotCounterpart: {
    code: 'target-reverted',
    hint: 'send from the counterpart that the target was deployed with',
  },
  CrossDomainEnabled_NotMessenger: {
    code: 'target-reverted',
    hint: 'send a message to the target, and call it no other way',
  },
  CrossDomainGateway_DuplicateAttribute: { code: 'invalid-argument', hint: 'give each attribute once' },
  CrossDomainGateway_InvalidRecipient: {
    code: 'invalid-argument',
    hint: 'give the canonical interoperable address (ERC-7930) of an account on the other chain',
  },
  CrossDomainGateway_MalformedAttribute: {
    code: 'invalid-argument',
    hint: 'encode the attribute as a call of a function of IGatewayAttributes',
  },
  CrossDomainGateway_Miswired: MISCONFIGURED,
  CrossDomainGateway_NotReceived: {
    code: 'delivery-failed',
    hint: 'the recipient must answer with the selector of receiveMessage',
  },
  CrossDomainGateway_RecipientHasNoCode: { code: 'delivery-failed', hint: 'check the address of the recipient' },
  CrossDomainGateway_RecipientRefused: {
    code: 'target-refused',
    hint: 'the zero address, the gateway and the messenger receive nothing: check the address of the recipient',
  },
  CrossDomainGateway_SenderRefused: {
    code: 'sender-not-allowed',
    hint: 'call the gateway itself: a message that calls it has no sender of its own',
  },
  CrossDomainMessenger_AlreadyRelayed: { code: 'already-relayed', hint: 'there is nothing left to do' },
  CrossDomainMessenger_DataTooLarge: { code: 'message-too-large', hint: 'send less data' },
  CrossDomainMessenger_GasLimitTooHigh: { code: 'message-too-large', hint: 'ask for less gas or send less data' },
  CrossDomainMessenger_InsufficientBalance: {
    code: 'delivery-failed',
    hint: 'the vault holds less than the value of the message',
  },
  CrossDomainMessenger_InsufficientGas: { code: 'insufficient-gas', hint: 'relay again with more gas' },
  CrossDomainMessenger_NoMessageInDelivery: MISCONFIGURED,
  CrossDomainMessenger_TargetHasNoCode: { code: 'delivery-failed', hint: 'check the address of the target' },
  CrossDomainMessenger_TargetRefused: {
    code: 'target-refused',
    hint: 'a message cannot call a contract of the lane itself: check the address of the target',
  },
  CrossDomainMessenger_ValueDisabled: { code: 'value-refused', hint: 'send without value' },
  CrossDomainMessenger_WrongLane: MISCONFIGURED,
  EnforcedPause: { code: 'paused', hint: 'wait until the owner of the L1 messenger unpauses it' },
  ExpectedPause: NOT_ALLOWED,
  FailedDeployment: MISCONFIGURED,
  InsufficientBalance: MISCONFIGURED,
  L1CrossDomainMessenger_EmptyBatch: { code: 'invalid-argument', hint: 'relay at least one message' },
  L1CrossDomainMessenger_MessageNotPassed: NOT_A_PROOF,
  L1CrossDomainMessenger_MessageNotSent: {
    code: 'message-not-found',
    hint: 'check that the message was sent through this L1 messenger',
  },
  L1CrossDomainMessenger_MessageRootMismatch: NOT_A_PROOF,
  L1CrossDomainMessenger_MessageRootNotProven: {
    code: 'proof-invalid',
    hint: 'prove the root of the message tree first, or relay with a tree whose root was proven',
  },
  L1CrossDomainMessenger_NotGuardian: NOT_ALLOWED,
  L1CrossDomainMessenger_ReplayGasTooLow: { code: 'insufficient-gas', hint: 'replay with more gas' },
  L1CrossDomainMessenger_TreeMismatch: NOT_A_PROOF,
  L1CrossDomainMessenger_ZeroGuardian: MISCONFIGURED,
  L2CrossDomainMessenger_NotReplayable: {
    code: 'not-replayable',
    hint: 'only a message that has failed can be delivered again',
  },
  L2CrossDomainMessenger_SenderNotAllowed: {
    code: 'sender-not-allowed',
    hint: "ask the owner of the lane's allowlist to add the sender",
  },
  L2CrossDomainMessenger_UnexpectedValue: { code: 'value-refused', hint: 'deliver again without value' },
  L2CrossDomainMessenger_ValueMismatch: { code: 'value-refused', hint: "bring exactly the message's value" },
  L2ToL1MessagePasser_NotMessenger: NOT_ALLOWED,
  LaneDeployer_NotOwner: NOT_ALLOWED,
  LaneDeployer_SaltUsed: { code: 'misconfigured', hint: 'the contract is there already: deploy it once' },
  MerkleTrie_KeyLength: NOT_A_PROOF,
  MerkleTrie_KeyNotFound: NOT_A_PROOF,
  MerkleTrie_MalformedNode: NOT_A_PROOF,
  MerkleTrie_NodeMismatch: NOT_A_PROOF,
  MerkleTrie_ProofTooShort: NOT_A_PROOF,
  MessageTree_CountOutOfBounds: NOT_A_PROOF,
  MessageTree_IndexOutOfBounds: NOT_A_PROOF,
  MessageTree_IndicesNotAscending: NOT_A_PROOF,
  MessageTree_PeakCount: NOT_A_PROOF,
  MessageTree_SiblingCount: NOT_A_PROOF,
  OwnableInvalidOwner: MISCONFIGURED,
  OwnableUnauthorizedAccount: {
    code: 'unauthorized',
    hint: "use the owner's account: `xdm roles` shows that of a rollup's lane, and owner() of an omnichain service its own",
  },
  PermanentlyOwned_NotRenounceable: {
    code: 'unauthorized',
    hint: 'ownership can be handed over by transferOwnership(address), and not given up',
  },
  RLP_NotCanonical: NOT_A_PROOF,
  RLP_OutOfBounds: NOT_A_PROOF,
  RLP_UnexpectedType: NOT_A_PROOF,
  ReentrancyGuardReentrantCall: NESTED,
  StateBatchTree_IndexOutOfBounds: NOT_A_PROOF,
  StateBatchTree_PathLength: NOT_A_PROOF,
  StateBatchTree_SizeOutOfBounds: NOT_A_PROOF,
  StateCommitmentChain_BatchMismatch: {
    code: 'batch-gone',
    hint: 'the state batch was replaced: build the proof again',
  },
  StateCommitmentChain_InsideFraudProofWindow: { code: 'not-ready', hint: 'wait until the window has passed' },
  StateCommitmentChain_NotChallenger: NOT_ALLOWED,
  StateCommitmentChain_NotProposer: NOT_ALLOWED,
  StateCommitmentChain_OutsideFraudProofWindow: { code: 'batch-final', hint: 'a final batch cannot be deleted' },
  StateCommitmentChain_UnexpectedStart: {
    code: 'batch-conflict',
    hint: 'another batch was committed or deleted: make the batch again from where the chain ends now',
  },
  StateCommitmentChain_WindowOutOfBounds: MISCONFIGURED,
  StateCommitmentChain_ZeroRole: MISCONFIGURED,
  StateCommitmentChain_ZeroRoot: MISCONFIGURED,
  StorageProof_MalformedValue: NOT_A_PROOF,
  StorageProof_TrailingBytes: NOT_A_PROOF,
  UnsupportedAttribute: { code: 'invalid-argument', hint: 'the gateway supports minGasLimit(uint256) alone' },
};
