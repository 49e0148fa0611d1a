import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Contract, JsonRpcProvider } from 'ethers';
import { expect, onTestFinished, test } from 'vitest';

import { freePort } from '../../../devnet/ports.ts';
import { simulatedCommittee } from '../../../devnet/validators/committee.ts';
import { exampleReceiver } from '../../../sdk/abi/ExampleReceiver.ts';
import {
  findChain,
  parseOmnichainDeployment,
  type OmnichainDeployment,
} from '../../../sdk/core/omnichain/deployment.ts';
import { committeeRoot } from '../../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import { runCli } from '../../support/cli.ts';
import { readmeBlocks } from '../../support/readme.ts';
import { temporaryFolder } from '../../support/store.ts';
import { commandLines, firstOutput, isOpen, startXdm } from '../../support/xdmProcess.ts';

/** Seconds that a committee of a simulated validator set serves, and its members. */
const PERIOD_S = 64;
const COMMITTEE_SIZE = 32n;

/** Lets time go by on a chain, from its next block on. */
async function skip(lane: OmnichainDeployment, name: string, seconds: number): Promise<void> {
  const provider = new JsonRpcProvider(findChain(lane, name).rpcUrl);
  const block = await provider.getBlock('latest');
  await provider.send('evm_setNextBlockTimestamp', [block!.timestamp + seconds]);
  provider.destroy();
}

/** What the example receiver of a chain has heard. */
async function greetingOn(lane: OmnichainDeployment, name: string, receiver: string): Promise<string> {
  const provider = new JsonRpcProvider(findChain(lane, name).rpcUrl);
  const greeting = (await new Contract(receiver, exampleReceiver.abi, provider).getFunction('greeting')()) as string;
  provider.destroy();
  return greeting;
}

/** The README's first steps with this lane. */
function readmeSteps(): { readonly key: string; readonly commands: string[][] } {
  const block = readmeBlocks('sh').find((text) => text.includes('npx xdm transferOut'))!;
  const [, key] = /^export PRIVATE_KEY=(\w+)$/mu.exec(block)!;
  return { key: key!, commands: commandLines(block.replaceAll(/^/gmu, '  ')) };
}

test('xdm devnet --omnichain delivers what it and the README say while committees rotate, and leaves nothing running', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ports = [await freePort(), await freePort(), await freePort()];
  let told = '';
  const args = ['devnet', '--omnichain', '--ports', ports.join(','), '--data-dir', folder];
  const network = startXdm(args, (text) => (told += text));
  const printed = commandLines(await firstOutput(network));
  const path = join(folder, 'deployment.json');
  const lane = parseOmnichainDeployment(readFileSync(path, 'utf8'), path);
  const readme = readmeSteps();
  const env = { PRIVATE_KEY: readme.key, XDM_DEPLOYMENT: path };
  // What is signed in the relay chain's future is not believed there: its own clock first.
  for (const name of ['relay', 'A', 'B']) await skip(lane, name, PERIOD_S);

  const [first, second, ...others] = printed;
  const options = ['--deployment', path, '--private-key', readme.key];
  expect(readme.commands[0]).toEqual(first!.filter((word) => !options.includes(word)));
  const runs = await Promise.all([first!, second!].map(async (words) => await runCli([...words, '--json'])));
  const orders = runs.map(({ code, stdout, stderr }) => {
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    return JSON.parse(stdout) as { readonly orderId: string };
  });
  expect(orders).toEqual(orders.map(() => expect.objectContaining({ status: 'relayed' })));
  for (const name of ['A', 'B']) expect(await greetingOn(lane, name, optionOf(first!, '--target')!)).toBe('hello');
  const nextSteps = [...others, ...readme.commands.slice(1)].map(async (words) => {
    const all = words.map((word) => (word === 'ORDER' ? orders[0]!.orderId : word));
    return await runCli(all, { env });
  });
  const answers = await Promise.all(nextSteps);
  for (const { code, stderr } of answers) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of ['A', 'B']) await expect.poll(() => told).toContain(`set of ${name} has a new committee`);
  const rotations = [
    ...told.matchAll(/of (?<name>\w) has a new committee: period (?<period>\d+), root (?<root>\w+)/gu),
  ];
  for (const { groups } of rotations) {
    const { chainId } = findChain(lane, groups!['name']!);
    const committee = simulatedCommittee(chainId, BigInt(groups!['period']!), COMMITTEE_SIZE);
    expect(groups!['root']).toBe(committeeRoot(committee));
  }

  network.kill('SIGINT');
  expect(await once(network, 'exit')).toEqual([0, null]);
  const sources = lane.lightClients.flatMap((client) => client.sources.map((url) => Number(new URL(url).port)));
  for (const port of [...ports, ...sources]) expect(await isOpen(port)).toBe(false);
});

function optionOf(words: readonly string[], name: string): string | undefined {
  return words[words.indexOf(name) + 1];
}
