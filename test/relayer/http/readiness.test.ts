import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { insertAlarm } from '../../../relayer/store/alarms.ts';
import { recordDeliveries } from '../../../relayer/store/deliveries.ts';
import { markProven, park, recordSent } from '../../../relayer/store/messages.ts';
import { recordQueueElements } from '../../../relayer/store/queueElements.ts';
import { insertTransaction } from '../../../relayer/store/transactions.ts';
import type { NodeState } from '../../../relayer/replica.ts';
import type { AlarmKind } from '../../../relayer/alarm.ts';
import { account, at, delivery, L1, L2, sentMessage } from '../../support/events.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

/** Until the node takes what does not move for stuck: it does after 60 seconds. */
const LONG = 61_000;
const SIGNER = { chainId: L1, address: account(3) };
const CHAINS = [L1, L2];

let served: ServedTestNode;
let state: NodeState;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  state = 'active';
  served = await startServedNode({ state: () => state, signers: [SIGNER] });
});

afterEach(async () => {
  vi.useRealTimers();
  await served.stop();
});

/** As a node whose stages pass and whose chains answer, for so many milliseconds. */
function goOn(milliseconds: number, { except = '', moved = 0 } = {}): void {
  vi.setSystemTime(Date.now() + milliseconds);
  const { signals, node } = served;
  for (const chainId of CHAINS) {
    if (except !== `chain ${chainId}`) signals.emit('chainRead', { chainId, head: 50, read: 50 });
  }
  for (const { name } of node.progress.stages()) {
    if (except !== name) signals.emit('stagePassed', { stage: name, moved, milliseconds: 1 });
  }
}

