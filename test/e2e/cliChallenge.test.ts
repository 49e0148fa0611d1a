import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { id, JsonRpcProvider, toQuantity } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startAnvil } from '../../devnet/anvil.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import { buildStateBatchTree } from '../../sdk/core/stateBatchTree.ts';
import type { CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { mineAt } from '../support/clock.ts';
import { commitBlocks } from '../support/commitBlocks.ts';
import { startLane, type LaneChains } from '../support/lane.ts';

let folder: string;
let chains: LaneChains;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-cli-'));
  // Longer than the test takes.
  chains = await startLane([], 1000n);
  writeFileSync(join(folder, 'deployment.json'), serializeDeployment(chains.lane));
});

afterAll(async () => {
  await chains.stop();
  rmSync(folder, { recursive: true });
});

/** As an account: 0 is the challenger. */
async function challenge(account: number, ...args: readonly string[]): Promise<CliRun> {
  const file = join(folder, 'deployment.json');
  const variables = { XDM_DEPLOYMENT: file, PRIVATE_KEY: chains.l1.account(account).privateKey };
  return await runMain(['challenge', ...args, '--json'], variables);
}

const commitments = (): ReturnType<typeof stateCommitmentChainOf> =>
  stateCommitmentChainOf(chains.lane, chains.l1.account(0));

/** Commits an honest batch and a false one. */
async function commitBoth(): Promise<{ readonly last: number; readonly end: number }> {
  await commitBlocks(chains.client, chains.l1.account(0));
  const last = await chains.l2.provider.getBlockNumber();
  await chains.l2.provider.send('anvil_mine', ['0x2']);
  const { root } = buildStateBatchTree([id('false'), id('false too')]);
  const { hash } = await commitments().appendStateBatch(root, 2, BigInt(last + 1), { gasLimit: 150_000n });
  await waitForReceipt(chains.l1.provider, hash);
  return { last, end: last + 2 };
}

test('challenge deletes a false batch for the challenger, and an honest one only when it is told to', async () => {
  const { last, end } = await commitBoth();
  const honest = await challenge(1, '0', '--check');
  expect(honest.code).toBe(0);
  const blocks = { firstBlock: 0, lastBlock: last };
  expect(JSON.parse(honest.stdout)).toEqual({
    batchIndex: 0,
    ...blocks,
    verdict: 'agrees',
    firstDifference: null,
    finalFrom: expect.any(Number) as number,
    isFinal: false,
  });
  const kept = await challenge(0, '0');
  expect(kept.code).toBe(0);
  expect(JSON.parse(kept.stdout)).toMatchObject({ batchIndex: 0, verdict: 'agrees', outcome: 'kept' });
  expect(kept.stderr).toContain('is what our own L2 node computes');
  expect(kept.stderr).toContain('--force');

  const range = { batchIndex: 1, firstBlock: last + 1, lastBlock: end, verdict: 'differs', firstDifference: null };
  const checked = await challenge(1, '1', '--check');
  expect(checked.code).toBe(1);
  expect(JSON.parse(checked.stdout)).toMatchObject(range);
  const stranger = await challenge(1, '1');
  expect(stranger.code).toBe(1);
  expect(JSON.parse(stranger.stdout)).toMatchObject({ error: { code: 'unauthorized' } });
  expect(await commitments().getTotalBatches()).toBe(2n);

  const deleted = await challenge(0, '1');
  expect(deleted.code).toBe(0);
  expect(deleted.stderr).toMatch(/^sent 0x\w{64}, waiting for its block$/mu);
  expect(JSON.parse(deleted.stdout)).toMatchObject({ ...range, outcome: 'deleted' });
  expect(await commitments().getTotalBatches()).toBe(1n);
  const gone = await challenge(0, '1');
  expect(gone.code).toBe(1);
  expect(JSON.parse(gone.stdout)).toMatchObject({ error: { code: 'batch-not-found' } });

  const forced = await challenge(0, '0', '--force');
  expect(JSON.parse(forced.stdout)).toMatchObject({ verdict: 'agrees', outcome: 'deleted' });
  expect(await commitments().getTotalBatches()).toBe(0n);
});

test('challenge prints the call for a multisignature, and says of a false batch that is final that it is too late', async () => {
  const both = [chains.l1.provider, chains.l2.provider];
  const before = await Promise.all(both.map(async (each) => (await each.send('evm_snapshot', [])) as string));
  await commitBoth();
  const printed = await challenge(1, '1', '--calldata');
  expect(printed.code).toBe(0);
  const [{ to, data, chainId }] = JSON.parse(printed.stdout) as [{ to: string; data: string; chainId: number }];
  expect(chainId).toBe(Number(chains.lane.l1ChainId));
  expect(await commitments().getTotalBatches()).toBe(2n);
  const snapshot = (await chains.l1.provider.send('evm_snapshot', [])) as string;
  const { hash } = await chains.l1.account(0).sendTransaction({ to, data });
  await waitForReceipt(chains.l1.provider, hash);
  expect(await commitments().getTotalBatches()).toBe(1n);
  await chains.l1.provider.send('evm_revert', [snapshot]);
  expect(JSON.parse((await challenge(1, '0', '--calldata')).stdout)).toEqual([]);
  expect((await challenge(1, '1', '--calldata', '--check')).code).toBe(2);

  const { finalFrom } = JSON.parse((await challenge(1, '1', '--check')).stdout) as { finalFrom: number };
  await mineAt(chains.l1.provider, BigInt(finalFrom));
  const late = await challenge(1, '1', '--check');
  expect(JSON.parse(late.stdout)).toMatchObject({ verdict: 'differs', isFinal: true });
  expect(late.stderr).toContain('nobody can delete it: have the guardian pause the lane');
  await Promise.all(both.map(async (each, index) => (await each.send('evm_revert', [before[index]])) as boolean));
});

