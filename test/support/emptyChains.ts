import type { HDNodeWallet } from 'ethers';

import type { PlanLaneParameters } from '../../sdk/actions/planLane.ts';
import { startChain, type Chain } from './chain.ts';

/** Terms of a lane, each value another. */
export const TERMS: PlanLaneParameters = {
  owner: '0x0000000000000000000000000000000000000011',
  proposer: '0x0000000000000000000000000000000000000022',
  challenger: '0x0000000000000000000000000000000000000033',
  guardian: '0x0000000000000000000000000000000000000044',
  fraudProofWindow: 600n,
  maxBlockGas: 20_000_000n,
  startBlock: 3n,
  valueEnabled: true,
  genesisVault: 5n,
  allowlist: '0x0000000000000000000000000000000000000055',
};

export interface Signers {
  readonly l1Signer: HDNodeWallet;
  readonly l2Signer: HDNodeWallet;
}

/** Two chains on which nothing has happened yet. */
export interface EmptyChains {
  readonly l1: Chain;
  readonly l2: Chain;
  /** Account 0 on both. */
  signers(): Signers;
  /** Undoes all that has happened. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEmptyChains(): Promise<EmptyChains> {
  const [l1, l2] = await Promise.all([startChain(900), startChain(901, ['--network', 'optimism'])]);
  const both = [l1, l2];
  const takeSnapshots = async (): Promise<unknown[]> =>
    await Promise.all(both.map(async ({ provider }) => (await provider.send('evm_snapshot', [])) as unknown));
  let snapshots = await takeSnapshots();
  return {
    l1,
    l2,
    signers: () => ({ l1Signer: l1.account(0), l2Signer: l2.account(0) }),
    async reset() {
      await Promise.all(both.map(async ({ provider }, index) => await provider.send('evm_revert', [snapshots[index]])));
      // One can be gone back to once.
      snapshots = await takeSnapshots();
    },
    async stop() {
      await Promise.all(both.map(async (chain) => await chain.stop()));
    },
  };
}
