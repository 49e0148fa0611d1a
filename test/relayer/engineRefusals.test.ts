import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { toHex } from '../../relayer/store/bytes.ts';
import { recordStateBatches } from '../../relayer/store/stateBatches.ts';
import { markProven, markSubmitted, recordSent } from '../../relayer/store/messages.ts';
import { at, batch, L1, L2, newRoute, sentMessage } from '../support/events.ts';
import { startEngineAnvil, type EngineAnvil } from '../support/engineAnvil.ts';

let anvil: EngineAnvil;

beforeAll(async () => {
  anvil = await startEngineAnvil();
});

afterAll(async () => {
  await anvil.stop();
});

afterEach(async () => {
  await anvil.reset();
});

/** Time in which a transaction is broadcast so often that its refusal is taken for the node's last word. */
async function pass(minutes = 4): Promise<void> {
  for (let halves = 0; halves < minutes * 2; halves++) {
    anvil.elapse(30_001);
    await anvil.advance();
  }
}

function warnings(): unknown[] {
  return anvil.lines.filter(({ level }) => level === 40).map(({ msg }) => msg);
}

test('a transaction that the node refuses for good gives its nonce back to those after it', async () => {
  await anvil.submitTooLarge('a');
  await anvil.submit('b', 'c');
  const [hash] = await anvil.hashes();
  await pass();
  await anvil.mine(17);
  await anvil.advance();
  expect(await anvil.stages()).toBe('a0 final (given up) b1 final c2 final');
  expect(anvil.lines).toContainEqual(
    expect.objectContaining({ level: 40, nonce: 0, code: 'rpc-error', reason: expect.any(String) as string }),
  );
  expect(warnings()).toEqual(['the node takes no such transaction: giving it up']);
  const attempts = await anvil.store.db.selectFrom('attempts').selectAll().where('transactionId', '=', 1).execute();
  // What it was is known, and that it was not that which was mined.
  expect(attempts.map((attempt) => toHex(attempt.hash))).toContain(hash);
  expect(attempts.find((attempt) => toHex(attempt.hash) === hash)?.refusal).toMatch(/gas/u);
  const { transactionHash } = await anvil.store.db
    .selectFrom('transactions')
    .select('transactionHash')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  expect(toHex(transactionHash!)).not.toBe(hash);
});

test('one after the other is given up, whatever stands between them', async () => {
  await anvil.submitTooLarge('a');
  await anvil.submitTooLarge('b');
  await anvil.submit('c');
  await anvil.submitTooLarge('d');
  for (let rounds = 0; rounds < 4; rounds++) {
    await pass();
    await anvil.mine(17);
    await anvil.advance();
  }
  expect(await anvil.stages()).toBe('a0 final (given up) b1 final (given up) c2 final d3 final (given up)');
  await anvil.submit('e');
  await anvil.mine(17);
  await anvil.advance();
  expect(await anvil.stages()).toMatch(/d3 final \(given up\) e4 final$/u);
});

test('what it was to deliver is set aside for a while that grows, and can be delivered again', async () => {
  const { db } = anvil.store;
  const route = await newRoute(db);
  await recordSent(db, { routeId: route, chainId: L2 }, [sentMessage(0, at(1))]);
  const events = { appended: [batch(0, [0, 9], at(10))], deleted: [] };
  await recordStateBatches(db, { routeId: route, chainId: L1 }, events);
  await markProven(db, [{ id: 1, proof: '0x12', blockNumber: 9, readyAt: 0, batchEventId: 1 }]);
  const stored = async () => await db.selectFrom('messages').selectAll().executeTakeFirstOrThrow();

  const waits: number[] = [];
  for (const tries of [1, 2]) {
    await anvil.submitTooLarge('relay', async (store, id) => void (await markSubmitted(store, [1], id)));
    await pass();
    const { nextTryAt, ...message } = await stored();
    expect(message).toMatchObject({ stage: 'proven', parkedReason: 'transaction-refused', transactionId: null, tries });
    waits.push(nextTryAt);
    await anvil.mine(17);
    await anvil.advance();
  }
  expect(await anvil.stages()).toBe('relay0 final (given up) relay1 final (given up)');
  await anvil.engine.submit([
    { ...anvil.submission('relay'), onStored: async (store, id) => void (await markSubmitted(store, [1], id)) },
  ]);
  expect(await stored()).toMatchObject({ stage: 'submitted' });
});

test('a restart in between only makes it take longer', async () => {
  await anvil.submitTooLarge('a');
  await anvil.submit('b');
  anvil.elapse(50_000);
  await anvil.advance();
  await anvil.restart();
  anvil.elapse(50_000);
  await anvil.advance();
  expect(await anvil.stages()).toBe('a0 pending b1 pending');
  await pass();
  expect(await anvil.stages()).toBe('a0 pending (given up) b1 pending');
});

test.each([
  { kind: 'status', status: 403 } as const,
  { kind: 'status', status: 503 } as const,
  { kind: 'lost' } as const,
  { kind: 'error', code: -32_000, message: 'insufficient funds for gas * price + value' } as const,
])('what is no answer to the transaction itself does not give it up: %j', async (fault) => {
  anvil.proxy.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? fault : undefined);
  await anvil.submit('a', 'b');
  await pass(4);
  expect(await anvil.stages()).toBe('a0 pending b1 pending');
  anvil.proxy.fault = () => undefined;
  await pass(1);
  await anvil.mine(17);
  await anvil.advance();
  expect(await anvil.stages()).toBe('a0 final b1 final');
});

test('what the node has is not given up, though it refuses to take it again', async () => {
  await anvil.submit('a', 'b');
  // So are those that pay more, which the node has not.
  anvil.proxy.fault = ({ method }) =>
    method === 'eth_sendRawTransaction' ? { kind: 'error', code: -32_000, message: 'already known' } : undefined;
  await pass(4);
  expect(await anvil.stages()).toBe('a0 pending b1 pending');
  expect(warnings()).toEqual([]);
});
