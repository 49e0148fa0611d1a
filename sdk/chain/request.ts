import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import { toXdmError } from './rpcErrors.ts';

/** Bytes in an answer. */
export const hex = z.string().regex(/^0x(?:[\da-f]{2})*$/iu, 'not hex');

/** A hash in an answer. */
export const hash = z.string().regex(/^0x[\da-f]{64}$/iu, 'not a hash');

/**
 * Asks a node what ethers has no function for.
 * @throws {XdmError} `rpc-error` where the answer is not of the form it should have, and what the endpoint throws
 */
export async function request<T>(
  provider: JsonRpcProvider,
  method: string,
  { parameters, schema }: { readonly parameters: unknown[]; readonly schema: z.ZodType<T> },
): Promise<T> {
  let answer: unknown;
  try {
    answer = await provider.send(method, parameters);
  } catch (error) {
    throw toXdmError(error);
  }
  return parseAnswer(method, answer, schema);
}

/** @throws {XdmError} `rpc-error` where the answer is not of the form it should have */
export function parseAnswer<T>(method: string, answer: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new XdmError('rpc-error', `the node's answer to ${method} is malformed: ${where} ${issue?.message ?? ''}`, {
    hint: 'ask another node',
  });
}
