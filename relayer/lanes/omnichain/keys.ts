import { computeAddress } from 'ethers';

import { XdmError } from '../../../sdk/core/errors.ts';
import type { OmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { LaneSigner } from '../nodeLane.ts';
import type { OmnichainConfig, OmnichainRole } from './config.ts';

/** Accounts that the node signs with, on every chain that it sends something to. */
export function signersOf(lane: OmnichainDeployment, config: OmnichainConfig): LaneSigner[] {
  const { roles } = config;
  const addresses = (role: OmnichainRole): string[] =>
    roles.includes(role) ? keysOf(role, config).map((key) => computeAddress(key)) : [];
  return lane.chains.flatMap(({ chainId }) => {
    const isUpdated = lane.lightClients.some(({ on }) => on === chainId);
    const own = new Set([...addresses('messenger'), ...(isUpdated ? addresses('maintainer') : [])]);
    return [...own].map((address) => ({ chainId: Number(chainId), address }));
  });
}

/**
 * Keys of a role, each once: the messenger can have any number of them, each of which pays on every chain, and the maintainer has one.
 * @throws {XdmError} `invalid-config` where it has none
 */
export function keysOf(role: OmnichainRole, config: OmnichainConfig): [string, ...string[]] {
  const { privateKey, relayerPrivateKeys = [], maintainerPrivateKey } = config;
  const given = { messenger: [privateKey, ...relayerPrivateKeys], maintainer: [maintainerPrivateKey ?? privateKey] };
  const [key, ...others] = new Set(given[role].filter((each) => each !== undefined));
  if (key !== undefined) return [key, ...others];
  throw new XdmError('invalid-config', `the role "${role}" needs a private key`, {
    hint: 'give one with --private-key, or choose other roles with --roles',
  });
}
