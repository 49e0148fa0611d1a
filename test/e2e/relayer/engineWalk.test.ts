import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { startEngineAnvil, type EngineAnvil } from '../../support/engineAnvil.ts';
import type { Fault } from '../../support/rpcProxy.ts';

/** Of the walks. What they find is found again with it. */
const SEED = 20_260_729;

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

type Step =
  | { readonly kind: 'submit'; readonly count: number }
  | { readonly kind: 'mine'; readonly blocks: number }
  | { readonly kind: 'rollback'; readonly blocks: number }
  | { readonly kind: 'foreign' | 'advance' | 'restart' | 'drop pool' | 'elapse' | 'heal' }
  | { readonly kind: 'break'; readonly fault: Fault; readonly oneIn: number };

const faults = fc.constantFrom<Fault>(
  { kind: 'lost' },
  { kind: 'answer-lost' },
  { kind: 'twice' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('submit' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('mine' as const), blocks: fc.integer({ min: 1, max: 20 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('rollback' as const), blocks: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('advance' as const, 'elapse' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('foreign' as const, 'restart' as const, 'drop pool' as const, 'heal' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('break' as const), fault: faults, oneIn: fc.integer({ min: 1, max: 5 }) }),
  },
);

let submitted = 0;

async function take(next: Step): Promise<void> {
  if (next.kind === 'submit') {
    const names = Array.from({ length: next.count }, (_, index) => `${submitted + index}:`);
    // A pass that fails is made again: what it did not store does not count.
    const isStored = await anvil.submit(...names).then(
      () => true,
      () => false,
    );
    if (isStored) submitted += next.count;
  } else if (next.kind === 'mine') await anvil.mine(next.blocks);
  else if (next.kind === 'rollback') await rollback(next.blocks);
  else if (next.kind === 'foreign') await anvil.foreign(await anvil.nonce(), 3n).catch(() => undefined);
  else if (next.kind === 'advance') await anvil.advance().catch(() => undefined);
  else if (next.kind === 'restart') await anvil.restart();
  else if (next.kind === 'drop pool') await anvil.send('anvil_dropAllTransactions');
  else if (next.kind === 'elapse') anvil.elapse(20_000);
  else if (next.kind === 'break') breakSome(next.fault, next.oneIn);
  else anvil.proxy.fault = () => undefined;
}

/** Drops blocks that are not final, and mines others in their place: what was in them is gone. */
async function rollback(blocks: number): Promise<void> {
  const head = await anvil.chain.provider.getBlockNumber();
  if (head <= blocks + 1) return;
  await anvil.send('anvil_rollback', blocks);
  await anvil.send('anvil_dropAllTransactions');
  await anvil.mine(blocks + 1);
}

function breakSome(fault: Fault, oneIn: number): void {
  let requests = 0;
  anvil.proxy.fault = () => (requests++ % oneIn === 0 ? fault : undefined);
}

/** Lets everything be as it should, until nothing is left to do. */
async function settle(): Promise<void> {
  anvil.proxy.fault = () => undefined;
  for (let rounds = 0; rounds < 40; rounds++) {
    anvil.elapse(61_000);
    await anvil.advance();
    await anvil.mine(17);
    await anvil.advance();
    if (!/pending|mined/u.test(await anvil.stages())) return;
  }
}

test(`whatever happens, each transaction is mined once or given up for good (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 30 }), async (steps) => {
      submitted = 0;
      await anvil.reset();
      for (const next of steps) await take(next);
      await settle();

      const rows = await anvil.store.db.selectFrom('transactions').selectAll().orderBy('nonce').execute();
      const stages = new Set(rows.map(({ stage }) => stage));
      expect([...stages].filter((stage) => stage !== 'final' && stage !== 'replaced')).toEqual([]);
      // What was stored is there, under its own name, once.
      const names = rows.filter(({ purpose }) => purpose !== 'gap').map(({ purpose }) => purpose);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeGreaterThanOrEqual(submitted);
      // No hole: all that was given out was used, by us or by somebody else.
      expect(await anvil.nonce()).toBeGreaterThan(rows.at(-1)?.nonce ?? -1);
      for (const { stage, transactionHash } of rows) {
        if (stage !== 'final') continue;
        const hash = `0x${Buffer.from(transactionHash ?? []).toString('hex')}`;
        expect(await anvil.chain.provider.getTransactionReceipt(hash)).not.toBeNull();
      }
    }),
    { numRuns: 3, seed: SEED, endOnFailure: true },
  );
});
