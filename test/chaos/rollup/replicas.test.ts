import { afterAll, beforeAll, expect, test } from 'vitest';

import { query } from '../../support/postgres.ts';
import { ACTS } from '../../support/replica.ts';
import { checkDatabase } from '../databaseCheck.ts';
import { freeze, kill, losePostgres, oneAfterTheOther, untilTakenOver } from '../faults.ts';
import { isLong } from '../length.ts';
import { play } from './play.ts';
import { startWorld, type RollupWorld } from './world.ts';

/** How often all of it happens. */
const TURNS = isLong ? 12 : 1;

let world: RollupWorld;

beforeAll(async () => {
  world = await startWorld({ replicas: 2 });
});

afterAll(async () => {
  await world.stop();
});

test('the replica that acts is killed, stands still, and loses Postgres', async () => {
  const turn = [untilTakenOver(kill), untilTakenOver(freeze), untilTakenOver(losePostgres, 1000)];
  const faults = Array.from({ length: TURNS }, () => turn).flat();
  const problems = await play(world, {
    name: `${TURNS} turns of two replicas`,
    traffic: { count: 4, rounds: 6 * TURNS, pause: 800 },
    faults: [{ at: 0, fault: oneAfterTheOther(faults, () => world.random.integer(500, 2000)) }],
  });
  expect(problems).toEqual([]);
  const takeovers = world.nodes.flatMap(({ lines }) => lines).filter(({ msg }) => msg === ACTS);
  expect(takeovers.length).toBeGreaterThan(3 * TURNS);
});

test('the audit sees a row that an index of Postgres lacks, and one whose parent is gone', async () => {
  expect(await checkDatabase(world)).toEqual([]);
  const maintain = `update pg_index set indisready = IS where indexrelid = '"attemptsOfTransactions"'::regclass`;
  await query(world.store, maintain.replace('IS', 'false'));
  await query(world.store, 'set session_replication_role = replica; update "attempts" set "transactionId" = -1');
  await query(world.store, maintain.replace('IS', 'true'));
  expect(await checkDatabase(world)).toEqual([
    expect.stringMatching(/^heap tuple .* lacks matching index tuple within index "attemptsOfTransactions"$/u),
    expect.stringMatching(/^foreign key attempts_transactionId_fkey: \d+ rows without a parent$/u),
  ]);
});
