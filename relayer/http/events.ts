import type { Context } from 'hono';
import { streamSSE, type SSEStreamingApi } from 'hono/streaming';

import { XdmError } from '../../sdk/core/errors.ts';
import type { Json } from '../json.ts';
import type { Signals } from '../signals.ts';
import { historyAfter, newestHistory } from '../store/history.ts';
import { PARAMETERS, parseParameters } from './parameters.ts';
import type { ServedNode } from './servedNode.ts';
import { showEvent } from './views.ts';

/** Streams at the same time, and events read at once for one. */
const MAX_STREAMS = 32;
const CHUNK = 200;

/** Milliseconds between two looks for events, between two signs of life, and that a client may take to read. */
const LOOK_MS = 300;
const SIGN_OF_LIFE_MS = 15_000;
const SLOWEST_MS = 30_000;

/** Alarms kept for a client that does not read; of more the oldest are left out. `/v1/alarms` has those that last. */
const MAX_ALARMS = 100;

/** Streams of what happens. */
export interface EventStreams {
  answer(context: Context): Promise<Response>;
  /** Ends all streams. */
  close(): void;
}

/**
 * Streams what happens to messages as server-sent events, whose ids are those of the history: a client that comes back with the last
 * one it has seen (`Last-Event-ID`, or `after`) misses nothing. Alarms are sent beside them, without an id. The next events are read
 * when the client has taken the last ones: a slow one takes no memory, and one that takes none at all is let go.
 */
export function eventStreams(node: ServedNode, signals: Signals): EventStreams {
  const open = new Map<SSEStreamingApi, Message[]>();
  const tell = (message: Message): void => {
    for (const alarms of open.values()) {
      alarms.push(message);
      if (alarms.length > MAX_ALARMS) alarms.shift();
    }
  };
  signals.on('alarmRaised', ({ kind, subject, message, halts }) => {
    tell({ event: 'alarm-raised', data: { kind, subject, message, halts } });
  });
  signals.on('alarmCleared', ({ kind, subject }) => tell({ event: 'alarm-cleared', data: { kind, subject } }));
  return {
    async answer(context) {
      const { after } = parseParameters(PARAMETERS.events, context.req.queries());
      const last = context.req.header('last-event-id');
      const resumed = last !== undefined && /^\d{1,15}$/u.test(last) ? Number(last) : after;
      const first = resumed ?? (await newestHistory(node.store.db));
      if (open.size >= MAX_STREAMS) {
        throw new XdmError('in-use', `${MAX_STREAMS} clients read the stream already`, { hint: 'come back later' });
      }
      // Nobody would read it.
      if (context.req.method === 'HEAD') return context.body(null, 200, { 'content-type': 'text/event-stream' });
      return streamSSE(context, async (stream) => {
        const alarms: Message[] = [];
        open.set(stream, alarms);
        try {
          await run(node, stream, { first, alarms });
        } catch {
          // The store does not answer: the client comes back, and learns it then.
        } finally {
          open.delete(stream);
        }
      });
    },
    close() {
      for (const stream of open.keys()) stream.abort();
    },
  };
}

interface Message {
  readonly event: string;
  readonly data: Record<string, Json>;
}

async function run(
  node: ServedNode,
  stream: SSEStreamingApi,
  { first, alarms }: { readonly first: number; readonly alarms: Message[] },
): Promise<void> {
  let last = first;
  let saidAt = -Infinity;
  const write = async (text: string): Promise<void> => {
    saidAt = performance.now();
    const timer = setTimeout(() => stream.abort(), SLOWEST_MS);
    await stream.write(node.redact(text));
    clearTimeout(timer);
  };
  const isGone = (): boolean => stream.aborted;
  while (!isGone()) {
    const events = await readOn(node, last);
    for (const { id, event, data } of events) {
      if (isGone()) return;
      await write(`id: ${id}\n${format({ event, data })}`);
      last = id;
    }
    for (const message of alarms.splice(0)) await write(format(message));
    if (performance.now() - saidAt > SIGN_OF_LIFE_MS) await write(': here\n\n');
    if (events.length < CHUNK) await stream.sleep(LOOK_MS);
  }
}

async function readOn({ store, routes }: ServedNode, after: number) {
  const entries = await historyAfter(store.db, after, CHUNK);
  return entries.map((entry) => {
    const route = routes.find(({ id }) => id === entry.routeId);
    return { id: entry.id, event: entry.event, data: showEvent(entry, route) };
  });
}

function format({ event, data }: Message): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
