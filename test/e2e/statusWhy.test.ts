import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { insertAlarm } from '../../relayer/store/alarms.ts';
import { recordHistory } from '../../relayer/store/history.ts';
import { addSpending, dayOf } from '../../relayer/store/spending.ts';
import { l1MessengerOf } from '../../sdk/chain/contracts.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import { runMain } from '../support/cliMain.ts';
import { deployArtifact } from '../support/chain.ts';
import { executeQueue } from '../support/executeQueue.ts';
import { deployFragile } from '../support/fragile.ts';
import { mined, startLaneNode, type LaneNode } from '../support/laneNode.ts';

const TARGET = '0x00000000000000000000000000000000000000AA';

interface Why {
  readonly verdict: string;
  readonly status: string;
  readonly clocks: Readonly<Record<string, unknown>>;
  readonly node: Readonly<Record<string, unknown>>;
}

let folder: string;
let node: LaneNode;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-why-'));
  node = await startLaneNode();
  writeFileSync(join(folder, 'deployment.json'), serializeDeployment(node.chains.lane));
});

beforeEach(async () => {
  await node.chains.l1.provider.send('evm_setAutomine', [true]);
  await node.reset();
});

afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true });
});

async function status(hash: string, ...args: readonly string[]): Promise<string> {
  const variables = {
    XDM_DEPLOYMENT: join(folder, 'deployment.json'),
    XDM_MAX_FEE_PER_GAS: '1000',
    XDM_MAX_SPEND_PER_DAY: '2',
  };
  const { code, stdout, stderr } = await runMain(['status', '--why', hash, ...args], variables);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function why(hash: string, store = node.store.path): Promise<Why> {
  return JSON.parse(await status(hash, '--json', '--store', store)) as Why;
}

async function sendUp(): Promise<string> {
  const [sent] = await node.sendUp(TARGET, '0x');
  return sent!.messageHash;
}

describe('a message from L2 waits for', () => {
  test('a state batch, then the window, then its transaction; and is delivered', async () => {
    const hash = await sendUp();
    expect(await why(hash)).toMatchObject({
      verdict: expect.stringMatching(
        /^waits for a state batch that covers L2 block \d+: the next one begins at block 0$/u,
      ),
      clocks: { nextBlock: '0', isPaused: false },
      node: { message: null },
    });

    const batch = await node.commit();
    await node.read();
    await node.prove();
    expect(await why(hash)).toMatchObject({
      verdict: expect.stringMatching(/^waits for the fraud-proof window, \d+ s left, ready at \d{4}-.* UTC$/u),
      status: 'in-challenge-period',
      clocks: { batch: { index: '0', committedAt: Number(batch.timestamp) } },
      node: { message: { stage: 'proven', waitsFor: 'challenge-period', until: Number(batch.timestamp) + 10 } },
    });

    await node.passWindow(batch);
    await node.read();
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    await node.submit();
    const pending = await why(hash);
    expect(pending.verdict).toMatch(/^can be delivered since .*\. The node: Its transaction 0x\w{64} \(nonce 0 of /u);
    expect(pending.node).toMatchObject({
      message: { stage: 'submitted', waitsFor: 'transaction-pending', transactions: [{ nonce: 0, isAtCap: false }] },
    });
    const text = await status(hash, '--store', node.store.path);
    expect(text).toMatch(
      /^transaction to relay: nonce 0 of 0x\w{40}, pending, 1000 gwei allowed\n {2}.* up to [\d.]+ gwei$/mu,
    );
    expect(text).toMatch(/ UTC {2}sent *\n.* UTC {2}proven *\n.* UTC {2}submitted {2}0x\w{64}$/mu);

    await node.chains.l1.provider.send('evm_setAutomine', [true]);
    await node.chains.l1.provider.send('evm_mine', []);
    await mined(node.chains.l1.provider);
    await node.confirm();
    expect(await why(hash)).toMatchObject({
      verdict: expect.stringMatching(/^delivered by transaction 0x\w{64}$/u),
      node: { message: { stage: 'relayed' } },
    });
  });

  test('a transaction that cannot pay more', async () => {
    const hash = await sendUp();
    const batch = await node.commit();
    await node.read();
    await node.prove();
    await node.passWindow(batch);
    await node.read();
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    await node.submit();
    await node.store.db
      .updateTable('attempts')
      .set({ maxFeePerGas: `${10n ** 12n}` })
      .execute();
    expect(await status(hash, '--store', node.store.path)).toContain(
      '1000 gwei allowed; it cannot pay more, and waits\n',
    );
    expect(await why(hash)).toMatchObject({ node: { message: { transactions: [{ isAtCap: true }] } } });
    const { address } = node.engine;
    await addSpending(node.store.db, { chainId: 900, address }, dayOf(Date.now()), 5n * 10n ** 17n);
    const text = await status(hash, '--store', node.store.path);
    expect(text).toMatch(
      new RegExp(`^spent today: +0\\.5 ETH by ${address} on chain 900\na day allows: +2 ETH for each signer`, 'mu'),
    );
  });

  test('the end of a pause, for which the node has set it aside', async () => {
    const hash = await sendUp();
    const batch = await node.commit();
    await node.read();
    await node.prove();
    const messenger = l1MessengerOf(node.chains.lane, node.chains.l1.account(0));
    await (await messenger.getFunction('pause')()).wait();
    expect((await why(hash)).verdict).toMatch(/^waits for the fraud-proof window, .*; relaying on L1 is paused, too$/u);

    await node.passWindow(batch);
    await node.read();
    await node.submit();
    const parked = await why(hash);
    expect(parked.verdict).toMatch(
      /^could be delivered since .*, but relaying on L1 is paused: the owner ends that\. The node: /u,
    );
    expect(parked.node).toMatchObject({ message: { waitsFor: 'parked', parkedReason: 'paused', stage: 'proven' } });
    expect(await status(hash, '--store', node.store.path)).toMatch(/^set aside: +paused, 1 try\nnext try: +\d{4}-/mu);
  });

  test('an alarm, for which the lane stands still', async () => {
    const hash = await sendUp();
    await node.read();
    const alarm = { kind: 'deep-reorganisation', subject: '900', message: 'chain 900 was wound back' } as const;
    await insertAlarm(node.store.db, { ...alarm, halts: true });
    const { verdict, node: view } = await why(hash);
    expect(verdict).toMatch(
      /^waits for a state batch .* The node: Since .* what goes from and to chain 900 stands still: chain 900 was wound back$/u,
    );
    expect(view).toMatchObject({ alarms: [{ kind: 'deep-reorganisation' }], message: { waitsFor: 'halted' } });
    expect(await status(hash, '--store', node.store.path)).toContain(
      'alarm deep-reorganisation, for which what goes from',
    );
  });

  test('somebody to mend its target, or to give it more gas', async () => {
    const { address } = await deployFragile(node.chains.l1.account(3), 'not now');
    const eater = await (await deployArtifact('GasEater', node.chains.l1.account(3))).getAddress();
    const [sent] = await node.sendUp(address, '0x01');
    const [starved] = await node.sendUp(eater, '0x01');
    const batch = await node.commit();
    await node.read();
    await node.prove();
    await node.passWindow(batch);
    await node.read();
    // The root of their tree, then both messages by it.
    for (let pass = 0; pass < 2; pass++) {
      await node.submit();
      await node.confirm();
    }
    const { verdict } = await why(sent!.messageHash);
    expect(verdict).toMatch(
      /^tried by transaction 0x\w{64}, and its target refused it: Error\("not now"\); once that is mended: xdm relayMessage 0x\w{64}$/u,
    );
    const { verdict: wants } = await why(starved!.messageHash);
    expect(wants).toContain(
      `if it ran out of gas, with more: xdm relayMessage ${starved!.messageHash} --gas-limit 16777216`,
    );
  });
});

test('a message from L1 waits for its turn in the queue', async () => {
  const first = await node.sendDown(TARGET, '0x');
  const { messageHash } = await node.sendDown(TARGET, '0x01');
  await node.read();
  expect(await why(messageHash)).toMatchObject({
    verdict: expect.stringMatching(
      /^waits until L2 has executed element 1 of the queue, which has 2\. The node: It comes after 1 element of the queue/u,
    ),
    clocks: { queueIndex: '1', queueLength: '2' },
    node: { message: { stage: 'sent', waitsFor: 'queued' } },
  });
  const { db } = node.store;
  const { id } = await db.selectFrom('messages').select('id').where('counter', '=', 1).executeTakeFirstOrThrow();
  await recordHistory(db, [id], { event: 'orphaned' });
  expect(await status(messageHash, '--store', node.store.path)).toMatch(
    / UTC {2}orphaned {2}a reorganisation has dropped its block$/mu,
  );
  await executeQueue(node.chains.client, 0n);
  await node.confirm();
  expect((await why(first.messageHash)).verdict).toMatch(/^delivered by transaction /u);
});

test("without the node's store it says that this is what the chains say", async () => {
  const hash = await sendUp();
  const text = await status(hash);
  expect(text).toMatch(/^waits for a state batch that covers L2 block \d+: .*\n\nmessageHash: +0x/u);
  expect(text).toMatch(/^This is what the chains say: there is no store at .*relayer\.sqlite; /mu);
  expect(await why(hash, '/none')).toMatchObject({ node: { missing: expect.stringContaining('no store at /none') } });
  // The node has a store, and is behind.
  expect(await status(hash, '--store', node.store.path)).toMatch(
    /^The node has not read it \(.*relayer\.sqlite\)\.$/mu,
  );
});
