import { z } from 'zod';

import { COMMON_SETTINGS } from '../../settings/common.ts';
import { parseSettings, type ConfigSources } from '../../settings/parse.ts';
import { finalityByChain, gasAmount, milliseconds, privateKey, rolesOf, urlsByChain } from '../../settings/values.ts';

/** What a node can do on an omnichain lane; each role is on or off by itself. */
const OMNICHAIN_ROLES = ['messenger', 'maintainer'] as const;

export type OmnichainRole = (typeof OMNICHAIN_ROLES)[number];

const schema = z.strictObject({
  /** Endpoints of chains by their names or ids, the preferred first; the deployment file's of those that are not given. */
  rpcUrls: urlsByChain.optional(),
  /** Where updates of the light clients of a chain come from, by its name or id: Beacon APIs, or attestors. The deployment file's likewise. */
  sourceUrls: urlsByChain.optional(),
  /** `privateKey` pays for deliveries on every chain, and for updates too, unless these have a key of their own. */
  ...COMMON_SETTINGS,
  maintainerPrivateKey: privateKey.optional(),
  roles: rolesOf(OMNICHAIN_ROLES),
  /** From which block on chains are believed; each as its validators make blocks final unless it is given. See `finalityOf`. */
  finality: finalityByChain.optional(),
  /** Most gas that a hop may take beyond its message's gas limit, which is all that fees count; no limit unless given. */
  maxUnpaidGas: gasAmount.optional(),
  /** Milliseconds between two looks at a light client's source while there is nothing to send. */
  maintenanceInterval: milliseconds.default(30_000),
  /** Which updates of light clients are worth a transaction: those that something waits for, or all. See `isNeeded`. */
  updates: z.enum(['needed', 'all']).default('needed'),
});

/** The settings of a node on an omnichain lane. */
export type OmnichainConfig = z.output<typeof schema>;

/** Names of all settings, as in a file. */
export const OMNICHAIN_CONFIG_KEYS = Object.keys(schema.shape) as readonly (keyof OmnichainConfig)[];

/**
 * The settings that flags, environment and file give together.
 * @throws {XdmError} `invalid-config`, with the offending key, its value unless it is a secret, and where it stands
 */
export function parseOmnichainConfig(sources: ConfigSources): OmnichainConfig {
  return parseSettings(schema, sources);
}
