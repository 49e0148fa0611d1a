import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Finding } from '../../cli/doctor/finding.ts';
import { sendMessage } from '../../sdk/actions/sendMessage.ts';
import { l1MessengerOf } from '../../sdk/chain/contracts.ts';
import type { RoleCall } from '../../sdk/chain/roleCalls.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import type { CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { mineAt } from '../support/clock.ts';
import { commitBlocks } from '../support/commitBlocks.ts';
import { startLane, type LaneChains } from '../support/lane.ts';
import { until } from '../support/until.ts';

/** Nothing listens there: what is done with a role needs L1 alone. */
const NOWHERE = 'http://127.0.0.1:1';

let folder: string;
let chains: LaneChains;
let snapshot: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-roles-'));
  chains = await startLane();
  writeFileSync(join(folder, 'lane.json'), serializeDeployment(chains.lane));
});

afterAll(async () => {
  await chains.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  snapshot = (await chains.l1.provider.send('evm_snapshot', [])) as string;
});

afterEach(async () => {
  await chains.l1.provider.send('evm_revert', [snapshot]);
});

const addressOf = (number: number): string => chains.l1.account(number).address;

/** Runs a command as an account: 0 has all roles. */
async function xdm(account: number | undefined, ...args: readonly string[]): Promise<CliRun> {
  const variables = { XDM_DEPLOYMENT: join(folder, 'lane.json'), L2_RPC_URL: NOWHERE };
  const key = account === undefined ? {} : { PRIVATE_KEY: chains.l1.account(account).privateKey };
  return await runMain([...args, '--json'], { ...variables, ...key });
}

/** What a command sends that does what it should. */
async function calls(account: number | undefined, ...args: readonly string[]): Promise<RoleCall[]> {
  const { code, stdout } = await xdm(account, ...args);
  expect(code).toBe(0);
  return JSON.parse(stdout) as RoleCall[];
}

async function expectRefusal(account: number, ...args: readonly string[]): Promise<void> {
  const { code, stdout } = await xdm(account, ...args);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unauthorized' } });
}

const isPaused = async (): Promise<boolean> => await l1MessengerOf(chains.lane, chains.l1.provider).paused();

/** `role holder` of each, and to whom ownership is offered. */
async function roles(): Promise<string[]> {
  const { stdout } = await xdm(undefined, 'roles');
  const holders = JSON.parse(stdout) as Record<'role' | 'holder' | 'offeredTo', string | null>[];
  return holders.map(
    ({ role, holder, offeredTo }) => `${role} ${holder}${offeredTo === null ? '' : ` -> ${offeredTo}`}`,
  );
}

/** Whoever looks for a message, or waits for one, is told that the lane is paused. */
async function expectPauseTold(messageHash: string): Promise<void> {
  const onL2 = ['--l2-rpc-url', chains.l2.url];
  const told = 'relaying on L1 is paused by the guardian: messages from L2 wait, and none is lost';
  const status = await xdm(1, 'status', messageHash, ...onL2);
  expect(JSON.parse(status.stdout)).toMatchObject({ status: 'ready-for-relay', paused: true });
  expect(status.stderr).toContain(told);

  const listed = await xdm(1, 'list', ...onL2);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ messageHash, paused: true }]);
  expect(listed.stderr).toContain(told);
  expect((await xdm(1, 'list', '--from-chain', 'l1', ...onL2)).stderr).not.toContain('paused');

  const message = ['--target', addressOf(3), '--data', '0x', ...onL2];
  expect((await xdm(1, 'sendMessage', '--from-chain', 'l2', ...message)).stderr).toContain(told);
  expect((await xdm(1, 'sendMessage', '--from-chain', 'l1', ...message)).stderr).not.toContain('paused');
  const fromL2 = await xdm(1, 'sendMessage', '--from-chain', 'l2', ...message, '--wait', '--timeout', '1');
  expect([fromL2.code, fromL2.stderr]).toEqual([3, expect.stringContaining(told)]);
  expect(JSON.parse(fromL2.stdout)).toMatchObject({ paused: true, error: { code: 'timeout' } });
}

