import { expect, test } from 'vitest';

import type { MaintainedLightClient } from '../../relayer/lanes/omnichain/maintainedLightClient.ts';
import { maintain } from '../../relayer/lanes/omnichain/stages/maintain.ts';
import { newSignals } from '../../relayer/signals.ts';
import { recordSent } from '../../relayer/store/messages.ts';
import type { LightClientMaintainer } from '../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { at, L2, newRoute, sentMessage } from '../support/events.ts';
import { listeningLogger } from '../support/logger.ts';
import { newStore } from '../support/store.ts';

test.each([
  ['the blocks that messages of its route wait for', [7, 30, 12], [12n, 30n]],
  [
    'more of them than there are updates in one go',
    Array.from({ length: 100 }, (_, index) => 11 + index),
    Array.from({ length: 100 }, (_, index) => BigInt(11 + index)),
  ],
])('what keeps a light client in sync is told of %s', async (_name, blocks, awaited) => {
  const store = await newStore();
  const routeId = await newRoute(store.db);
  await recordSent(
    store.db,
    { routeId, chainId: L2 },
    blocks.map((number, index) => sentMessage(index, at(number))),
  );
  const told: (readonly bigint[])[] = [];
  const maintainer: LightClientMaintainer = {
    async next(wantedAfter) {
      told.push(await wantedAfter!(10n));
      return [];
    },
  };
  const client = { maintainer, routeId } as unknown as MaintainedLightClient;
  const context = { store, logger: listeningLogger().logger, signals: newSignals() };
  expect(await maintain(client, context)).toBe(0);
  expect(told).toEqual([awaited]);
  await store.remove();
});
