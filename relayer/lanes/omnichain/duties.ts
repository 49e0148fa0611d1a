import { maintenancePurpose } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import type { Duty } from '../../duty.ts';
import { firstAwaited } from '../../store/awaited.ts';
import { Looks } from './looks.ts';
import type { MaintainedLightClient } from './maintainedLightClient.ts';
import type { RecordComparison } from './stages/compareRecords.ts';
import { maintain } from './stages/maintain.ts';
import { watchLightClient } from './stages/watchLightClient.ts';
import { watchReplacement } from './stages/watchReplacement.ts';
import { watchSource } from './stages/watchSource.ts';
import type { Finality } from '../../route.ts';

/** How a light client is looked after. */
export interface MaintenanceSettings {
  /** Milliseconds between two looks at its source while there is nothing new. */
  readonly interval: number;
  /** Least milliseconds between two looks while a message waits for one of its blocks. */
  readonly pollInterval: number;
  /** From which block on its chain's node is believed. */
  readonly finality: Finality;
}

/**
 * Keeps a light client in sync, and says when that is not enough. Each has duties of its own, so that none holds up another.
 * @param records what compares the blocks that it knows
 */
export function maintenanceDuties(
  client: MaintainedLightClient,
  records: RecordComparison,
  settings: MaintenanceSettings,
): Duty[] {
  const { name } = client;
  const { interval, finality } = settings;
  return [
    updating(client, settings),
    {
      name: `watch light client ${name}`,
      interval,
      isUnhalted: true,
      async run(context) {
        await watchLightClient(client, context);
        await watchReplacement(client, context);
        await watchSource(client, { finality }, context);
        return 0;
      },
    },
    {
      name: `compare records of ${name}`,
      interval,
      isUnhalted: true,
      run: async (context) => await records.run(context),
    },
  ];
}

/** Its passes are many, and ask the store alone until it is time to look. */
function updating(client: MaintainedLightClient, { interval, pollInterval }: MaintenanceSettings): Duty {
  const { name, engine, found, routeId } = client;
  const purpose = maintenancePurpose(found.of);
  const contract = lightClientAt(found.address, found.provider);
  const awaited = Math.min(pollInterval, interval);
  const looks = new Looks({ idle: interval, awaited });
  let isWaiting = false;
  let known = 0n;
  return {
    name: `maintain ${name}`,
    interval: awaited,
    // The contract checks what it is sent, and expires where nothing is.
    isUnhalted: true,
    isWaiting: () => isWaiting,
    async run(context) {
      const { db } = context.store;
      const wasWaiting = isWaiting;
      isWaiting = (await engine.pending(purpose)) > 0;
      if (isWaiting) return 0;
      // The next ones follow as soon as those are mined: it can be behind by many.
      if (wasWaiting) looks.goOn();
      const look = looks.next(await firstAwaited(db, routeId, known), performance.now());
      if (look === undefined) return 0;
      [known] = await contract.head();
      const block = await firstAwaited(db, routeId, known);
      // Somebody else has brought it.
      if (look === 'early' && block === undefined) return 0;
      const sent = await maintain(look === 'early' ? { ...client, updates: 'needed' } : client, context);
      looks.looked(block, sent, performance.now());
      return sent;
    },
  };
}
