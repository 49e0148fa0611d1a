import { z } from 'zod';

import { milliseconds, number, privateKey, privateKeys } from './values.ts';

/** Settings that the node has whatever kind of lane it carries: each kind adds its own, and `roles`. */
export const COMMON_SETTINGS = {
  /** Milliseconds that an endpoint's answer may take. */
  requestTimeout: milliseconds.default(20_000),
  /** Most requests a second to each endpoint; 0 for as many as there are. */
  rpcRequestsPerSecond: number.pipe(z.number().min(0).max(1_000_000)).default(0),
  /** Pays for what is sent, unless a role has a key of its own. */
  privateKey: privateKey.optional(),
  /** More keys that pay for relays, each with nonces of its own: a list, or its entries with commas. */
  relayerPrivateKeys: privateKeys.optional(),
  /** Path of the SQLite file, or URL of a Postgres database. */
  store: z.string().min(1),
  /** Milliseconds between two looks at a chain. */
  pollInterval: milliseconds.default(1000),
  /** Milliseconds between two looks for a receipt after which a transaction is broadcast again, and replaced. */
  rebroadcastAfter: milliseconds.default(15_000),
  bumpAfter: milliseconds.default(60_000),
  /** Most gwei for a unit of gas. */
  maxFeePerGas: number.pipe(z.number().positive().max(1_000_000)).default(500),
  /** Most ether that each signer spends in a day, from midnight to midnight UTC; no limit unless given. */
  maxSpendPerDay: number.pipe(z.number().positive().max(1_000_000)).optional(),
  /** Where health, metrics and what can be read are served. */
  httpHost: z
    .string()
    .regex(/^[\w.:-]+$/u, 'is no host name or address')
    .default('127.0.0.1'),
  /** 0 for a free one, `none` for none; 7300 unless it is given, if nobody else has that. */
  httpPort: z.union([z.literal('none'), number.pipe(z.number().int().min(0).max(65_535))]).optional(),
  /** Milliseconds without progress after which `/readyz` says that the node is not ready. */
  stuckAfter: milliseconds.default(300_000),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
};

/** The settings of any node. */
export type NodeSettings = z.output<z.ZodObject<typeof COMMON_SETTINGS>> & { readonly roles: readonly string[] };
