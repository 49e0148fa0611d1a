import { readFileSync } from 'node:fs';

import { Contract, ContractFactory, HDNodeWallet, JsonRpcProvider, type BaseWallet, type InterfaceAbi } from 'ethers';

import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { DEVELOPMENT_MNEMONIC, startAnvil } from '../../devnet/anvil.ts';

/** An anvil chain of a test's own. */
export interface Chain {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  /** One of anvil's funded accounts. */
  account(index: number): HDNodeWallet;
  /** All that the chain is, for `load`. */
  dump(): Promise<string>;
  /** Makes a new chain that which was dumped, blocks and all. */
  load(state: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts anvil; the test stops it. */
export async function startChain(chainId: number, args = ['--hardfork', 'prague']): Promise<Chain> {
  const anvil = await startAnvil({ chainId, args });
  const provider = new JsonRpcProvider(anvil.url, undefined, {
    batchMaxCount: 1,
    cacheTimeout: -1,
    pollingInterval: 20,
    staticNetwork: true,
  });
  return {
    url: anvil.url,
    provider,
    account: (index) => HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', `m/44'/60'/0'/0/${index}`).connect(provider),
    dump: async () => (await provider.send('anvil_dumpState', [])) as string,
    load: async (state) => void ((await provider.send('anvil_loadState', [state])) as boolean),
    async stop() {
      provider.destroy();
      await anvil.stop();
    },
  };
}

/** Deploys a contract of test/contracts/support, which `forge build` has compiled. */
export async function deployArtifact(name: string, signer: BaseWallet, ...args: unknown[]): Promise<Contract> {
  const path = `cache/default/out/${name}.sol/${name}.json`;
  const artifact = JSON.parse(readFileSync(path, 'utf8')) as { abi: InterfaceAbi; bytecode: { object: string } };
  const contract = await new ContractFactory(artifact.abi, artifact.bytecode.object, signer).deploy(...args);
  // ethers' own wait looks at new blocks only, and can miss the one that has it.
  await waitForReceipt(signer.provider!, contract.deploymentTransaction()!.hash);
  return new Contract(await contract.getAddress(), artifact.abi, signer);
}
