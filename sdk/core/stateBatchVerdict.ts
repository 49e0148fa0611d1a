import { buildStateBatchTree } from './stateBatchTree.ts';

/** What an L2 node has of a batch's blocks: their state roots, in order; or that it lacks one of them, or does not answer. */
export type StateBatchReading = readonly string[] | 'missing' | 'silent';

/** Nodes that deny a batch together, whatever others do not say: a single one may be wrong. */
const ENOUGH = 2;

/** A committed batch, as far as its content goes. */
export interface JudgedBatch {
  /** Root of the tree over the state roots, 32 bytes. */
  readonly batchRoot: string;
  /** L2 block of its first state root. */
  readonly firstBlock: bigint;
}

/** What L2 says of a batch. */
export type StateBatchVerdict =
  /** It is what L2 computes; `stateRoots` are its leaves. */
  | { readonly kind: 'agrees'; readonly stateRoots: readonly string[] }
  /** No node has all of its blocks. */
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'differs';
      /** The first L2 block that differs, or, where the batch's leaves are known to nobody, the first that can. */
      readonly firstBlock: bigint;
      readonly isExact: boolean;
      /** Whether nothing is to be done on this word alone: a node agrees with the batch, or only one of several has its blocks. */
      readonly isContested: boolean;
      /** Where it is contested though no node agrees with it: how many say nothing of it, for they do not answer or lack its blocks. */
      readonly unheard?: number | undefined;
    };

/**
 * Compares a batch with what L2 nodes have. Only the root of a batch goes on chain: which of its blocks differs can be told if its
 * leaves are known, from whoever made it or from a node that agrees with it. Without them it can be any, from the first on.
 * @param readings of our L2 nodes, at least one
 * @param known leaves of the batch, if there is a record of them; those of another root are of no use and left aside
 */
export function judgeStateBatch(
  { batchRoot, firstBlock }: JudgedBatch,
  readings: readonly StateBatchReading[],
  known?: readonly string[],
): StateBatchVerdict {
  const there = readings.filter((reading) => typeof reading !== 'string');
  const agreeing = there.find((stateRoots) => rootOf(stateRoots) === batchRoot);
  const deniers = there.filter((stateRoots) => rootOf(stateRoots) !== batchRoot);
  const [denying] = deniers;
  if (denying === undefined) {
    return agreeing === undefined ? { kind: 'missing' } : { kind: 'agrees', stateRoots: agreeing };
  }
  const isContested = agreeing !== undefined || deniers.length < Math.min(readings.length, ENOUGH);
  const leaves = agreeing ?? (known !== undefined && rootOf(known) === batchRoot ? known : undefined);
  const position = leaves?.findIndex((root, index) => root !== denying[index]) ?? -1;
  const unheard = isContested && agreeing === undefined ? readings.length - deniers.length : undefined;
  const doubt = { isContested, unheard };
  if (position === -1) return { kind: 'differs', firstBlock, isExact: false, ...doubt };
  return { kind: 'differs', firstBlock: firstBlock + BigInt(position), isExact: true, ...doubt };
}

function rootOf(stateRoots: readonly string[]): string {
  return buildStateBatchTree(stateRoots).root;
}
