import type { Devnet } from '../../devnet/devnet.ts';
import type { LocalNetworkOptions } from '../../devnet/localNetwork.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { Arguments, OptionsByName } from '../command.ts';
import { describeNetwork, laneOption, welcomeText, type ShownNetwork } from './welcome.ts';

const MAX_PORT = 65_535n;

/** A year, which the contract allows at most. */
const MAX_CHALLENGE_PERIOD = 31_536_000n;

/** Options of the network with a rollup's lane. */
export const ROLLUP_OPTIONS = {
  'l1-port': { type: 'string', requiresArg: true, describe: 'Port of L1 on 127.0.0.1; 8545 unless given' },
  'l2-port': { type: 'string', requiresArg: true, describe: 'Port of L2 on 127.0.0.1; 9545 unless given' },
  'challenge-period': {
    type: 'string',
    requiresArg: true,
    describe: 'Seconds a state batch can be challenged before messages are relayed from it; 10 unless given',
  },
} as const satisfies OptionsByName;

type RollupArguments = Omit<Arguments<typeof ROLLUP_OPTIONS>, 'rest'>;

/**
 * Starts the network with a rollup's lane.
 * @throws {XdmError} `invalid-argument`, and as `startDevnet`
 */
export async function startRollup(args: RollupArguments, common: LocalNetworkOptions): Promise<ShownNetwork> {
  const { startDevnet } = await import('../../devnet/devnet.ts');
  const network = await startDevnet({ ...(await parse(args)), ...common });
  return { network, values: describe(network), welcome: welcome(network, common) };
}

async function parse(args: RollupArguments): Promise<{
  readonly l1Port: number;
  readonly l2Port: number;
  readonly challengePeriod: bigint;
}> {
  const { parseNatural } = await import('../values.ts');
  const l1Port = Number(parseNatural('l1-port', args['l1-port'] ?? '8545', MAX_PORT));
  const l2Port = Number(parseNatural('l2-port', args['l2-port'] ?? '9545', MAX_PORT));
  if (l1Port === l2Port) {
    throw new XdmError('invalid-argument', `--l1-port and --l2-port are both ${l1Port}`, { hint: 'give two ports' });
  }
  const challengePeriod = parseNatural('challenge-period', args['challenge-period'] ?? '10', MAX_CHALLENGE_PERIOD, 1n);
  return { l1Port, l2Port, challengePeriod };
}

function describe(network: Devnet): ShownNetwork['values'] {
  const { deployment } = network;
  return {
    l1RpcUrl: network.l1RpcUrl,
    l2RpcUrl: network.l2RpcUrl,
    l1ChainId: Number(deployment.l1ChainId),
    l2ChainId: Number(deployment.l2ChainId),
    ...describeNetwork(network),
  };
}

function welcome(network: Devnet, { relayer, dataDir }: LocalNetworkOptions): string {
  const { deployment, accounts } = network;
  const lane = laneOption(network, dataDir);
  const target = accounts[1]?.address ?? '';
  const key = accounts[0]?.privateKey ?? '';
  const send = (from: string, value: string): string =>
    `npx xdm sendMessage${lane} --from-chain ${from} --target ${target} --data 0x --value ${value} --wait --private-key ${key}`;
  const node = `  npx xdm relayer${lane}`;
  return welcomeText({
    network,
    places: [
      ['L1', `chain ${deployment.l1ChainId} at ${network.l1RpcUrl}`],
      ['L2', `chain ${deployment.l2ChainId} at ${network.l2RpcUrl}`],
      ['L1 messenger', deployment.l1Messenger],
      ['L2 messenger', deployment.l2Messenger],
    ],
    ownerIs: 'Owner, challenger and guardian of the lane',
    nodeSteps: relayer
      ? []
      : [
          node,
          '',
          'or one that leaves it to you to relay from L2 by hand, with `npx xdm relayMessage HASH`:',
          '',
          `${node} --roles sequencer,proposer`,
        ],
    commands: [send('l1', '1ether'), send('l2', '0.5ether'), `npx xdm list${lane}`],
  });
}
