// How the newest messages of several chains are listed, on whatever kind of lane.
import type { Arguments, OptionsByName } from './command.ts';

/** Items whose status is asked for at the same time, where nobody knows how many it takes: first, and growing. */
export const CHUNK = 20;
const CHUNK_GROWTH = 5;

/** Items whose status is asked for at the same time, at most. */
const LARGEST_CHUNK = 1000;

const MAX_LIMIT = BigInt(Number.MAX_SAFE_INTEGER);

/** Which of them, and how many. */
export const LISTING_OPTIONS = {
  status: { type: 'string', requiresArg: true, describe: 'Only those that are so, such as relayed' },
  'from-chain': { type: 'string', requiresArg: true, describe: 'Only those from this chain' },
  limit: { type: 'string', requiresArg: true, default: '20', describe: 'At most this many, 1 or more' },
} as const satisfies OptionsByName;

/** What is listed. */
interface Sent {
  /** Seconds; undefined where its block is gone. */
  readonly sentAt: bigint | undefined;
}

/** How many are asked for. @throws {XdmError} `invalid-argument` */
export async function parseLimit({ limit }: Pick<Arguments<typeof LISTING_OPTIONS>, 'limit'>): Promise<number> {
  const { parseNatural } = await import('./values.ts');
  return Number(parseNatural('limit', limit, MAX_LIMIT, 1n));
}

/**
 * @param first items in the first chunk; the others grow
 * @param largest items in a chunk, at most
 */
export async function* chunks<T>(items: AsyncIterable<T>, first: number, largest = LARGEST_CHUNK): AsyncGenerator<T[]> {
  let size = Math.min(first, largest);
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    size = Math.min(size * CHUNK_GROWTH, largest);
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Merges what is sorted by time, the newest first, into one such sequence. */
export async function* newestFirst<T extends Sent>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const heads = await Promise.all(sources.map(async (source) => await source.next()));
  for (;;) {
    const times = heads.map((head) => (head.done === true ? -1 : Number(head.value.sentAt ?? 0)));
    const newest = times.indexOf(Math.max(...times));
    const head = heads[newest];
    const source = sources[newest];
    if (source === undefined || head === undefined || head.done === true) return;
    yield head.value;
    heads[newest] = await source.next();
  }
}

/** The first wanted items, and whether there is any item after them. */
export async function take<T>(
  items: AsyncIterable<T>,
  limit: number,
  isWanted: (item: T) => boolean,
): Promise<{ readonly taken: T[]; readonly isMore: boolean }> {
  const taken: T[] = [];
  for await (const item of items) {
    if (taken.length === limit) return { taken, isMore: true };
    if (isWanted(item)) taken.push(item);
  }
  return { taken, isMore: false };
}
