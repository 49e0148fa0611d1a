/**
 * What went wrong, for programs: the node's retry policy and the command line's exit code read it; nothing reads an
 * error's text.
 */
export type ErrorCode =
  // What the caller gave.
  | 'invalid-argument'
  | 'invalid-config'
  | 'invalid-deployment'
  | 'deployment-not-found'
  | 'wrong-chain'
  // What a chain or its node said.
  | 'rpc-unreachable'
  | 'rpc-rate-limited'
  | 'rpc-error'
  | 'state-unavailable'
  | 'insufficient-funds'
  | 'fee-cap'
  | 'spending-limit'
  | 'unpaid-gas'
  | 'nonce-conflict'
  | 'transaction-reverted'
  | 'deposit-refused'
  | 'plan-stale'
  | 'batch-not-found'
  // Where a message stands.
  | 'message-not-found'
  | 'not-ready'
  | 'message-failed'
  | 'already-relayed'
  | 'timeout'
  // What a contract refused; see contractErrors.ts.
  | 'paused'
  | 'queue-full'
  | 'target-refused'
  | 'value-refused'
  | 'message-too-large'
  | 'insufficient-gas'
  | 'sender-not-allowed'
  | 'not-replayable'
  | 'reentrant-call'
  | 'batch-gone'
  | 'batch-final'
  | 'batch-conflict'
  | 'proof-invalid'
  | 'unauthorized'
  | 'misconfigured'
  | 'delivery-failed'
  | 'target-reverted'
  | 'light-client-frozen'
  | 'light-client-expired'
  | 'update-known'
  | 'update-out-of-order'
  | 'update-invalid'
  // What runs on this machine.
  | 'in-use'
  | 'not-installed'
  | 'store-incompatible'
  | 'store-not-found'
  | 'store-unreachable'
  | 'store-outdated'
  | 'lease-lost'
  | 'internal';

/** Codes of what may pass by itself: the same call can succeed later. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'rpc-unreachable',
  'rpc-rate-limited',
  'rpc-error',
  'state-unavailable',
  'store-unreachable',
  'lease-lost',
  'fee-cap',
  'spending-limit',
  'nonce-conflict',
  'not-ready',
  'timeout',
  'paused',
  'queue-full',
  'batch-gone',
  'batch-conflict',
]);

/** What an error carries beside its code and message. */
export interface ErrorDetails {
  /** What to do next, one sentence. */
  readonly hint?: string;
  /** What was thrown below, if anything was. */
  readonly cause?: unknown;
  /** First L1 timestamp, seconds, at which it can succeed, where that is known. */
  readonly readyAt?: bigint;
}

/** Every error that xdm throws on purpose. The message says what was wrong, with the value; the hint what to do next. */
export class XdmError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly readyAt: bigint | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'XdmError';
    this.code = code;
    this.hint = details.hint;
    this.readyAt = details.readyAt;
  }

  /** Whether the same call can succeed later. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
