import {
  chainOf,
  connectOmnichain,
  disconnectOmnichain,
  type ConnectedChain,
  type ConnectOmnichainOptions,
  type OmnichainClient,
} from '../../sdk/chain/omnichain/client.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { listEndpointsByName } from '../../sdk/core/endpoint.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import {
  findChain,
  parseOmnichainDeployment,
  type OmnichainChain,
  type OmnichainDeployment,
} from '../../sdk/core/omnichain/deployment.ts';
import type { Arguments, Environment } from '../command.ts';
import { deploymentPath, readDeploymentText, type DeploymentArguments } from '../deploymentFile.ts';
import type { OMNICHAIN_OPTIONS } from '../options.ts';

type OmnichainArguments = Omit<Arguments<typeof OMNICHAIN_OPTIONS>, 'rest'>;

/**
 * The omnichain lane that was asked for.
 * @throws {XdmError} `deployment-not-found`, `invalid-deployment`
 */
export function readOmnichainDeployment(args: DeploymentArguments, environment: Environment): OmnichainDeployment {
  return parseOmnichainDeployment(readDeploymentText(args, environment), deploymentPath(args, environment));
}

/** What to connect to, and what for. */
export interface OmnichainUse<T> {
  /** Ids of the chains that it takes; all of them where it is not given. */
  readonly chains?: ((lane: OmnichainDeployment) => readonly bigint[]) | undefined;
  readonly use: (client: OmnichainClient) => Promise<T>;
}

/**
 * Connects to the omnichain lane that was asked for, as long as `use` runs.
 * @throws {XdmError} what reading the deployment, `connectOmnichain`, `chains` and `use` throw, and `invalid-argument` for endpoints of
 * no chain
 */
export async function withOmnichain<T>(
  args: OmnichainArguments,
  environment: Environment,
  { chains, use }: OmnichainUse<T>,
): Promise<T> {
  const lane = readOmnichainDeployment(args, environment);
  const rpcUrls = rpcUrlsOf(lane, args, environment);
  const client = await connectOmnichain(lane, { rpcUrls, only: chains?.(lane) });
  try {
    return await use(client);
  } finally {
    disconnectOmnichain(client);
  }
}

/**
 * Connects to those chains of the omnichain lane that answer, as long as `use` runs.
 * @param use takes what speaks against the others, by chain id
 * @param onWrong told of light clients that are not what the deployment says; without it, it speaks against their chain
 * @throws {XdmError} what reading the deployment, `chains` and `use` throw, and `invalid-argument` for endpoints of no chain
 */
export async function withReachable<T>(
  args: OmnichainArguments,
  environment: Environment,
  {
    chains,
    onWrong,
    use,
  }: Pick<ConnectOmnichainOptions, 'onWrong'> & {
    readonly chains: (lane: OmnichainDeployment) => readonly bigint[];
    readonly use: (client: OmnichainClient, silent: ReadonlyMap<bigint, XdmError>) => Promise<T>;
  },
): Promise<T> {
  const lane = readOmnichainDeployment(args, environment);
  const rpcUrls = rpcUrlsOf(lane, args, environment);
  const connected = new Map<bigint, ConnectedChain>();
  const silent = new Map<bigint, XdmError>();
  await Promise.all(
    [...new Set(chains(lane))].map(async (chainId) => {
      try {
        const one = await connectOmnichain(lane, { rpcUrls, only: [chainId], onWrong });
        connected.set(chainId, chainOf(one, chainId));
      } catch (error) {
        silent.set(chainId, toXdmError(error));
      }
    }),
  );
  const client = { lane, chains: connected };
  try {
    return await use(client, silent);
  } finally {
    disconnectOmnichain(client);
  }
}

/**
 * The endpoints that are asked for, by chain id; what is typed goes before the environment.
 * @throws {XdmError} `invalid-argument`
 */
export function rpcUrlsOf(
  lane: { readonly chains: readonly Pick<OmnichainChain, 'chainId' | 'name'>[] },
  args: Pick<OmnichainArguments, 'rpc-urls'>,
  { variables }: Environment,
): Record<string, string[]> {
  const text = args['rpc-urls'] ?? variables['XDM_RPC_URLS'];
  const byName = text === undefined ? {} : listEndpointsByName(text);
  if ('' in byName) {
    throw new XdmError('invalid-argument', '--rpc-urls does not begin with the name of a chain', {
      hint: "give the chains' endpoints as A=URL,B=URL; more of one chain follow after commas",
    });
  }
  return Object.fromEntries(Object.entries(byName).map(([name, urls]) => [`${findChain(lane, name).chainId}`, urls]));
}
