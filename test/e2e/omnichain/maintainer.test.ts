import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { devnetAccount } from '../../../devnet/accounts.ts';
import { serveLocally, type LocalServer } from '../../../devnet/httpServer.ts';
import { getOrderTrace } from '../../../sdk/actions/omnichain/getOrderTrace.ts';
import { transferOut } from '../../../sdk/actions/omnichain/transferOut.ts';
import { lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { syncCommitteeLightClientAt } from '../../../sdk/chain/omnichain/maintenance/contracts.ts';
import { findLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { serializeOmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { CliRun } from '../../support/cli.ts';
import { runMain } from '../../support/cliMain.ts';
import { A, B, RELAY, startOmnichainLane, type OmnichainLane } from '../../support/omnichainLane.ts';
import { ACTS, startReplicaProcess, type ReplicaProcess } from '../../support/replica.ts';
import { temporaryFolder } from '../../support/store.ts';
import { until } from '../../support/until.ts';

const SLOTS_PER_PERIOD = 64;
const MAINTAINER = devnetAccount(4);

let lane: OmnichainLane;
let folder: string;
let node: ReplicaProcess;
let source: SwitchedSource;

interface SwitchedSource extends LocalServer {
  isDown: boolean;
  /** Whether it takes questions and does not answer. */
  isSilent: boolean;
  /** Times that it was asked for what is final. */
  looks: number;
}

/** A beacon node that can be had answer nothing but errors, or nothing at all. */
async function serveSwitched(url: string): Promise<SwitchedSource> {
  const app = new Hono();
  const state = { isDown: false, isSilent: false, looks: 0 };
  app.get('*', async (context) => {
    const { pathname, search } = new URL(context.req.url);
    if (pathname.endsWith('/finality_update')) state.looks += 1;
    if (state.isSilent) await new Promise(() => undefined);
    if (state.isDown) return context.text('down', 503);
    return await fetch(`${url}${pathname}${search}`);
  });
  return Object.assign(state, await serveLocally(app, 0));
}

/** A node of its own process, with both roles. */
async function start(store: string, updates: 'all' | 'needed' = 'all'): Promise<void> {
  const settings = {
    httpPort: 0,
    pollInterval: 50,
    maintenanceInterval: 400,
    // Whatever ends a wait for an answer, it is not this.
    requestTimeout: 3_600_000,
    finality: 'latest',
    privateKey: devnetAccount(3).privateKey,
    maintainerPrivateKey: MAINTAINER.privateKey,
    sourceUrls: { B: source.url },
    updates,
  };
  writeFileSync(join(folder, 'relayer.json'), JSON.stringify(settings));
  node = startReplicaProcess(['--deployment', join(folder, 'lane.json')], join(folder, store));
  await node.logged(ACTS);
}

beforeAll(async () => {
  lane = await startOmnichainLane();
  folder = temporaryFolder();
  writeFileSync(join(folder, 'lane.json'), serializeOmnichainDeployment(lane.client.lane));
  const { entry } = findLightClient(lane.client, { on: RELAY, of: B });
  source = await serveSwitched(entry.sources[0]!);
  await start('first.sqlite');
});

afterAll(async () => {
  await node.end('SIGTERM');
  await source.close();
  await lane.stop();
  rmSync(folder, { recursive: true });
});

/** Waits until one chain knows the block of another that was final. */
async function untilKnown(on: bigint, of: bigint): Promise<void> {
  const final = (await lane.chain(of).provider.getBlock('finalized'))!;
  const { address, provider } = findLightClient(lane.client, { on, of });
  await until(async () => (await lightClientAt(address, provider).head())[0] >= BigInt(final.number));
}

/** Newest period whose committee is known. Lets blocks become final until that is not below the least. */
async function periodOf(of: bigint, least = 0n): Promise<bigint> {
  const { address, provider } = findLightClient(lane.client, { on: RELAY, of });
  const contract = syncCommitteeLightClientAt(address, provider);
  await until(async () => (await contract.newestPeriod()) >= least || (await lane.advance(of, 1).then(() => false)));
  return await contract.newestPeriod();
}

/** How the maintainer's transactions on the relay chain ended. */
async function outcomes(): Promise<number[]> {
  const { provider } = lane.chain(RELAY);
  const newest = await provider.getBlockNumber();
  const blocks = await Promise.all(
    Array.from({ length: newest }, async (_, index) => await provider.getBlock(index + 1)),
  );
  const receipts = await Promise.all(
    blocks.flatMap((block) => block!.transactions.map(async (hash) => await provider.getTransactionReceipt(hash))),
  );
  return receipts.flatMap((receipt) => (receipt?.from === MAINTAINER.address ? receipt.status! : []));
}

describe('a node that maintains light clients', () => {
  test('keeps all of them in sync, over committees that follow each other', async () => {
    const before = await periodOf(A);
    for (let period = 0; period < 2; period++) {
      await lane.advance(A, SLOTS_PER_PERIOD);
      await untilKnown(RELAY, A);
    }
    expect(await periodOf(A, before + 2n)).toBeGreaterThanOrEqual(before + 2n);
    await lane.advance(RELAY, 3);
    await Promise.all([untilKnown(A, RELAY), untilKnown(B, RELAY), untilKnown(RELAY, B)]);
  });

  test('sends no update twice where it was killed while some were on their way', async () => {
    const { provider } = lane.chain(RELAY);
    const before = await periodOf(A);
    const sent = (await outcomes()).length;
    await provider.send('evm_setAutomine', [false]);
    await lane.advance(A, 2 * SLOTS_PER_PERIOD);
    await until(async () => (await provider.getTransactionCount(MAINTAINER.address, 'pending')) > sent);
    await node.end('SIGKILL');
    await start('first.sqlite');
    await provider.send('evm_setAutomine', [true]);
    await provider.send('evm_mine', []);
    await untilKnown(RELAY, A);
    expect(await periodOf(A, before + 2n)).toBeGreaterThanOrEqual(before + 2n);
    const all = await outcomes();
    expect(all.length).toBeGreaterThan(sent);
    expect(all).toEqual(all.map(() => 1));
  });

  test('is held up by no source that is down, and catches up with it over periods, whatever it has stored', async () => {
    source.isDown = true;
    const before = await periodOf(B);
    await lane.advance(B, 2 * SLOTS_PER_PERIOD);
    await lane.advance(A, 3);
    await untilKnown(RELAY, A);
    await until(
      async () => await Promise.resolve(node.lines.some(({ stage }) => stage === `maintain ${B} on ${RELAY}`)),
    );
    expect(await periodOf(B)).toBe(before);

    // One that is silent is waited for, and not when the node is told to end.
    await node.end('SIGTERM');
    const { looks } = source;
    source.isSilent = true;
    await start('second.sqlite');
    await lane.advance(A, 3);
    await untilKnown(RELAY, A);
    await until(async () => await Promise.resolve(source.looks > looks));
    expect(await node.end('SIGTERM')).toBe(0);

    // What is next is on the chain.
    Object.assign(source, { isDown: false, isSilent: false });
    await start('third.sqlite');
    await untilKnown(RELAY, B);
    expect(await periodOf(B, before + 2n)).toBeGreaterThanOrEqual(before + 2n);
  });

  test('shows a light client that it was told of a block which its chain does not have, so that it freezes', async () => {
    const { address, provider } = findLightClient(lane.client, { on: B, of: RELAY });
    const { number } = (await lane.chain(RELAY).provider.getBlock('latest'))!;
    await lane.vouch(B, { number: number + 1, hash: `0x${'11'.repeat(32)}` });
    await lane.advance(RELAY, 6);
    const contract = lightClientAt(address, provider);
    await until(async () => await contract.isFrozen());
    const name = `${RELAY} on ${B}`;
    const kinds = ['light-client-contradicted', 'light-client-frozen'];
    await until(async () => {
      const raised = node.lines.filter(({ msg, subject }) => msg === 'alarm' && String(subject).startsWith(name));
      return await Promise.resolve(kinds.every((kind) => raised.some((alarm) => alarm['kind'] === kind)));
    });
    await lane.advance(RELAY, 3);
    await untilKnown(A, RELAY);
    const other = findLightClient(lane.client, { on: A, of: RELAY });
    expect(await lightClientAt(other.address, other.provider).isFrozen()).toBe(false);
  });

  test('pays for no update that nobody needs', async () => {
    const { address, provider } = findLightClient(lane.client, { on: RELAY, of: B });
    const lightClient = syncCommitteeLightClientAt(address, provider);
    // The next committee is needed, whoever waits: it has to be known before, and the one after it still be far.
    await until(async () => {
      await lane.advance(B, 1);
      const slot = Number(await lightClient.finalizedSlot());
      const isKnown = Number(await lightClient.newestPeriod()) > slot / SLOTS_PER_PERIOD;
      return isKnown && slot % SLOTS_PER_PERIOD < SLOTS_PER_PERIOD / 2;
    });
    await node.end('SIGTERM');
    await start('fourth.sqlite', 'needed');
    const headOf = async (): Promise<bigint> => (await lightClientAt(address, provider).head())[0];
    const before = await headOf();
    const { looks } = source;
    await lane.advance(B, 3);
    // The second look after the one that may have begun before has seen them.
    await until(async () => await Promise.resolve(source.looks > looks + 2));
    expect(await headOf()).toBe(before);

    const payload = { target: await lane.counterpart(RELAY).getAddress(), payload: '0x', gasLimit: 100_000n };
    const message = { relay: false, msgType: 'message', value: 0n, ...payload } as const;
    const parameters = { fromChain: B, toChain: RELAY, signer: lane.account(B), message };
    const { orderId, blockNumber } = await transferOut(lane.client, parameters);
    await lane.advance(B, 3);
    await until(async () => (await getOrderTrace(lane.client, orderId)).status === 'failed');
    expect(await headOf()).toBeGreaterThanOrEqual(BigInt(blockNumber));
  });
});

describe('by hand, without a node,', () => {
  async function xdm(...args: readonly string[]): Promise<CliRun> {
    const variables = { XDM_DEPLOYMENT: join(folder, 'lane.json'), PRIVATE_KEY: lane.account(A).privateKey };
    return await runMain(['lightclient', ...args], variables);
  }

  /** The line of each light client, by its columns. */
  function rowsOf({ stdout }: CliRun): string[][] {
    return stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/u));
  }

  test('light clients are shown, and brought as far as their sources go', async () => {
    await node.end('SIGTERM');
    await Promise.all([A, B, RELAY].map(async (id) => await lane.advance(id, 3)));
    const updated = await xdm('update', '--on', 'relay');
    expect(updated).toMatchObject({ code: 0 });
    expect(updated.stdout).toMatch(/^A on relay: .*block \d+, in transaction 0x[\da-f]{64}$/mu);
    await lane.advance(A, SLOTS_PER_PERIOD);

    const shown = await xdm('status', '--of', 'A');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(
      /\nrelay +A +sync-committee +\d+ .* h .* no +due: \d updates? to .*block \d+, to learn who signs next: a maintainer/u,
    );
    const one = await xdm('update', '--on', 'relay', '--of', 'A', '--json');
    const [{ updates }] = JSON.parse(one.stdout) as [{ updates: { brings: string }[] }];
    expect(updates.map(({ brings }) => brings)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^the committee of period \d+/u)]),
    );
    expect(rowsOf(await xdm('status', '--of', 'A'))[0]!.at(-1)).toBe('ok: in sync');
    expect(await xdm('update', '--of', 'A')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'A on relay: there is nothing new\n',
    });
  });

  test('a source that is silent is said, and holds up no other light client', async () => {
    await Promise.all([lane.advance(A, 3), lane.advance(B, 3)]);
    source.isDown = true;
    const updated = await xdm('update', '--on', 'relay', '--source-urls', `B=${source.url}`);
    expect(updated.code).toBe(3);
    expect(updated.stdout).toMatch(/^A on relay: .*block/u);
    expect(updated.stderr).toContain('error: B on relay: ');
    const { code, stdout } = await xdm('status', '--of', 'B', '--source-urls', `B=${source.url}`, '--json');
    const [status] = JSON.parse(stdout) as [{ on: string; problem: { code: string }; frozen: boolean }];
    expect({ code, status }).toMatchObject({ code: 3, status: { on: 'relay', problem: { code: 'rpc-error' } } });

    // Of a chain that is silent, what the contract on another one knows of it is shown.
    const silent = rowsOf(await xdm('status', '--on', 'relay', '--rpc-urls', 'A=http://127.0.0.1:1'));
    expect(silent.map((row) => row.at(-1)!.includes('127.0.0.1:1 is of no use'))).toEqual([true, false]);
    expect(silent[0]![3]).toMatch(/^\d+$/u);
  });

  test('one that is frozen is an error', async () => {
    const shown = await xdm('status', '--on', 'B');
    expect(shown).toMatchObject({ code: 1, stderr: '' });
    expect(rowsOf(shown)[0]!.slice(-2)).toEqual(['yes', 'frozen: two blocks of one height were vouched for']);
    expect(await xdm('update', '--on', 'B')).toMatchObject({ code: 1 });
  });

  test.each([
    [['mend'], '"mend" is nothing to do with light clients'],
    [['status', '--on', 'A', '--of', 'B'], 'the lane has no light client of B on A'],
    [['status', '--of', 'C'], '"C" is no chain of the lane'],
    [['status', '--source-urls', 'http://one'], '--source-urls does not begin with the name of a chain'],
  ])('nobody gets %s', async (args, problem) => {
    const run = await xdm(...args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(problem);
  });
});
