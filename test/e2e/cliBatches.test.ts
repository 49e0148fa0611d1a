import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TransactionReceipt } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { BuiltPath } from '../../sdk/actions/buildPath.ts';
import { sendMessage } from '../../sdk/actions/sendMessage.ts';
import { l1MessengerOf } from '../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import type { Message } from '../../sdk/core/message.ts';
import type { CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { mineAt } from '../support/clock.ts';
import { commitBlocks } from '../support/commitBlocks.ts';
import { executeQueue } from '../support/executeQueue.ts';
import { deployFragile, type FragileTarget } from '../support/fragile.ts';
import { startLane, type LaneChains } from '../support/lane.ts';
import { sendTogether } from '../support/sendTogether.ts';

/** Has no code: what is sent to it fails. */
const NOBODY = '0x00000000000000000000000000000000000000AA';

/** As --json prints it. */
type Json = Readonly<Record<string, unknown>>;

let folder: string;
let chains: LaneChains;
let target: FragileTarget;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-cli-'));
  chains = await startLane();
  writeFileSync(join(folder, 'deployment.json'), serializeDeployment(chains.lane));
  target = await deployFragile(chains.l1.account(3), 'not now');
  await target.repair();
});

afterAll(async () => {
  await chains.stop();
  rmSync(folder, { recursive: true });
});

async function xdm(...args: readonly string[]): Promise<CliRun> {
  const deployment = join(folder, 'deployment.json');
  return await runMain(args, { XDM_DEPLOYMENT: deployment, PRIVATE_KEY: chains.l1.account(1).privateKey });
}

/** The one document on stdout. */
function json({ stdout }: CliRun): Json {
  return JSON.parse(stdout) as Json;
}

const send = async (...targets: readonly string[]): Promise<LaneMessage[]> =>
  await sendTogether(
    chains,
    targets.map((each) => ({ target: each, data: '0x12' })),
  );

async function passWindow(): Promise<void> {
  const { timestamp } = await commitBlocks(chains.client, chains.l1.account(0));
  await mineAt(chains.l1.provider, timestamp + chains.lane.fraudProofWindow);
}

/** Of transactions on L1. */
const receiptsOf = async (...hashes: readonly unknown[]): Promise<(TransactionReceipt | null)[]> =>
  await Promise.all(hashes.map(async (hash) => await chains.l1.provider.getTransactionReceipt(String(hash))));

/** The array on stdout. */
const jsonArray = (run: CliRun): Json[] => json(run) as unknown as Json[];

const hashesOf = (messages: readonly LaneMessage[]): string[] => messages.map(({ messageHash }) => messageHash);

