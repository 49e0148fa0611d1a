import { afterAll, beforeAll, expect, test } from 'vitest';

import { runCli } from '../support/cli.ts';
import { startNetwork, type Network } from '../support/network.ts';
import { readmeBlocks } from '../support/readme.ts';

/** Done; and for a message whose window is still open, "not ready". */
const ANSWERS = [0, 4];

let network: Network;

beforeAll(async () => {
  network = await startNetwork({ challengePeriod: 1n });
});

afterAll(async () => {
  await network.stop();
});

test("the README's first steps work as they are written", async () => {
  const block = readmeBlocks('sh').find((text) => text.includes('export PRIVATE_KEY'))!;
  const [, privateKey] = /^export PRIVATE_KEY=(\w+)$/mu.exec(block)!;
  const env = { PRIVATE_KEY: privateKey!, XDM_DEPLOYMENT: network.deploymentPath };
  const commands = [...block.matchAll(/^npx xdm (.*)$/gmu)].map(([, words]) => words!.split(' '));

  let hash = '';
  for (const words of commands) {
    const args = words.map((word) => (word === 'HASH' ? hash : word));
    const { code, stdout, stderr } = await runCli(args, { env });
    expect(stderr).not.toContain('error');
    expect(ANSWERS).toContain(code);
    hash = /messageHash: +(0x\w{64})/u.exec(stdout)?.[1] ?? hash;
  }
  expect(commands.map(([name]) => name)).toEqual([
    'sendMessage',
    'sendMessage',
    'list',
    'status',
    'proof',
    'relayMessage',
  ]);
});
