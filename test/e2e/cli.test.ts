import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listMessages } from '../../sdk/actions/listMessages.ts';
import { relayMessage } from '../../sdk/actions/relayMessage.ts';
import { connectLane, disconnect, type LaneClient } from '../../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf, type MessageProof } from '../../sdk/chain/contracts.ts';
import { parseDeployment } from '../../sdk/core/deployment.ts';
import type { Message } from '../../sdk/core/message.ts';
import { deployArtifact, startChain, type Chain } from '../support/chain.ts';
import type { CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { mineAt } from '../support/clock.ts';
import { commitBlocks } from '../support/commitBlocks.ts';
import { executeQueue } from '../support/executeQueue.ts';
import { deployFragile } from '../support/fragile.ts';

const TARGET = '0x00000000000000000000000000000000000000AA';
const WINDOW = 600;

/** As --json prints it. */
type Json = Readonly<Record<string, unknown>>;

let folder: string;
let l1: Chain;
let l2: Chain;
let client: LaneClient;
let executed = 0n;
/** First L1 timestamp at which all that is committed can be relayed. */
let windowEnd = 0n;
let deployed: Json;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-cli-'));
  [l1, l2] = await Promise.all([startChain(900), startChain(901, ['--network', 'optimism'])]);
  const file = join(folder, 'deployment.json');
  const endpoints = ['--l1-rpc-url', l1.url, '--l2-rpc-url', l2.url];
  const terms = ['--private-key', key(0), '--challenge-period', `${WINDOW}`];
  deployed = json(await runMain(['deploy', ...endpoints, ...terms, '--out', file, '--json']));
  client = await connectLane(parseDeployment(readFileSync(file, 'utf8'), file));
});

afterAll(async () => {
  disconnect(client);
  await Promise.all([l1.stop(), l2.stop()]);
  rmSync(folder, { recursive: true });
});

function key(index: number): string {
  return l1.account(index).privateKey;
}

async function xdm(...args: readonly string[]): Promise<CliRun> {
  return await xdmWatched(args, {});
}

