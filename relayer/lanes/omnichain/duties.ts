import { maintenancePurpose } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import type { Duty } from '../../duty.ts';
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
  { interval, finality }: MaintenanceSettings,
): Duty[] {
  const { name, engine, found } = client;
  const purpose = maintenancePurpose(found.of);
  let isWaiting = false;
  return [
    {
      name: `maintain ${name}`,
      interval,
      // The contract checks what it is sent, and expires where nothing is.
      isUnhalted: true,
      // The next ones follow as soon as those are mined: it can be behind by many.
      isWaiting: () => isWaiting,
      async run(context) {
        isWaiting = (await engine.pending(purpose)) > 0;
        return isWaiting ? 0 : await maintain(client, context);
      },
    },
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
