import { toQuantity } from 'ethers';
import { describe, expect, test } from 'vitest';

import { checkBatches } from '../../relayer/lanes/rollup/stages/checkBatches.ts';
import { propose } from '../../relayer/lanes/rollup/stages/propose.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { readStateRoots } from '../../sdk/chain/stateBatches.ts';
import { mineAt } from '../support/clock.ts';
import { mined, recordCall, type LaneNode } from '../support/laneNode.ts';
import { mineL2, totalBatches } from '../support/laneSteps.ts';
import { useWatchtower } from '../support/useLaneNode.ts';
import { changedRoot, type Watchtower } from '../support/watchtower.ts';

let node: LaneNode;
let tower: Watchtower;

useWatchtower((started) => {
  ({ node, tower } = started);
});

describe('a committed batch', () => {
  test('that is what our own L2 node computes is done with', async () => {
    await mineL2(node, 5);
    await node.commit();
    await node.read();
    expect(await tower.verdicts()).toEqual(['open']);
    await tower.look();
    expect(await tower.verdicts()).toEqual([]);
    expect(await tower.alarms('false-state-batch')).toEqual([]);
    // Nothing is asked of L2 again.
    node.proxies.l2.calls.length = 0;
    await tower.checkBatches();
    expect(node.proxies.l2.calls).toEqual([]);
  });

  test('whose event, or whose deletion, an endpoint leaves out is read again, and no false one goes unseen', async () => {
    const { chains, proxies } = node;
    const address = chains.lane.stateCommitmentChain.toLowerCase();
    const leaveOut = (places: readonly number[]): void => {
      proxies.l1.fault = ({ method }) => {
        if (method !== 'eth_getLogs') return undefined;
        const isOther = (log: unknown): boolean => (log as { address: string }).address.toLowerCase() !== address;
        const change = (given: unknown): unknown => {
          const logs = given as unknown[];
          const batches = logs.filter((log) => !isOther(log));
          return logs.filter((log) => !places.includes(batches.indexOf(log)));
        };
        return { kind: 'changed', change };
      };
    };
    const fault = proxies.l1.fault;
    // The only one, the last one, one in the middle; then the deletion.
    for (const [count, missing] of [
      [1, 0],
      [2, 1],
      [3, 1],
    ] as const) {
      for (let committed = 0; committed < count; committed++) {
        await mineL2(node, 1);
        await tower.commitFalse();
      }
      leaveOut([missing]);
      await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
      proxies.l1.fault = fault;
      await tower.look();
      expect(await tower.verdicts()).toHaveLength(Number(await totalBatches(node)));
    }
    expect(await tower.challenge()).toBe(1);
    await mined(chains.l1.provider);
    leaveOut([0]);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    proxies.l1.fault = fault;
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual([]);
  });

  test('that is false is called out with the blocks that can differ, where its leaves are unknown', async () => {
    await mineL2(node, 5);
    const honest = await node.commit();
    await mineL2(node, 3);
    const batch = await tower.commitFalse();
    await tower.look();
    expect(await tower.verdicts()).toEqual(['differs, condemned']);
    expect(await tower.alarms('false-state-batch')).toEqual([`${batch.batchIndex}`]);
    const [message] = await tower.messages('false-state-batch');
    expect(message).toContain(`L2 blocks ${honest.batchSize} to ${honest.batchSize + 2n}`);
    expect(message).toContain('which of them is the first that differs cannot be told');
    // Messages to L2 do not suffer from it.
    expect(await node.store.db.selectFrom('alarms').select('halts').execute()).toEqual([{ halts: 0 }]);
    await tower.checkBatches();
    expect(await tower.alarms('false-state-batch')).toHaveLength(1);
  });

  test('that is false and final is not to be deleted any more: what then helps is a pause without end', async () => {
    await mineL2(node, 3);
    const { timestamp } = await tower.commitFalse();
    const end = timestamp + node.chains.lane.fraudProofWindow;
    await mineAt(node.chains.l1.provider, end - 1n);
    await tower.look();
    expect((await tower.messages('false-state-batch'))[0]).toContain('delete it with `xdm challenge 0` before');
    await mineAt(node.chains.l1.provider, end);
    await tower.look();
    const [message] = await tower.messages('false-state-batch');
    expect(message).toContain('it is final since');
    expect(message).toContain('run `xdm pause` at once, and do not end the pause');
    expect(message).not.toContain('xdm challenge');
  });

  test('of our own names the first block of which our L2 node has changed its mind', async () => {
    await mineL2(node, 6);
    const watched = tower.lane();
    const proposal = { client: node.client, engine: node.proposer, finality: 'latest' as const, maxBatchSize: 1024 };
    await propose({ ...proposal, watched }, tower.context());
    await tower.settle();
    const head = await node.chains.l2.provider.getBlockNumber();
    node.proxies.l2.fault = changedRoot(head - 2);
    await tower.look();
    expect((await tower.messages('false-state-batch'))[0]).toContain(`block ${head - 2} is the first that differs`);
    // It comes to its senses: the alarm ends, and what was kept for this is forgotten.
    node.proxies.l2.fault = () => undefined;
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual([]);
    expect(await tower.verdicts()).toEqual([]);
    expect(await node.store.db.selectFrom('batchLeaves').selectAll().execute()).toEqual([]);
  });

  test('names the first block on which two L2 nodes differ, and is not deleted while one agrees with it', async () => {
    await mineL2(node, 6);
    await node.commit();
    const head = await node.chains.l2.provider.getBlockNumber();
    node.proxies.l2.fault = changedRoot(head - 3);
    tower.options = { l2Nodes: [node.client.l2, node.chains.l2.provider] };
    await tower.look();
    const [message] = await tower.messages('false-state-batch');
    expect(message).toContain(`block ${head - 3} is the first that differs; our L2 nodes do not agree on it`);
    expect(await tower.verdicts()).toEqual(['differs']);
    expect(await tower.challenge()).toBe(0);
  });

  test('that is false is called out though nobody has ever said what is final on L2', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await mineL2(node, 3);
    const { batchIndex } = await tower.commitFalse();
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    node.proxies.l2.fault = ({ params }) =>
      params[0] === 'finalized' ? { kind: 'error', code: -32_000, message: 'nobody knows' } : undefined;
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    await tower.checkBatches();
    expect(await tower.alarms('false-state-batch')).toEqual([`${batchIndex}`]);
    expect(await tower.verdicts()).toEqual(['differs']);
    expect(await tower.challenge()).toBe(0);
  });

  test('is looked at again when it is final, and differs from there on where L2 was wound back', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await mineL2(node, 4);
    const { hash } = await node.chains.l2
      .account(4)
      .sendTransaction({ to: node.chains.l2.account(5).address, value: 1n });
    await waitForReceipt(node.chains.l2.provider, hash);
    const head = await node.chains.l2.provider.getBlockNumber();
    await node.commit();
    await tower.look();
    expect(await tower.verdicts()).toEqual(['agrees']);
    await node.chains.l2.provider.send('anvil_rollback', [1]);
    await node.chains.l2.provider.send('anvil_dropAllTransactions', []);
    await mineL2(node, 4);
    await tower.look();
    expect((await tower.messages('false-state-batch'))[0]).toContain(`block ${head} is the first that differs`);
    expect(await tower.verdicts()).toEqual(['differs, condemned']);
  });

  test('that agrees and becomes final is compared by its last block alone', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await mineL2(node, 4);
    await node.commit();
    await tower.look();
    expect(await tower.verdicts()).toEqual(['agrees']);
    await mineL2(node, 3);
    await node.read();
    node.proxies.l2.calls.length = 0;
    await tower.checkBatches();
    expect(node.proxies.l2.calls).toEqual(['eth_getBlockByNumber']);
    expect(await tower.verdicts()).toEqual([]);
  });

  test('is kept until it has been checked, though no message needs it', async () => {
    await node.sendUp(node.chains.l1.account(7).address, recordCall(0));
    await node.commit();
    await node.sendUp(node.chains.l1.account(7).address, recordCall(1));
    await node.commit();
    await node.read();
    await node.store.db.updateTable('messages').set({ stage: 'relayed' }).execute();
    const prover = node.lane.l2ToL1.prover!;
    const forgetAll = async (): Promise<number> => {
      await node.store.write(async (db) => await prover.forget(db, await node.chains.l1.provider.getBlockNumber()));
      return (await node.store.db.selectFrom('stateBatchEvents').select('id').execute()).length;
    };
    expect(await forgetAll()).toBe(2);
    await tower.checkBatches();
    expect(await forgetAll()).toBe(1);
  });
});

