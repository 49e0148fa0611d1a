import { AbiCoder, keccak256, toBeHex, toQuantity } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import { buildStateBatchTree, type StateBatchTree } from '../core/stateBatchTree.ts';
import type { LaneClient } from './client.ts';
import { batchesOf, stateCommitmentChainOf } from './contracts.ts';
import { parseStateBatches, TOPICS, type StateBatchAppended } from './logs.ts';
import { hash, request } from './request.ts';
import { scanLogsBackwards } from './scanLogs.ts';

/** What is read of a block; null where the node does not have it. */
const blockAnswer = z.object({ stateRoot: hash }).nullable();

/** State roots asked for at a time. */
const CHUNK = 250;

/** A batch as far as its place and its content go. */
export type StateBatch = Omit<StateBatchAppended, 'blockNumber' | 'blockHash' | 'transactionHash' | 'logIndex'>;

/** What the container stores of a batch. */
function stateBatchHash(batch: StateBatch): string {
  const values = [batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp];
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint256', 'uint256', 'uint256'], values));
}

/** The stored batch that holds the state root of an L2 block; undefined while there is none. */
export async function getStateBatch(client: LaneClient, l2Block: bigint): Promise<StateBatchAppended | undefined> {
  return (await getStateBatches(client, [l2Block])).get(l2Block);
}

/** Says that a message from L2 has to wait, for there is no batch that holds the state root of its block. */
export function notCovered(l2Block: number): XdmError {
  return new XdmError('not-ready', `no state batch covers L2 block ${l2Block} yet`, {
    hint: 'wait until the proposer has committed one',
  });
}

/**
 * The stored batches that hold the state roots of L2 blocks, all found in one reading.
 * @returns by block; none where there is no batch yet
 */
export async function getStateBatches(
  client: LaneClient,
  l2Blocks: Iterable<bigint>,
): Promise<Map<bigint, StateBatchAppended>> {
  const { lane, l1 } = client;
  const total = await stateCommitmentChainOf(lane, l1).getTotalElements();
  const isCovered = (block: bigint): boolean => block >= lane.startBlock && block - lane.startBlock < total;
  const wanted = new Set([...l2Blocks].filter(isCovered));
  const found = new Map<bigint, StateBatchAppended>();
  if (wanted.size === 0) return found;

  const filter = { address: lane.stateCommitmentChain, topics: [TOPICS.stateBatchAppended] };
  for await (const logs of scanLogsBackwards(l1, filter, Number(lane.l1DeployedAt))) {
    for (const batch of parseStateBatches(logs, lane.stateCommitmentChain).toReversed()) {
      // A deleted batch may have covered the block too: the stored one is the newest that does.
      for (const block of wanted) if (covers(batch, block - lane.startBlock)) found.set(block, batch);
      for (const block of found.keys()) wanted.delete(block);
    }
    if (wanted.size === 0) break;
  }
  return await withoutDeleted(client, found);
}

/**
 * The stored batch of an index.
 * @throws {XdmError} `batch-not-found` where there is none
 */
export async function findStateBatch(client: LaneClient, batchIndex: bigint): Promise<StateBatchAppended> {
  const { lane, l1 } = client;
  const missing = new XdmError('batch-not-found', `there is no state batch ${batchIndex}`, {
    hint: 'it may have been deleted, or not been committed yet',
  });
  if (batchIndex >= (await stateCommitmentChainOf(lane, l1).getTotalBatches())) throw missing;
  const filter = {
    address: lane.stateCommitmentChain,
    topics: [TOPICS.stateBatchAppended, toBeHex(batchIndex, 32)],
  };
  for await (const logs of scanLogsBackwards(l1, filter, Number(lane.l1DeployedAt))) {
    // One that was deleted can have had the same index: the newest is the one that can be stored.
    const batch = parseStateBatches(logs, lane.stateCommitmentChain).at(-1);
    if (batch === undefined) continue;
    if (await isStored(client, batch)) return batch;
    break;
  }
  throw missing;
}

async function withoutDeleted(
  client: LaneClient,
  found: ReadonlyMap<bigint, StateBatchAppended>,
): Promise<Map<bigint, StateBatchAppended>> {
  const batches = [...new Set(found.values())];
  const areStored = await Promise.all(batches.map(async (batch) => await isStored(client, batch)));
  const stored = new Set(batches.filter((_, position) => areStored[position]));
  return new Map([...found].filter(([, batch]) => stored.has(batch)));
}

function covers({ prevTotalElements, batchSize }: StateBatch, element: bigint): boolean {
  return prevTotalElements <= element && element < prevTotalElements + batchSize;
}

async function isStored({ lane, l1 }: LaneClient, batch: StateBatch): Promise<boolean> {
  return (await batchesOf(lane, l1).get(batch.batchIndex)) === stateBatchHash(batch);
}

/** L2 block whose state root is the batch's last. */
export function lastBlockOf(client: LaneClient, batch: StateBatch): bigint {
  return client.lane.startBlock + batch.prevTotalElements + batch.batchSize - 1n;
}

/**
 * Builds the tree of a batch from our own L2 node's state roots.
 * @throws {XdmError} `proof-invalid` when that node has other state roots than were committed
 */
export async function readStateBatchTree(client: LaneClient, batch: StateBatch): Promise<StateBatchTree> {
  const first = client.lane.startBlock + batch.prevTotalElements;
  const tree = buildStateBatchTree(await readStateRoots(client, first, Number(batch.batchSize)));
  if (tree.root !== batch.batchRoot) {
    throw new XdmError(
      'proof-invalid',
      `the L2 node's state roots from block ${first} on are not those of state batch ${batch.batchIndex}`,
      { hint: 'ask another L2 node; if all agree, the batch is false and must be challenged' },
    );
  }
  return tree;
}

/**
 * State roots of consecutive L2 blocks.
 * @throws {XdmError} `rpc-error` where the node lacks one of them, and what the endpoint throws
 */
export async function readStateRoots(client: Pick<LaneClient, 'l2'>, first: bigint, count: number): Promise<string[]> {
  const roots = await findStateRoots(client, first, count);
  return roots.map((root, offset) => root ?? noBlock(first + BigInt(offset)));
}

/** State roots of consecutive L2 blocks; null for what the node does not have. */
export async function findStateRoots(
  { l2 }: Pick<LaneClient, 'l2'>,
  first: bigint,
  count: number,
): Promise<(string | null)[]> {
  const roots: (string | null)[] = [];
  for (let start = 0; start < count; start += CHUNK) {
    const numbers = Array.from(
      { length: Math.min(CHUNK, count - start) },
      (_, offset) => first + BigInt(start + offset),
    );
    const blocks = numbers.map(async (number) => {
      const parameters = [toQuantity(number), false];
      return await request(l2, 'eth_getBlockByNumber', { parameters, schema: blockAnswer });
    });
    roots.push(...(await Promise.all(blocks)).map((block) => block?.stateRoot ?? null));
  }
  return roots;
}

function noBlock(number: bigint): never {
  throw new XdmError('rpc-error', `the L2 node has no block ${number}`, {
    hint: 'wait until it is in sync, or ask another node',
  });
}