describe('relayMessage', () => {
  test('relays both messages that a hash stands for', async () => {
    const { client, l1, l2 } = chains;
    const call = { target: NOBODY, data: '0x01', gasLimit: 50_000n };
    const fromL1 = await sendMessage(client, { fromChain: 'l1', signer: l1.account(1), ...call });
    const fromL2 = await sendMessage(client, { fromChain: 'l2', signer: l2.account(1), ...call });
    expect(fromL1.messageHash).toBe(fromL2.messageHash);
    await executeQueue(client);
    await passWindow();

    const { code, ...run } = await xdm('relayMessage', fromL1.messageHash, '--json');
    expect(code).toBe(5);
    expect(json({ code, ...run })).toMatchObject([
      { fromChain: 'l1', outcome: 'failed', batchSize: 1 },
      { fromChain: 'l2', outcome: 'failed', batchSize: 1 },
    ]);
  });

  test('relays many messages in few transactions, each once, and says which of them failed', async () => {
    const sent = await send(...Array.from({ length: 9 }, () => target.address), NOBODY);
    await passWindow();
    const [early] = await send(target.address);
    const [first] = sent;
    const arguments_ = [first!.transactionHash, early!.messageHash, ...hashesOf(sent)];
    const run = await xdm('relayMessage', ...arguments_, '--json');

    expect(run.code).toBe(5);
    const relayed = jsonArray(run);
    expect(relayed.map(({ outcome }) => outcome)).toEqual([
      ...sent.slice(1).map(() => 'relayed'),
      'failed',
      'not-ready',
    ]);
    expect(relayed.map(({ batchSize }) => batchSize)).toEqual([...sent.map(() => 10), null]);
    expect(new Set(relayed.slice(0, 10).map(({ relayTransactionHash }) => relayTransactionHash)).size).toBe(1);
    expect(await target.count()).toBe(9n);
    const [{ relayTransactionHash, gasUsed, rootTransactionHash, rootGasUsed }] = relayed as [Json, ...Json[]];
    const [batch, root] = await receiptsOf(relayTransactionHash, rootTransactionHash);
    expect([gasUsed, rootGasUsed]).toEqual([`${batch!.gasUsed}`, `${root!.gasUsed}`]);
    expect(root!.logs).toHaveLength(1);
    for (const each of relayed.slice(0, 10)) expect(each).toMatchObject({ rootTransactionHash, rootGasUsed });
    expect(relayed[10]).toMatchObject({ rootTransactionHash: null, rootGasUsed: null });
    const lines = run.stderr.split('\n');
    expect(lines[0]).toMatch(/^no state batch covers L2 block \d+ yet; /u);
    expect(lines[1]).toBe(`${early!.messageHash} not-ready`);
    expect(lines[2]).toMatch(/^proved the tree of 11 messages in transaction 0x\w{64} with \d+ gas$/u);
    expect(lines.slice(3, -2)).toEqual(
      hashesOf(sent).map((hash, index) => `${hash} ${index === 9 ? 'failed' : 'relayed'}`),
    );
    const [total, part, average] = [
      batch!.gasUsed + root!.gasUsed,
      root!.gasUsed,
      (batch!.gasUsed + root!.gasUsed) / 10n,
    ];
    expect(lines.at(-2)!.replaceAll(',', '')).toBe(
      `9 relayed 1 failed on L1 in 1 transaction: ${total} gas (${part} of it for the root of their tree) ${average} a message; 1 not-ready`,
    );

    const again = await xdm('relay-message', ...hashesOf(sent).slice(0, 2));
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^messageHash +fromChain +outcome +relayedBy \(messages\)\n/u);
    expect(
      again.stdout.match(new RegExp(` already-relayed +${String(relayTransactionHash)} \\(10\\)$`, 'gmu')),
    ).toHaveLength(2);
    expect(again.stderr).toMatch(/\n2 already-relayed\n$/u);
    const one = await xdm('relayMessage', sent[0]!.messageHash);
    expect(one.stdout).toMatch(/^outcome: +already-relayed\nrelayTransactionHash: +0x\w{64}\nbatchSize: +10$/mu);
    const twice = await xdm('relayMessage', sent[0]!.messageHash, sent[0]!.messageHash, '--json');
    expect(jsonArray(twice)).toEqual([json(await xdm('relayMessage', sent[0]!.messageHash, '--json'))]);
    const status = json(await xdm('status', sent[0]!.messageHash, '--json'));
    expect(status).toMatchObject({ status: 'relayed', batchSize: 10 });
  });

  test('ends with an error rather than with "not ready" where both are there, and shows why in a table', async () => {
    const [ready] = await send(target.address);
    await passWindow();
    const [early] = await send(target.address);
    const poor = await xdm('relayMessage', early!.messageHash, ready!.messageHash, '--private-key', '7'.repeat(64));
    expect(poor.code).toBe(1);
    const [heading, ...rows] = poor.stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^messageHash +fromChain +outcome +relayedBy \(messages\) +failureReason$/u);
    expect(rows).toEqual([
      expect.stringMatching(/ l2 +not-ready +- +-$/u),
      expect.stringMatching(/ l2 +error +- +the account cannot pay for /u),
    ]);
    expect(poor.stderr).toMatch(/\n1 not-ready; 1 error\n$/u);
    await commitBlocks(chains.client, chains.l1.account(0));
    const open = await xdm('relayMessage', early!.messageHash);
    expect(open.code).toBe(4);
    expect(open.stderr).toMatch(/; relay it from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC on, L1 timestamp \d+\n$/u);
  });

  test('sends nothing where a hash is of no message', async () => {
    const [message] = await send(target.address);
    await passWindow();
    const run = await xdm('relayMessage', message!.messageHash, `0x${'12'.repeat(32)}`, '--json');
    expect([run.code, json(run)]).toMatchObject([1, { error: { code: 'message-not-found' } }]);
    expect(json(await xdm('status', message!.messageHash, '--json'))).toMatchObject({ status: 'ready-for-relay' });
  });
});

