import { afterEach, beforeEach, expect, test } from 'vitest';

import { markProven, recordSent } from '../../../relayer/store/messages.ts';
import { at, hashOf, L2, sentMessage } from '../../support/events.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';
import { until } from '../../support/until.ts';

let served: ServedTestNode;
let streams: Stream[];

beforeEach(async () => {
  served = await startServedNode();
  streams = [];
});

afterEach(async () => {
  for (const stream of streams) stream.end();
  await served.stop();
});

interface Event {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

interface Stream {
  readonly events: Event[];
  /** Settles when the other side ends it. */
  readonly ended: Promise<void>;
  end(): void;
}

async function listen(path = '/v1/events', headers: Record<string, string> = {}): Promise<Stream> {
  const abort = new AbortController();
  const response = await fetch(`${served.server.url}${path}`, { headers, signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: Event[] = [];
  const stream = { events, ended: collect(response, events), end: () => abort.abort() };
  streams.push(stream);
  return stream;
}

async function collect(response: Response, events: Event[]): Promise<void> {
  let text = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks.filter((each) => !each.startsWith(':'))) {
        const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/u) as [string, string]));
        const data = JSON.parse(fields.get('data') ?? '') as Record<string, unknown>;
        events.push({ id: fields.get('id'), event: fields.get('event') ?? '', data });
      }
    }
  } catch {
    // Ended by either side.
  }
}

async function send(...counters: number[]): Promise<void> {
  const sent = counters.map((counter) => sentMessage(counter, at(10 + counter)));
  await recordSent(served.store.db, { routeId: served.up, chainId: L2 }, sent);
}

test('what happens is told as it does, and not what has happened before', async () => {
  await send(0);
  const { events } = await listen();
  await send(1);
  await markProven(served.store.db, [{ id: 1, proof: '0x12', blockNumber: 20, readyAt: 50, batchEventId: 1 }]);
  await until(async () => await Promise.resolve(events.length === 2));
  expect(events).toMatchObject([
    { id: '2', event: 'sent', data: { route: '901 -> 900', from: 'l2', messageHash: hashOf(1) } },
    { id: '3', event: 'proven', data: { messageHash: hashOf(0) } },
  ]);
});

test.each([
  ['its header', '/v1/events', { 'last-event-id': '2' }],
  ['a parameter', '/v1/events?after=2', {}],
])('who comes back with the last id by %s misses nothing', async (_how, path, headers) => {
  const counters = Array.from({ length: 450 }, (_, counter) => counter);
  await send(...counters);
  const { events } = await listen(path, headers);
  await until(async () => await Promise.resolve(events.length === 448));
  expect(events.map(({ id }) => Number(id))).toEqual(counters.slice(2).map((counter) => counter + 1));
});

test('alarms are told without an id, from which nobody could go on', async () => {
  const { events } = await listen();
  const alarm = { kind: 'signer-unfunded', subject: '900 0x12', message: 'fund it', halts: false } as const;
  served.signals.emit('alarmRaised', alarm);
  served.signals.emit('alarmCleared', { kind: alarm.kind, subject: alarm.subject });
  await until(async () => await Promise.resolve(events.length === 2));
  expect(events).toEqual([
    { id: undefined, event: 'alarm-raised', data: alarm },
    { id: undefined, event: 'alarm-cleared', data: { kind: alarm.kind, subject: alarm.subject } },
  ]);
});

test('so many clients and no more are served; one that leaves makes room', async () => {
  for (let count = 0; count < 32; count++) await listen();
  expect(await served.get('/v1/events')).toMatchObject({ status: 503, body: { error: { code: 'in-use' } } });
  const [leaving] = streams.splice(0, 1);
  leaving?.end();
  await until(async () => {
    const response = await fetch(`${served.server.url}/v1/events`, { method: 'HEAD' });
    return response.status === 200;
  });
});

test('the end of the node ends the streams', async () => {
  const { ended } = await listen();
  await served.server.close();
  await expect(ended).resolves.toBeUndefined();
});
