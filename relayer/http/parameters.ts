import { z } from 'zod';

import { XdmError } from '../../sdk/core/errors.ts';
import { printable } from '../../sdk/core/printable.ts';

/** Most entries of one page. */
const MAX_PAGE = 500;

export const hash = z.string().regex(/^0x[\da-fA-F]{64}$/u, 'is no hash: 0x and 64 hex digits');
const address = z.string().regex(/^0x[\da-fA-F]{40}$/u, 'is no address: 0x and 40 hex digits');
const natural = z
  .string()
  .regex(/^\d{1,15}$/u, 'is no whole number')
  .transform(Number);
const limit = natural
  .pipe(z.number().min(1, 'is less than 1').max(MAX_PAGE, `is more than ${MAX_PAGE}`))
  .default(50)
  .describe(`1 to ${MAX_PAGE}; 50 unless given`);
const cursor = natural.optional().describe('"next" of the page before');
const flag = z.enum(['true', 'false'], { error: 'is not true or false' }).transform((word) => word === 'true');
const stage = z.enum(['sent', 'proven', 'submitted', 'relayed', 'failed'], {
  error: 'is not sent, proven, submitted, relayed or failed',
});
const since = z.iso.datetime({ offset: true, error: 'is no ISO 8601 time such as 2026-01-31T12:00:00Z' });

/** What each listing takes, but that of messages. A parameter that is not named is refused: one that was mistyped would change the answer in silence. */
export const PARAMETERS = {
  batches: z.strictObject({ cursor, limit }),
  transactions: z.strictObject({
    stage: z
      .enum(['pending', 'mined', 'final', 'replaced'], { error: 'is not pending, mined, final or replaced' })
      .optional(),
    // Postgres takes no text with a zero in it.
    purpose: z
      .string()
      .regex(/^[\w -]{1,64}$/u, 'is no purpose: letters, digits, spaces and hyphens')
      .optional(),
    signer: address.optional(),
    cursor,
    limit,
  }),
  events: z.strictObject({ after: natural.optional() }),
  none: z.strictObject({}),
} as const;

const MESSAGES = {
  stage: stage.optional(),
  sender: address.optional(),
  target: address.optional(),
  parked: flag.optional(),
  hash: hash.optional(),
  transaction: hash.optional(),
  since: since.transform((text) => Date.parse(text)).optional(),
  cursor,
  limit,
} as const;

type MessageParameters = z.ZodObject<
  { readonly from: z.ZodOptional<z.ZodEnum<Record<string, string>>> } & typeof MESSAGES,
  z.core.$strict
>;

/**
 * What the listing of messages takes.
 * @param chains names of the lane's
 */
export function messageParameters(chains: readonly string[]): MessageParameters {
  return z.strictObject({ from: z.enum(chains, { error: `is not ${chains.join(' or ')}` }).optional(), ...MESSAGES });
}

/**
 * A request's parameters.
 * @throws {XdmError} `invalid-argument`, with the parameter and its value
 */
export function parseParameters<T>(schema: z.ZodType<T>, given: Readonly<Record<string, string[]>>): T {
  const twice = Object.entries(given).find(([, values]) => values.length > 1)?.[0];
  if (twice !== undefined) throw refusal(`parameter "${twice}" is given twice`);
  const result = schema.safeParse(Object.fromEntries(Object.entries(given).map(([key, [value]]) => [key, value])));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') throw refusal(`there is no parameter "${printable(issue.keys[0] ?? '')}"`);
  const key = String(issue?.path[0] ?? '');
  throw refusal(
    `parameter "${key}" has value "${printable(given[key]?.[0] ?? '')}": it ${issue?.message ?? 'is invalid'}`,
  );
}

function refusal(problem: string): XdmError {
  return new XdmError('invalid-argument', problem, { hint: 'docs/operations.md lists what each address takes' });
}
