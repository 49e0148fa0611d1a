import type { JsonRpcProvider, TransactionRequest, Wallet } from 'ethers';

/** Sends transactions all at once, and waits until each stands in a block. Throws when one reverts. */
export async function sendBurst(wallet: Wallet, requests: readonly TransactionRequest[]): Promise<void> {
  const provider = wallet.provider as JsonRpcProvider;
  const [nonce, { chainId }, fees] = await Promise.all([
    wallet.getNonce(),
    provider.getNetwork(),
    provider.getFeeData(),
  ]);
  const common = {
    chainId,
    type: 2,
    // The base fee rises while full blocks are mined.
    maxFeePerGas: (fees.maxFeePerGas ?? 0n) * 4n,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
  };
  const raws = await Promise.all(
    requests.map(
      async (request, index) => await wallet.signTransaction({ ...common, nonce: nonce + index, ...request }),
    ),
  );
  const hashes = (await Promise.all(
    raws.map(async (raw) => await provider.send('eth_sendRawTransaction', [raw])),
  )) as string[];
  for (const hash of hashes) {
    const receipt = await provider.waitForTransaction(hash);
    if (receipt?.status !== 1) throw new Error(`transaction ${hash} reverted`);
  }
}
