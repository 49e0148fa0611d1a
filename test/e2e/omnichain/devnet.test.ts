import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Contract, JsonRpcProvider } from 'ethers';
import { expect, onTestFinished, test } from 'vitest';

import { devnetAccount } from '../../../devnet/accounts.ts';
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
import { createProject } from '../../support/project.ts';
import { codeBlocks, readmeBlocks } from '../../support/readme.ts';
import { temporaryFolder } from '../../support/store.ts';
import { commandLines, firstOutput, isOpen, startXdm } from '../../support/xdmProcess.ts';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };

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

/** Runs the documents' programs, each with an account of its own, and returns what they print. */
async function runPrograms(lane: OmnichainDeployment, deployment: string): Promise<string[]> {
  const { chainId } = findChain(lane, 'A');
  const [beacon] = lane.lightClients.find(({ of }) => of === chainId)!.sources;
  const variables = { XDM_DEPLOYMENT: deployment, BEACON_URL: beacon };
  const project = createProject(
    {
      'omnichain.mts': codeBlocks('docs/omnichain.md', 'ts')[0]!,
      'replacement.mts': codeBlocks('docs/adding-a-chain.md', 'ts')[0]!,
      'node_modules/xdm/package.json': '{ "name": "xdm", "type": "module", "exports": "./sdk/index.ts" }',
    },
    { packages: Object.keys(dependencies) },
  );
  onTestFinished(() => project.remove());
  project.link('sdk', 'node_modules/xdm/sdk');
  const programs = ['omnichain.mts', 'replacement.mts relay A sync-committee'];
  return await Promise.all(
    programs.map(async (program, index) => {
      const env = Object.entries({ ...variables, PRIVATE_KEY: devnetAccount(index + 3).privateKey });
      const assignments = env.map(([name, value]) => `${name}=${value}`);
      const { code, stdout, stderr } = await project.run('env', ...assignments, 'node', ...program.split(' '));
      expect({ program, code, stderr }).toEqual({ program, code: 0, stderr: '' });
      return stdout;
    }),
  );
}

/** What the light client knows whose address the program for replacements printed: a chain's id. */
async function chainIdOfReplacement(lane: OmnichainDeployment, output: string): Promise<bigint> {
  const [, address] = /^will believe .+\ndeployed at (0x\w{40})\n$/u.exec(output)!;
  const provider = new JsonRpcProvider(findChain(lane, 'relay').rpcUrl);
  const client = new Contract(address!, ['function chainId() view returns (uint256)'], provider);
  const chainId = (await client.getFunction('chainId')()) as bigint;
  provider.destroy();
  return chainId;
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
  for (const name of ['relay', 'A', 'B']) await skip(lane, name, 3 * PERIOD_S);

  const [first, second, ...others] = printed;
  const options = ['--deployment', path, '--private-key', readme.key];
  expect(readme.commands[0]).toEqual(first!.filter((word) => !options.includes(word)));
  const [runs, [sent, replacement]] = await Promise.all([
    Promise.all([first!, second!].map(async (words) => await runCli([...words, '--json']))),
    runPrograms(lane, path),
  ]);
  const orders = runs.map(({ code, stdout, stderr }) => {
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    return JSON.parse(stdout) as { readonly orderId: string };
  });
  expect(orders).toEqual(orders.map(() => expect.objectContaining({ status: 'relayed' })));
  for (const name of ['A', 'B']) expect(await greetingOn(lane, name, optionOf(first!, '--target')!)).toBe('hello');
  expect(sent).toMatch(/^costs \d+ wei\norder 0x\w{64}\n(?:[\w-]+\n)*relayed\n$/u);
  expect(await chainIdOfReplacement(lane, replacement!)).toBe(findChain(lane, 'A').chainId);
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
