import type { LaneOutline } from '../relayer/lanes/laneRoutes.ts';
import { openStore, type Store } from '../relayer/store/store.ts';
import type { Arguments, Environment } from './command.ts';
import { deploymentPath } from './deploymentFile.ts';
import { readOutline } from './laneKind.ts';
import type { LANE_OPTIONS } from './options.ts';
import { storeLocation, type STORE_OPTIONS } from './settingsFile.ts';

type StoreArguments = Omit<Arguments<typeof LANE_OPTIONS & typeof STORE_OPTIONS>, 'rest'>;

/**
 * Opens the store of the lane's node, beside the node, as long as `use` runs.
 * @throws {XdmError} `store-not-found`, `store-incompatible`, `invalid-config`, what reading the deployment and `use` throw
 */
export async function openLaneStore<T>(
  args: StoreArguments,
  environment: Environment,
  use: (store: Store, lane: LaneOutline) => Promise<T>,
): Promise<T> {
  const lane = await readOutline(args, environment);
  const { store: named, config } = args;
  const place = { store: named, config, deploymentFile: deploymentPath(args, environment) };
  const store = await openStore(storeLocation(place, environment), { shared: true });
  try {
    return await use(store, lane);
  } finally {
    await store.close();
  }
}
