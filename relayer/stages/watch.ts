import { getAgreedBlock } from '../../sdk/chain/agreedBlock.ts';
import { getBlockHeader, type BlockHeader } from '../../sdk/chain/blockHeader.ts';
import type { RawLog } from '../../sdk/chain/logs.ts';
import { distrust } from '../../sdk/chain/pooledProvider.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { getBlockLogs, getLogPage } from '../../sdk/chain/scanLogs.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { AlarmChanges, clearAlarm, raiseAlarm } from '../alarms.ts';
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
import { auditAt, checkGaps, Gap } from './audits.ts';
import type { StageContext } from './stage.ts';
import { digestOf, filterOf } from './watchedEvents.ts';

/** Blocks read by hash in one pass, where they can still be dropped. */
const WINDOW_STEP = 50;

/** Blocks after the cursor that are read though nobody says what is final: each of them is remembered. */
const LONGEST_WINDOW = 500;

/** The ends of a chain, and what was read of it. */
interface Ends {
  readonly head: BlockHeader;
  /** Or why nobody says what is final. */
  readonly final: BlockHeader | XdmError;
  readonly db: Database;
}

/** What one pass reads, to be recorded in one piece. */
interface Reading {
  readonly logs: readonly RawLog[];
  /** Blocks that can still be dropped. */
  readonly blocks: readonly Block[];
  readonly cursor: Cursor;
  /** Of what it has read. */
  readonly checks: readonly (GapCheck | undefined)[];
}

/** What a pass has done. */
export interface Watched {
  /** Number of blocks read or dropped, or one for many. */
  readonly moved: number;
  /** Whether there was nothing to read beyond. */
  readonly isAtHead: boolean;
  /** Number of logs read. */
  readonly logs: number;
}

/** One pass, as `watchOnce` makes it. Returns more than zero where it has read or dropped blocks. */
export async function watch(chain: WatchedChain, context: StageContext): Promise<number> {
  return (await watchOnce(chain, context)).moved;
}

/**
 * Reads a chain on from the cursor, and records its logs, its blocks and the cursor in one transaction. Blocks that can still
 * be dropped are read one by one, by their hash, each linked to its parent; where the link is broken, what was read above
 * the common ancestor is marked as orphaned, and read anew.
 */
export async function watchOnce(chain: WatchedChain, context: StageContext): Promise<Watched> {
  const { store } = context;
  const last = await readCursor(store.db, chain.chainId);
  // What others were to be read than now is not known: all is read again, which changes nothing that is known already.
  const cursor = last?.sources === digestOf(chain) ? last : undefined;
  // The final block before the cursor's: a cursor that is still there then has all final blocks above it.
  const [head, final] = await Promise.all([headerOf(chain, 'latest'), finalOf(chain)]);
  const problem = final instanceof XdmError ? final.message : undefined;
  context.signals.emit('finalityAsked', { chainId: chain.chainId, problem });
  if (cursor !== undefined && !isBelow(cursor, { head, final }) && !(await isCanonical(chain, cursor))) {
    return { moved: await unwind(chain, cursor, context), isAtHead: false, logs: 0 };
  }
  await clearAlarm(context, deepReorganisation(chain));

  const reading = await readOn(chain, cursor, { head, final, db: store.db });
  const said = { chainId: chain.chainId, head: head.number };
  context.signals.emit('chainRead', { ...said, read: cursor?.number ?? chain.deployedAt });
  if (reading === undefined) return { moved: 0, isAtHead: true, logs: 0 };
  // That there was nothing is read again where it is lost.
  const options = { mayBeLost: reading.logs.length === 0 };
  try {
    const alarms = await store.write(async (db) => {
      const changes = await recordReading(db, chain, reading);
      await checkGaps(db, reading.checks);
      return changes;
    }, options);
    alarms.announce(context);
  } catch (error) {
    if (error instanceof Gap) await readAgain(chain, error.from, context);
    throw error;
  }
  context.signals.emit('chainRead', { ...said, read: reading.cursor.number });
  return {
    moved: cursor?.number === reading.cursor.number ? 0 : 1,
    isAtHead: reading.cursor.number >= head.number,
    logs: reading.logs.length,
  };
}

async function recordReading(
  db: Database,
  chain: WatchedChain,
  { logs, blocks, cursor }: Reading,
): Promise<AlarmChanges> {
  const alarms = new AlarmChanges(db);
  for (const source of chain.sources) await source.record(db, logs, alarms);
  await recordBlocks(db, chain.chainId, blocks, cursor.finalNumber);
  await moveCursor(db, chain.chainId, cursor);
  return alarms;
}

