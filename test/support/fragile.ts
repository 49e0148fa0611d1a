import { AbiCoder, concat, toUtf8Bytes, type BaseWallet, type Contract } from 'ethers';

import { deployArtifact } from './chain.ts';

/** A target that reverts with a text until it is repaired. */
export interface FragileTarget {
  readonly address: string;
  readonly repair: () => Promise<void>;
  /** Calls since then. */
  count(): Promise<bigint>;
}

export async function deployFragile(signer: BaseWallet, text: string): Promise<FragileTarget> {
  const revertData = concat(['0x08c379a0', AbiCoder.defaultAbiCoder().encode(['bytes'], [toUtf8Bytes(text)])]);
  const contract: Contract = await deployArtifact('Fragile', signer, revertData);
  return {
    address: await contract.getAddress(),
    async repair() {
      await (await contract.getFunction('repair')()).wait();
    },
    count: async () => (await contract.getFunction('count')()) as bigint,
  };
}
