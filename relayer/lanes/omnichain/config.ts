import { z } from 'zod';

import { COMMON_SETTINGS } from '../../settings/common.ts';
import { parseSettings, type ConfigSources } from '../../settings/parse.ts';
import { finality, rolesOf } from '../../settings/values.ts';

/** What a node can do on an omnichain lane. */
const OMNICHAIN_ROLES = ['messenger'] as const;

const schema = z.strictObject({
  /** `privateKey` pays for deliveries on every chain. */
  ...COMMON_SETTINGS,
  roles: rolesOf(OMNICHAIN_ROLES),
  /** From which block on a chain is believed. */
  finality: finality.default('finalized'),
});

/** The settings of a node on an omnichain lane. */
export type OmnichainConfig = z.output<typeof schema>;

/**
 * The settings that flags, environment and file give together.
 * @throws {XdmError} `invalid-config`, with the offending key, its value unless it is a secret, and where it stands
 */
export function parseOmnichainConfig(sources: ConfigSources): OmnichainConfig {
  return parseSettings(schema, sources);
}
