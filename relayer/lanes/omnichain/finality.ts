import { findChain, type OmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { Finality } from '../../route.ts';
import type { OmnichainConfig } from './config.ts';

/**
 * From which block on a chain of a lane is believed. Unless the settings say it: validators who seal each block make it final with
 * that, and their nodes know no `finalized` block.
 * @throws {XdmError} `invalid-argument` for a setting that names no chain of the lane
 */
export function finalityOf(
  lane: OmnichainDeployment,
  chainId: bigint,
  { finality }: Pick<OmnichainConfig, 'finality'>,
): Finality {
  if (typeof finality === 'string') return finality;
  const given = Object.entries(finality ?? {}).find(([name]) => findChain(lane, name).chainId === chainId);
  return given?.[1] ?? (isSealed(lane, chainId) ? 'latest' : 'finalized');
}

function isSealed(lane: OmnichainDeployment, chainId: bigint): boolean {
  const isFollowed = lane.lightClients.some(({ of, kind }) => of === chainId && kind === 'sealed-header');
  return isFollowed || findChain(lane, chainId).headers !== 'ethereum';
}
