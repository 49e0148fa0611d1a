import { id, toQuantity } from 'ethers';

import type { FlakyNode } from './flakyNode.ts';

/** The blocks of a node: a branch can be named from a height on. */
export interface FakeChain {
  head: number;
  /** Blocks that the node calls final lag behind its head by so many. */
  lag: number;
  /** From this height on blocks are of the branch. */
  branch: { readonly name: string; readonly from: number };
}

/** Makes a node answer for a chain of blocks whose hashes follow from their numbers and branch. */
export function serveChain(node: FlakyNode, head: number): FakeChain {
  const chain: FakeChain = { head, lag: 10, branch: { name: '', from: Number.POSITIVE_INFINITY } };
  const hashOf = (number: number): string =>
    id(number < chain.branch.from ? `${number}` : `${number}${chain.branch.name}`);
  const block = (number: number): object => ({
    number: toQuantity(number),
    hash: hashOf(number),
    parentHash: hashOf(number - 1),
    timestamp: toQuantity(number),
  });
  node.methods['eth_blockNumber'] = () => toQuantity(chain.head);
  node.methods['eth_getBlockByNumber'] = ([tag]) => {
    const number = tag === 'latest' ? chain.head : tag === 'finalized' ? chain.head - chain.lag : Number(tag);
    return number > chain.head ? null : block(number);
  };
  node.methods['eth_getBlockByHash'] = ([hash]) => {
    for (let number = chain.head; number >= 0; number--) if (hashOf(number) === hash) return block(number);
    return null;
  };
  node.methods['eth_getLogs'] = () => [];
  return chain;
}

/** The hash of a block, on no branch unless one is named. */
export function hashOfBlock(number: number, branch = ''): string {
  return id(`${number}${branch}`);
}
