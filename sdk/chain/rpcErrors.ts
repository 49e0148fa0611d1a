import { isCallException, isError } from 'ethers';

import { XdmError } from '../core/errors.ts';
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

/** What anything that ethers throws means. */
export function toXdmError(error: unknown): XdmError {
  if (error instanceof XdmError) return error;
  if (isCallException(error)) {
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

function transportError(error: unknown): XdmError {
  const code = property(error, 'code');
  if (UNREACHABLE.has(code)) {
    return new XdmError('rpc-unreachable', 'the endpoint does not answer', { cause: error });
  }
  if (isError(error, 'SERVER_ERROR')) {
    const status = error.response?.statusCode;
    return status === HTTP_TOO_MANY_REQUESTS
      ? new XdmError('rpc-rate-limited', 'the endpoint asks for fewer requests', { cause: error })
      : new XdmError('rpc-error', `the endpoint answers with HTTP status ${status ?? 'unknown'}`, { cause: error });
  }
  const answer = rpcAnswer(error);
  if (answer !== undefined) return new XdmError('rpc-error', `the endpoint answers: ${answer}`, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new XdmError('internal', message, { cause: error });
}

/** What a JSON-RPC error object says, which ethers wraps in several ways. */
function rpcAnswer(error: unknown): string | undefined {
  const answer = property(error, 'error') ?? property(property(error, 'info'), 'error');
  const message = property(answer, 'message');
  return typeof message === 'string' ? message : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
