import { toBeHex } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { countReorganisations, moveCursor, orphanAbove } from '../../../relayer/store/blocks.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import {
  dueMessages,
  failedSubmissions,
  markProven,
  markSubmitted,
  park,
  recordSent,
  reopen,
  withdrawProof,
} from '../../../relayer/store/messages.ts';
import { recordStateBatches, unfoundedMessages } from '../../../relayer/store/stateBatches.ts';
import {
  insertTransaction,
  markMined,
  markReplaced,
  nextStoredNonce,
  openTransactions,
} from '../../../relayer/store/transactions.ts';
import {
  account,
  at,
  batch,
  blockHash,
  cursorAt,
  delivery,
  L1,
  L2,
  newRoute,
  sentMessage,
} from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';
import { World } from '../../support/world.ts';

const MESSAGES = 3;
const SIGNER = { chainId: L1, address: account(3) };

/** Everything is due: what is set aside is of another test. */
const NOW = Number.MAX_SAFE_INTEGER;

let store: TestStore;
let route: number;

beforeAll(async () => {
  store = await newStore();
  route = await newRoute(store.db);
  await moveCursor(store.db, L2, cursorAt(0));
});

afterAll(async () => {
  await store.remove();
});

type Step = (world: World) => Promise<void>;

const source = (): { routeId: number; chainId: number } => ({ routeId: route, chainId: L2 });
const destination = (): { routeId: number; chainId: number } => ({ routeId: route, chainId: L1 });

function dropAbove(blocks: Map<number, number>, number: number): void {
  for (const [key, block] of blocks) if (block > number) blocks.delete(key);
}

/** What happens on the chains, as `watch` records it. */
const events: Record<string, Step> = {
  async send(world) {
    const counter = Array.from({ length: MESSAGES }, (_, index) => index).find((index) => !world.sent.has(index));
    if (counter === undefined) return;
    world.sent.set(counter, ++world.l2);
    await recordSent(store.db, source(), [sentMessage(counter, at(world.l2, 0, `${world.fork}`))]);
  },
  async commit(world) {
    const position = at(++world.l1, 1, `${world.fork}`);
    const appended = [batch(world.batches++, [0, world.l2], position)];
    await recordStateBatches(store.db, destination(), { appended, deleted: [] });
  },
  async deleteBatches(world) {
    const deleted = [{ batchIndex: 0n, ...at(++world.l1, 2, `${world.fork}`) }];
    await recordStateBatches(store.db, destination(), { appended: [], deleted });
  },
  relayByOthers: async (world) => await deliver(world, false),
  failByOthers: async (world) => await deliver(world, true),
  async reorganiseL1(world) {
    const above = Math.max(world.l1Final, world.l1 - 2);
    world.fork++;
    world.l1 = above;
    dropAbove(world.relayed, above);
    await store.db.transaction().execute(async (db) => await orphanAbove(db, L1, above));
  },
  async reorganiseL2(world) {
    const above = Math.max(world.l2Final, world.l2 - 2);
    world.fork++;
    world.l2 = above;
    dropAbove(world.sent, above);
    world.dropped.push(above);
    await store.db.transaction().execute(async (db) => await orphanAbove(db, L2, above));
  },
  async finaliseL1(world) {
    world.l1Final = world.l1;
    await Promise.resolve();
  },
  async finaliseL2(world) {
    world.l2Final = world.l2;
    await Promise.resolve();
  },
};

async function deliver(world: World, fails: boolean): Promise<void> {
  const counter = [...world.sent.keys()].find((key) => !world.relayed.has(key));
  if (counter === undefined) return;
  const position = at(++world.l1, 3, `${world.fork}`);
  if (!fails) world.relayed.set(counter, world.l1);
  await recordDeliveries(store.db, destination(), [delivery(counter, position, fails ? '0xdead' : undefined)]);
}

/** What the stages and the engine do. */
const work: Record<string, Step> = {
  async look(world) {
    for (const id of await unfoundedMessages(store.db, route)) await withdrawProof(store.db, id);
    const stored = await store.db
      .selectFrom('stateBatchEvents')
      .select('id')
      .where('kind', '=', 'appended')
      .where('orphaned', '=', 0)
      .orderBy('id', 'desc')
      .executeTakeFirst();
    const ids = async (stage: 'sent' | 'proven'): Promise<number[]> =>
      (await dueMessages(store.db, route, stage, { now: NOW, limit: 2 })).map(({ id }) => id);
    world.looked = {
      toProve: await ids('sent'),
      toSubmit: await ids('proven'),
      proofBlock: world.l2,
      batchEventId: stored?.id,
      reorganisations: await countReorganisations(store.db, L2),
    };
  },
  async prove({ looked, dropped }) {
    const { batchEventId, proofBlock: blockNumber, reorganisations } = looked;
    if (batchEventId === undefined || (await countReorganisations(store.db, L2)) !== reorganisations) return;
    // What was dropped before it was made is nothing to a proof.
    const proof = { proof: toBeHex(dropped.length, 2), readyAt: 0, blockNumber, batchEventId };
    await markProven(
      store.db,
      looked.toProve.map((id) => ({ id, ...proof })),
    );
  },
  async submit({ looked }) {
    for (const id of looked.toSubmit) {
      await store.db
        .transaction()
        .execute(async (db) => {
          const signed = { nonce: await nextStoredNonce(db, SIGNER), purpose: 'relay', messages: 1, createdAt: 1 };
          const transaction = await insertTransaction(db, SIGNER, signed);
          if ((await markSubmitted(db, [id], transaction)).length === 0) throw new Error('taken back');
        })
        .catch(() => undefined);
    }
  },
  mine: async (world) => await move(world, false),
  revert: async (world) => await move(world, true),
  async replace() {
    const [open] = await openTransactions(store.db, SIGNER, { finalNumber: -1, limit: 1 });
    if (open !== undefined) await markReplaced(store.db, open.id);
  },
  async confirm(world) {
    await store.db.transaction().execute(async (db) => await settleDeliveries(db, route, world.l1Final));
    for (const { id } of await failedSubmissions(store.db, route, world.l1Final)) {
      await reopen(store.db, id, { reason: 'transaction-reverted', nextTryAt: 1 });
    }
  },
  async setAside({ looked }) {
    for (const id of [...looked.toProve, ...looked.toSubmit]) {
      await park(store.db, id, { reason: 'paused', nextTryAt: 1 });
    }
  },
};

