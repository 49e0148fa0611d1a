import { createMerkleProof, createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { concat, dataLength, getBytes, hexlify } from 'ethers';

import { XdmError } from '../errors.ts';
import { SHORTEST_HASHED_NODE } from '../merkleTrie.ts';
import { encodeReceipt, receiptKey, type Receipt } from './receipt.ts';

/** A block's receipts, proven. */
export interface ReceiptTrie {
  /** The block's receipts root. */
  readonly root: string;
  /**
   * Nodes from the root down that prove a receipt, one after the other, hex; without those that their parents hold.
   * @param transactionIndex position of its transaction in the block
   * @throws {XdmError} `invalid-argument` where the block has no such transaction
   */
  prove(transactionIndex: number): Promise<string>;
}

/**
 * Builds the trie of a block's receipts.
 * @param receipts of all of the block's transactions, in their order
 */
export async function buildReceiptTrie(receipts: readonly Receipt[]): Promise<ReceiptTrie> {
  const trie: MerklePatriciaTrie = await createMPT();
  for (const [index, receipt] of receipts.entries()) {
    await trie.put(getBytes(receiptKey(index)), getBytes(encodeReceipt(receipt)));
  }
  return {
    root: hexlify(trie.root()),
    async prove(transactionIndex) {
      if (receipts[transactionIndex] === undefined) throw noReceipt(transactionIndex, receipts.length);
      const nodes = await createMerkleProof(trie, getBytes(receiptKey(transactionIndex)));
      return concat(nodes.filter((node, depth) => depth === 0 || dataLength(node) >= SHORTEST_HASHED_NODE));
    },
  };
}

function noReceipt(index: number, count: number): XdmError {
  return new XdmError('invalid-argument', `the block has ${count} transactions, and none at index ${index}`, {
    hint: "take the transaction's index from its receipt",
  });
}
