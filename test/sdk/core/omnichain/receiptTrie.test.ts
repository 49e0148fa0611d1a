import { keccak256 } from 'ethers';
import { expect, test } from 'vitest';

import { XdmError } from '../../../../sdk/core/errors.ts';
import { PackedNodes } from '../../../../sdk/core/merkleTrie.ts';
import { encodeHeader, type HeaderFields } from '../../../../sdk/core/omnichain/header.ts';
import { encodeReceipt, receiptKey, type Receipt } from '../../../../sdk/core/omnichain/receipt.ts';
import { buildReceiptTrie } from '../../../../sdk/core/omnichain/receiptTrie.ts';
import { describeVectors, readVectors } from '../../../support/vectors.ts';

const BLOOM = `0x${'00'.repeat(256)}`;
const LOG = { address: `0x${'11'.repeat(20)}`, topics: [`0x${'22'.repeat(32)}`], data: '0x33' };

function receiptOf(fields: Partial<Receipt> = {}): Receipt {
  return { type: 2, status: 1, cumulativeGasUsed: 21_000n, logsBloom: BLOOM, logs: [LOG], ...fields };
}

test('a receipt of any type is encoded by its type, then its fields', () => {
  const untyped = encodeReceipt(receiptOf({ type: 0 }));

  expect(encodeReceipt(receiptOf({ type: 1 }))).toBe(`0x01${untyped.slice(2)}`);
  expect(encodeReceipt(receiptOf({ type: 4 }))).toBe(`0x04${untyped.slice(2)}`);
  // A deposit has its own nonce and version behind the logs, where its fork knows them.
  const deposit = encodeReceipt(receiptOf({ type: 0x7e, depositNonce: 0x41n, depositReceiptVersion: 1n }));
  expect(deposit).toMatch(/^0x7ef9/u);
  expect(deposit.endsWith('4101')).toBe(true);
  expect(encodeReceipt(receiptOf({ type: 0x7e }))).toBe(`0x7e${untyped.slice(2)}`);
});

test('a failed transaction has an empty status, one from before Byzantium a state root', () => {
  // List header, then the status.
  expect(encodeReceipt(receiptOf({ type: 0, status: 0 })).slice(8, 10)).toBe('80');
  expect(encodeReceipt(receiptOf({ type: 0, status: 1 })).slice(8, 10)).toBe('01');
  expect(encodeReceipt(receiptOf({ type: 0, status: `0x${'44'.repeat(32)}` })).slice(8, 12)).toBe('a044');
});

test('each receipt of a block of any size is proven, and nothing beyond', async () => {
  for (const count of [1, 2, 17, 129, 300]) {
    const receipts = Array.from({ length: count }, (_, index) =>
      receiptOf({ type: index % 5, cumulativeGasUsed: BigInt(index + 1) }),
    );
    const trie = await buildReceiptTrie(receipts);
    for (const [index, receipt] of receipts.entries()) {
      const nodes = new PackedNodes(await trie.prove(index));
      expect(nodes.readValue(trie.root, receiptKey(index))).toBe(encodeReceipt(receipt));
      expect(nodes.isAtEnd).toBe(true);
    }
    await expect(trie.prove(count)).rejects.toThrow(XdmError);
  }
});

describeVectors('mainnet block 21925176', () => {
  const block = readVectors('lightclient/mainnet-receipts/block-21925176.json') as HeaderFields;
  const receipts = (readVectors('lightclient/mainnet-receipts/receipts-21925176.json') as Record<string, string>[]).map(
    ({ type, status, cumulativeGasUsed, ...rest }) => ({
      ...(rest as unknown as Pick<Receipt, 'logs' | 'logsBloom'>),
      type: Number(type),
      status: Number(status),
      cumulativeGasUsed: BigInt(cumulativeGasUsed!),
    }),
  );

  test("hashes to the block's hash", () => {
    expect(keccak256(encodeHeader(block) ?? '0x')).toBe(block['hash']);
  });

  test('has the receipts root of its 202 receipts, and each is proven', async () => {
    const trie = await buildReceiptTrie(receipts);
    expect(receipts).toHaveLength(202);
    expect(trie.root).toBe(block['receiptsRoot']);
    for (const [index, receipt] of receipts.entries()) {
      const nodes = new PackedNodes(await trie.prove(index));
      expect(nodes.readValue(trie.root, receiptKey(index))).toBe(encodeReceipt(receipt));
    }
  });
});
