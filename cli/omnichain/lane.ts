import { connectOmnichain, disconnectOmnichain, type OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { findChain, parseOmnichainDeployment, type OmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
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
 * The endpoints that are asked for, by chain id; what is typed goes before the environment.
 * @throws {XdmError} `invalid-argument`
 */
export function rpcUrlsOf(
  lane: OmnichainDeployment,
  args: Pick<OmnichainArguments, 'rpc-urls'>,
  { variables }: Environment,
): Record<string, string[]> {
  const text = args['rpc-urls'] ?? variables['XDM_RPC_URLS'];
  const urls: Record<string, string[]> = {};
  let chain: string | undefined;
  for (const part of text?.split(',') ?? []) {
    // What a chain's name and a sign of equality begin is no URL.
    const [, name, first] = /^ *([\w-]+)=(.*)$/u.exec(part) ?? [];
    if (name !== undefined) chain = `${findChain(lane, name).chainId}`;
    if (chain === undefined) {
      throw new XdmError('invalid-argument', '--rpc-urls does not begin with the name of a chain', {
        hint: "give the chains' endpoints as A=URL,B=URL; more of one chain follow after commas",
      });
    }
    (urls[chain] ??= []).push((first ?? part).trim());
  }
  return urls;
}

/**
 * Makes sure that no option is typed that only a rollup's lane has.
 * @throws {XdmError} `invalid-argument`
 */
export function refuseForOmnichain(args: Readonly<Record<string, unknown>>, options: readonly string[]): void {
  const typed = options.find((name) => args[name] !== undefined && args[name] !== false);
  if (typed === undefined) return;
  throw new XdmError('invalid-argument', `--${typed} is for a rollup's lane, and this one is an omnichain lane`, {
    hint: typed.endsWith('-rpc-url') ? 'give endpoints with --rpc-urls' : 'leave it out',
  });
}
