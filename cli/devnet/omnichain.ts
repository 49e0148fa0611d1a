import type { LocalNetworkOptions } from '../../devnet/localNetwork.ts';
import type { OmnichainDevnet, OmnichainDevnetOptions } from '../../devnet/omnichainDevnet.ts';
import type { Rotation } from '../../devnet/rotations.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { Arguments, OptionsByName } from '../command.ts';
import type { Output } from '../output.ts';
import { describeNetwork, laneOption, welcomeText, type ShownNetwork } from './welcome.ts';

const MAX_PORT = 65_535n;

const DEFAULT_PORTS = '8911,8910,8912';

/** Options of the network with an omnichain lane. */
export const OMNICHAIN_NETWORK_OPTIONS = {
  ports: {
    type: 'string',
    requiresArg: true,
    describe: `Ports of A, of the relay chain and of B on 127.0.0.1; ${DEFAULT_PORTS} unless given`,
  },
} as const satisfies OptionsByName;

type OmnichainArguments = Omit<Arguments<typeof OMNICHAIN_NETWORK_OPTIONS>, 'rest'>;

/**
 * Starts the network with an omnichain lane; what it tells while it runs are its rotations.
 * @throws {XdmError} `invalid-argument`, and as `startOmnichainDevnet`
 */
export async function startOmnichain(
  args: OmnichainArguments,
  common: LocalNetworkOptions,
  { log }: Pick<Output, 'log'>,
): Promise<ShownNetwork> {
  const { startOmnichainDevnet } = await import('../../devnet/omnichainDevnet.ts');
  const ports = await parsePorts(args.ports ?? DEFAULT_PORTS);
  const onRotation = ({ chain, period, root }: Rotation): void =>
    log(`the simulated validator set of ${chain} has a new committee: period ${period}, root ${root}`);
  const network = await startOmnichainDevnet({ ...common, ports, onRotation });
  return { network, values: describe(network), welcome: welcome(network, common) };
}

async function parsePorts(text: string): Promise<NonNullable<OmnichainDevnetOptions['ports']>> {
  const { parseNatural } = await import('../values.ts');
  const [A, relay, B, ...more] = text.split(',').map((each) => Number(parseNatural('ports', each.trim(), MAX_PORT)));
  if (A === undefined || relay === undefined || B === undefined || more.length > 0 || new Set([A, relay, B]).size < 3) {
    throw new XdmError('invalid-argument', `--ports has value "${text}"`, {
      hint: `give three different ports with commas between, such as ${DEFAULT_PORTS}`,
    });
  }
  return { A, relay, B };
}

function describe(network: OmnichainDevnet): ShownNetwork['values'] {
  const { relayChainId, chains, lightClients } = network.deployment;
  return {
    relayChainId: Number(relayChainId),
    receiver: network.receiver,
    chains: chains.map(({ chainId, name, service, rpcUrl }) => ({
      chainId: Number(chainId),
      name,
      rpcUrl,
      service,
    })),
    lightClients: lightClients.map(({ on, of, sources, ...client }) => ({
      on: Number(on),
      of: Number(of),
      ...client,
      sources: [...sources],
    })),
    ...describeNetwork(network),
  };
}

function welcome(network: OmnichainDevnet, { relayer, dataDir }: LocalNetworkOptions): string {
  const { deployment, accounts, receiver } = network;
  const lane = laneOption(network, dataDir);
  const nameOf = (id: bigint): string => deployment.chains.find(({ chainId }) => chainId === id)!.name;
  const chains = deployment.chains.flatMap(({ name, chainId, rpcUrl, service }) => [
    [name, `chain ${chainId} at ${rpcUrl}`] as const,
    ['', `service ${service}`] as const,
  ]);
  const sources = deployment.lightClients.map(({ of, kind, sources: [url] }): [string, string] =>
    kind === 'attestor'
      ? [`attestors of ${nameOf(of)}`, `a simulated attestor set, at ${url}`]
      : [`validators of ${nameOf(of)}`, `a simulated validator set, at ${url}`],
  );
  const key = accounts[0]?.privateKey ?? '';
  const send = (route: string, message: string): string =>
    `npx xdm transferOut${lane} ${route} --target ${receiver} ${message} --wait --private-key ${key}`;
  return welcomeText({
    network,
    places: [...chains, ...new Map(sources), ['receiver', `${receiver}, on each chain`]],
    ownerIs: 'Owner of the services',
    nodeSteps: relayer ? [] : [`  npx xdm relayer${lane}`],
    commands: [
      send('--from-chain A --to-chain B', "--sig 'greet(string)' hello"),
      // Is told the same by a message of the other type.
      send('--from-chain relay --to-chain A', '--type message --data 0x68656c6c6f'),
      `npx xdm list${lane}`,
      `npx xdm lightclient status${lane}`,
    ],
  });
}
