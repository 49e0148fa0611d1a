import {
  connectL1,
  connectL2,
  connectLane,
  disconnect,
  type L1Client,
  type L2Client,
  type LaneClient,
} from '../sdk/chain/client.ts';
import { parseDeployment, type Deployment } from '../sdk/core/deployment.ts';
import type { Arguments, Environment } from './command.ts';
import { deploymentPath, readDeploymentText } from './deploymentFile.ts';
import type { LANE_OPTIONS } from './options.ts';
import { endpointOf } from './values.ts';

type LaneArguments = Omit<Arguments<typeof LANE_OPTIONS>, 'rest'>;

/**
 * Connects to the lane that was asked for, as long as `use` runs.
 * @throws {XdmError} `deployment-not-found`, `invalid-deployment`, what `connectLane` and `use` throw
 */
export async function withLane<T>(
  args: LaneArguments,
  environment: Environment,
  use: (client: LaneClient) => Promise<T>,
): Promise<T> {
  const client = await connectLane(readDeployment(args, environment), {
    l1RpcUrl: endpointOf('l1', args, environment),
    l2RpcUrl: endpointOf('l2', args, environment),
  });
  try {
    return await use(client);
  } finally {
    disconnect(client);
  }
}

/**
 * Connects to the L1 of the lane that was asked for, as long as `use` runs: L2 may stand still.
 * @throws {XdmError} as `withLane`
 */
export async function withL1<T>(
  args: LaneArguments,
  environment: Environment,
  use: (client: L1Client) => Promise<T>,
): Promise<T> {
  const lane = readDeployment(args, environment);
  const client = await connectL1(lane, { l1RpcUrl: endpointOf('l1', args, environment) });
  try {
    return await use(client);
  } finally {
    client.l1.destroy();
  }
}

/**
 * Connects to the L2 of the lane that was asked for, as long as `use` runs.
 * @param requestTimeout milliseconds to wait for an answer at most
 * @throws {XdmError} as `withLane`
 */
export async function withL2<T>(
  args: LaneArguments,
  environment: Environment,
  use: (client: L2Client) => Promise<T>,
  requestTimeout?: number,
): Promise<T> {
  const lane = readDeployment(args, environment);
  const client = await connectL2(lane, { l2RpcUrl: endpointOf('l2', args, environment), requestTimeout });
  try {
    return await use(client);
  } finally {
    client.l2.destroy();
  }
}

/**
 * The lane that was asked for.
 * @throws {XdmError} `deployment-not-found`, `invalid-deployment`
 */
export function readDeployment(args: LaneArguments, environment: Environment): Deployment {
  return parseDeployment(readDeploymentText(args, environment), deploymentPath(args, environment));
}
