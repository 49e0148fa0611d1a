import { HDNodeWallet, Wallet, type Provider, type Signer } from 'ethers';

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

/**
 * A signer as it sends on a chain. One that is on that chain is used as it is, since it can have a state that a copy would not
 * share: a NonceManager knows what it has sent.
 * @param provider of the chain
 * @throws {XdmError} `wrong-chain` for one that is on another chain and cannot leave it, and what its endpoint throws
 */
export async function signerOn(provider: Provider, signer: Signer): Promise<Signer> {
  // A wallet has no state, and its own provider may answer with a nonce that it has kept for a moment.
  const isStateless = signer.constructor === Wallet || signer.constructor === HDNodeWallet;
  if (signer.provider === null || isStateless) return signer.connect(provider);
  const [wanted, actual] = await Promise.all([provider.getNetwork(), signer.provider.getNetwork()]);
  if (actual.chainId === wanted.chainId) return signer;
  try {
    return signer.connect(provider);
  } catch (cause) {
    throw new XdmError('wrong-chain', `the signer is on chain ${actual.chainId}, not on ${wanted.chainId}`, {
      cause,
      hint: `give a signer on chain ${wanted.chainId}`,
    });
  }
}
