import { isCallException, isError } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { revertError } from './reverts.ts';

/** Codes of Node's sockets and of ethers' HTTP client that mean that nobody answered. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'NETWORK_ERROR',
  'TIMEOUT',
]);

const HTTP_TOO_MANY_REQUESTS = 429;
const HTTP_SERVER_ERROR = 500;

/** "Limit exceeded". */
const LIMIT_EXCEEDED = -32_005;

/** "Transaction rejected", in JSON-RPC's extension for Ethereum. */
const TRANSACTION_REJECTED = -32_003;

/**
 * Codes of JSON-RPC, and of its extension for Ethereum, that come from before a call is executed: it cannot be parsed, there is
 * no such method, its parameters are malformed; the resource is not there or cannot be had now; limits.
 */
const NO_REVERT: ReadonlySet<unknown> = new Set([
  HTTP_TOO_MANY_REQUESTS,
  LIMIT_EXCEEDED,
  -32_700,
  -32_600,
  -32_601,
  -32_602,
  -32_001,
  -32_002,
]);

/** What anything that ethers throws means. */
export function toXdmError(error: unknown): XdmError {
  if (error instanceof XdmError) return error;
  if (isCallException(error)) {
    if (error.receipt) {
      return new XdmError('transaction-reverted', `transaction ${error.receipt.hash} was mined, and reverted`, {
        cause: error,
      });
    }
    // To ethers any error of a call is a revert; these say that the node has not looked at it.
    const { code } = (rpcAnswer(error) ?? {}) as { code?: unknown };
    if (error.data === null && NO_REVERT.has(code)) return transportError(error);
    // Without data it is a revert without a reason, or a node that does not pass the reason on.
    return revertError(error.data ?? '0x', error);
  }
  if (isError(error, 'INSUFFICIENT_FUNDS')) {
    return new XdmError('insufficient-funds', "the account cannot pay for the transaction's gas and value", {
      cause: error,
      hint: 'fund the account, or use another one',
    });
  }
  if (isError(error, 'NONCE_EXPIRED') || isError(error, 'REPLACEMENT_UNDERPRICED')) {
    return new XdmError('nonce-conflict', "another transaction of the account has this one's nonce", {
      cause: error,
      hint: 'try again; use the account in one place at a time',
    });
  }
  return transportError(error);
}

/** Whether a node says that it has not taken a transaction. Other errors of its can come after it has: that it took too long to execute it. */
export function isRejection(error: unknown): boolean {
  return property(rpcAnswer(error), 'code') === TRANSACTION_REJECTED;
}

function transportError(error: unknown): XdmError {
  const code = property(error, 'code');
  if (UNREACHABLE.has(code)) {
    return new XdmError('rpc-unreachable', 'the endpoint does not answer', { cause: error });
  }
  if (isError(error, 'SERVER_ERROR')) {
    const status = error.response?.statusCode;
    if (status === HTTP_TOO_MANY_REQUESTS) return rateLimited(error);
    // What stands before the node says so, or the node before it has looked at the question.
    const isServers = status !== undefined && status >= HTTP_SERVER_ERROR;
    return new XdmError(
      isServers ? 'rpc-unreachable' : 'rpc-error',
      `the endpoint answers with HTTP status ${status ?? 'unknown'}`,
      { cause: error },
    );
  }
  const answer = rpcAnswer(error);
  if (property(answer, 'code') === HTTP_TOO_MANY_REQUESTS) return rateLimited(error);
  const words = property(answer, 'message');
  if (typeof words === 'string') {
    return new XdmError('rpc-error', `the endpoint answers: ${printable(words)}`, { cause: error });
  }
  if (isError(error, 'BAD_DATA') && error.value === '0x') {
    const method = String(property(property(error, 'info'), 'method'));
    return new XdmError('wrong-chain', `a contract of the lane is not on this chain: ${method}() returns nothing`, {
      cause: error,
      hint: 'check that the deployment file belongs to this chain; a local chain forgets all when it ends',
    });
  }
  const message = printable(error instanceof Error ? error.message : String(error));
  return isNonsense(error)
    ? new XdmError('rpc-error', `the endpoint does not answer as a chain does: ${message}`, { cause: error })
    : new XdmError('internal', message, { cause: error });
}

function rateLimited(cause: unknown): XdmError {
  return new XdmError('rpc-rate-limited', 'the endpoint asks for fewer requests', { cause });
}

/** The JSON-RPC error object behind an error, which ethers wraps in several ways. */
function rpcAnswer(error: unknown): unknown {
  // What a node says of a batch as a whole has no id, and ethers takes it for an answer to something else.
  const stray = property(property(property(error, 'value'), '0'), 'error');
  return property(error, 'error') ?? property(property(error, 'info'), 'error') ?? stray;
}

/** Whether the answer could not be read: it is no JSON, no JSON-RPC, or of other types than asked for. */
function isNonsense(error: unknown): boolean {
  return (
    isError(error, 'BAD_DATA') ||
    (isError(error, 'UNSUPPORTED_OPERATION') && error.operation === 'bodyJson') ||
    (isError(error, 'INVALID_ARGUMENT') && error.argument === '%response')
  );
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
