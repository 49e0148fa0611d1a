import type { LaneOutline } from '../relayer/lanes/laneRoutes.ts';
import type { NodeLane } from '../relayer/lanes/nodeLane.ts';
import type { Arguments, Environment } from './command.ts';
import { laneKindOf, refuseOptions } from './deploymentFile.ts';
import { readDeployment } from './lane.ts';
import {
  OMNICHAIN_ONLY,
  readOmnichainConfig,
  readRollupConfig,
  ROLLUP_ONLY,
  type ANY_NODE_OPTIONS,
} from './nodeSettings.ts';
import type { LANE_OPTIONS } from './options.ts';

// Where the command line tells kinds of lanes apart, by what a deployment file says.

/**
 * The lane that was asked for, for whoever looks into the store of its node.
 * @throws {XdmError} `deployment-not-found`, `invalid-deployment`
 */
export async function readOutline(
  args: Omit<Arguments<typeof LANE_OPTIONS>, 'rest'>,
  environment: Environment,
): Promise<LaneOutline> {
  if (laneKindOf(args, environment) === 'omnichain') {
    const { omnichainOutline } = await import('../relayer/lanes/omnichain/routes.ts');
    const { readOmnichainDeployment } = await import('./omnichain/lane.ts');
    return omnichainOutline(readOmnichainDeployment(args, environment));
  }
  const { rollupOutline } = await import('../relayer/lanes/rollup/routes.ts');

  return rollupOutline(readDeployment(args, environment));
}

/**
 * The lane that was asked for, for a node with the settings that were given.
 * @throws {XdmError} as `readOutline`, `invalid-config`, `invalid-argument`
 */
export async function readNodeLane(
  args: Arguments<typeof ANY_NODE_OPTIONS>,
  environment: Environment,
): Promise<NodeLane> {
  if (laneKindOf(args, environment) === 'omnichain') {
    const { omnichainNodeLane } = await import('../relayer/lanes/omnichain/omnichainNodeLane.ts');
    const { readOmnichainDeployment } = await import('./omnichain/lane.ts');
    refuseOptions('omnichain', args, ROLLUP_ONLY);
    return omnichainNodeLane(readOmnichainDeployment(args, environment), await readOmnichainConfig(args, environment));
  }
  const { rollupNodeLane } = await import('../relayer/lanes/rollup/rollupNodeLane.ts');

  refuseOptions('rollup', args, OMNICHAIN_ONLY);
  return rollupNodeLane(readDeployment(args, environment), await readRollupConfig(args, environment));
}
