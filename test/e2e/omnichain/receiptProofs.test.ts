import { concat, getAddress, type Contract } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { encodeHeader } from '../../../sdk/core/omnichain/header.ts';
import { receiptKey } from '../../../sdk/core/omnichain/receipt.ts';
import { buildReceiptTrie, type ReceiptTrie } from '../../../sdk/core/omnichain/receiptTrie.ts';
import { deployArtifact, startChain, type Chain } from '../../support/chain.ts';
import { readMainnetReceipts } from '../../support/mainnetReceipts.ts';
import { describeVectors } from '../../support/vectors.ts';

/** A log as the contract has read it. */
interface ReadLog {
  readonly emitter: string;
  readonly topics: readonly string[];
  readonly data: string;
}

describeVectors('the receipts of mainnet block 21925176', () => {
  const { block, receipts } = readMainnetReceipts();
  const header = encodeHeader(block)!;
  let chain: Chain;
  let reader: Contract;
  let trie: ReceiptTrie;

  beforeAll(async () => {
    chain = await startChain(31_337);
    reader = await deployArtifact('ReceiptProofHarness', chain.account(0));
    trie = await buildReceiptTrie(receipts);
  });
  afterAll(async () => await chain.stop());

  /** Header, key and nodes: a proof as the services take it. */
  const proofOf = async (index: number): Promise<string> =>
    concat([header, receiptKey(index), await trie.prove(index)]);

  test('each is read on chain, log by log', async () => {
    expect(receipts).toHaveLength(202);
    await Promise.all(
      receipts.map(async ({ logs }, index) => {
        const [hash, number, read] = (await reader.getFunction('read').staticCall(await proofOf(index))) as unknown as [
          string,
          bigint,
          readonly ReadLog[],
        ];
        expect({ hash, number }).toEqual({ hash: block['hash'], number: BigInt(block['number']!) });
        expect(read.map(({ emitter, topics, data }) => ({ emitter, topics: [...topics], data }))).toEqual(
          logs.map(({ address, topics, data }) => ({ emitter: getAddress(address), topics, data })),
        );
      }),
    );
  });

  test('none is read under the index of another, nor in another block', async () => {
    const another = concat([header, receiptKey(8), await trie.prove(7)]);
    const elsewhere = await buildReceiptTrie(receipts.slice(0, 100));
    const inAnotherBlock = concat([header, receiptKey(7), await elsewhere.prove(7)]);
    for (const proof of [another, inAnotherBlock]) {
      await expect(reader.getFunction('read').staticCall(proof)).rejects.toMatchObject({
        revert: { name: 'MerkleTrie_NodeMismatch' },
      });
    }
  });
});
