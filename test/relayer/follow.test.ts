import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { follow } from '../../relayer/stages/follow.ts';
import { startWatchedAnvil, type WatchedAnvil } from '../support/watchedAnvil.ts';
import { listeningLogger } from '../support/logger.ts';

let anvil: WatchedAnvil;

beforeAll(async () => {
  anvil = await startWatchedAnvil();
});

afterAll(async () => {
  await anvil.stop();
});

afterEach(async () => {
  await anvil.reset();
});

test('a block without anything in it wakes nobody, unless something waits', async () => {
  const { store, signals, watched } = anvil;
  const stage = follow(watched, 1000, { store, signals, logger: listeningLogger().logger });
  await anvil.mine(1);
  expect(await stage.run()).toBe(0);
  expect(stage.isAtEnd?.()).toBe(true);

  await anvil.send(0);
  expect(await stage.run()).toBe(1);
  await anvil.mine(1);
  expect(await stage.run()).toBe(1);
  await store.db.updateTable('messages').set({ stage: 'relayed' }).execute();
  await anvil.mine(1);
  expect(await stage.run()).toBe(0);
  expect(await anvil.cursor()).toMatchObject({ at: 4 });
});

test('a chain is read on at once as long as there is more of it', async () => {
  const { store, signals, watched } = anvil;
  const stage = follow(watched, 1000, { store, signals, logger: listeningLogger().logger });
  await anvil.mine(120);
  const ends: (boolean | undefined)[] = [];
  for (let isAtEnd: boolean | undefined = false; isAtEnd !== true;) {
    expect(await stage.run()).toBeLessThanOrEqual(1);
    isAtEnd = stage.isAtEnd?.();
    ends.push(isAtEnd);
  }
  expect(ends.length).toBeGreaterThan(1);
  expect(await anvil.cursor()).toMatchObject({ at: 120 });
});
