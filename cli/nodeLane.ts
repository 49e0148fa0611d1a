import type { NodeLane } from '../relayer/lanes/nodeLane.ts';
import type { Arguments, Environment } from './command.ts';
import { readConfig, type NODE_OPTIONS } from './commands/relayer.ts';
import { deploymentPath, readDeployment } from './lane.ts';

/**
 * The lane that a node is to carry, with its settings. Its deployment file says of which kind it is: so far all are a rollup's.
 * @throws {XdmError} `deployment-not-found`, `invalid-deployment`, `invalid-config`, `invalid-argument`
 */
export async function readNodeLane(args: Arguments<typeof NODE_OPTIONS>, environment: Environment): Promise<NodeLane> {
  const { rollupNodeLane } = await import('../relayer/lanes/rollup/rollupNodeLane.ts');

  const deployment = readDeployment(args, environment);
  return rollupNodeLane(deployment, await readConfig(args, environment, deploymentPath(args, environment)));
}
