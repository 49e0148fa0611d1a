import { z } from 'zod';

import { COMMON_SETTINGS } from '../../settings/common.ts';
import { parseSettings, type ConfigSources } from '../../settings/parse.ts';
import { finality, hashes, milliseconds, number, privateKey, rolesOf, urls } from '../../settings/values.ts';

/** What a node can do on a rollup's lane; each role is on or off by itself. */
export const ROLES = ['sequencer', 'proposer', 'relayer', 'watchtower'] as const;

export type Role = (typeof ROLES)[number];

const schema = z.strictObject({
  /** Endpoints of each chain, the preferred first: a list, or its entries with commas; the deployment file's if not given. */
  l1RpcUrl: urls.optional(),
  l2RpcUrl: urls.optional(),
  /** `privateKey` pays for relays on L1, and for state batches too, unless these have a key of their own. */
  ...COMMON_SETTINGS,
  proposerPrivateKey: privateKey.optional(),
  /** With it the watchtower deletes false state batches; without it it says that they are. */
  challengerPrivateKey: privateKey.optional(),
  /** Hashes of deposits on L2 that are not the queue's and are let pass: a list, or with commas between them. */
  acceptedDeposits: hashes.optional(),
  /** A list, or its entries with commas between them. */
  roles: rolesOf(ROLES),
  /** From which block on a chain is believed. */
  l1Finality: finality.default('finalized'),
  l2Finality: finality.default('finalized'),
  /** How final an element of the queue must be before it is executed. */
  queueFinality: finality.default('safe'),
  /** How final an L2 block must be before its state root is committed. */
  proposalFinality: finality.default('safe'),
  /** Milliseconds between two state batches. */
  proposalInterval: milliseconds.default(60_000),
  /** Most state roots in a batch. */
  maxBatchSize: number.pipe(z.number().int().min(1).max(65_536)).default(1024),
  /** Gwei that L1 charges for a byte of calldata beside its gas: none, unless it is a rollup itself. */
  dataFeePerByte: number.pipe(z.number().min(0).max(1_000_000)).default(0),
});

/** The settings of a node on a rollup's lane. */
export type NodeConfig = z.output<typeof schema>;

/** Names of all settings, as in a file. */
export const CONFIG_KEYS = Object.keys(schema.shape) as readonly (keyof NodeConfig)[];

/**
 * The settings that flags, environment and file give together.
 * @throws {XdmError} `invalid-config`, with the offending key, its value unless it is a secret, and where it stands
 */
export function parseNodeConfig(sources: ConfigSources): NodeConfig {
  return parseSettings(schema, sources);
}
