import { computeAddress } from 'ethers';
import { z } from 'zod';

import { listEndpoints, showEndpoint } from '../../../sdk/core/endpoint.ts';
import { XdmError } from '../../../sdk/core/errors.ts';

/** What a node can do; each role is on or off by itself. */
export const ROLES = ['sequencer', 'proposer', 'relayer', 'watchtower'] as const;

export type Role = (typeof ROLES)[number];

/** A number, or one in words as flags and variables have it; of anything else zod would make a number too. */
const number = z.union(
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
const milliseconds = number.pipe(z.number().int().min(10).max(86_400_000));
const finality = z.enum(['latest', 'safe', 'finalized']);
const url = z.url({ protocol: /^https?$/u, error: 'is no http or https URL' });
const urls = z
  .union([z.string(), z.array(z.string())])
  .transform(listEndpoints)
  .pipe(z.array(url).min(1));
const privateKey = z
  .string()
  .transform((text) => (/^[\da-f]{64}$/iu.test(text) ? `0x${text}` : text))
  .refine(isPrivateKey, { error: 'is no private key: 0x and 64 hex digits' });
const privateKeys = z
  .union([z.string().transform((text) => text.split(',').map((key) => key.trim())), z.array(z.string())])
  .pipe(z.array(privateKey).min(1));
const roles = z
  .union([z.string().transform((text) => text.split(',').map((role) => role.trim())), z.array(z.string())])
  .pipe(z.array(z.enum(ROLES)).min(1));

const hashes = z
  .union([z.string().transform((text) => text.split(',').map((hash) => hash.trim())), z.array(z.string())])
  .pipe(
    z
      .array(
        z
          .string()
          .regex(/^0x[\da-f]{64}$/iu, 'is no hash: 0x and 64 hex digits')
          .toLowerCase(),
      )
      .min(1),
  );

const schema = z.strictObject({
  /** Endpoints of each chain, the preferred first: a list, or its entries with commas; the deployment file's if not given. */
  l1RpcUrl: urls.optional(),
  l2RpcUrl: urls.optional(),
  /** Milliseconds that an endpoint's answer may take. */
  requestTimeout: milliseconds.default(20_000),
  /** Most requests a second to each endpoint; 0 for as many as there are. */
  rpcRequestsPerSecond: number.pipe(z.number().min(0).max(1_000_000)).default(0),
  /** Pays for relays on L1; for state batches too, unless these have a key of their own. */
  privateKey: privateKey.optional(),
  /** More keys that pay for relays on L1, each with nonces of its own: a list, or its entries with commas. */
  relayerPrivateKeys: privateKeys.optional(),
  proposerPrivateKey: privateKey.optional(),
  /** With it the watchtower deletes false state batches; without it it says that they are. */
  challengerPrivateKey: privateKey.optional(),
  /** Hashes of deposits on L2 that are not the queue's and are let pass: a list, or with commas between them. */
  acceptedDeposits: hashes.optional(),
  /** A list, or its entries with commas between them. */
  roles: roles.default([...ROLES]),
  /** Path of the SQLite file, or URL of a Postgres database. */
  store: z.string().min(1),
  /** From which block on a chain is believed. */
  l1Finality: finality.default('finalized'),
  l2Finality: finality.default('finalized'),
  /** How final an element of the queue must be before it is executed. */
  queueFinality: finality.default('safe'),
  /** How final an L2 block must be before its state root is committed. */
  proposalFinality: finality.default('safe'),
  /** Milliseconds between two looks at a chain. */
  pollInterval: milliseconds.default(1000),
  /** Milliseconds between two looks for a receipt after which a transaction is broadcast again, and replaced. */
  rebroadcastAfter: milliseconds.default(15_000),
  bumpAfter: milliseconds.default(60_000),
  /** Milliseconds between two state batches. */
  proposalInterval: milliseconds.default(60_000),
  /** Most state roots in a batch. */
  maxBatchSize: number.pipe(z.number().int().min(1).max(65_536)).default(1024),
  /** Most gwei for a unit of gas. */
  maxFeePerGas: number.pipe(z.number().positive().max(1_000_000)).default(500),
  /** Most ether that each signer spends in a day, from midnight to midnight UTC; no limit unless given. */
  maxSpendPerDay: number.pipe(z.number().positive().max(1_000_000)).optional(),
  /** Gwei that L1 charges for a byte of calldata beside its gas: none, unless it is a rollup itself. */
  dataFeePerByte: number.pipe(z.number().min(0).max(1_000_000)).default(0),
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
});

/** A node's settings. */
export type NodeConfig = z.output<typeof schema>;

/** Names of all settings, as in a file. */
export const CONFIG_KEYS = Object.keys(schema.shape) as readonly (keyof NodeConfig)[];

/** Where settings come from: what comes first wins. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, unknown>>;
  /** Variables such as `XDM_POLL_INTERVAL`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file's content, parsed. */
  readonly file: unknown;
}

/** The variable of a setting: Foundry's name where there is one. */
export function variableOf(key: string): string {
  if (key === 'l1RpcUrl' || key === 'l2RpcUrl' || key === 'privateKey') return snakeCase(key);
  return `XDM_${snakeCase(key)}`;
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/gu, (letter) => `_${letter}`).toUpperCase();
}

/**
 * The settings that flags, environment and file give together.
 * @throws {XdmError} `invalid-config`, with the offending key, its value unless it is a secret, and where it stands
 */
export function parseNodeConfig({ flags, environment, file }: ConfigSources): NodeConfig {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new XdmError('invalid-config', 'the configuration file holds no JSON object', { hint: 'write it as {...}' });
  }
  const fromEnvironment = Object.fromEntries(
    CONFIG_KEYS.map((key) => [key, environment[variableOf(key)]]).filter(([, value]) => value !== undefined),
  ) as Record<string, unknown>;
  const merged: Record<string, unknown> = { ...file, ...fromEnvironment, ...defined(flags) };
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0] ?? '');
  throw new XdmError('invalid-config', describe(key, merged[key], issue), {
    hint: `the settings are ${CONFIG_KEYS.join(', ')}`,
  });
}

function describe(key: string, value: unknown, issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `there is no setting "${key}"`;
  const shown = /key/iu.test(key) ? '(a secret)' : JSON.stringify(/url/iu.test(key) ? showEndpoints(value) : value);
  return `setting "${key}" has value ${shown}: ${issue?.message ?? 'invalid'}`;
}

function showEndpoints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(showEndpoints);
  return typeof value === 'string' ? value.split(',').map(showEndpoint).join(',') : value;
}

function defined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function isPrivateKey(text: string): boolean {
  try {
    // Also of 32 bytes, not all are one.
    return computeAddress(text) !== '';
  } catch {
    return false;
  }
}