/** The checks that are red. */
async function red(): Promise<string[]> {
  const { status, body } = await served.get('/readyz');
  const checks = body['checks'] as readonly { name: string; ok: boolean; reason: string }[];
  expect(status).toBe(body['ready'] === true ? 200 : 503);
  expect(checks.every(({ ok }) => ok)).toBe(body['ready']);
  return checks.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`);
}

async function proven(readyAt = 1): Promise<void> {
  await recordSent(served.store.db, { routeId: served.up, chainId: L2 }, [sentMessage(0, at(10))]);
  await markProven(served.store.db, [{ id: 1, proof: '0x12', blockNumber: 20, readyAt, batchEventId: 1 }]);
}

describe('a node is ready', () => {
  test('while nothing is to be done, for however long', async () => {
    goOn(10 * LONG);
    expect(await red()).toEqual([]);
  });

  test('while an alarm lasts that stops no message, and says so', async () => {
    await insertAlarm(served.store.db, { kind: 'early-deposit', subject: '1', message: 'it is so', halts: false });
    const { body } = await served.get('/readyz');
    const reason = '1 alarm raised, none of which stops messages: see /v1/alarms';
    expect(body).toMatchObject({ ready: true });
    expect(body['checks']).toContainEqual({ name: 'alarms', ok: true, reason });
  });

  test('when it has just begun', async () => {
    expect(await red()).toEqual([]);
  });

  test('while messages move, however many wait', async () => {
    await proven();
    goOn(LONG, { moved: 1 });
    expect(await red()).toEqual([]);
  });

  test('while a message waits for its window, or for what is its own fault, or for an owner who has paused', async () => {
    await proven(Math.floor(Date.now() / 1000) + 3600);
    goOn(LONG);
    expect(await red()).toEqual([]);
    for (const reason of ['target-reverted', 'message-too-large', 'paused'] as const) {
      await park(served.store.db, 1, { reason, nextTryAt: Date.now() + 5000 });
      goOn(2000);
      expect(await red()).toEqual([]);
      expect((await served.get('/readyz')).body['checks']).toContainEqual({
        name: 'relay 901 -> 900',
        ok: true,
        reason: `0 messages ready to be relayed, and messages are set aside: 1 for ${reason}`,
      });
    }
  });

  test('while a delivery is seen and not final', async () => {
    await proven();
    await recordDeliveries(served.store.db, { routeId: served.up, chainId: L1 }, [delivery(0, at(49))]);
    goOn(LONG);
    expect(await red()).toEqual([]);
  });

  test('when it stands by, though nothing moves', async () => {
    state = 'standby';
    await insertAlarm(served.store.db, { kind: 'queue-rewritten', subject: '1', message: 'it was', halts: true });
    vi.setSystemTime(Date.now() + LONG);
    expect(await served.get('/readyz')).toMatchObject({ status: 200, body: { ready: true, state: 'standby' } });
  });
});

describe('a node is not ready', () => {
  test.each(CHAINS)('when chain %i was not read for long', async (chainId) => {
    goOn(LONG, { except: `chain ${chainId}` });
    expect(await red()).toEqual([
      expect.stringMatching(new RegExp(`^chain ${chainId}: the chain was not read since`, 'u')),
    ]);
    goOn(2000);
    expect(await red()).toEqual([]);
  });

  test('when the head moves and what is read does not', async () => {
    const behind = (head: number): boolean => served.signals.emit('chainRead', { chainId: L1, head, read: 50 });
    goOn(0);
    behind(51);
    goOn(LONG, { except: 'chain 900' });
    behind(60);
    expect(await red()).toEqual([expect.stringContaining('chain 900: read up to block 50 of 60, and not moved since')]);
    served.signals.emit('chainRead', { chainId: L1, head: 60, read: 51 });
    vi.setSystemTime(Date.now() + 2000);
    expect(await red()).toEqual([]);
  });

  test('when nobody says what is final, though what is new is read', async () => {
    const problem = 'no answer from http://x of chain 900: two endpoints must agree on what is finalized';
    const say = (...[said]: [string?]): boolean => served.signals.emit('finalityAsked', { chainId: L1, problem: said });
    say(problem);
    goOn(LONG / 2);
    say(problem);
    expect(await red()).toEqual([]);
    const { body } = await served.get('/readyz');
    expect(JSON.stringify(body['checks'])).toContain('nothing gets final since');
    goOn(LONG);
    expect(await red()).toEqual([expect.stringMatching(/^chain 900: nothing gets final since .*: no answer from/u)]);
    say();
    vi.setSystemTime(Date.now() + 2000);
    expect(await red()).toEqual([]);
  });

  test('when a stage fails for long, and is when it passes again', async () => {
    const stage = 'submit 901 -> 900';
    const fail = (): boolean => served.signals.emit('stageFailed', { stage, code: 'rpc-error', reason: 'it says no' });
    fail();
    goOn(LONG / 2, { except: 'submit 901 -> 900' });
    fail();
    expect(await red()).toEqual([]);
    expect((await served.get('/readyz')).body['checks']).toContainEqual({
      name: 'stages',
      ok: true,
      reason: expect.stringMatching(/^"submit 901 -> 900" fails since .* with rpc-error: it says no$/u),
    });
    goOn(LONG, { except: 'submit 901 -> 900' });
    fail();
    expect(await red()).toEqual([
      expect.stringMatching(/^stages: "submit 901 -> 900" fails since .* with rpc-error: it says no$/u),
    ]);
    goOn(2000);
    expect(await red()).toEqual([]);
  });

  test('when a pass does not end', async () => {
    goOn(LONG + 1000, { except: 'sequence 900' });
    expect(await red()).toEqual([expect.stringMatching(/^stages: "sequence 900" hangs: its last pass ended at/u)]);
  });

  test('when a message can be relayed and nobody looks at it', async () => {
    await proven();
    goOn(LONG);
    expect(await red()).toEqual([
      expect.stringMatching(/^relay 901 -> 900: 1 message ready to be relayed; 0x.* \(nobody has looked at it\)$/u),
    ]);
  });

  test.each(['rpc-error', 'insufficient-funds', 'fee-cap', 'spending-limit'] as const)(
    'when what holds up all messages lasts: %s',
    async (reason) => {
      await proven();
      await park(served.store.db, 1, { reason, nextTryAt: Date.now() });
      goOn(LONG / 2);
      await park(served.store.db, 1, { reason, nextTryAt: Date.now() + 5000 });
      expect(await red()).toEqual([]);
      goOn(LONG / 2);
      await park(served.store.db, 1, { reason, nextTryAt: Date.now() + 5000 });
      goOn(2000);
      expect(await red()).toEqual([expect.stringContaining(`(${reason}: `)]);
    },
  );

  test("when the queue's final elements are not executed", async () => {
    const source = { routeId: served.down, chainId: L1 };
    await recordSent(served.store.db, source, [sentMessage(0, at(40))]);
    await recordQueueElements(served.store.db, source, [{ index: 0, raw: '0x12', ...at(40) }]);
    goOn(LONG / 2);
    expect(await red()).toEqual([]);
    goOn(LONG);
    expect(await red()).toEqual([
      expect.stringMatching(/^queue 900 -> 901: 1 element of the queue to be executed, the first since/u),
    ]);
  });

  test('when a transaction is not mined for long', async () => {
    await insertTransaction(served.store.db, SIGNER, {
      nonce: 0,
      purpose: 'relay',
      messages: 1,
      createdAt: Date.now(),
    });
    goOn(LONG);
    expect(await red()).toEqual([expect.stringMatching(/^transactions 0x.* on 900: 1 transaction not mined, the/u)]);
  });

  test.each<[AlarmKind, boolean]>([
    ['queue-rewritten', true],
    ['signer-unfunded', false],
    ['spending-limit', false],
  ])('while an alarm lasts that stops messages: %s', async (kind, halts) => {
    await insertAlarm(served.store.db, { kind, subject: '1', message: 'it is so', halts });
    expect(await red()).toEqual([`alarms: ${kind} (1): it is so`]);
  });

  test('when it was told to stop', async () => {
    state = 'stopping';
    expect(await red()).toEqual(['stopping: the node was told to stop']);
  });
});
