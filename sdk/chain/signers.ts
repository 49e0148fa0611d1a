import type { Provider, Signer } from 'ethers';

import { XdmError } from '../core/errors.ts';

/** One account on each chain of a lane, connected to it. */
export interface LaneSigners {
  readonly l1Signer: Signer;
  readonly l2Signer: Signer;
}

/**
 * The chain that a signer is connected to.
 * @throws {XdmError} `invalid-argument` when it is connected to none
 */
export function connectionOf(signer: Signer): Provider {
  if (signer.provider !== null) return signer.provider;
  throw new XdmError('invalid-argument', 'a signer is connected to no chain', { hint: 'connect it to a provider' });
}
