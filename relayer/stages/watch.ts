import { id, toQuantity } from 'ethers';

import type { RawLog } from '../../sdk/chain/logs.ts';
import { getBlockLogs, getLogs } from '../../sdk/chain/scanLogs.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { clearAlarm, raiseAlarm } from '../alarms.ts';
import type { GapCheck, WatchedChain } from '../route.ts';
import {
  moveCursor,
  orphanAbove,
  readCursor,
  readWindow,
  recordBlocks,
  type Block,
  type Cursor,
} from '../store/blocks.ts';
import type { Database } from '../store/schema.ts';
import type { StageContext } from './stage.ts';

/** Blocks read by number in one pass, where they are final. */
const RANGE = 2000;

/** Blocks from the head back whose state every node still has. */
const AUDIT_DEPTH = 64;

/** Blocks read by hash in one pass, where they can still be dropped. */
const WINDOW_STEP = 50;

interface Header extends Block {
  readonly parentHash: string;
  /** Seconds. */
  readonly timestamp: number;
}

/** What one pass reads, to be recorded in one piece. */
interface Reading {
  readonly logs: readonly RawLog[];
  /** Blocks that can still be dropped. */
  readonly blocks: readonly Block[];
  readonly cursor: Cursor;
}

/**
 * Reads a chain on from the cursor, and records its logs, its blocks and the cursor in one transaction. Blocks that can still
 * be dropped are read one by one, by their hash, each linked to its parent; where the link is broken, what was read above
 * the common ancestor is marked as orphaned, and read anew.
 * @returns number of blocks read or dropped
 */
export async function watch(chain: WatchedChain, context: StageContext): Promise<number> {
  const { store } = context;
  const last = await readCursor(store.db, chain.chainId);
  // What others were to be read than now is not known: all is read again, which changes nothing that is known already.
  const cursor = last?.sources === digestOf(chain) ? last : undefined;
  // The final block before the cursor's: a cursor that is still there then has all final blocks above it.
  const [head, final] = await Promise.all([headerOf(chain, 'latest'), headerOf(chain, chain.finality)]);
  if (cursor !== undefined && !(await isCanonical(chain, cursor))) return await unwind(chain, cursor, context);
  await clearAlarm(context, deepReorganisation(chain));

  const reading = await readOn(chain, cursor, { head, final });
  const said = { chainId: chain.chainId, head: head.number };
  context.signals.emit('chainRead', { ...said, read: cursor?.number ?? chain.deployedAt });
  if (reading === undefined) return 0;
  const isNearHead = head.number - reading.cursor.number <= AUDIT_DEPTH;
  const checks = isNearHead
    ? await Promise.all(chain.sources.map(async (each) => await each.audit?.(reading.cursor)))
    : [];
  try {
    await store.write(async (db) => {
      await recordReading(db, chain, reading);
      await checkGaps(db, checks);
    });
  } catch (error) {
    if (error instanceof Gap) await readAgain(chain, error.from, context);
    throw error;
  }
  context.signals.emit('chainRead', { ...said, read: reading.cursor.number });
  return cursor?.number === reading.cursor.number ? 0 : 1;
}

async function recordReading(db: Database, chain: WatchedChain, { logs, blocks, cursor }: Reading): Promise<void> {
  for (const source of chain.sources) await source.record(db, logs);
  await recordBlocks(db, chain.chainId, blocks, cursor.finalNumber);
  await moveCursor(db, chain.chainId, cursor);
}

/** An endpoint has left out logs. */
class Gap extends XdmError {
  readonly from: number;

  constructor(from: number) {
    super('rpc-error', `the endpoint has left out logs from block ${from} on`, {
      hint: 'if it goes on like this, ask another node',
    });
    this.from = from;
  }
}

/** @throws {Gap} */
async function checkGaps(db: Database, checks: readonly (GapCheck | undefined)[]): Promise<void> {
  const found = await Promise.all(checks.map(async (check) => await check?.(db)));
  const blocks = found.filter((block) => block !== undefined);
  if (blocks.length > 0) throw new Gap(Math.min(...blocks));
}

/** Moves the cursor to before a block. What is known of later ones stays, but for what a reorganisation can drop unseen. */
async function readAgain(chain: WatchedChain, from: number, { store, logger, signals }: StageContext): Promise<void> {
  const { chainId } = chain;
  const last = await readCursor(store.db, chainId);
  if (last === undefined || from > last.number) return;
  const header = await headerOf(chain, toQuantity(from - 1));
  const finalNumber = Math.min(last.finalNumber, header.number);
  logger.warn({ chainId, from, to: last.number }, 'logs are missing: reading again');
  signals.emit('gapFound', { chainId, from });
  await store.write(async (db) => {
    await orphanAbove(db, chainId, Math.max(header.number, last.finalNumber));
    await recordBlocks(
      db,
      chainId,
      [header].map(({ number, hash }) => ({ number, hash })),
      finalNumber,
    );
    await moveCursor(db, chainId, cursorAt(chain, header, finalNumber));
  });
}