test('challenge leaves a batch to another time on which the endpoints of L2 contradict each other', async () => {
  await commitBlocks(chains.client, chains.l1.account(0));
  const other = await startAnvil({ chainId: Number(chains.lane.l2ChainId) });
  try {
    const provider = new JsonRpcProvider(other.url);
    await provider.send('anvil_mine', [toQuantity((await chains.l2.provider.getBlockNumber()) + 1)]);
    provider.destroy();
    const variables = {
      XDM_DEPLOYMENT: join(folder, 'deployment.json'),
      PRIVATE_KEY: chains.l1.account(0).privateKey,
      L2_RPC_URL: `${chains.l2.url},${other.url}`,
    };
    const { code, stdout } = await runMain(['challenge', '0', '--json'], variables);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'rpc-error', message: expect.stringContaining('do not agree on state batch 0') as string },
    });
    expect(await commitments().getTotalBatches()).toBe(1n);
    const checked = await runMain(['challenge', '0', '--json', '--check'], variables);
    expect(checked.code).toBe(3);
    expect(JSON.parse(checked.stdout)).toMatchObject({ verdict: 'contested' });
    expect((await runMain(['challenge', '0', '--json', '--force'], variables)).code).toBe(0);
  } finally {
    await other.stop();
  }
});

test('challenge calls an endpoint that does not answer no contradiction, and does not delete on the word of the other alone', async () => {
  await commitBlocks(chains.client, chains.l1.account(0));
  await chains.l2.provider.send('anvil_mine', ['0x1']);
  const first = await commitments().getTotalElements();
  const { root } = buildStateBatchTree([id('false')]);
  const { hash } = await commitments().appendStateBatch(root, 1, first, { gasLimit: 150_000n });
  await waitForReceipt(chains.l1.provider, hash);
  const index = String((await commitments().getTotalBatches()) - 1n);
  const variables = {
    XDM_DEPLOYMENT: join(folder, 'deployment.json'),
    PRIVATE_KEY: chains.l1.account(0).privateKey,
    L2_RPC_URL: `http://127.0.0.1:1,${chains.l2.url}`,
  };
  const checked = await runMain(['challenge', index, '--json', '--check'], variables);
  expect(checked.code).toBe(3);
  expect(JSON.parse(checked.stdout)).toMatchObject({ verdict: 'unconfirmed' });
  expect(checked.stderr).toContain('one endpoint of L2 alone denies the batch');
  expect(checked.stderr).not.toContain('contradict');
  const refused = await runMain(['challenge', index, '--json'], variables);
  expect(refused.code).toBe(3);
  const message = `alone denies state batch ${index} (L2 blocks ${first} to ${first}), and 1 say nothing of it`;
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { code: 'rpc-error', message: expect.stringContaining(message) as string },
  });
  expect((await challenge(0, index)).code).toBe(0);
  expect((await challenge(0, '0', '--force')).code).toBe(0);
});

test('challenge says what it cannot do', async () => {
  const none = await challenge(0, '99999', '--check');
  expect(none.code).toBe(4);
  expect(JSON.parse(none.stdout)).toMatchObject({ error: { message: 'there is no state batch 99999' } });
  expect((await challenge(0, '99999')).code).toBe(1);
  const wrong = await challenge(0, 'first');
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { message: '"first" is no index of a state batch' } });

  await commitBlocks(chains.client, chains.l1.account(0));
  const { timestamp } = (await chains.l1.provider.getBlock('latest'))!;
  await mineAt(chains.l1.provider, BigInt(timestamp) + chains.lane.fraudProofWindow);
  const late = await challenge(0, '0', '--force');
  expect(late.code).toBe(1);
  expect(JSON.parse(late.stdout)).toMatchObject({ error: { code: 'batch-final' } });

  // Of blocks that L2 does not have.
  const ahead = BigInt((await chains.l2.provider.getBlockNumber()) + 1);
  const { root } = buildStateBatchTree([id('soon'), id('later')]);
  const { hash } = await commitments().appendStateBatch(root, 2, ahead, { gasLimit: 150_000n });
  await waitForReceipt(chains.l1.provider, hash);
  const unknown = await challenge(0, '1', '--check');
  expect(unknown.code).toBe(4);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ verdict: 'missing' });
});