test('a pause by the guardian stops relaying until the owner ends it', async () => {
  const to = { target: addressOf(3), data: '0x', value: 0n, gasLimit: 100_000n };
  const signer = chains.l2.account(1);
  const { messageHash } = await sendMessage(chains.client, { fromChain: 'l2', signer, ...to });
  const { timestamp } = await commitBlocks(chains.client, chains.l1.account(0));
  await mineAt(chains.l1.provider, timestamp + chains.lane.fraudProofWindow);
  const relay = ['relayMessage', messageHash, '--l2-rpc-url', chains.l2.url];

  await expectRefusal(1, 'pause');
  expect(await isPaused()).toBe(false);
  expect(await calls(0, 'pause')).toMatchObject([{ contract: 'L1CrossDomainMessenger', to: chains.lane.l1Messenger }]);
  expect(await isPaused()).toBe(true);
  const again = await xdm(0, 'pause');
  expect(JSON.parse(again.stdout)).toEqual([]);
  expect(again.stderr).toContain('nothing to do: relaying is paused');

  const refused = await xdm(1, ...relay);
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { code: 'paused', hint: 'wait until the owner of the L1 messenger unpauses it' },
  });
  await expectRefusal(1, 'unpause');
  expect(await isPaused()).toBe(true);
  await expectPauseTold(messageHash);

  const ended = await xdm(0, 'unpause');
  expect(JSON.parse(ended.stdout)).toHaveLength(1);
  expect(ended.stderr).toContain('xdm retry --all');
  expect(await calls(0, 'unpause')).toEqual([]);
  const relayed = await xdm(1, ...relay);
  expect(relayed.code).toBe(0);
  expect(JSON.parse(relayed.stdout)).toMatchObject({ outcome: 'relayed' });
  const { stdout, stderr } = await xdm(1, 'status', messageHash, '--l2-rpc-url', chains.l2.url);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'relayed', paused: false });
  expect(stderr).toBe('');
});

test('the owner replaces the others at once, who then can do what they are for', async () => {
  for (const [number, role] of ['proposer', 'challenger', 'guardian'].entries()) {
    await expectRefusal(1, 'setRole', role, addressOf(number + 2));
    expect(await calls(0, 'setRole', role, addressOf(number + 2))).toHaveLength(1);
    expect(await calls(0, 'setRole', role, addressOf(number + 2))).toEqual([]);
  }
  const owner = `owner ${addressOf(0)}`;
  const others = [`proposer ${addressOf(2)}`, `challenger ${addressOf(3)}`, `guardian ${addressOf(4)}`];
  expect(await roles()).toEqual([owner, owner, ...others]);

  await expectRefusal(0, 'pause');
  expect(await calls(4, 'pause')).toHaveLength(1);
  const batch = await commitBlocks(chains.client, chains.l1.account(2));
  const challenge = ['challenge', String(batch.batchIndex), '--force', '--l2-rpc-url', chains.l2.url];
  await expectRefusal(0, ...challenge);
  expect((await xdm(3, ...challenge)).code).toBe(0);
});

test('who loses the race for its nonce is told so, and which transaction was sent', async () => {
  const { provider } = chains.l1;
  const guardian = chains.l1.account(0);
  await provider.send('evm_setAutomine', [false]);
  try {
    const nonce = await guardian.getNonce();
    const run = xdm(0, 'pause');
    await until(async () => (await provider.getTransactionCount(guardian.address, 'pending')) > nonce);
    // As somebody who has the same key and pays more.
    const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 11n };
    await guardian.sendTransaction({ to: guardian.address, nonce, ...fees });
    await provider.send('evm_mine', []);
    const { code, stdout, stderr } = await run;
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'nonce-conflict' } });
    expect(stderr).toMatch(/sent 0x[\da-f]{64}, waiting for its block/u);
    expect(await isPaused()).toBe(false);
  } finally {
    await provider.send('evm_setAutomine', [true]);
  }
});

test('ownership goes over when the new owner accepts it', async () => {
  const [old, next] = [addressOf(0), addressOf(5)];
  await expectRefusal(5, 'acceptOwnership');
  await expectRefusal(5, 'setRole', 'owner', next);
  expect(await calls(0, 'setRole', 'owner', addressOf(6))).toHaveLength(2);
  // Offered to somebody else by mistake.
  expect(await calls(0, 'setRole', 'owner', next)).toHaveLength(2);
  expect(await calls(0, 'setRole', 'owner', next)).toEqual([]);
  expect((await roles()).slice(0, 2)).toEqual([`owner ${old} -> ${next}`, `owner ${old} -> ${next}`]);
  await expectRefusal(6, 'acceptOwnership');

  expect(await calls(5, 'acceptOwnership')).toHaveLength(2);
  expect((await roles()).slice(0, 2)).toEqual([`owner ${next}`, `owner ${next}`]);
  await expectRefusal(0, 'setRole', 'guardian', addressOf(2));
  await expectRefusal(0, 'setRole', 'owner', old);
});

test('of two owners each hands over what it has', async () => {
  await calls(0, 'setRole', 'owner', addressOf(5));
  expect(await calls(undefined, 'acceptOwnership', '--calldata', '--from', addressOf(6))).toEqual([]);
  const [ofMessenger, ...others] = await calls(undefined, 'acceptOwnership', '--calldata', '--from', addressOf(5));
  expect(others).toMatchObject([{ contract: 'StateCommitmentChain', from: addressOf(5) }]);
  await send(5, ofMessenger!);
  // What is accepted need not be accepted again.
  expect(await calls(undefined, 'acceptOwnership', '--calldata')).toEqual(others);
  expect((await roles()).slice(0, 2)).toEqual([`owner ${addressOf(5)}`, `owner ${addressOf(0)} -> ${addressOf(5)}`]);
  expect(await calls(5, 'setRole', 'owner', addressOf(6))).toMatchObject([{ contract: 'L1CrossDomainMessenger' }]);
  expect(await calls(6, 'acceptOwnership')).toMatchObject([{ contract: 'L1CrossDomainMessenger' }]);
  expect(await calls(5, 'acceptOwnership')).toMatchObject([{ contract: 'StateCommitmentChain' }]);
});

