import { getAddress, isAddress, isHexString } from 'ethers';
import { z } from 'zod';

import { XdmError, type ErrorCode } from './errors.ts';

// The text of each schema's error says what must stand there; `problemOf` says what does.

/** An address in a file, in any case; a checksum that is there must be right. */
export const address = z.string({ error: 'an address' }).transform((text, context) => {
  if (isHexString(text, 20) && isAddress(text)) return getAddress(text);
  context.addIssue({ code: 'custom', message: 'an address, or its checksum is wrong' });
  return z.NEVER;
});

/** A whole number in a file, as a number or in decimal digits. */
export const natural = z
  .custom<number | string>(isNatural, { error: 'a whole number, which is a string from 2^53 on' })
  .transform((number) => BigInt(number));

/** 32 bytes in a file. */
export const hash = z.string({ error: 'a hash' }).regex(/^0x[0-9a-f]{64}$/u, 'a hash');

/** Yes or no in a file. */
export const flag = z.boolean({ error: 'true or false' });

/** An endpoint in a file. */
export const url = z.string({ error: 'a URL' });

/** The version of a file's format; there is one that can be read. */
export function version(number: number): z.ZodType<number> {
  return z.literal(number, { error: `${number}, the version of the format that this xdm reads` });
}

/** An object in a file, with no key but these. */
export function object<T extends z.ZodRawShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, { error: 'a JSON object' });
}

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
  const problems = result.error.issues.map((issue) => problemOf(issue, json)).join('; ');
  throw new XdmError(code, `${source} does not describe ${subject}: ${problems}`, { hint });
}

function isNatural(value: unknown): boolean {
  return typeof value === 'string' ? /^\d+$/u.test(value) : Number.isSafeInteger(value) && Number(value) >= 0;
}

/** The offending key and value, and what must stand there. */
function problemOf(issue: z.core.$ZodIssue, json: unknown): string {
  if (issue.code === 'unrecognized_keys') return `key "${[...issue.path, issue.keys[0]].join('.')}" is unknown`;
  const value = issue.path.reduce((part, key) => (part as Record<PropertyKey, unknown>)[key], json);
  const what = issue.path.length === 0 ? 'it' : `key "${issue.path.join('.')}"`;
  return value === undefined
    ? `${what} is missing: it is ${issue.message}`
    : `${what} is ${JSON.stringify(value)}, not ${issue.message}`;
}

/** A JSON file's text; numbers are decimal strings where they exceed 2^53. */
export function serializeJson(value: object): string {
  const write = (_key: string, item: unknown): unknown => {
    if (typeof item !== 'bigint') return item;
    return item <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(item) : item.toString();
  };
  return `${JSON.stringify(value, write, 2)}\n`;
}