/** Runs a command on the lane, and does something for each line on stderr that begins in a certain way. */
async function xdmWatched(
  args: readonly string[],
  reactions: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<CliRun> {
  const onStderr = (text: string): void => {
    for (const [start, react] of Object.entries(reactions)) if (text.startsWith(start)) void react();
  };
  const environment = { XDM_DEPLOYMENT: join(folder, 'deployment.json'), PRIVATE_KEY: key(1) };
  return await runMain(args, environment, onStderr);
}

/** The one document on stdout. */
function json({ stdout }: CliRun): Json {
  return JSON.parse(stdout) as Json;
}

async function send(fromChain: 'l1' | 'l2', target: string, ...more: readonly string[]): Promise<Json> {
  return json(await xdm('sendMessage', '--from-chain', fromChain, '--target', target, '--json', ...more));
}

async function relayNewest(): Promise<void> {
  for await (const message of listMessages(client, 'l2')) {
    await relayMessage(client, { message, signer: l1.account(2) });
    break;
  }
}

async function commit(): Promise<void> {
  const { timestamp } = await commitBlocks(client, l1.account(0));
  windowEnd = timestamp + BigInt(WINDOW);
}

async function passWindow(): Promise<void> {
  await mineAt(l1.provider, windowEnd);
}

async function execute(): Promise<void> {
  executed += BigInt((await executeQueue(client, executed)).length);
}

test('deploy describes the lane in a file and says who holds its roles', () => {
  const account = l1.account(0).address;

  expect(deployed).toMatchObject({ l1ChainId: 900, l2ChainId: 901, fraudProofWindow: WINDOW, valueEnabled: true });
  expect(deployed).toMatchObject({ deposits: 'sequencer', l1RpcUrl: l1.url, l2RpcUrl: l2.url });
  expect(deployed).toMatchObject({ owner: account, proposer: account, challenger: account, guardian: account });
  expect(client.lane.l1Messenger).toBe(deployed['l1Messenger']);
});

describe('a message from L2', () => {
  test('is followed from status to status, and proven', async () => {
    const sent = await xdm(
      'send-message',
      '--from-chain',
      'l2',
      '--target',
      TARGET,
      '--data',
      '0x',
      '--value',
      '1gwei',
    );
    const hash = /messageHash: +(0x\w+)/u.exec(sent.stdout)?.[1] ?? '';
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(sent.stdout).toMatch(/^transactionHash: 0x\w{64}\nblockNumber: +\d+\nmessageNonce: +\d+\nfromChain: +l2$/mu);
    expect(json(await xdm('status', hash, '--json'))).toMatchObject({
      messageHash: hash,
      fromChain: 'l2',
      status: 'state-root-not-published',
      readyAt: null,
      relayTransactionHash: null,
      failureReason: null,
    });
    const early = await xdm('relayMessage', hash, '--json');
    expect([early.code, json(early)]).toMatchObject([4, { outcome: 'not-ready', readyAt: null }]);
    expect(await xdm('proof', hash)).toMatchObject({ code: 4, stdout: '' });

    await commit();
    const open = json(await xdm('status', hash, '--json'));
    expect(open['status']).toBe('in-challenge-period');
    expect(Number(open['readyAt']) - Number(open['sentAt'])).toBeGreaterThanOrEqual(WINDOW);
    expect((await xdm('status', hash)).stdout).toMatch(
      /^readyAt: +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in (9|10) min/mu,
    );
    const inside = await xdm('relay-message', hash, '--json');
    expect([inside.code, json(inside)]).toMatchObject([4, { outcome: 'not-ready', readyAt: open['readyAt'] }]);

    const proof = json(await xdm('proof', hash));
    expect(proof).toMatchObject({ messageHash: hash, message: { target: TARGET, value: '1000000000', data: '0x' } });
    expect(proof['batch']).toMatchObject({ batchIndex: '0', timestamp: `${Number(open['readyAt']) - WINDOW}` });

    await passWindow();
    // What it printed is what the contract takes. The delivery would fail: the vault is empty.
    const { message, stateRootProof, nodes } = proof as unknown as { message: Message } & MessageProof;
    const { relayMessage: relay } = l1MessengerOf(client.lane, client.l1);
    expect(await relay.staticCall(message, { stateRootProof, nodes })).toBe(false);
    expect(json(await xdm('status', hash, '--json', '--private-key', key(1)))['status']).toBe('ready-for-relay');
  });

  test('is waited for, each status and the time that is left shown as they change', async () => {
    const args = ['--from-chain', 'l2', '--target', TARGET, '--data', '0x', '--wait', '--json'];
    const { code, stdout, stderr } = await xdmWatched(['sendMessage', ...args], {
      'state-root-not-published': commit,
      'in-challenge-period': passWindow,
      'ready-for-relay': relayNewest,
    });

    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^sent 0x\w{64} in transaction 0x\w{64}$/u),
      'state-root-not-published',
      expect.stringMatching(/^in-challenge-period, (?:10 min|9 min \d+ s) left$/u),
      'ready-for-relay',
      'relayed',
      '',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ fromChain: 'l2', status: 'relayed', failureReason: null });
  });

  test('that is relayed stays relayed, and the second relay says by whom it was', async () => {
    const { address: target, repair } = await deployFragile(l1.account(3), 'not now');
    await repair();
    const { messageHash } = await send('l2', target, '--sig', 'f(int256,string)', '--', '-5', '007');
    await commit();
    await passWindow();
    const hash = String(messageHash);
    const relayed = await xdm('relayMessage', hash, '--json');

    expect([relayed.code, json(relayed)]).toMatchObject([0, { outcome: 'relayed', relayer: l1.account(1).address }]);
    const again = await xdm('relayMessage', hash, '--json', '--private-key', key(2));
    expect([again.code, json(again)]).toMatchObject([
      0,
      {
        outcome: 'already-relayed',
        relayer: l1.account(1).address,
        relayTransactionHash: json(relayed)['relayTransactionHash'],
      },
    ]);
    expect(json(await xdm('status', hash, '--json'))).toMatchObject({ status: 'relayed', failureReason: null });
  });

  test('whose target reverts has failed, and is delivered once the target is repaired', async () => {
    const { address: target, repair } = await deployFragile(l1.account(3), 'not now');
    const { transactionHash } = await send('l2', target, '--data', '0x');
    await commit();
    await passWindow();
    const hash = String(transactionHash);

    const failed = await xdm('relayMessage', hash, '--json');
    expect([failed.code, json(failed)]).toMatchObject([5, { outcome: 'failed', failureReason: 'Error("not now")' }]);
    expect(json(await xdm('status', hash, '--json'))).toMatchObject({ status: 'failed' });
    await repair();
    expect(await xdm('relayMessage', hash)).toMatchObject({ code: 0 });
  });

  test('has others beside it in one transaction', async () => {
    const messenger = l2MessengerOf(client.lane, client.l2);
    const batcher = await deployArtifact('Batcher', l2.account(4));
    const calls = await Promise.all(
      ['0x01', '0x02'].map(async (data) => (await messenger.sendMessage.populateTransaction(TARGET, data, 1n)).data),
    );
    const { hash } = await (await batcher.getFunction('callAll')(client.lane.l2Messenger, calls)).wait();
    await commit();
    await passWindow();

    const several = JSON.parse((await xdm('status', hash, '--json')).stdout) as Json[];
    expect(several).toMatchObject([{ status: 'ready-for-relay' }, { status: 'ready-for-relay' }]);
    expect(JSON.parse((await xdm('proof', hash)).stdout)).toHaveLength(2);
    const poor = await xdm('relayMessage', hash, '--json', '--private-key', '7'.repeat(64));
    expect([poor.code, JSON.parse(poor.stdout)]).toMatchObject([1, [{ outcome: 'error' }, { outcome: 'error' }]]);
    // The target has no code: both fail.
    const relayed = await xdm('relayMessage', hash, '--json');
    expect([relayed.code, JSON.parse(relayed.stdout)]).toMatchObject([
      5,
      [{ outcome: 'failed' }, { outcome: 'failed' }],
    ]);
  });
});

