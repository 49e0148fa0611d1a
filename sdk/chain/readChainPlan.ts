import type { Provider } from 'ethers';

import type { ChainPlan } from '../core/lanePlan.ts';

/**
 * Where an account stands on a chain that it is to deploy on.
 * @throws what the endpoint throws
 */
export async function readChainPlan(provider: Provider, account: string): Promise<ChainPlan> {
  const [{ chainId }, deployedAt, nonce] = await Promise.all([
    provider.getNetwork(),
    provider.getBlockNumber(),
    // What the account has sent already comes first.
    provider.getTransactionCount(account, 'pending'),
  ]);
  return { chainId, account, nonce, deployedAt: BigInt(deployedAt) };
}
