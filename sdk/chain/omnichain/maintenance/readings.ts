import type { JsonRpcProvider, Overrides } from 'ethers';

import { XdmError } from '../../../core/errors.ts';
import { formatTime } from '../../time.ts';

/** A light client by where it is, and whose blocks it knows. */
export interface LightClientPlace {
  /** Of the chain that it is deployed on. */
  readonly provider: JsonRpcProvider;
  readonly address: string;
  /** Chain whose blocks it knows. */
  readonly of: bigint;
}

/** A moment of a chain: all that is read at it belongs together. */
export interface Moment {
  readonly at: Overrides;
  /** Seconds, by the chain's clock, or by ours where the chain has had no block for a while: the next one's is later. */
  readonly now: bigint;
}

/**
 * The newest moment of a chain.
 * @throws {XdmError} what the endpoint throws
 */
export async function momentOf(provider: JsonRpcProvider): Promise<Moment> {
  const block = await provider.getBlock('latest');
  if (block === null) throw new XdmError('rpc-error', 'the node has no newest block', { hint: 'ask another node' });
  const now = Math.max(block.timestamp, Math.floor(Date.now() / 1000));
  return { at: { blockTag: block.number }, now: BigInt(now) };
}

/**
 * What no update helps against any more.
 * @param trustedUntil of the kinds whose trust ends
 * @throws {XdmError} `light-client-frozen`, `light-client-expired`
 */
export function requireAlive(
  { address, of }: LightClientPlace,
  isFrozen: boolean,
  expiry?: { readonly trustedUntil: bigint; readonly now: bigint },
): void {
  const name = `the light client ${address} of chain ${of}`;
  if (isFrozen) {
    throw new XdmError('light-client-frozen', `${name} is frozen: two blocks of one height were vouched for`, {
      hint: 'find out whom to believe, and have it replaced',
    });
  }
  if (expiry === undefined || expiry.now <= expiry.trustedUntil) return;
  throw new XdmError('light-client-expired', `${name} was trusted until ${formatTime(expiry.trustedUntil)}`, {
    hint: 'it was left alone for too long: have it replaced',
  });
}
