import type { ErrorCode } from '../sdk/core/errors.ts';

/** Why a message is set aside, each with a sentence for whoever asks; all of them are tried again. */
const SENTENCES = {
  // What ends for all messages at once.
  paused: 'The guardian has paused relaying: nobody can relay until the owner calls unpause of the L1 messenger.',
  'rpc-unreachable': 'The endpoint does not answer.',
  'rpc-rate-limited': 'The endpoint asks for fewer requests.',
  'rpc-error': 'The endpoint answered with an error to what was asked of it for this message.',
  'insufficient-funds': 'The signer cannot pay for the transaction: fund it.',
  'fee-cap': 'A block asks for more than the highest fee that is allowed: wait, or raise maxFeePerGas.',
  'spending-limit': 'What the signer may spend in a day is spent: wait until midnight UTC, or raise maxSpendPerDay.',
  // What the message waits for.
  'state-unavailable':
    'The L2 node does not serve the state any more that the message is proven in: it is proven in the newest state batch instead.',
  'not-ready': 'The message cannot be delivered yet.',
  'batch-gone': 'The state batch that the proof rests on was deleted: the message is proven anew.',
  'proof-invalid':
    'The L2 node denies the state batch, or L1 the proof: the message is proven anew, under the newest batch.',
  'already-relayed': 'The message was delivered already: it is waited for until that is final.',
  // What came of its last transaction.
  'transaction-refused': 'The node took no transaction with this message, however often it was sent.',
  'transaction-reverted': 'The transaction reverted though it was tried before: most often somebody else was faster.',
  'nonce-conflict': 'Another transaction with the same key took the nonce: use a key in one place only.',
  'insufficient-gas':
    'There was too little gas left for this message in its transaction, or it needs more than one can have.',
  // What is wrong with the message itself.
  'unpaid-gas':
    'Taking it on costs more gas beyond its gas limit than this node gives: raise maxUnpaidGas, or carry it with xdm transferIn.',
  'message-too-large': 'The message is larger than a transaction can carry.',
  'target-refused': 'The messenger does not call this target.',
  'value-refused': 'The lane does not take value.',
  'reentrant-call': 'The target calls the messenger, which does not take that while it delivers.',
  'target-reverted':
    'Trying to deliver it reverts, and no contract of the lane says why: it may need more gas than there is.',
  'delivery-failed': 'The messenger on L1 holds less than the value of the message, or the target has no code.',
  // What is wrong here.
  'wrong-chain': 'A contract of the lane is not on this chain.',
  unauthorized: 'The signer may not do this.',
  misconfigured: 'The contracts do not fit each other.',
  internal: 'Something that is not foreseen: the log says more.',
} as const satisfies Partial<Record<ErrorCode | 'transaction-refused', string>>;

/** Why a message is set aside. */
export type ParkedReason = keyof typeof SENTENCES;

/** What an error's code means for the message that it speaks against. */
export function parkedReasonOf(code: ErrorCode): ParkedReason {
  return isParkedReason(code) ? code : 'internal';
}

/** A sentence that says why a message is set aside, and what it waits for or what to do. */
export function explainParked(reason: ParkedReason): string {
  // A store of an earlier version can hold what is none any more.
  return isParkedReason(reason) ? SENTENCES[reason] : SENTENCES.internal;
}

function isParkedReason(code: string): code is ParkedReason {
  return Object.hasOwn(SENTENCES, code);
}