describe('a message from L1', () => {
  test('is waited for, each status shown as it changes', async () => {
    const args = ['--from-chain', 'l1', '--target', TARGET, '--data', '0x', '--value', '5', '--wait'];
    const { code, stdout, stderr } = await xdmWatched(['sendMessage', ...args], {
      unconfirmed: execute,
    });

    expect(code).toBe(0);
    expect(stderr).toBe('unconfirmed\nrelayed\n');
    expect(stdout).toMatch(/^messageHash: [^]*^status: +relayed$/mu);
    expect(await l2.provider.getBalance(TARGET)).toBe(5n);
  });

  test('that fails makes the wait fail, and is delivered once the target is repaired', async () => {
    const { address: target, repair } = await deployFragile(l2.account(3), 'not now');
    const args = ['--from-chain', 'l1', '--target', target, '--data', '0x01', '--wait', '--json'];
    const failed = await xdmWatched(['sendMessage', ...args], { unconfirmed: execute });
    const { messageHash, ...rest } = json(failed);
    expect(failed.code).toBe(5);
    expect(rest).toMatchObject({ fromChain: 'l1', status: 'failed', failureReason: 'Error("not now")' });

    await repair();
    const relayed = await xdm('relayMessage', String(messageHash), '--json');
    expect([relayed.code, json(relayed)]).toMatchObject([0, { outcome: 'relayed' }]);
  });

  test('that takes longer than the timeout is a transient error, which does not lose its hash', async () => {
    const args = ['--from-chain', 'l1', '--target', TARGET, '--data', '0x', '--wait', '--timeout', '1', '--json'];
    const late = await xdm('sendMessage', ...args);
    expect(late.code).toBe(3);
    expect(json(late)).toMatchObject({ messageHash: expect.stringMatching(/^0x\w{64}$/u), error: { code: 'timeout' } });
    const hash = String(json(late)['messageHash']);
    const early = await xdm('relayMessage', hash, '--json');

    expect([early.code, json(early)]).toMatchObject([4, { outcome: 'not-ready' }]);
    expect(await xdm('proof', hash)).toMatchObject({ code: 2, stderr: expect.stringContaining('is from L1') });
    await execute();
  });
});

test('list shows the newest first', async () => {
  const all = JSON.parse((await xdm('list', '--json')).stdout) as Json[];
  const times = all.map(({ sentAt }) => Number(sentAt));
  expect(times).toEqual(times.toSorted((a, b) => b - a));

  const some = await xdm('list', '--json', '--limit', '2', '--from-chain', 'l2');
  expect(JSON.parse(some.stdout)).toEqual(all.filter(({ fromChain }) => fromChain === 'l2').slice(0, 2));
  const { stdout } = await xdm('list', '--status', 'ready-for-relay');
  expect(stdout).toMatch(/^messageHash .* relayedBy \(messages\)\n0x\w{64} +l2 +ready-for-relay +\d{4}-/u);
  expect(await xdm('list', '--status', 'unconfirmed')).toMatchObject({ code: 0, stdout: '', stderr: 'no messages\n' });
});