/** Mines the oldest transaction, then makes it final. */
async function move(world: World, reverted: boolean): Promise<void> {
  const [open] = await openTransactions(store.db, SIGNER, { finalNumber: world.l1Final, limit: 1 });
  if (open === undefined) return;
  const mined = { hash: blockHash(world.l1), blockNumber: ++world.l1, reverted, paid: 5n };
  await markMined(store.db, open.id, mined, open.stage === 'mined');
}

/** What holds whatever happened. */
async function check({ dropped }: World, before: ReadonlySet<number>): Promise<Set<number>> {
  const rows = await store.db
    .selectFrom('messages')
    .leftJoin('proofs', 'messageId', 'messages.id')
    .selectAll('messages')
    .select(['proof', 'proofs.blockNumber as proofBlock'])
    .execute();
  const holds = rows.map(({ stage, proof, transactionId, readyAt, parkedReason, id }) => {
    // For ever.
    if (before.has(id)) return stage === 'relayed' && proof === null && parkedReason === null;
    if (stage === 'proven') return proof !== null && readyAt !== null;
    if (stage === 'submitted') return transactionId !== null;
    return proof === null;
  });
  expect(holds).not.toContain(false);
  // No proof outlives the block whose state it is of.
  const founded = rows.map(({ proof, proofBlock }) => {
    if (proof === null) return true;
    const later = dropped.slice(Buffer.from(proof).readUInt16BE());
    return later.every((above) => above >= (proofBlock ?? 0));
  });
  expect(founded).not.toContain(false);
  for (const stage of ['sent', 'proven'] as const) {
    for (const message of await dueMessages(store.db, route, stage, { now: NOW, limit: 9 })) {
      expect(message.proofBytes === 0).toBe(stage === 'sent');
      expect(rows.find(({ id }) => id === message.id)).toMatchObject({ orphaned: 0, stage });
    }
  }
  return new Set(rows.filter(({ stage }) => stage === 'relayed').map(({ id }) => id));
}

async function forget(): Promise<void> {
  for (const table of ['proofs', 'deliveries', 'messages', 'stateBatchEvents', 'attempts', 'transactions'] as const) {
    await store.db.deleteFrom(table).execute();
  }
}

const STEPS = { ...events, ...work };

/** Mostly what a node does when nothing is in its way; the more is there to be undone. */
const path = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...Object.keys(STEPS)).map((name) => [name]) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          ['send', 'commit', 'look', 'prove'],
          ['send', 'send', 'commit'],
          ['look', 'submit'],
          ['confirm'],
        ),
      },
      // What a stage has read is overtaken by what happens.
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ['look', 'reorganiseL2', 'prove'],
          ['look', 'relayByOthers', 'finaliseL1', 'confirm', 'submit', 'setAside'],
        ),
      },
    ),
    { minLength: 10, maxLength: 40 },
  )
  .map((steps) => steps.flat());

test('whatever happens, a message is proven, submitted and delivered as what is known of it allows', async () => {
  await fc.assert(
    fc.asyncProperty(path, async (names) => {
      await forget();
      const world = new World();
      let done = new Set<number>();
      for (const name of names) {
        await STEPS[name]?.(world);
        done = await check(world, done);
      }
      // When nothing happens any more, all that L2 has is delivered.
      for (let counter = world.sent.size; counter < MESSAGES; counter++) await events['send']?.(world);
      for (let rounds = 0; rounds < 20 && done.size < MESSAGES; rounds++) {
        for (const name of [
          'commit',
          'prove',
          'submit',
          'revert',
          'relayByOthers',
          'finaliseL1',
          'revert',
          'confirm',
        ]) {
          await STEPS[name]?.(world);
          done = await check(world, done);
        }
      }
      expect(done.size).toBe(MESSAGES);
    }),
    // On Postgres each statement takes its way over a socket.
    { numRuns: inject('postgres') === undefined ? 40 : 8 },
  );
});
