import type { ContractErrorMeaning } from '../contractErrors.ts';

const NOT_A_PROOF: ContractErrorMeaning = {
  code: 'proof-invalid',
  hint: 'build the proof again, with a node of the chain where the message was sent or sent on',
};
const NOT_A_MESSAGE: ContractErrorMeaning = {
  code: 'invalid-argument',
  hint: 'encode the message with encodeMessageData: a target has 20 bytes, and no value crosses',
};
const WRONG_SERVICE: ContractErrorMeaning = {
  code: 'misconfigured',
  hint: 'the chains name different services: compare what is registered on each of them',
};
const MISCONFIGURED: ContractErrorMeaning = { code: 'misconfigured', hint: "check the service's parameters" };
const UNKNOWN_CHAIN: ContractErrorMeaning = {
  code: 'wrong-chain',
  hint: 'send to a chain, and prove from a chain, that is registered with the service',
};
const FAILED_ANSWER: ContractErrorMeaning = {
  code: 'delivery-failed',
  hint: 'the target on the relay chain must return abi.encode(bytes) of the message that goes on',
};
const FEE: ContractErrorMeaning = { code: 'value-refused', hint: 'ask getMessageFee what the message costs' };

/** Errors of the omnichain services, by their names. */
export const SERVICE_ERRORS: Readonly<Record<string, ContractErrorMeaning>> = {
  ChainRegistry_AlreadyRegistered: {
    code: 'misconfigured',
    hint: 'a registered chain cannot be registered anew, and a service is not registered with itself',
  },
  ChainRegistry_DelayOutOfBounds: MISCONFIGURED,
  ChainRegistry_NotRead: {
    code: 'wrong-chain',
    hint: 'prove to the relay chain what other chains log, and to other chains what the relay chain logs',
  },
  ChainRegistry_NothingProposed: { code: 'misconfigured', hint: 'propose the light client first' },
  ChainRegistry_TooEarly: { code: 'not-ready', hint: 'wait until the delay has passed' },
  ChainRegistry_UnknownChain: UNKNOWN_CHAIN,
  ChainRegistry_WrongLightClient: {
    code: 'misconfigured',
    hint: 'give a light client of this chain: it names the second chain id, 0 where there is no contract',
  },
  ChainRegistry_ZeroChain: MISCONFIGURED,
  EnvelopeCodec_Malformed: WRONG_SERVICE,
  EnvelopeCodec_UnknownVersion: WRONG_SERVICE,
  FeeTable_FeeNotCovered: FEE,
  FeeTable_InvalidReceiver: MISCONFIGURED,
  FeeTable_NotPriced: { code: 'invalid-argument', hint: 'pay with a token that is priced for the destination' },
  FeeTable_NotTaken: { code: 'value-refused', hint: 'pay the exact fee, or from an account that takes what is left' },
  FeeTable_UnexpectedValue: { code: 'value-refused', hint: 'send without value when the fee is paid with a token' },
  MessageDataCodec_Malformed: NOT_A_MESSAGE,
  MessageDataCodec_ValueRefused: NOT_A_MESSAGE,
  MessageDataCodec_ZeroTarget: NOT_A_MESSAGE,
  OmnichainEnabled_FeeNotCovered: {
    code: 'value-refused',
    hint: 'give the contract what getMessageFee asks for, or send that with the call',
  },
  OmnichainEnabled_NotService: {
    code: 'unauthorized',
    hint: 'only the service hands it messages: send it one',
  },
  OmnichainRelayService_GasLimitChanged: FAILED_ANSWER,
  OmnichainRelayService_MalformedAnswer: FAILED_ANSWER,
  OmnichainRelayService_NotSelf: { code: 'unauthorized', hint: 'call transferIn or retryMessageIn instead' },
  OmnichainRelayService_RelayedAgain: FAILED_ANSWER,
  OmnichainService_AlreadyAttempted: {
    code: 'already-relayed',
    hint: 'there is nothing left to prove: if the target has failed, try the message again with retryMessageIn',
  },
  OmnichainService_CallerNotAllowed: {
    code: 'sender-not-allowed',
    hint: 'the target must allow the sender with addRemoteCaller',
  },
  OmnichainService_GasLimitTooHigh: { code: 'message-too-large', hint: 'ask for less gas' },
  OmnichainService_InsufficientGas: { code: 'insufficient-gas', hint: 'deliver again with more gas' },
  OmnichainService_MessageTooLong: { code: 'message-too-large', hint: 'send less data' },
  OmnichainService_NoRelayBetween: {
    code: 'invalid-argument',
    hint: 'send without relay from and to the relay chain',
  },
  OmnichainService_NotAMessage: NOT_A_PROOF,
  OmnichainService_NotAnAddress: { code: 'invalid-argument', hint: 'give the 20 bytes of an address' },
  OmnichainService_NotFailed: { code: 'not-replayable', hint: 'only a message that has failed can be tried again' },
  OmnichainService_NothingToDeliver: {
    code: 'already-relayed',
    hint: 'all messages of the receipt were attempted, or are for other chains',
  },
  OmnichainService_RouteMismatch: {
    code: 'invalid-argument',
    hint: 'give destination, sender and callData as the mapMessageIn of the failure has them',
  },
  OmnichainService_TargetHasNoCode: { code: 'delivery-failed', hint: 'check the address of the target' },
  OmnichainService_TargetRefused: {
    code: 'target-refused',
    hint: 'a message cannot call a service: check the address of the target',
  },
  OmnichainService_VersionRefused: WRONG_SERVICE,
  OmnichainService_WrongDestination: { code: 'wrong-chain', hint: 'deliver the message on its destination' },
  OmnichainService_WrongDestinationService: WRONG_SERVICE,
  OmnichainService_WrongEmitter: NOT_A_PROOF,
  OmnichainService_WrongOrderId: WRONG_SERVICE,
  OmnichainService_WrongRelayChain: MISCONFIGURED,
  OmnichainService_WrongSource: WRONG_SERVICE,
  ReceiptProof_MalformedReceipt: NOT_A_PROOF,
  ReceiptProof_NoSuchLog: NOT_A_PROOF,
  ReceiptProof_TrailingBytes: NOT_A_PROOF,
  ReceiptProof_UnknownType: NOT_A_PROOF,
  SafeERC20FailedOperation: {
    code: 'insufficient-funds',
    hint: 'hold the fee in the token, and approve it to the service',
  },
};
