import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { brokenEnds, brokenRules } from '../support/engineInvariants.ts';
import { EngineWorld, type Terms } from '../support/engineWorld.ts';
import { newStore, type TestStore } from '../support/store.ts';

const GWEI = 10n ** 9n;

/** Of the walks, and how many: more, and others, are walked with `XDM_MODEL_SEED` and `XDM_MODEL_RUNS`. */
const SEED = Number(process.env['XDM_MODEL_SEED'] ?? 20_261_126);
const RUNS = Number(process.env['XDM_MODEL_RUNS'] ?? 60);

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
});

afterEach(async () => {
  await store.remove();
  vi.restoreAllMocks();
});

/** What can happen, and how much of it. */
const STEPS = {
  submit: async (world: EngineWorld, size: number) => await world.submit(1 + (size % 4)),
  submitPoison: async (world: EngineWorld) => await world.submit(1, true),
  submitDying: async (world: EngineWorld, size: number) =>
    await world.dyingAfter(size, async () => await world.submit(2)),
  advance: async (world: EngineWorld) => await world.advance(),
  advanceDying: async (world: EngineWorld, size: number) =>
    await world.dyingAfter(3 * size, async () => await world.advance()),
  submitBesides: async (world: EngineWorld) => {
    await Promise.all([world.submit(2), world.advance(), world.submit(1)]);
  },
  restart: (world: EngineWorld) => world.restart(),
  wait: (world: EngineWorld, size: number) => world.elapse(5000 * (1 + size)),
  waitLong: (world: EngineWorld, size: number) => world.elapse(size < 15 ? 61_000 : 43_200_000),
  mine: (world: EngineWorld, size: number) => world.chain.mine(1 + (size % 8)),
  reorganise: (world: EngineWorld, size: number) => world.chain.reorganise(1 + (size % 3), size % 2 === 0),
  dropPool: (world: EngineWorld) => world.chain.dropPool(),
  dropFirst: (world: EngineWorld) => world.chain.dropFirst(),
  foreign: (world: EngineWorld) => world.chain.foreign(),
  baseFee: (world: EngineWorld, size: number) => {
    world.chain.baseFee = [1n, 3n, 20n, 90n, 150n, 300n][size % 6]! * GWEI;
  },
  leastTip: (world: EngineWorld, size: number) => {
    world.chain.leastTip = [0n, 1n, 2n, 3n][size % 4]! * GWEI;
  },
  balance: (world: EngineWorld, size: number) =>
    world.chain.setBalance([10n ** 15n, 10n ** 17n, 10n ** 20n][size % 3]!),
  lose: (world: EngineWorld, size: number) => {
    world.troubles.lostOneIn = 2 + size;
  },
  loseAnswers: (world: EngineWorld, size: number) => {
    world.troubles.answerLostOneIn = 2 + size;
  },
  lag: (world: EngineWorld, size: number) => {
    world.troubles.lag = 1 + (size % 6);
  },
  deny: (world: EngineWorld) => {
    world.troubles.deniesTransactions = true;
  },
  denyReceipts: (world: EngineWorld) => world.denyReceipts(),
  refuse: (world: EngineWorld) => {
    world.troubles.refusal = 'internal error';
  },
  heal: (world: EngineWorld) => world.heal(),
} satisfies Record<string, (world: EngineWorld, size: number) => void | Promise<void>>;

type Name = keyof typeof STEPS;

const OFTEN: readonly Name[] = ['submit', 'advance', 'advance', 'advance', 'mine', 'mine', 'wait', 'waitLong', 'heal'];

const step: fc.Arbitrary<readonly [Name, number]> = fc.tuple(
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...OFTEN) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(STEPS) as Name[])) },
  ),
  fc.integer({ min: 0, max: 20 }),
);

const terms: fc.Arbitrary<Terms> = fc.constantFrom<Terms>(
  { maxSpendPerDay: undefined, dataFee: 0n },
  { maxSpendPerDay: undefined, dataFee: 12_345_678n },
  { maxSpendPerDay: 32n * 10n ** 13n, dataFee: 0n },
  { maxSpendPerDay: 2n * 10n ** 15n, dataFee: 0n },
  { maxSpendPerDay: 10n ** 17n, dataFee: 0n },
);

/** What no node takes may pay no more: it is given up all the same. */
const POISON_AT_THE_LIMIT: [Terms, (readonly [Name, number])[]] = [
  { maxSpendPerDay: 10n ** 17n, dataFee: 0n },
  [
    ['baseFee', 3],
    ['advanceDying', 0],
    ['balance', 1],
    ['submitPoison', 0],
    ['submit', 7],
    ['mine', 0],
  ],
];

/** A new world in an empty store: opening one takes longer than a walk. */
async function begin(some: Terms): Promise<EngineWorld> {
  vi.restoreAllMocks();
  for (const table of ['attempts', 'transactions', 'spending', 'blocks', 'chains', 'alarms'] as const) {
    await store.db.deleteFrom(table).execute();
  }
  return new EngineWorld(store, some);
}

test(`whatever happens, each transaction is mined once, or is given up for a reason (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(terms, fc.array(step, { minLength: 5, maxLength: 40 }), async (some, steps) => {
      const world = await begin(some);
      const look = async (): Promise<void> => expect(await brokenRules(world)).toEqual([]);
      for (const [name, size] of steps) {
        await STEPS[name](world, size);
        await look();
      }
      expect(await world.settle(look)).toBe(true);
      expect(await brokenEnds(world)).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED, examples: [POISON_AT_THE_LIMIT] },
  );
});
