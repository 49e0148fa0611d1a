import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { rollupRoutes } from '../../relayer/lanes/rollup/routes.ts';
import { insertAlarm } from '../../relayer/store/alarms.ts';
import { recordDeliveries, settleDeliveries } from '../../relayer/store/deliveries.ts';
import { historyOf } from '../../relayer/store/history.ts';
import { dueMessages, markProven, park, recordSent } from '../../relayer/store/messages.ts';
import { routeId } from '../../relayer/store/routes.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import type { CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { EXAMPLE_DEPLOYMENT } from '../support/deployment.ts';
import { at, delivery, hashOf, L1, L2, sentMessage } from '../support/events.ts';
import { newStore, type TestStore } from '../support/store.ts';

/** The node's, which has it for itself. */
let store: TestStore;
let route: number;
let deployment: string;

beforeEach(async () => {
  store = await newStore();
  deployment = join(dirname(store.path), 'deployment.json');
  writeFileSync(deployment, serializeDeployment(EXAMPLE_DEPLOYMENT));
  const { l1ToL2, l2ToL1 } = rollupRoutes(EXAMPLE_DEPLOYMENT);
  await routeId(store.db, l1ToL2);
  route = await routeId(store.db, l2ToL1);
});

afterEach(async () => {
  await store.remove();
});

async function retry(...args: readonly string[]): Promise<CliRun> {
  return await runMain(['retry', ...args], { XDM_DEPLOYMENT: deployment });
}

async function send(...counters: readonly number[]): Promise<number[]> {
  const messages = counters.map((counter) => sentMessage(counter, at(10 + counter)));
  await recordSent(store.db, { routeId: route, chainId: L2 }, messages);
  const rows = await store.db.selectFrom('messages').select('id').orderBy('counter').execute();
  return rows.map(({ id }) => id);
}

async function parkFor(id: number, reason: 'target-reverted' | 'paused'): Promise<void> {
  for (let tries = 0; tries < 3; tries++) await park(store.db, id, { reason, nextTryAt: Date.now() + 600_000 });
}

/** Counters of the messages that the node would look at now. */
async function due(stage: 'sent' | 'proven'): Promise<bigint[]> {
  const messages = await dueMessages(store.db, route, stage, { now: Date.now(), limit: 100 });
  return messages.map(({ message }) => message.nonce & 0xffffn);
}

describe('a message that is set aside', () => {
  test('is looked at by the node now, as if it had never been tried', async () => {
    const [first = 0, second = 0] = await send(0, 1);
    await markProven(store.db, [{ id: first, proof: '0x12', readyAt: 5, blockNumber: 20, batchEventId: 1 }]);
    await parkFor(first, 'target-reverted');
    await parkFor(second, 'paused');
    expect(await due('proven')).toEqual([]);

    const run = await retry(hashOf(0), '--json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject([
      { messageHash: hashOf(0), fromChain: 'l2', outcome: 'retried', reason: 'target-reverted', tries: 3 },
    ]);
    expect(await due('proven')).toEqual([0n]);
    const [row] = await store.db.selectFrom('messages').select('tries').where('id', '=', first).execute();
    expect(row).toEqual({ tries: 0 });
    expect((await historyOf(store.db, first)).at(-1)).toMatchObject({ event: 'retried', times: 1 });
    // Others are left alone.
    expect(await due('sent')).toEqual([]);
  });

  test('is found by the transaction that sent it', async () => {
    const [id = 0] = await send(0);
    await parkFor(id, 'paused');
    const { code, stdout } = await retry(at(10).transactionHash);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^${hashOf(0)} +l2 +retried +paused +3 +the node looks at it now, and sets it aside again unless .*until the owner calls unpause`,
        'mu',
      ),
    );
    expect(await due('sent')).toEqual([0n]);
  });

  test('is one of all', async () => {
    const ids = await send(0, 1, 2);
    await parkFor(ids[0]!, 'paused');
    await parkFor(ids[2]!, 'target-reverted');
    const run = await retry('--all', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject([{ messageHash: hashOf(0) }, { messageHash: hashOf(2) }]);
    expect(await due('sent')).toEqual([0n, 1n, 2n]);
  });
});

describe('what cannot be retried is said, with the reason', () => {
  test('one that is not set aside', async () => {
    await send(0);
    const run = await retry(hashOf(0), '--json');
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject([{ outcome: 'not-parked', note: 'waits for a state batch' }]);
  });

  test.each([
    ['already-relayed', 0, undefined, 'there is nothing left to do'],
    ['failed', 5, '0x', '--gas-limit 16777216'],
    ['failed', 5, '0x12', `once that is mended: xdm relayMessage ${hashOf(0)}`],
  ])('one that is %s', async (outcome, code, reason, note) => {
    await send(0);
    await recordDeliveries(store.db, { routeId: route, chainId: L1 }, [delivery(0, at(30), reason)]);
    await settleDeliveries(store.db, route, 30);
    const run = await retry(hashOf(0), '--json');
    expect(run.code).toBe(code);
    expect(JSON.parse(run.stdout)).toMatchObject([{ outcome, note: expect.stringContaining(note) as string }]);
  });

  test('one that the node does not know, which does not keep others from it', async () => {
    const [id = 0] = await send(0);
    await parkFor(id, 'paused');
    const run = await retry(hashOf(7), hashOf(0), '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject([{ outcome: 'message-not-found' }, { outcome: 'retried' }]);
  });

  test('none at all', async () => {
    expect(await retry('--all')).toEqual({ code: 0, stdout: '', stderr: 'no message is set aside\n' });
  });

  test('a lane that stands still', async () => {
    const [id = 0] = await send(0);
    await parkFor(id, 'paused');
    const alarm = { kind: 'queue-rewritten', subject: '0', message: 'L1 has replaced element 0' } as const;
    await insertAlarm(store.db, { ...alarm, halts: true });
    expect((await retry('--all')).stderr).toBe('warning: the lane stands still: L1 has replaced element 0\n');
  });
});

describe('the store is', () => {
  test.each([
    ['the one of the variable', { XDM_STORE: '/none/variable' }, 'there is no store at /none/variable'],
    ["the one of the node's file", {}, 'there is no store at /none/file'],
  ])('%s', async (_name, variables, words) => {
    writeFileSync(join(dirname(deployment), 'relayer.json'), JSON.stringify({ store: '/none/file' }));
    const run = await runMain(['retry', '--all'], { XDM_DEPLOYMENT: deployment, ...variables });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(words) as string });
  });

  test('the one that is typed, before all others', async () => {
    const variables = { XDM_DEPLOYMENT: deployment, XDM_STORE: '/none/variable' };
    expect(await runMain(['retry', '--all', '--store', store.path], variables)).toMatchObject({ code: 0 });
  });
});
