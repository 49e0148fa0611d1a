// Where the tests of an omnichain lane's commands run them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { serializeOmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import type { CliRun } from './cli.ts';
import { runMain } from './cliMain.ts';
import { A, RELAY, startOmnichainLane, text, type OmnichainLane } from './omnichainLane.ts';

/** A lane, its deployment file in a folder, and an account that all commands have. */
export interface OmnichainCli {
  readonly lane: OmnichainLane;
  readonly folder: string;
  xdm(...args: readonly string[]): Promise<CliRun>;
  /** What a run with --json has printed, which must end with this exit code. */
  json(code: number, ...args: readonly string[]): Promise<Record<string, unknown>>;
  /** Calls a function of a chain's counterpart. */
  call(id: bigint, name: string, ...args: unknown[]): Promise<void>;
  /** The command that sends a message of type `message` to the counterpart on a chain. */
  sending(from: string, to: string, at: bigint, words: string): Promise<string[]>;
  /** Makes the newest blocks of the relay chain final, and leaves it to others to say so. */
  mineOnRelay(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOmnichainCli(): Promise<OmnichainCli> {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-omnichain-'));
  const lane = await startOmnichainLane();
  const deployment = join(folder, 'lane.json');
  writeFileSync(deployment, serializeOmnichainDeployment(lane.client.lane));
  const xdm = async (...args: readonly string[]): Promise<CliRun> =>
    await runMain(args, { XDM_DEPLOYMENT: deployment, PRIVATE_KEY: lane.account(A).privateKey });
  return {
    lane,
    folder,
    xdm,
    async json(code, ...args) {
      const run = await xdm(...args, '--json');
      if (run.code !== code) throw new Error(`it ended with ${run.code}: ${run.stdout}${run.stderr}`);
      return JSON.parse(run.stdout) as Record<string, unknown>;
    },
    async call(id, name, ...args) {
      const { hash } = await lane
        .counterpart(id)
        .getFunction(name)
        .send(...args);
      await waitForReceipt(lane.chain(id).provider, hash);
    },
    async sending(from, to, at, words) {
      const target = await lane.counterpart(at).getAddress();
      const route = ['--from-chain', from, '--to-chain', to];
      return ['transferOut', ...route, '--target', target, '--type', 'message', '--data', text(words)];
    },
    mineOnRelay: async () => void ((await lane.chain(RELAY).provider.send('anvil_mine', ['0x3', '0x1'])) as null),
    async stop() {
      await lane.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
