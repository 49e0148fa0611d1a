import type { Devnet } from '../../devnet/devnet.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import type { Values } from '../format.ts';

const MAX_PORT = 65_535n;

const DEFAULT_HTTP_PORT = 7300;

/** A year, which the contract allows at most. */
const MAX_CHALLENGE_PERIOD = 31_536_000n;

const MAX_BLOCK_TIME_S = 3600n;

const DEFAULT_DATA_DIR = '.xdm';

const OPTIONS = {
  'l1-port': { type: 'string', requiresArg: true, default: '8545', describe: 'Port of L1 on 127.0.0.1' },
  'l2-port': { type: 'string', requiresArg: true, default: '9545', describe: 'Port of L2 on 127.0.0.1' },
  'http-port': {
    type: 'string',
    requiresArg: true,
    describe: "Port of the node's metrics and API on 127.0.0.1; 7300 unless given, or a free one",
  },
  'challenge-period': {
    type: 'string',
    requiresArg: true,
    default: '10',
    describe: 'Seconds a state batch can be challenged before messages are relayed from it',
  },
  'block-time': { type: 'string', requiresArg: true, default: '1', describe: 'Seconds between two blocks' },
  'data-dir': {
    type: 'string',
    requiresArg: true,
    default: DEFAULT_DATA_DIR,
    describe: "Folder for the deployment file and the node's files; an earlier network's are replaced",
  },
  'no-relayer': {
    type: 'boolean',
    default: false,
    describe: 'Without a node: nothing executes the queue or commits state roots until `xdm relayer` runs',
  },
} as const;

export const devnet = defineCommand({
  name: 'devnet',
  parameters: '',
  arity: 0,
  summary: 'Starts two local chains, deploys a lane, runs the node',
  details:
    'It runs until Ctrl-C, which ends the chains too, or until the npm ends that runs it. The accounts it prints are public: never use them elsewhere.',
  options: OPTIONS,
  async run(args, { environment, output }) {
    const stopped = Promise.race([environment.untilStopped(), environment.untilAbandoned()]);
    const { startDevnet } = await import('../../devnet/devnet.ts');
    const options = await parse(args);
    output.log('starting two chains and deploying a lane ...');
    const network = await startDevnet({ ...options, relayer: !args['no-relayer'] });
    if (output.json) output.data(describe(network));
    else output.text(welcome(network, args));
    const isBroken = await Promise.race([stopped.then(() => false), network.broken.then(() => true)]);
    output.log('stopping ...');
    await network.stop();
    if (!isBroken) return EXIT.done;
    // Not an error of the output: it has said what it has to say.
    output.log(
      `error: a chain of the local network has ended by itself; start it again (the node's log: ${network.logPath})`,
    );
    return EXIT.error;
  },
});

async function parse(args: Arguments<typeof OPTIONS>): Promise<{
  readonly l1Port: number;
  readonly l2Port: number;
  readonly httpPort: number | undefined;
  readonly challengePeriod: bigint;
  readonly blockTime: number;
  readonly dataDir: string;
}> {
  const { parseNatural } = await import('../values.ts');
  const l1Port = Number(parseNatural('l1-port', args['l1-port'], MAX_PORT));
  const l2Port = Number(parseNatural('l2-port', args['l2-port'], MAX_PORT));
  if (l1Port === l2Port) {
    throw new XdmError('invalid-argument', `--l1-port and --l2-port are both ${l1Port}`, { hint: 'give two ports' });
  }
  return {
    l1Port,
    l2Port,
    httpPort: await httpPortOf(args['http-port']),
    challengePeriod: parseNatural('challenge-period', args['challenge-period'], MAX_CHALLENGE_PERIOD, 1n),
    blockTime: Number(parseNatural('block-time', args['block-time'], MAX_BLOCK_TIME_S, 1n)),
    dataDir: args['data-dir'],
  };
}

/** What is not asked for gives way to whom it is in the way of. */
async function httpPortOf(text: string | undefined): Promise<number | undefined> {
  const { parseNatural } = await import('../values.ts');
  const { isFree } = await import('../../devnet/ports.ts');
  if (text !== undefined) return Number(parseNatural('http-port', text, MAX_PORT));
  return (await isFree(DEFAULT_HTTP_PORT)) ? DEFAULT_HTTP_PORT : undefined;
}

function describe(network: Devnet): Values {
  const { deployment, accounts, owner } = network;
  return {
    l1RpcUrl: network.l1RpcUrl,
    l2RpcUrl: network.l2RpcUrl,
    httpUrl: network.httpUrl,
    l1ChainId: Number(deployment.l1ChainId),
    l2ChainId: Number(deployment.l2ChainId),
    deploymentFile: network.deploymentPath,
    settingsFile: network.settingsPath,
    accounts: accounts.map(({ address, privateKey }) => ({ address, privateKey })),
    owner: { address: owner.address, privateKey: owner.privateKey },
  };
}

/** What a newcomer needs to go on. */
function welcome(network: Devnet, args: Arguments<typeof OPTIONS>): string {
  const { deployment, accounts, owner } = network;
  const isDefault = args['data-dir'] === DEFAULT_DATA_DIR;
  const lane = isDefault ? '' : ` --deployment ${network.deploymentPath}`;
  const target = accounts[1]?.address ?? '';
  const key = accounts[0]?.privateKey ?? '';
  const send = (from: string, value: string): string =>
    `  npx xdm sendMessage${lane} --from-chain ${from} --target ${target} --data 0x --value ${value} --wait --private-key ${key}`;
  const node = `  npx xdm relayer${lane}`;
  return [
    'The local network is up; Ctrl-C stops it.',
    '',
    `  L1           chain ${deployment.l1ChainId} at ${network.l1RpcUrl}`,
    `  L2           chain ${deployment.l2ChainId} at ${network.l2RpcUrl}`,
    `  L1 messenger ${deployment.l1Messenger}`,
    `  L2 messenger ${deployment.l2Messenger}`,
    `  deployment   ${network.deploymentPath}`,
    ...(args['no-relayer']
      ? []
      : [
          `  node's log   ${network.logPath}`,
          `  node's API   ${network.httpUrl ?? 'none'}/v1/lanes, /metrics, /readyz`,
        ]),
    '',
    'Accounts, funded on both chains, and their keys (public: worth nothing elsewhere):',
    '',
    ...accounts.map(({ address, privateKey }) => `  ${address}  ${privateKey}`),
    '',
    'Owner, challenger and guardian of the lane:',
    '',
    `  ${owner.address}  ${owner.privateKey}`,
    '',
    ...(args['no-relayer']
      ? [
          'Next, in another terminal, the node, without which no message arrives:',
          '',
          node,
          '',
          'or one that leaves it to you to relay from L2 by hand, with `npx xdm relayMessage HASH`:',
          '',
          `${node} --roles sequencer,proposer`,
          '',
          'Then, in a third terminal:',
        ]
      : ['Next, in another terminal:']),
    '',
    send('l1', '1ether'),
    send('l2', '0.5ether'),
    `  npx xdm list${lane}`,
  ].join('\n');
}
