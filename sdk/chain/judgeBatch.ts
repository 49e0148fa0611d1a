import { toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { judgeStateBatch, type StateBatchReading, type StateBatchVerdict } from '../core/stateBatchVerdict.ts';
import type { LaneClient } from './client.ts';
import { hash, request } from './request.ts';
import { findStateRoots, lastBlockOf, type StateBatch } from './stateBatches.ts';

const headerAnswer = z.object({ hash }).nullable();

/** What L2 nodes say of a batch, and the hash of its last L2 block where they agree on one. */
export interface JudgedStateBatch {
  readonly verdict: StateBatchVerdict;
  readonly lastBlockHash: string | undefined;
}

/**
 * Compares a batch with what each of some L2 nodes has. A node that lacks a block of it tells nothing of the batch; one that
 * does not answer is left out, unless none answers.
 * @param nodes of L2, at least one
 * @param known leaves of the batch, if there is a record of them
 * @throws what the nodes throw, where none answers
 */
export async function judgeBatch(
  client: LaneClient,
  batch: StateBatch,
  { nodes, known }: { readonly nodes: readonly JsonRpcProvider[]; readonly known?: readonly string[] | undefined },
): Promise<JudgedStateBatch> {
  const answers = await Promise.allSettled(nodes.map(async (l2) => await readBatch({ ...client, l2 }, batch)));
  const read = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : SILENCE));
  if (read.every((each) => each === SILENCE)) throw (answers[0] as PromiseRejectedResult).reason;
  const readings = read.map(({ reading }) => reading);
  const firstBlock = client.lane.startBlock + batch.prevTotalElements;
  const verdict = judgeStateBatch({ batchRoot: batch.batchRoot, firstBlock }, readings, known);
  const hashes = new Set(read.map(({ lastBlockHash }) => lastBlockHash).filter((each) => each !== undefined));
  return { verdict, lastBlockHash: hashes.size === 1 ? [...hashes][0] : undefined };
}

interface BatchReading {
  readonly reading: StateBatchReading;
  readonly lastBlockHash: string | undefined;
}

const SILENCE: BatchReading = { reading: 'silent', lastBlockHash: undefined };

/** Hash of an L2 block; undefined where the node does not have it. */
export async function readBlockHash(l2: JsonRpcProvider, number: bigint): Promise<string | undefined> {
  const parameters = [toQuantity(number), false];
  return (await request(l2, 'eth_getBlockByNumber', { parameters, schema: headerAnswer }))?.hash;
}

async function readBatch(client: LaneClient, batch: StateBatch): Promise<BatchReading> {
  // The last one first: a node that is behind lacks it, whatever else it has.
  const lastBlockHash = await readBlockHash(client.l2, lastBlockOf(client, batch));
  if (lastBlockHash === undefined) return { reading: 'missing', lastBlockHash };
  const first = client.lane.startBlock + batch.prevTotalElements;
  const roots = await findStateRoots(client, first, Number(batch.batchSize));
  const there = roots.filter((root) => root !== null);
  return { reading: there.length < roots.length ? 'missing' : there, lastBlockHash };
}
