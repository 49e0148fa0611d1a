import { id } from 'ethers';
import { describe, expect, test } from 'vitest';

import { propose } from '../../../relayer/lanes/rollup/stages/propose.ts';
import { encodeDeposit } from '../../../sdk/core/optimism.ts';
import { mineAt } from '../../support/clock.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { mineL2, totalBatches } from '../../support/laneSteps.ts';
import { useWatchtower } from '../../support/useLaneNode.ts';
import { changedRoot, type Watchtower } from '../../support/watchtower.ts';

let node: LaneNode;
let tower: Watchtower;

useWatchtower((started) => {
  ({ node, tower } = started);
});

describe('a false batch', () => {
  test('is deleted, the first of several and once, by a node that is started anew meanwhile', async () => {
    const target = node.chains.l1.account(7).address;
    await node.sendUp(target, recordCall(0));
    await node.commit();
    await mineL2(node, 2);
    await tower.commitFalse();
    await mineL2(node, 2);
    await tower.commitFalse();
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual(['1', '2']);
    expect(await tower.challenge()).toBe(1);
    expect(await tower.challenge()).toBe(0);
    await node.restart();
    expect(await tower.challenge()).toBe(0);
    await tower.settle();
    expect(await totalBatches(node)).toBe(1n);
    expect(await tower.challenge()).toBe(0);
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual([]);
    expect(await tower.verdicts()).toEqual([]);
    expect(await node.prove()).toBe(1);
  });

  test('is deleted only if it is still false right before', async () => {
    await mineL2(node, 3);
    await node.commit();
    await node.read();
    node.proxies.l2.fault = changedRoot(await node.chains.l2.provider.getBlockNumber());
    await tower.checkBatches();
    expect(await tower.verdicts()).toEqual(['differs, condemned']);
    node.proxies.l2.fault = () => undefined;
    expect(await tower.challenge()).toBe(0);
    expect(await totalBatches(node)).toBe(1n);
  });

  test('is deleted only once its blocks are final on L2', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await mineL2(node, 4);
    await tower.commitFalse();
    await tower.look();
    expect(await tower.verdicts()).toEqual(['differs']);
    expect((await tower.messages('false-state-batch'))[0]).toContain('not final on L2');
    expect(await tower.challenge()).toBe(0);
    await mineL2(node, 3);
    await tower.look();
    expect((await tower.messages('false-state-batch'))[0]).not.toContain('not final on L2');
    expect(await tower.challenge()).toBe(1);
  });

  test('is let stand by a node without the key, and by one that is too late for it, which deletes a later one', async () => {
    await mineL2(node, 2);
    const final = await tower.commitFalse();
    await node.passWindow(final);
    await mineL2(node, 2);
    await tower.commitFalse();
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual(['0', '1']);
    expect(await tower.challenge()).toBe(1);
    await tower.settle();
    expect(await totalBatches(node)).toBe(1n);
    expect(await tower.challenge()).toBe(0);
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual(['0']);
  });

  test('that comes again is answered later, inside the window', async () => {
    await mineL2(node, 2);
    await tower.commitFalse();
    await tower.look();
    expect(await tower.challenge()).toBe(1);
    await tower.settle();
    const again = await tower.commitFalse();
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual(['0']);
    expect(await tower.challenge()).toBe(0);
    await mineAt(node.chains.l1.provider, again.timestamp + node.chains.lane.fraudProofWindow / 2n);
    await node.read();
    expect(await tower.challenge()).toBe(1);
    await tower.settle();
    expect(await totalBatches(node)).toBe(0n);
  });

  test('is not built upon by a proposer of ours, while it is to be deleted from here', async () => {
    await mineL2(node, 2);
    await tower.commitFalse();
    await tower.look();
    await mineL2(node, 2);
    const proposal = { client: node.client, engine: node.proposer, finality: 'latest' as const, maxBatchSize: 1024 };
    const challenged = { ...proposal, watched: { ...tower.lane(), challenger: node.proposer } };
    expect(await propose(challenged, tower.context())).toBe(0);
    await tower.challenge();
    await tower.settle();
    expect(await propose(challenged, tower.context())).toBe(1);
    await tower.settle();
    await tower.look();
    expect(await totalBatches(node)).toBe(1n);
    expect(await tower.alarms('false-state-batch')).toEqual([]);
  });

  test('serves no message, also after its window', async () => {
    await node.sendUp(node.chains.l1.account(7).address, recordCall(0));
    const batch = await tower.commitFalse();
    await tower.look();
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent (proof-invalid)');
    await node.passWindow(batch);
    await tower.look();
    expect(await node.submit()).toBe(0);
  });
});

describe('a batch of a state that holds an unexpected deposit', () => {
  test('is deleted, though our own L2 node agrees with it', async () => {
    const l2 = node.chains.l2.provider;
    await mineL2(node, 2);
    await node.commit();
    const somebody = node.chains.l2.account(8).address;
    const rest = { from: somebody, to: somebody, mint: 10n ** 18n, value: 0n, gasLimit: 50_000n, data: '0x' };
    const raw = encodeDeposit({ sourceHash: id('invented'), ...rest });
    await l2.send('eth_sendRawTransactionSync', [raw]);
    await node.commit();
    await mineL2(node, 1);
    await node.commit();
    const timestamp = BigInt((await l2.getBlock('latest'))!.timestamp);
    if (BigInt((await node.chains.l1.provider.getBlock('latest'))!.timestamp) < timestamp) {
      await mineAt(node.chains.l1.provider, timestamp);
    }
    await tower.look();
    expect(await tower.alarms('false-state-batch')).toEqual([]);
    expect(await tower.challenge()).toBe(0);
    await tower.checkDeposits();
    expect(await tower.alarms('unexpected-deposit')).toHaveLength(1);
    // A node that has not seen the block before it sends anything.
    node.proxies.l2.fault = ({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[1] === true ? { kind: 'result', result: null } : undefined;
    expect(await tower.challenge()).toBe(0);
    node.proxies.l2.fault = () => undefined;
    // An earlier batch that was condemned, and is not false, does not go with it.
    const { db } = node.store;
    const batch = await db.selectFrom('stateBatchEvents').select('id').orderBy('id').executeTakeFirstOrThrow();
    const check = { batchEventId: batch.id, routeId: node.lane.l2ToL1.id, verdict: 'differs', condemned: 1 } as const;
    await db.insertInto('batchChecks').values(check).execute();
    expect(await tower.challenge()).toBe(0);
    await db.deleteFrom('batchChecks').where('batchEventId', '=', batch.id).execute();
    // An endpoint has left out an element, of which the deposit could be.
    await node.sendDown(somebody, '0x');
    await node.read();
    const element = await node.store.db.deleteFrom('expectedDeposits').returningAll().executeTakeFirstOrThrow();
    expect(await tower.challenge()).toBe(0);
    await node.store.db.insertInto('expectedDeposits').values(element).execute();
    expect(await tower.challenge()).toBe(1);
    await tower.settle();
    expect(await totalBatches(node)).toBe(1n);
  });
});