describe('a transaction that relayed', () => {
  test.each(['status', 'relayMessage', 'proof'])('is no hash for %s, which says of what it is', async (command) => {
    const all = jsonArray(await xdm('list', '--from-chain', 'l2', '--json'));
    const inBatch = all.filter(({ batchSize }) => batchSize === 10);
    const batch = String(inBatch[0]!['relayTransactionHash']);
    const first = String(inBatch.at(-1)!['messageHash']);
    expect(await xdm(command, batch)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: transaction ${batch} relayed 10 messages, and sent none; give the hash of one of them, such as ${first}\n`,
    });
    const alone = all.find(({ batchSize }) => batchSize === 1)!;
    const { stderr } = await xdm(command, String(alone['relayTransactionHash']));
    expect(stderr).toContain(
      `relayed a message, and sent none; give the hash of that message ${String(alone['messageHash'])}`,
    );
  });
});

test('list says where there is more than it shows', async () => {
  const all = jsonArray(await xdm('list', '--json', '--limit', '100'));
  expect(await xdm('list', '--json', '--limit', `${all.length}`)).toMatchObject({ stderr: '' });
  const some = await xdm('list', '--json', '--limit', `${all.length - 1}`);
  expect(jsonArray(some)).toEqual(all.slice(0, -1));
  expect(some.stderr).toBe(`${all.length - 1} shown; --limit N shows more\n`);
  const failed = await xdm('list', '--status', 'failed', '--limit', '1');
  expect(failed.stderr).toBe('1 shown; --limit N may show more\n');
});

test('list has the transaction that sent a message, by which it is found', async () => {
  const [sent] = await send(target.address);
  const [newest] = jsonArray(await xdm('list', '--from-chain', 'l2', '--limit', '1', '--json'));
  expect(newest).toMatchObject({ messageHash: sent!.messageHash, transactionHash: sent!.transactionHash });
  expect(json(await xdm('status', String(newest!['transactionHash']), '--json'))).toEqual(newest);
});

test('list shows which transaction relayed a message, and with how many others', async () => {
  const all = jsonArray(await xdm('list', '--json'));
  const { stdout } = await xdm('list', '--from-chain', 'l2', '--status', 'relayed', '--limit', '1');
  const [newest] = all.filter(({ status }) => status === 'relayed');
  expect(newest).toMatchObject({ fromChain: 'l2', batchSize: 10 });
  const [heading, line] = stdout.split('\n');
  expect(heading).toMatch(/^messageHash +fromChain +status +sentAt +relayedBy \(messages\)$/u);
  const hash = String(newest!['relayTransactionHash']);
  expect(line!.endsWith(`  ${hash} (10)`)).toBe(true);
  const failed = await xdm('list', '--from-chain', 'l1');
  expect(failed.stdout.trimEnd()).toMatch(/ failed .* {2}0x\w{64}$/u);
  const ready = await xdm('list', '--status', 'ready-for-relay');
  expect(ready.stdout.split('\n')[1]).toMatch(/ {2}-$/u);
});

describe('proof', () => {
  /** As the command prints it. */
  interface PathJson extends BuiltPath {
    readonly message: Message;
    readonly isRootProven: boolean;
  }

  const pathOf = async (hash: string): Promise<PathJson> =>
    json(await xdm('proof', hash, '--path')) as unknown as PathJson;

  test('prints what proves the root, and what relays by it', async () => {
    const [sent] = await send(target.address);
    const hash = sent!.messageHash;
    expect(await xdm('proof', hash, '--path')).toMatchObject({ code: 4, stdout: '' });
    await passWindow();
    const open = await pathOf(hash);
    expect(open).toMatchObject({ messageHash: hash, isRootProven: false, count: open.index + 1 });

    const { lane, l1 } = chains;
    const { proveMessageRoot, relayMessageByPath, messageRoots } = l1MessengerOf(lane, l1.account(2));
    const { count, peaks, proof } = open.rootProof!;
    await waitForReceipt(l1.provider, (await proveMessageRoot(count, peaks, proof)).hash);
    expect(await messageRoots(count)).toBe(open.root);
    const proven = await pathOf(hash);
    expect(proven).toEqual({ ...open, isRootProven: true, rootProof: null, readyAt: null });
    await waitForReceipt(l1.provider, (await relayMessageByPath(proven.message, proven.count, proven.siblings)).hash);
    expect(json(await xdm('status', hash, '--json'))).toMatchObject({ status: 'relayed', batchSize: 1 });
  });

  test('prints transactions that relay as they are, from when on L1 takes them', async () => {
    const [one, other] = await send(target.address, target.address);
    const { timestamp } = await commitBlocks(chains.client, chains.l1.account(0));
    const alone = json(await xdm('proof', one!.messageHash));
    const byPath = json(await xdm('proof', other!.messageHash, '--path'));
    const readyAt = Number(timestamp + chains.lane.fraudProofWindow);
    expect([alone['readyAt'], byPath['readyAt'], alone['to'], byPath['to']]).toEqual([
      readyAt,
      readyAt,
      chains.lane.l1Messenger,
      chains.lane.l1Messenger,
    ]);
    const account = chains.l1.account(2);
    const sendRaw = async ({ data }: Json, to = String(alone['to'])): Promise<unknown> =>
      await waitForReceipt(chains.l1.provider, (await account.sendTransaction({ to, data: String(data) })).hash);
    await expect(sendRaw(alone)).rejects.toThrow('reverted');
    await mineAt(chains.l1.provider, BigInt(readyAt));
    const before = await target.count();
    await sendRaw(alone);
    await sendRaw(byPath['rootProof'] as Json);
    await sendRaw(byPath);
    expect(await target.count()).toBe(before + 2n);
    for (const { messageHash } of [one!, other!]) {
      expect(json(await xdm('status', messageHash, '--json'))).toMatchObject({ status: 'relayed' });
    }
  });

  test('is one document of several messages of a transaction, and none of messages from L1', async () => {
    const sent = await send(target.address, target.address);
    await passWindow();
    const several = jsonArray(await xdm('proof', sent[0]!.transactionHash, '--path'));
    const first = Number(several[0]!['index']);
    expect(several.map(({ index }) => index)).toEqual([first, first + 1]);
    const call = { target: NOBODY, data: '0x', gasLimit: 50_000n };
    const fromL1 = await sendMessage(chains.client, { fromChain: 'l1', signer: chains.l1.account(1), ...call });
    const refused = await xdm('proof', fromL1.transactionHash, '--path');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is from L1') });
  });
});
