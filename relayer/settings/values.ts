import { computeAddress } from 'ethers';
import { z } from 'zod';

import { listEndpoints, listEndpointsByName } from '../../sdk/core/endpoint.ts';
import { MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';

// Values of settings, as a file has them, or in words as flags and variables do.

/** A number, or one in words; of anything else zod would make a number too. */
export const number = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/u, 'is no number')
      .transform(Number),
  ],
  {
    error: 'is no number',
  },
);
export const milliseconds = number.pipe(z.number().int().min(10).max(86_400_000));
/** Gas, up to what a transaction can have. */
export const gasAmount = number.pipe(z.number().int().min(0).max(Number(MAX_TRANSACTION_GAS))).transform(BigInt);
export const finality = z.enum(['latest', 'safe', 'finalized']);
/** From which block on chains are believed: all, or each by its name or id, in an object or in words such as `A=finalized,B=latest`. */
export const finalityByChain = z
  .union([
    z.string().transform((text) => (text.includes('=') ? wordsByName(text) : text)),
    z.record(z.string(), z.string()),
  ])
  .pipe(
    z.union([finality, z.record(z.string(), finality)], {
      error: 'is not latest, safe or finalized, nor one of them by chain, as A=finalized,B=latest',
    }),
  );
const url = z.url({ protocol: /^https?$/u, error: 'is no http or https URL' });
/** Endpoints, the preferred first: a list, or its entries with commas. */
export const urls = z
  .union([z.string(), z.array(z.string())])
  .transform(listEndpoints)
  .pipe(z.array(url).min(1));
/** Endpoints of chains by their names or ids: an object, or in words as `listEndpointsByName` takes them. */
export const urlsByChain = z
  .union([z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))])
  .transform((given) => (typeof given === 'string' ? listEndpointsByName(given) : given))
  .refine((byChain) => !('' in byChain), { error: 'does not begin with the name of a chain, as A=URL,B=URL does' })
  .pipe(z.record(z.string(), urls));
export const privateKey = z
  .string()
  .transform((text) => (/^[\da-f]{64}$/iu.test(text) ? `0x${text}` : text))
  .refine(isPrivateKey, { error: 'is no private key: 0x and 64 hex digits' });
/** A list of keys, or its entries with commas. */
export const privateKeys = listOf(privateKey);

/** A list of hashes, or its entries with commas. */
export const hashes = listOf(
  z
    .string()
    .regex(/^0x[\da-f]{64}$/iu, 'is no hash: 0x and 64 hex digits')
    .toLowerCase(),
);

/** What a node does, of what a kind of lane knows; all of it unless given. Each role is on or off by itself. */
export function rolesOf<const T extends readonly [string, ...string[]]>(roles: T): z.ZodType<T[number][]> {
  const error = `not a role of a node on this kind of lane: they are ${roles.join(', ')}`;
  return listOf(z.enum(roles, { error })).default([...roles]);
}

function listOf<T>(entry: z.ZodType<T, string>) {
  return z
    .union([z.string().transform((text) => text.split(',').map((each) => each.trim())), z.array(z.string())])
    .pipe(z.array(entry).min(1));
}

/** What has no sign of equality has no value. */
function wordsByName(text: string): Record<string, string> {
  const parts = text.split(',').map((part) => part.split('='));
  return Object.fromEntries(parts.map(([name = '', ...value]) => [name.trim(), value.join('=').trim()]));
}

function isPrivateKey(text: string): boolean {
  try {
    // Also of 32 bytes, not all are one.
    return computeAddress(text) !== '';
  } catch {
    return false;
  }
}
