import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { insertAlarm } from '../../../relayer/store/alarms.ts';
import { recordDeliveries } from '../../../relayer/store/deliveries.ts';
import { park, recordSent } from '../../../relayer/store/messages.ts';
import { recordStateBatches } from '../../../relayer/store/stateBatches.ts';
import { account, at, batch, delivery, hashOf, L1, L2, sentMessage } from '../../support/events.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: object;
}

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly get: { readonly parameters: readonly Parameter[] } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let served: ServedTestNode;
let description: Description;

beforeAll(async () => {
  served = await startServedNode({ signers: [{ chainId: L1, address: account(3) }] });
  description = (await served.get('/v1/openapi.json')).body as unknown as Description;
});

afterAll(async () => await served.stop());

test('the description has the addresses that the documentation lists, and all that it refers to', () => {
  const table = readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(\/v1\/\w[\w./]*)` \|/gmu);
  const listed = [...table].map(([, address = '']) => address.replace('HASH', '{hash}'));
  expect([...Object.keys(description.paths), '/v1/openapi.json'].toSorted()).toEqual(listed.toSorted());
  expect(description.openapi).toBe('3.1.0');
  const refs = JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/gu);
  const names = Object.keys(description.components.schemas);
  expect(new Set([...refs].map(([, name]) => name))).toEqual(new Set(names));
});

test('each parameter that is described is known, and no other', async () => {
  for (const [path, { get }] of Object.entries(description.paths)) {
    const address = path.replace('{hash}', hashOf(0));
    for (const { name } of get.parameters.filter((parameter) => parameter.in === 'query')) {
      const message = (await refusal(`${address}?${name}=%21`)).replaceAll('"', '');
      expect(message).toMatch(new RegExp(`^parameter ${name} has value !: it is no|is not`, 'u'));
    }
    expect(await refusal(`${address}?other=1`)).toBe('there is no parameter "other"');
  }
});

async function refusal(path: string): Promise<string> {
  const response = await fetch(`${served.server.url}${path}`);
  const { error } = (await response.json()) as { error: { message: string } };
  return error.message;
}

test('what the node answers is what is described', async () => {
  const { db } = served.store;
  await recordSent(db, { routeId: served.up, chainId: L2 }, [sentMessage(0, at(10)), sentMessage(1, at(11))]);
  await recordSent(db, { routeId: served.down, chainId: L1 }, [sentMessage(0, at(30))]);
  await recordDeliveries(db, { routeId: served.up, chainId: L1 }, [delivery(0, at(45))]);
  await park(db, 2, { reason: 'paused', nextTryAt: Date.now() + 60_000 });
  await recordStateBatches(
    db,
    { routeId: served.up, chainId: L1 },
    { appended: [batch(0, [0, 20], at(30))], deleted: [] },
  );
  await insertAlarm(db, { kind: 'queue-rewritten', subject: '5', message: 'element 5', halts: true });
  // `get` holds each answer against its description.
  expect((await served.get(`/v1/messages/${hashOf(0)}`)).body['messages']).toMatchObject([
    { from: 'l1', queue: {} },
    { from: 'l2', delivery: {}, batch: {} },
  ]);
  expect((await served.get(`/v1/messages/${hashOf(1)}`)).body['messages']).toMatchObject([{ parked: {} }]);
  const paths = ['lanes', 'alarms', 'messages', 'batches', 'transactions', 'messages?limit=x', `messages/${hashOf(9)}`];
  const answers = await Promise.all(paths.map(async (path) => await served.get(`/v1/${path}`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 400, 404]);
});