/** What comes after the cursor; undefined where nothing has changed. */
async function readOn(
  chain: WatchedChain,
  cursor: Cursor | undefined,
  { head, final }: { readonly head: Header; readonly final: Header },
): Promise<Reading | undefined> {
  const at = cursor?.number ?? chain.deployedAt;
  if (cursor !== undefined && head.number <= at) {
    const finalNumber = Math.max(cursor.finalNumber, Math.min(final.number, at));
    if (finalNumber === cursor.finalNumber) return undefined;
    return { logs: [], blocks: [], cursor: { ...cursor, finalNumber } };
  }
  if (final.number > at) return await readFinal(chain, at, final);
  return await readWindowStep(chain, { at, cursor, head, final });
}

async function readFinal(chain: WatchedChain, at: number, final: Header): Promise<Reading> {
  const to = Math.min(at + RANGE, final.number);
  // Asked for in the same instant, and so in one request: a node that is behind the range has no logs, and no such block.
  const [logs, last] = await Promise.all([
    getLogs(chain.provider, filterOf(chain), at + 1, to),
    headerOf(chain, toQuantity(to)),
  ]);
  // The last one stays known: it is where a reorganisation can lead back to.
  return { logs, blocks: [last], cursor: cursorAt(chain, last, to) };
}

async function readWindowStep(
  chain: WatchedChain,
  { at, cursor, head, final }: { at: number; cursor: Cursor | undefined; head: Header; final: Header },
): Promise<Reading | undefined> {
  const count = Math.min(head.number - at, WINDOW_STEP);
  const numbers = Array.from({ length: count }, (_, offset) => at + 1 + offset);
  const headers = await Promise.all(numbers.map(async (number) => await headerOf(chain, toQuantity(number))));
  const start = cursor ?? (await headerOf(chain, toQuantity(at)));
  // A reorganisation in the middle of reading: what fits is taken, the next pass sees the rest.
  const broken = headers.findIndex(({ parentHash }, index) => parentHash !== (headers[index - 1] ?? start).hash);
  const linked = broken === -1 ? headers : headers.slice(0, broken);
  const last = linked.at(-1);
  if (last === undefined) return undefined;
  const logs = await Promise.all(
    linked.map(async ({ hash }) => await getBlockLogs(chain.provider, filterOf(chain), hash)),
  );
  const finalNumber = Math.max(cursor?.finalNumber ?? 0, Math.min(final.number, last.number));
  const blocks = cursor === undefined ? [start, ...linked] : linked;
  return { logs: logs.flat(), blocks, cursor: cursorAt(chain, last, finalNumber) };
}

function cursorAt(chain: WatchedChain, { number, hash, timestamp }: Header, finalNumber: number): Cursor {
  return { sources: digestOf(chain), number, hash, timestamp, finalNumber };
}

/** Goes back to the newest block read that the chain still has. */
async function unwind(chain: WatchedChain, cursor: Cursor, context: StageContext): Promise<number> {
  const { store, logger, signals } = context;
  const { chainId } = chain;
  for (const block of await readWindow(store.db, chainId)) {
    if (block.number >= cursor.number) continue;
    const header = await headerOf(chain, toQuantity(block.number));
    if (header.hash !== block.hash) continue;
    logger.warn({ chainId, from: cursor.number, to: block.number }, 'a reorganisation: reading again');
    await store.write(async (db) => {
      await orphanAbove(db, chainId, block.number);
      await moveCursor(db, chainId, cursorAt(chain, header, Math.min(cursor.finalNumber, block.number)));
    });
    const depth = cursor.number - block.number;
    signals.emit('reorganised', { chainId, depth });
    return depth;
  }
  const what = `chain ${chainId} has dropped block ${cursor.finalNumber}, which was final`;
  const hint = 'check the endpoint; if the chain was really wound back that far, start with a new store';
  await raiseAlarm(context, { ...deepReorganisation(chain), message: `${what}; ${hint}`, halts: true });
  throw new XdmError('internal', what, { hint });
}

function deepReorganisation({ chainId }: WatchedChain): {
  readonly kind: 'deep-reorganisation';
  readonly subject: string;
} {
  return { kind: 'deep-reorganisation', subject: `${chainId}` };
}

/** A node that does not have the block at all is behind: that tells nothing of the chain. */
async function isCanonical(chain: WatchedChain, { number, hash }: Block): Promise<boolean> {
  return (await headerOf(chain, toQuantity(number))).hash === hash;
}

/** @throws {XdmError} `rpc-error` where the node has no such block */
async function headerOf({ chainId, provider }: WatchedChain, tag: string): Promise<Header> {
  const block = (await provider.send('eth_getBlockByNumber', [tag, false])) as {
    number: string;
    hash: string;
    parentHash: string;
    timestamp: string;
  } | null;
  if (block === null) {
    throw new XdmError('rpc-error', `the node of chain ${chainId} has no block ${tag}`, {
      hint: 'wait until it is in sync, or ask another node',
    });
  }
  const { number, hash, parentHash, timestamp } = block;
  return { number: Number(number), hash, parentHash, timestamp: Number(timestamp) };
}

/** Says which contracts and events are read. */
function digestOf(chain: WatchedChain): string {
  return id(JSON.stringify([chain.deployedAt, filterOf(chain)]));
}

function filterOf({ sources }: WatchedChain): { address: string[]; topics: string[][] } {
  return {
    address: sources.map(({ address }) => address),
    topics: [[...new Set(sources.flatMap(({ topics }) => topics))]],
  };
}
