import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments } from '../command.ts';
import { OMNICHAIN_NETWORK_OPTIONS, startOmnichain } from '../devnet/omnichain.ts';
import { ROLLUP_OPTIONS, startRollup } from '../devnet/rollup.ts';
import { DEFAULT_DATA_DIR } from '../devnet/welcome.ts';
import { EXIT } from '../exitCodes.ts';

const MAX_PORT = 65_535n;

const DEFAULT_HTTP_PORT = 7300;

const MAX_BLOCK_TIME_S = 3600n;

const OPTIONS = {
  omnichain: {
    type: 'boolean',
    default: false,
    describe: 'A lane of chain A, a relay chain and chain B, with simulated validator sets, instead of a rollup',
  },
  ...ROLLUP_OPTIONS,
  ...OMNICHAIN_NETWORK_OPTIONS,
  'http-port': {
    type: 'string',
    requiresArg: true,
    describe: "Port of the node's metrics and API on 127.0.0.1; 7300 unless given, or a free one",
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
    describe: 'Without a node: nothing arrives, and no state root is committed, until `xdm relayer` runs',
  },
} as const;

export const devnet = defineCommand({
  name: 'devnet',
  parameters: '',
  arity: 0,
  summary: 'Starts local chains, deploys a lane, runs the node',
  details: `It runs until Ctrl-C, which ends the chains too, or until the npm ends that runs it. The accounts
it prints are public: never use them elsewhere.

With --omnichain each new committee of the simulated validator sets is told on stderr: one a
minute or so.`,
  options: OPTIONS,
  async run(args, { environment, output }) {
    const stopped = Promise.race([environment.untilStopped(), environment.untilAbandoned()]);
    verifyKind(args);
    const common = await parseCommon(args);
    output.log(`starting ${args.omnichain ? 'three' : 'two'} chains and deploying a lane ...`);
    const { network, values, welcome } = args.omnichain
      ? await startOmnichain(args, common, output)
      : await startRollup(args, common);
    if (output.json) output.data(values);
    else output.text(welcome);
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

/** Options of the other kind would be without effect. */
function verifyKind(args: Arguments<typeof OPTIONS>): void {
  const others = args.omnichain ? ROLLUP_OPTIONS : OMNICHAIN_NETWORK_OPTIONS;
  const typed = Object.keys(others).find((name) => args[name as keyof typeof args] !== undefined);
  if (typed === undefined) return;
  throw new XdmError(
    'invalid-argument',
    `--${typed} has no meaning ${args.omnichain ? 'with' : 'without'} --omnichain`,
    {
      hint: 'see `xdm devnet --help`',
    },
  );
}

async function parseCommon(args: Arguments<typeof OPTIONS>): Promise<{
  readonly httpPort: number | undefined;
  readonly blockTime: number;
  readonly dataDir: string;
  readonly relayer: boolean;
}> {
  const { parseNatural } = await import('../values.ts');
  return {
    httpPort: await httpPortOf(args['http-port']),
    blockTime: Number(parseNatural('block-time', args['block-time'], MAX_BLOCK_TIME_S, 1n)),
    dataDir: args['data-dir'],
    relayer: !args['no-relayer'],
  };
}

/** What is not asked for gives way to whom it is in the way of. */
async function httpPortOf(text: string | undefined): Promise<number | undefined> {
  const { parseNatural } = await import('../values.ts');
  const { isFree } = await import('../../devnet/ports.ts');
  if (text !== undefined) return Number(parseNatural('http-port', text, MAX_PORT));
  return (await isFree(DEFAULT_HTTP_PORT)) ? DEFAULT_HTTP_PORT : undefined;
}
