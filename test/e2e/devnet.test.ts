import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

import { JsonRpcProvider, Wallet } from 'ethers';
import { afterEach, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { freePort } from '../../devnet/ports.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { parseDeployment } from '../../sdk/core/deployment.ts';
import { runCli } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { commandLines, firstOutput, isOpen, startXdm } from '../support/xdmProcess.ts';

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const TARGET = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

interface Running {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly deploymentFile: string;
  readonly ports: readonly number[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `xdm devnet`, and waits until it has said what it has to say. */
async function startDevnet(...args: readonly string[]): Promise<Running> {
  const ports = [await freePort(), await freePort()];
  const [l1, l2] = ports;
  const all = ['devnet', '--l1-port', `${l1}`, '--l2-port', `${l2}`, '--data-dir', folder, ...args];
  const child = startXdm(all);
  return { child, stdout: await firstOutput(child), deploymentFile: join(folder, 'deployment.json'), ports };
}

async function stop({ child, ports }: Running, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
  for (const port of ports) expect(await isOpen(port)).toBe(false);
}

describe('xdm devnet', () => {
  test('prints what comes next, and what it prints works', async () => {
    const network = await startDevnet('--challenge-period', '1');
    const commands = commandLines(network.stdout);
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const { code, stderr } = await runCli(command);
      expect(stderr).not.toContain('error');
      expect(code).toBe(0);
    }
    const [, address, key] = /^Owner, challenger and guardian of the lane:\n\n {2}(0x\w{40}) {2}(0x\w{64})$/mu.exec(
      network.stdout,
    )!;
    expect(new Wallet(key!).address).toBe(address);
    const lane = parseDeployment(readFileSync(network.deploymentFile, 'utf8'), network.deploymentFile);
    const l1 = new JsonRpcProvider(lane.l1RpcUrl);
    expect(await stateCommitmentChainOf(lane, l1).challenger()).toBe(address);
    l1.destroy();
    await stop(network, 'SIGINT');
  });

  test('starts again in the same folder, with nothing left of the chains before', async () => {
    const first = await startDevnet();
    await runMain(['sendMessage', '--deployment', first.deploymentFile, ...messageFrom('l1'), '--wait']);
    await stop(first, 'SIGTERM');
    const second = await startDevnet('--json');

    expect(JSON.parse(second.stdout)).toMatchObject({ l1ChainId: 900, deploymentFile: second.deploymentFile });
    const { stdout } = await runMain(['list', '--deployment', second.deploymentFile, '--json']);
    expect(JSON.parse(stdout)).toEqual([]);
    await stop(second, 'SIGINT');
  });

  test('tells the commands where its node serves HTTP, and leaves its folder to no other network', async () => {
    const port = await freePort();
    const network = await startDevnet('--http-port', `${port}`);
    const { code, stdout } = await runMain(['doctor', '--deployment', network.deploymentFile]);

    expect(stdout).toContain(`port ${port} on 127.0.0.1 is that of this lane's node`);
    expect(code).toBe(0);
    const ports = [await freePort(), await freePort(), await freePort()];
    const other = await runMain(['devnet', '--omnichain', '--ports', ports.join(','), '--data-dir', folder]);
    expect(other.stderr).toContain(`the folder ${folder} is that of a local network whose node runs`);
    expect(other.code).toBe(1);
    await stop(network, 'SIGINT');
  });

  test('leaves the node to xdm relayer, which takes its settings from the folder', async () => {
    const network = await startDevnet('--no-relayer', '--json');
    const deployment = ['--deployment', network.deploymentFile];
    await runMain(['sendMessage', ...deployment, ...messageFrom('l1')]);
    const node = startXdm(['relayer', ...deployment]);
    expect(await firstOutput(node)).toContain('sequencer, proposer, relayer, watchtower');

    const second = await runMain(['relayer', ...deployment]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('in use by another node');
    const sent = await runMain(['sendMessage', ...deployment, ...messageFrom('l1'), '--wait', '--json']);
    expect(JSON.parse(sent.stdout)).toMatchObject({ status: 'relayed' });

    const output = text(node.stdout!);
    node.kill('SIGTERM');
    expect(await once(node, 'exit')).toEqual([0, null]);
    expect(await output).toBe('');
    await stop(network, 'SIGINT');
  });

  test('says without a node how to start one, and one that leaves relaying to whoever does it by hand', async () => {
    const network = await startDevnet('--no-relayer', '--challenge-period', '1');
    const commands = commandLines(network.stdout).filter(([name]) => name === 'relayer');
    const deployment = ['--deployment', network.deploymentFile];
    expect(commands).toEqual([
      ['relayer', ...deployment],
      ['relayer', ...deployment, '--roles', 'sequencer,proposer'],
    ]);
    const node = startXdm(commands[1]!);
    expect(await firstOutput(node)).toContain('sequencer, proposer');

    const wait = ['--wait', '--timeout', '8', '--json'];
    const late = await runMain(['sendMessage', ...deployment, ...messageFrom('l2'), ...wait]);
    const { messageHash, error } = JSON.parse(late.stdout) as { messageHash: string; error: unknown };
    expect(late.code).toBe(3);
    expect(error).toMatchObject({ hint: expect.stringMatching(`, or deliver it: xdm relayMessage ${messageHash}$`) });
    const relayed = await runMain(['relayMessage', ...deployment, messageHash, '--json', '--private-key', KEY]);
    expect(JSON.parse(relayed.stdout)).toMatchObject({ outcome: 'relayed' });
    await stop(network, 'SIGINT');
  });

  test('ends with the npm that runs it', async () => {
    const ports = [await freePort(), await freePort()];
    const places = ['--l1-port', `${ports[0]}`, '--l2-port', `${ports[1]}`, '--data-dir', folder];
    const child = spawn('npm', ['--silent', 'start', '--', '--no-relayer', ...places], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    // All that is left of it, if something is.
    onTestFailed(() => void process.kill(-child.pid!, 'SIGINT'));
    expect(await firstOutput(child)).toContain('The local network is up');
    const ended = text(child.stdout);
    child.kill('SIGTERM');
    // What runs below npm has its output open for as long as it lives.
    await ended;
    for (const port of ports) expect(await isOpen(port)).toBe(false);
  });

  test('names the port that is in use, and the option for another one', async () => {
    const network = await startDevnet('--no-relayer', '--json');
    const port = `${network.ports[0]}`;
    const second = await runMain(['devnet', '--l1-port', port, '--data-dir', join(folder, 'other')]);

    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`port ${port} on 127.0.0.1 is in use`);
    expect(second.stderr).toContain('--l1-port');
    expect(existsSync(join(folder, 'other'))).toBe(false);
    await stop(network, 'SIGINT');
  });
});

test('xdm relayer refuses a proposer or a challenger that is none, and a setting that is none, by name', async () => {
  const network = await startDevnet('--no-relayer', '--json');
  const relayer = ['relayer', '--deployment', network.deploymentFile, '--store', join(folder, 'own.sqlite')];
  const stranger = await runMain([...relayer, '--proposer-private-key', KEY]);
  expect(stranger.code).toBe(1);
  expect(stranger.stderr).toContain("the lane's proposer is 0x");
  expect(stranger.stderr).not.toContain(KEY.slice(2));
  const doubter = await runMain([...relayer, '--roles', 'watchtower', '--challenger-private-key', KEY]);
  expect(doubter.code).toBe(1);
  expect(doubter.stderr).toContain("the lane's challenger is 0x");

  const wrong = await runMain([...relayer, '--poll-interval', 'often']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('"pollInterval" has value "often"');
  await stop(network, 'SIGINT');
});

test('the demonstrations succeed, and leave nothing running', async () => {
  const child = spawn(process.execPath, ['tools/demo.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = await text(child.stdout);
  const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number | null]) : [child.exitCode];

  expect(code).toBe(0);
  expect(output).toContain('Both greetings arrived.');
  expect(output).toContain('The greeting arrived on B.');
  const ports = [...output.matchAll(/127\.0\.0\.1:(\d+)/gu)].map(([, port]) => Number(port));
  expect(ports).toHaveLength(5);
  for (const port of ports) expect(await isOpen(port)).toBe(false);
});

function messageFrom(chain: string): string[] {
  return ['--from-chain', chain, '--target', TARGET, '--data', '0x', '--value', '1', '--private-key', KEY];
}