/** Makes a call as a multisignature would. */
async function send(account: number, { to, data }: RoleCall): Promise<void> {
  const { hash } = await chains.l1.account(account).sendTransaction({ to, data });
  await waitForReceipt(chains.l1.provider, hash);
}

test('for a multisignature each command prints the calls, without a key', async () => {
  const steps: readonly (readonly string[])[] = [
    ['pause'],
    ['unpause'],
    ['setRole', 'proposer', addressOf(2)],
    ['setRole', 'challenger', addressOf(3)],
    ['setRole', 'guardian', addressOf(4)],
    ['setRole', 'owner', addressOf(0)],
    ['acceptOwnership'],
    ['acceptOwnership'],
  ];
  const seen: boolean[] = [];
  for (const step of steps) {
    // What is offered, L1 alone can tell.
    const without = step[0] === 'acceptOwnership' ? [] : ['--l1-rpc-url', NOWHERE];
    const printed = await calls(undefined, ...step, '--calldata', ...without);
    for (const call of printed) {
      expect(call.chainId).toBe(900);
      await send(0, call);
    }
    seen.push(await isPaused());
  }
  expect(seen).toEqual([true, false, false, false, false, false, false, false]);
  const owner = `owner ${addressOf(0)}`;
  const others = [`proposer ${addressOf(2)}`, `challenger ${addressOf(3)}`, `guardian ${addressOf(4)}`];
  expect(await roles()).toEqual([owner, owner, ...others]);
});

test('a lane without an allowlist has none to be changed, and its roles are told while L2 stands still', async () => {
  const refused = await xdm(0, 'allow', addressOf(1), '--l2-rpc-url', chains.l2.url);
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { message: expect.stringContaining('the lane has no allowlist') as string },
  });
  const { code, stderr } = await xdm(undefined, 'roles');
  expect(code).toBe(0);
  expect(stderr).toContain('L2 was not asked for an allowlist and its owner');
  expect((await xdm(undefined, 'roles', '--l2-rpc-url', chains.l2.url)).stderr).toBe('');
});

test("doctor tells whoever has no key of the node's what it does not check, and looks at all the rest", async () => {
  const latest = Object.fromEntries(
    ['L1', 'L2', 'QUEUE', 'PROPOSAL'].map((what) => [`XDM_${what}_FINALITY`, 'latest']),
  );
  const variables = { XDM_DEPLOYMENT: join(folder, 'lane.json'), XDM_HTTP_PORT: '0', ...latest };
  const { stdout, code } = await runMain(['doctor', '--json'], variables);
  expect(code).toBe(0);
  const found = JSON.parse(stdout) as Finding[];
  expect(found.filter(({ verdict }) => verdict !== 'ok')).toMatchObject([
    {
      check: 'role',
      subject: 'relayer',
      value: expect.stringMatching(/^not checked: needs the node's key/u) as string,
    },
    { check: 'role', subject: 'proposer', verdict: 'warning' },
  ]);
  expect(found).toContainEqual(expect.objectContaining({ check: 'proof depth', verdict: 'ok' }));
});

test('an account that looks wrong is warned of, for a multisignature, too, and what a node needs then is told', async () => {
  const unused = '0x7A1C5e9b3D7A1C5e9B3d7a1C5E9B3D7a1c5E9B3e';
  const args = ['setRole', 'proposer', unused.toLowerCase()];
  const warning = 'has sent nothing on L1 and has nothing there';
  const printed = await xdm(undefined, ...args, '--calldata');
  expect(printed.stderr).toContain(warning);
  const blind = await xdm(undefined, ...args, '--calldata', '--l1-rpc-url', NOWHERE);
  expect(blind.stdout).toBe(printed.stdout);
  expect(blind.stderr).toContain('L1 was not asked what speaks against it');

  const { code, stderr } = await xdm(0, ...args);
  expect(code).toBe(0);
  expect(stderr).toContain(warning);
  expect(stderr).toContain('start the node anew with its key in --proposer-private-key');
});

describe('setRole refuses', () => {
  test.each([
    ['another role', ['sequencer', '0x00000000000000000000000000000000000000AA'], '"sequencer" is no role'],
    ['what is no address', ['guardian', '0x12'], '"0x12" is no account\'s address'],
    ['the zero address', ['guardian', `0x${'00'.repeat(20)}`], "is no account's address"],
    ['no address', ['guardian'], 'setRole takes ROLE ADDRESS alone, and 1 is given'],
  ])('%s', async (_what, args, problem) => {
    const { code, stdout } = await xdm(0, 'setRole', ...args);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining(problem) as string } });
  });
});
