import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { serializeOmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { CliRun } from '../../support/cli.ts';
import { runMain } from '../../support/cliMain.ts';
import { A, B, RELAY, startOmnichainLane, text, type OmnichainLane } from '../../support/omnichainLane.ts';

let lane: OmnichainLane;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-omnichain-'));
  lane = await startOmnichainLane();
  writeFileSync(join(folder, 'lane.json'), serializeOmnichainDeployment(lane.client.lane));
});

afterAll(async () => {
  await lane.stop();
  rmSync(folder, { recursive: true });
});

async function xdm(...args: readonly string[]): Promise<CliRun> {
  const variables = { XDM_DEPLOYMENT: join(folder, 'lane.json'), PRIVATE_KEY: lane.account(A).privateKey };
  return await runMain(args, variables);
}

/** A run with --json that ends with an exit code, and what it has printed. */
async function json(code: number, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const run = await xdm(...args, '--json');
  expect(run).toMatchObject({ code });
  return JSON.parse(run.stdout) as Record<string, unknown>;
}

async function call(id: bigint, name: string, ...args: unknown[]): Promise<void> {
  const { hash } = await lane
    .counterpart(id)
    .getFunction(name)
    .send(...args);
  await waitForReceipt(lane.chain(id).provider, hash);
}

/** A message of type `message` to a counterpart. */
async function sending(from: string, to: string, at: bigint, words: string): Promise<string[]> {
  const target = await lane.counterpart(at).getAddress();
  const route = ['--from-chain', from, '--to-chain', to];
  return ['transferOut', ...route, '--target', target, '--type', 'message', '--data', text(words)];
}

describe('a message from A to B', () => {
  test('is sent, followed by its order id over all chains, and proven hop by hop', async () => {
    await call(B, 'allow', A, lane.account(A).address, true);
    const sent = await xdm(...(await sending('A', '7002', B, 'hello')), '--json');
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const order = JSON.parse(sent.stdout) as { orderId: string; transactionHash: string };
    expect(order).toMatchObject({ fromChain: 'A', toChain: 'B', fee: '201000', feeToken: null, nonce: '0' });

    const waiting = await xdm('status', order.orderId);
    expect(waiting).toMatchObject({ code: 0, stderr: '' });
    expect(waiting.stdout).toMatch(/^status: +waiting-for-light-client$/mu);
    expect(waiting.stdout).toMatch(new RegExp(`^  A +sent +\\d+ +${order.transactionHash}`, 'mu'));
    expect(waiting.stdout).toMatch(/^next: +waits until the light client of A on relay knows block \d+, /mu);
    const early = await xdm('transferIn', order.orderId);
    expect(early.code).toBe(4);
    expect(early.stdout).toContain('xdm lightclient update --on relay --of A');

    await lane.finalize(A);
    const calls = (await json(0, 'transferIn', '--calldata', order.orderId)) as unknown as { to: string }[];
    expect(calls.at(-1)).toMatchObject({ purpose: 'transferInWithIndex', to: lane.client.chains.get(RELAY)!.service });
    const first = await json(4, 'transferIn', order.orderId);
    expect(first).toMatchObject({ status: 'waiting-for-light-client', hops: [{ chain: 'A' }, { sent: {} }, {}] });

    await lane.finalize(RELAY);
    const arrived = await xdm('transferIn', order.orderId);
    expect(arrived.stderr).toMatch(/^proven to chain B in transaction 0x[\da-f]{64}\n$/u);
    expect(arrived).toMatchObject({ code: 0, stdout: expect.stringMatching(/^status: +relayed$/mu) as string });
    expect(await json(0, 'status', order.orderId)).toMatchObject({
      status: 'relayed',
      next: null,
      hops: [
        { chain: 'A', lightClient: null, sent: { transactionHash: order.transactionHash } },
        { chain: 'relay', lightClient: { kind: 'sync-committee', isFrozen: false }, attempt: null },
        { chain: 'B', lightClient: { kind: 'attestor' }, attempt: { outcome: 'relayed' }, sent: null },
      ],
    });
    expect(await lane.counterpart(B).getFunction('lastMessage')()).toBe(text('hello'));
    expect(await json(0, 'transferIn', order.orderId)).toMatchObject({ status: 'relayed' });
  });
});
