import { nodesOf } from '../rpc.ts';
import { toXdmError } from '../rpcErrors.ts';
import type { ConnectedChain } from './client.ts';
import { isSilence } from './silentChain.ts';

/**
 * Does something with a chain whose nodes need not be believed. Where what the preferred one answers does not hold, or it says that it
 * cannot, each of the others is asked by itself; those that are silent were passed over before.
 * @throws what speaks against the preferred one, where none can
 */
export async function byAnyNode<T>(chain: ConnectedChain, work: (chain: ConnectedChain) => Promise<T>): Promise<T> {
  try {
    return await work(chain);
  } catch (error) {
    const nodes = nodesOf(chain.provider);
    if (nodes.length === 1 || isSilence(toXdmError(error))) throw error;
    try {
      return await Promise.any(nodes.map(async (provider) => await work({ ...chain, provider })));
    } catch {
      throw error;
    }
  }
}
