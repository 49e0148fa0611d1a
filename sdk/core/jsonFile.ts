import { getAddress } from 'ethers';
import { z } from 'zod';

import { XdmError, type ErrorCode } from './errors.ts';

/** An address in a file, in any case. */
export const address = z.string().transform((text, context) => {
  try {
    return getAddress(text);
  } catch {
    context.addIssue({ code: 'custom', message: `"${text}" is not an address` });
    return z.NEVER;
  }
});

/** A whole number in a file, as a number or in decimal digits. */
export const natural = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/u, 'not a whole number')])
  .transform((number) => BigInt(number));

/** How to speak of a file that is not what it should be. */
export interface JsonFile {
  /** What to call it, such as its path. */
  readonly source: string;
  /** What it should describe. */
  readonly subject: string;
  readonly code: ErrorCode;
  readonly hint: string;
}

/**
 * Reads a JSON file's text.
 * @throws {XdmError} with the file's code, and the offending key and value
 */
export function parseJson<T>(text: string, schema: z.ZodType<T>, { source, subject, code, hint }: JsonFile): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new XdmError(code, `${source} is not JSON`, { cause, hint });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  const problem = `${where === '' ? '' : `key "${where}": `}${issue?.message ?? 'unknown format'}`;
  throw new XdmError(code, `${source} does not describe ${subject}: ${problem}`, { hint });
}

/** A JSON file's text; numbers are decimal strings where they exceed 2^53. */
export function serializeJson(value: object): string {
  const write = (_key: string, item: unknown): unknown => {
    if (typeof item !== 'bigint') return item;
    return item <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(item) : item.toString();
  };
  return `${JSON.stringify(value, write, 2)}\n`;
}
