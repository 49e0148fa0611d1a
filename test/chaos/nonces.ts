import type { JsonRpcProvider } from 'ethers';

import { sleep } from '../../sdk/chain/sleep.ts';
import { readRows } from './rows.ts';
import type { World } from './world.ts';

/** Longest wait for what was broadcast last to be mined, milliseconds. */
const MINING_MS = 8000;

/** An account that the node signs with. */
export interface Signer {
  readonly chainId: bigint;
  /** Of the chain itself. */
  readonly provider: JsonRpcProvider;
  readonly address: string;
}

/** The account's nonces have no gap, all were given out by the node, and no transaction is left over. */
export async function checkNonces(
  world: Pick<World, 'store'>,
  { chainId, provider, address }: Signer,
): Promise<string[]> {
  const { transactions } = await readRows(world);
  const own = transactions.filter((each) => each.chainId === Number(chainId) && isOf(each, address));
  const given = Math.max(-1, ...own.map(({ nonce }) => nonce)) + 1;
  const deadline = performance.now() + MINING_MS;
  let mined = await provider.getTransactionCount(address, 'latest');
  while (mined < given && performance.now() < deadline) {
    await sleep(20);
    mined = await provider.getTransactionCount(address, 'latest');
  }
  const { pending, queued } = (await provider.send('txpool_content', [])) as Record<'pending' | 'queued', object>;
  const left = [...Object.entries(pending), ...Object.entries(queued)]
    .filter(([account]) => account.toLowerCase() === address.toLowerCase())
    .flatMap(([, byNonce]) => Object.keys(byNonce as object))
    // The pool may hold one for a moment after it was mined.
    .filter((nonce) => Number(nonce) >= mined);
  const where = `the node's account ${address} on chain ${chainId}`;
  return [
    ...(mined === given ? [] : [`${where} has given out ${given} nonces, and ${mined} were mined`]),
    ...left.map((nonce) => `left in the pool of ${where}: nonce ${nonce}`),
  ];
}

function isOf({ signer }: { readonly signer: Uint8Array }, address: string): boolean {
  return `0x${Buffer.from(signer).toString('hex')}` === address.toLowerCase();
}
