import { concat, dataSlice, encodeRlp, keccak256, toBeHex } from 'ethers';
import { describe, expect, test } from 'vitest';

import { XdmError } from '../../../../sdk/core/errors.ts';
import { encodeHeader } from '../../../../sdk/core/omnichain/header.ts';
import type { Receipt } from '../../../../sdk/core/omnichain/receipt.ts';
import { packReceiptProof, readReceiptProof } from '../../../../sdk/core/omnichain/receiptProof.ts';
import { buildReceiptTrie } from '../../../../sdk/core/omnichain/receiptTrie.ts';
import { readMainnetReceipts } from '../../../support/mainnetReceipts.ts';
import { describeVectors } from '../../../support/vectors.ts';

const BLOOM = `0x${'00'.repeat(256)}`;

function receiptsOf(count: number): Receipt[] {
  return Array.from({ length: count }, (_, index) => ({
    type: [0, 1, 2, 3, 4, 0x7e][index % 6]!,
    status: 1,
    cumulativeGasUsed: BigInt(21_000 * (index + 1)),
    logsBloom: BLOOM,
    logs: [
      { address: `0x${'11'.repeat(20)}`, topics: [], data: '0x' },
      { address: `0x${'22'.repeat(20)}`, topics: [toBeHex(index, 32)], data: `0x${'33'.repeat(40)}` },
    ],
  }));
}

/** Fifteen fields, of which two are read. */
function headerWith(receiptsRoot: string, number = '0x1234'): string {
  return encodeRlp(Array.from({ length: 15 }, (_, field) => ({ 5: receiptsRoot, 8: number })[field] ?? '0x01'));
}

async function proofOf(transactionIndex: number, count = 40, receipts = receiptsOf(count)): Promise<string> {
  const trie = await buildReceiptTrie(receipts);
  const nodes = await trie.prove(transactionIndex);
  return packReceiptProof({ header: headerWith(trie.root), transactionIndex, nodes });
}

/** The block that a proof is of, or the code of the error that it is refused with. */
function outcomeOf(proof: string): string {
  try {
    return readReceiptProof(proof).blockHash;
  } catch (error) {
    if (error instanceof XdmError) return error.code;
    throw error;
  }
}

describe('a proof of a receipt', () => {
  test('shows the block and all logs, for receipts of any type and blocks of any size', async () => {
    for (const count of [1, 7, 130]) {
      const receipts = receiptsOf(count);
      const trie = await buildReceiptTrie(receipts);
      const header = headerWith(trie.root);
      for (const [transactionIndex, { logs }] of receipts.entries()) {
        const proof = packReceiptProof({ header, transactionIndex, nodes: await trie.prove(transactionIndex) });
        expect(readReceiptProof(proof)).toEqual({ blockHash: keccak256(header), blockNumber: 0x1234n, logs });
      }
    }
  });

  test('with a byte changed is refused, or is of a block that there is not', async () => {
    const proof = await proofOf(7);
    const { blockHash } = readReceiptProof(proof);
    const length = (proof.length - 2) / 2;
    for (let place = 3; place < length; place += 5) {
      const changed = (Number(dataSlice(proof, place, place + 1)) ^ 1).toString(16).padStart(2, '0');
      const forged = `${proof.slice(0, 2 + 2 * place)}${changed}${proof.slice(4 + 2 * place)}`;
      // What still reads is of a header that is no block's.
      expect(outcomeOf(forged)).not.toBe(blockHash);
    }
  });

  test('that is cut off, or followed by something, is refused', async () => {
    const proof = await proofOf(3);
    const length = (proof.length - 2) / 2;
    for (let end = 0; end < length; end += 5) {
      expect(() => readReceiptProof(dataSlice(proof, 0, end))).toThrow('the proof of the receipt does not hold');
    }
    expect(() => readReceiptProof(concat([proof, '0x00']))).toThrow('bytes follow its last node');
  });

  test('under the index of another transaction is refused', async () => {
    const trie = await buildReceiptTrie(receiptsOf(40));
    const proof = packReceiptProof({ header: headerWith(trie.root), transactionIndex: 8, nodes: await trie.prove(7) });
    expect(() => readReceiptProof(proof)).toThrow('do not lead from the root to the receipt');
  });

  test('of a receipt whose type nobody knows is refused, as the contract does', async () => {
    const [receipt] = receiptsOf(1);
    const proof = await proofOf(0, 1, [{ ...receipt!, type: 5 }]);
    expect(() => readReceiptProof(proof)).toThrow('the unknown type 5');
  });
});

describeVectors('mainnet block 21925176', () => {
  const { block, receipts } = readMainnetReceipts();

  test('has each of its receipts proven and read back', async () => {
    const trie = await buildReceiptTrie(receipts);
    const header = encodeHeader(block)!;
    for (const [transactionIndex, { logs }] of receipts.entries()) {
      const proof = packReceiptProof({ header, transactionIndex, nodes: await trie.prove(transactionIndex) });
      const proven = readReceiptProof(proof);
      expect(proven).toMatchObject({ blockHash: block['hash'], blockNumber: 21_925_176n });
      expect(proven.logs).toEqual(logs.map(({ address, topics, data }) => ({ address, topics, data })));
    }
  });
});
