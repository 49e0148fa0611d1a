import type { ErrorCode } from '../sdk/core/errors.ts';

/** How a command can end: what a script tells apart. */
export const EXIT = {
  done: 0,
  error: 1,
  /** What was typed, or a file that it names, is wrong. */
  usage: 2,
  /** The same command can succeed later. */
  transient: 3,
  /** An answer rather than an error: the message's time has not come. */
  notReady: 4,
  /** The target of the message refused it. */
  messageFailed: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command that did several things ends with is the first of these: what trying again does not mend goes before what it does. */
const RANKING = [
  EXIT.error,
  EXIT.usage,
  EXIT.messageFailed,
  EXIT.transient,
  EXIT.notReady,
] as const satisfies readonly ExitCode[];

/** The exit code of a command that did several things. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return RANKING.find((code) => codes.includes(code)) ?? EXIT.done;
}

/** The exit code of a command that ends with an error. */
export const EXIT_CODES: Readonly<Record<ErrorCode, ExitCode>> = {
  'invalid-argument': EXIT.usage,
  'invalid-config': EXIT.usage,
  'invalid-deployment': EXIT.usage,
  'deployment-not-found': EXIT.usage,
  'wrong-chain': EXIT.usage,
  'rpc-unreachable': EXIT.transient,
  'rpc-rate-limited': EXIT.transient,
  'rpc-error': EXIT.transient,
  'state-unavailable': EXIT.transient,
  'insufficient-funds': EXIT.error,
  'fee-cap': EXIT.transient,
  'spending-limit': EXIT.transient,
  'unpaid-gas': EXIT.error,
  'nonce-conflict': EXIT.transient,
  'transaction-reverted': EXIT.error,
  'deposit-refused': EXIT.error,
  'plan-stale': EXIT.error,
  'batch-not-found': EXIT.error,
  'message-not-found': EXIT.error,
  'not-ready': EXIT.notReady,
  'message-failed': EXIT.messageFailed,
  'already-relayed': EXIT.done,
  timeout: EXIT.transient,
  paused: EXIT.transient,
  'queue-full': EXIT.transient,
  'target-refused': EXIT.error,
  'value-refused': EXIT.error,
  'message-too-large': EXIT.error,
  'insufficient-gas': EXIT.error,
  'sender-not-allowed': EXIT.error,
  'not-replayable': EXIT.error,
  'reentrant-call': EXIT.error,
  'batch-gone': EXIT.transient,
  'batch-final': EXIT.error,
  'batch-conflict': EXIT.transient,
  'proof-invalid': EXIT.error,
  unauthorized: EXIT.error,
  misconfigured: EXIT.error,
  'delivery-failed': EXIT.messageFailed,
  'target-reverted': EXIT.messageFailed,
  'light-client-frozen': EXIT.error,
  'light-client-expired': EXIT.error,
  'update-known': EXIT.done,
  'update-out-of-order': EXIT.error,
  'update-invalid': EXIT.error,
  'in-use': EXIT.error,
  'not-installed': EXIT.error,
  'store-incompatible': EXIT.error,
  'store-not-found': EXIT.usage,
  'store-unreachable': EXIT.transient,
  'store-outdated': EXIT.error,
  'lease-lost': EXIT.transient,
  internal: EXIT.error,
};