/** Moves the cursor to before a block. What is known of later ones stays, but for what a reorganisation can drop unseen. */
async function readAgain(chain: WatchedChain, from: number, { store, logger, signals }: StageContext): Promise<void> {
  const { chainId } = chain;
  const last = await readCursor(store.db, chainId);
  signals.emit('gapFound', { chainId, from });
  distrust(chain.provider);
  if (last === undefined || from > last.number) return;
  const header = await headerOf(chain, from - 1);
  const finalNumber = Math.min(last.finalNumber, header.number);
  logger.warn({ chainId, from, to: last.number }, 'logs are missing: reading again');
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
async function readOn(chain: WatchedChain, cursor: Cursor | undefined, ends: Ends): Promise<Reading | undefined> {
  const { head, final } = ends;
  const at = cursor?.number ?? chain.deployedAt;
  // What is not final can be read without knowing what is, as far as that is no more than can be remembered.
  const isReadable = cursor !== undefined && head.number > at && head.number - at <= LONGEST_WINDOW;
  if (final instanceof XdmError && !isReadable) throw final;
  if (cursor !== undefined && head.number <= at) {
    const finalNumber = await finalUpTo(chain, cursor, ends);
    if (finalNumber === cursor.finalNumber) return undefined;
    const next = { ...cursor, finalNumber };
    return { logs: [], blocks: [], cursor: next, checks: await auditAt(chain, next, head) };
  }
  if (!(final instanceof XdmError) && final.number > at) return await readFinal(chain, at, { head, final });
  return await readWindowStep(chain, cursor, ends);
}

async function readFinal(
  chain: WatchedChain,
  at: number,
  { head, final }: { readonly head: BlockHeader; readonly final: BlockHeader },
): Promise<Reading> {
  if (final.number === at + 1) {
    const cursor = cursorAt(chain, final, final.number);
    return { ...(await readBlocks(chain, [final], { cursor, head })), blocks: [final], cursor };
  }
  const { logs, last } = await getLogPage(chain.provider, filterOf(chain), at + 1, final.number);
  if (last.number === final.number && last.hash !== final.hash) throw otherBranch(chain, final);
  // The last one stays known: it is where a reorganisation can lead back to.
  const cursor = cursorAt(chain, last, last.number);
  return { logs, blocks: [last], cursor, checks: await auditAt(chain, cursor, head) };
}

async function readWindowStep(
  chain: WatchedChain,
  cursor: Cursor | undefined,
  ends: Ends,
): Promise<Reading | undefined> {
  const at = cursor?.number ?? chain.deployedAt;
  const count = Math.min(ends.head.number - at, WINDOW_STEP);
  const numbers = Array.from({ length: count }, (_, offset) => at + 1 + offset);
  const headers = await Promise.all(
    numbers.map(async (number) => (number === ends.head.number ? ends.head : await headerOf(chain, number))),
  );
  const start = cursor ?? (await headerOf(chain, at));
  // A reorganisation in the middle of reading: what fits is taken, the next pass sees the rest.
  const broken = headers.findIndex(({ parentHash }, index) => parentHash !== (headers[index - 1] ?? start).hash);
  const linked = broken === -1 ? headers : headers.slice(0, broken);
  const last = linked.at(-1);
  if (last === undefined) return undefined;
  const next = cursorAt(chain, last, await finalUpTo(chain, cursor, ends));
  const blocks = cursor === undefined ? [start, ...linked] : linked;
  return { ...(await readBlocks(chain, linked, { cursor: next, head: ends.head })), blocks, cursor: next };
}

/** Asks for the logs of blocks and for what these are compared with: where there is one block, in one request. */
async function readBlocks(
  chain: WatchedChain,
  blocks: readonly Block[],
  { cursor, head }: { readonly cursor: Cursor; readonly head: BlockHeader },
): Promise<Pick<Reading, 'logs' | 'checks'>> {
  const [logs, checks] = await Promise.all([
    Promise.all(blocks.map(async ({ hash }) => await getBlockLogs(chain.provider, filterOf(chain), hash))),
    auditAt(chain, cursor, head),
  ]);
  return { logs: logs.flat(), checks };
}

/** How far what was read is final: what is final now must be what was read there. It never goes back. */
async function finalUpTo(chain: WatchedChain, cursor: Cursor | undefined, { final, db }: Ends): Promise<number> {
  if (cursor === undefined) return final instanceof XdmError ? 0 : Math.min(final.number, chain.deployedAt);
  if (final instanceof XdmError || final.number <= cursor.finalNumber || final.number > cursor.number) {
    return cursor.finalNumber;
  }
  const window = await readWindow(db, chain.chainId);
  const isBeforeAll = window.every(({ number }) => number > final.number);
  if (!isBeforeAll && !window.some(({ hash }) => hash === final.hash)) throw otherBranch(chain, final);
  return final.number;
}

/** What was read is not what is final: the endpoint is on another branch. */
function otherBranch({ chainId, provider }: WatchedChain, { number, hash }: BlockHeader): XdmError {
  distrust(provider);
  return new XdmError(
    'rpc-error',
    `the final block ${number} of chain ${chainId} is ${hash}, and another one was read`,
    {
      hint: 'if it goes on like this, ask another node',
    },
  );
}

function cursorAt(chain: WatchedChain, { number, hash, timestamp }: BlockHeader, finalNumber: number): Cursor {
  return { sources: digestOf(chain), number, hash, timestamp, finalNumber };
}

/** Goes back to the newest block read that the chain still has. */
async function unwind(chain: WatchedChain, cursor: Cursor, context: StageContext): Promise<number> {
  const { store, logger, signals } = context;
  const { chainId } = chain;
  for (const block of await readWindow(store.db, chainId)) {
    if (block.number >= cursor.number) continue;
    const header = await headerOf(chain, block.number);
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

/** Whether the newest block itself says that a block is still there, below it and what is final. It says so at most passes. */
function isBelow({ number, hash }: Block, { head, final }: Pick<Ends, 'head' | 'final'>): boolean {
  const isLinked = head.hash === hash || (head.number === number + 1 && head.parentHash === hash);
  return isLinked && (final instanceof XdmError || final.number <= number || final.hash === head.hash);
}

/** A node that does not have the block at all is behind: that tells nothing of the chain. */
async function isCanonical(chain: WatchedChain, { number, hash }: Block): Promise<boolean> {
  return (await headerOf(chain, number)).hash === hash;
}

async function headerOf({ provider }: WatchedChain, tag: 'latest' | number): Promise<BlockHeader> {
  return await getBlockHeader(provider, tag);
}

/** The block up to which a chain is believed, or why nobody says which. */
async function finalOf({ provider, finality }: WatchedChain): Promise<BlockHeader | XdmError> {
  try {
    return await getAgreedBlock(provider, finality);
  } catch (error) {
    return toXdmError(error);
  }
}