describe('L2 data', () => {
  test('of which no L2 node says anything, asked twice, at half of the window is an alarm, until one does', async () => {
    await mineL2(node, 2);
    const batch = await node.commit();
    await mineAt(node.chains.l1.provider, batch.timestamp + node.chains.lane.fraudProofWindow / 2n);
    await node.read();
    node.proxies.l2.fault = () => ({ kind: 'status', status: 503 });
    for (const missing of [[], [`${batch.batchIndex}`]]) {
      await expect(tower.checkBatches()).rejects.toMatchObject({ code: 'rpc-unreachable' });
      expect(await tower.alarms('l2-data-missing')).toEqual(missing);
    }
    node.proxies.l2.fault = () => undefined;
    await tower.checkBatches();
    expect(await tower.alarms('l2-data-missing')).toEqual([]);
    expect(await tower.verdicts()).toEqual([]);
  });

  test('that is missing at half of the window is an alarm, until it is there', async () => {
    await mineL2(node, 3);
    const batch = await node.commit();
    const number = toQuantity(await node.chains.l2.provider.getBlockNumber());
    await node.read();
    node.proxies.l2.fault = ({ params }) => (params[0] === number ? { kind: 'result', result: null } : undefined);
    await tower.checkBatches();
    expect(await tower.verdicts()).toEqual(['missing']);
    expect(await tower.alarms('l2-data-missing')).toEqual([]);
    // A node that is behind is no reason to delete anything.
    expect(await tower.challenge()).toBe(0);

    await mineAt(node.chains.l1.provider, batch.timestamp + node.chains.lane.fraudProofWindow / 2n);
    node.proxies.l2.fault = () => undefined;
    await node.read();
    node.proxies.l2.fault = ({ params }) => (params[0] === number ? { kind: 'result', result: null } : undefined);
    await tower.checkBatches();
    expect(await tower.alarms('l2-data-missing')).toEqual([`${batch.batchIndex}`]);
    expect((await tower.messages('l2-data-missing'))[0]).toContain('when it becomes final');
    node.proxies.l2.fault = () => undefined;
    await tower.checkBatches();
    expect(await tower.alarms('l2-data-missing')).toEqual([]);
    expect(await tower.verdicts()).toEqual([]);
  });

  test('that a node cannot or will not give, of any number of old batches, keeps no new one from being looked at', async () => {
    for (let count = 0; count < 6; count++) {
      await mineL2(node, 1);
      await node.commit();
    }
    const last = await node.chains.l2.provider.getBlockNumber();
    await mineL2(node, 1);
    const { batchIndex } = await tower.commitFalse();
    await node.read();
    const pruned = { kind: 'error', code: 4444, message: 'pruned history unavailable' } as const;
    for (const refusal of [pruned, { kind: 'result', result: null } as const]) {
      node.proxies.l2.fault = ({ params }) => (Number(params[0]) <= last ? refusal : undefined);
      await node.store.db.updateTable('batchChecks').set({ verdict: 'open', nextCheckAt: 0 }).execute();
      for (let pass = 0; pass < 2; pass++) {
        await checkBatches(tower.lane(), tower.context()).catch(() => 0);
        const dueAgain = node.store.db.updateTable('batchChecks').where('nextCheckAt', '>', 0);
        await dueAgain.set(({ eb }) => ({ nextCheckAt: eb('nextCheckAt', '-', 6000) })).execute();
      }
      expect(await tower.alarms('false-state-batch')).toEqual([`${batchIndex}`]);
    }
  });

  test('that one of several nodes lacks condemns nothing', async () => {
    await mineL2(node, 3);
    await tower.commitFalse();
    const behind = node.proxies.l2;
    await node.read();
    behind.fault = ({ method }) => (method === 'eth_getBlockByNumber' ? { kind: 'result', result: null } : undefined);
    tower.options = { l2Nodes: [node.client.l2, node.chains.l2.provider] };
    await tower.checkBatches();
    expect(await tower.verdicts()).toEqual(['differs']);
    expect(await tower.challenge()).toBe(0);
    behind.fault = () => ({ kind: 'status', status: 503 });
    await tower.checkBatches();
    expect(await tower.verdicts()).toEqual(['differs']);
    const [message] = await tower.messages('false-state-batch');
    expect(message).toContain('; one of our L2 nodes alone denies it, and 1 say nothing of it');
    expect(message).not.toContain('do not agree');
    behind.fault = () => undefined;
    await tower.checkBatches();
    expect(await tower.verdicts()).toEqual(['differs, condemned']);
  });
});

test('state roots are read of blocks that are there, all or none', async () => {
  const number = BigInt(await node.chains.l2.provider.getBlockNumber());
  await expect(readStateRoots(node.client, number, 2)).rejects.toMatchObject({
    code: 'rpc-error',
    message: `the L2 node has no block ${number + 1n}`,
  });
});
