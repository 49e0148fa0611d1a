import type { MessageState } from '../../sdk/actions/getStatus.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { MESSAGE_STATUSES } from '../../sdk/core/status.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { READER_OPTIONS } from '../options.ts';

const SIDES = ['l1', 'l2'] as const;

/** Messages whose status is asked for at the same time, where nobody knows how many it takes: first, and growing. */
const CHUNK = 20;
const CHUNK_GROWTH = 5;

/** Messages whose status is asked for at the same time, at most. */
const LARGEST_CHUNK = 1000;

const MAX_LIMIT = BigInt(Number.MAX_SAFE_INTEGER);

interface KnownMessage {
  readonly message: LaneMessage;
  readonly state: MessageState;
}

export const list = defineCommand({
  name: 'list',
  parameters: '',
  arity: 0,
  summary: 'Lists messages, the newest first',
  details: `relayedBy is the transaction of the latest attempt to deliver the message, and in brackets how many
messages that transaction was for, if more than one. With --json, an array of what \`xdm status\`
prints of each message: among it transactionHash, of the transaction that sent it.`,
  options: {
    status: { type: 'string', requiresArg: true, describe: `Only those that are ${MESSAGE_STATUSES.join(', ')}` },
    'from-chain': { type: 'string', requiresArg: true, describe: 'Only those from l1, or from l2' },
    limit: { type: 'string', requiresArg: true, default: '20', describe: 'At most this many, 1 or more' },
    ...READER_OPTIONS,
  },
  only: { kind: 'rollup', otherwise: '`xdm status ORDER` follows one message of this one' },
  async run(args, { environment, output }) {
    const { withLane } = await import('../lane.ts');
    const { RELAYED_BY, statusResult } = await import('../messageResult.ts');
    const { PAUSE_NOTE } = await import('../pauseNote.ts');
    const { l1MessengerOf } = await import('../../sdk/chain/contracts.ts');
    const { parseChoice, parseNatural } = await import('../values.ts');

    const wanted = args.status === undefined ? undefined : parseChoice('status', args.status, MESSAGE_STATUSES);
    const sides = args['from-chain'] === undefined ? SIDES : [parseChoice('from-chain', args['from-chain'], SIDES)];
    const limit = Number(parseNatural('limit', args.limit, MAX_LIMIT, 1n));
    const { taken, isMore, isPaused } = await withLane(args, environment, async (client) => {
      const chains = sides.map((side) => readKnown(client, side, wanted === undefined ? limit + 1 : CHUNK));
      const isWanted = ({ state }: KnownMessage): boolean => wanted === undefined || state.status === wanted;
      const found = await take(newestFirst(chains), limit, isWanted);
      // Whatever is shown: who looks through messages is told what holds up all that is to come.
      return { ...found, isPaused: sides.includes('l2') && (await l1MessengerOf(client.lane, client.l1).paused()) };
    });
    if (taken.length === 0) output.log('no messages');
    output.table(
      taken.map(({ message, state }) => statusResult(message, state)),
      ['messageHash', 'fromChain', 'status', 'sentAt', RELAYED_BY],
    );
    // Whether more are as wanted, only reading them all would tell.
    if (isMore) output.log(`${limit} shown; --limit N ${wanted === undefined ? 'shows' : 'may show'} more`);
    if (isPaused) output.log(PAUSE_NOTE);
    return EXIT.done;
  },
});

async function* readKnown(
  client: LaneClient,
  side: (typeof SIDES)[number],
  chunk: number,
): AsyncGenerator<KnownMessage> {
  const { getStatuses } = await import('../../sdk/actions/getStatus.ts');
  const { listMessages } = await import('../../sdk/actions/listMessages.ts');
  for await (const messages of chunks(listMessages(client, side), chunk)) {
    const states = await getStatuses(client, messages);
    for (const [position, state] of states.entries()) yield { message: messages[position] as LaneMessage, state };
  }
}

/** @param first items in the first chunk; the others grow */
async function* chunks<T>(items: AsyncIterable<T>, first: number): AsyncGenerator<T[]> {
  let size = Math.min(first, LARGEST_CHUNK);
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    size = Math.min(size * CHUNK_GROWTH, LARGEST_CHUNK);
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Merges what is sorted by time, the newest first, into one such sequence. */
async function* newestFirst(sources: readonly AsyncGenerator<KnownMessage>[]): AsyncGenerator<KnownMessage> {
  const heads = await Promise.all(sources.map(async (source) => await source.next()));
  for (;;) {
    const times = heads.map((head) => (head.done === true ? -1 : Number(head.value.state.sentAt)));
    const newest = times.indexOf(Math.max(...times));
    const head = heads[newest];
    const source = sources[newest];
    if (source === undefined || head === undefined || head.done === true) return;
    yield head.value;
    heads[newest] = await source.next();
  }
}

/** The first wanted items, and whether there is any item after them. */
async function take<T>(
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
