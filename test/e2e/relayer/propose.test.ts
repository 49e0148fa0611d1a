import { Contract } from 'ethers';
import { describe, expect, test } from 'vitest';

import { stateCommitmentChain } from '../../../sdk/abi/StateCommitmentChain.ts';
import { parseStateBatches, TOPICS } from '../../../sdk/chain/logs.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { newSignals } from '../../../relayer/signals.ts';
import { propose, type ProposedChain } from '../../../relayer/lanes/rollup/stages/propose.ts';
import { mined, type LaneNode } from '../../support/laneNode.ts';
import { listeningLogger } from '../../support/logger.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

let node: LaneNode;

useLaneNode((started) => {
  node = started;
});

async function run(options: Partial<ProposedChain> = {}): Promise<number> {
  const { logger } = listeningLogger();
  const chain = { client: node.client, engine: node.proposer, finality: 'latest' as const, maxBatchSize: 1024 };
  return await propose({ ...chain, ...options }, { store: node.store, logger, signals: newSignals() });
}

/** Lets the transaction of the batch be seen as mined. */
async function see(): Promise<void> {
  await mined(node.chains.l1.provider);
  await node.read();
  await node.proposer.advance();
}

/** Start and end of each batch in the L2 blocks it covers, ends included. */
async function batches(): Promise<string> {
  const { stateCommitmentChain: address } = node.chains.lane;
  const logs = await node.chains.l1.provider.getLogs({ address, topics: [TOPICS.stateBatchAppended], fromBlock: 0 });
  return parseStateBatches(logs, address)
    .map(({ prevTotalElements, batchSize }) => `${prevTotalElements}-${prevTotalElements + batchSize - 1n}`)
    .join(' ');
}

async function l2Head(): Promise<number> {
  return await node.chains.l2.provider.getBlockNumber();
}

describe('state roots', () => {
  test('are committed from the first block on, each batch right after the one before', async () => {
    const first = await l2Head();
    expect(await run()).toBe(1);
    await see();
    expect(await batches()).toBe(`0-${first}`);
    expect(await run()).toBe(0);
    await node.chains.l2.provider.send('anvil_mine', ['0x5']);
    expect(await run()).toBe(1);
    await see();
    expect(await batches()).toBe(`0-${first} ${first + 1}-${first + 5}`);
    // What they are the roots of can be proven.
    await node.sendUp(node.chains.l1.account(7).address, '0x');
    await run();
    await see();
    expect(await node.prove()).toBe(1);
  });

  test('are committed so many at a time at most', async () => {
    await node.chains.l2.provider.send('anvil_mine', ['0x6']);
    for (let batch = 0; batch < 3; batch++) {
      expect(await run({ maxBatchSize: 2 })).toBe(1);
      await see();
    }
    expect(await batches()).toBe('0-1 2-3 4-5');
  });

  test('wait for a batch that is not mined yet', async () => {
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    expect(await run()).toBe(1);
    await node.chains.l2.provider.send('anvil_mine', ['0x2']);
    expect(await run()).toBe(0);
    await see();
    expect(await run()).toBe(0);
    await node.restart();
    expect(await run()).toBe(0);
    await node.chains.l1.provider.send('evm_setAutomine', [true]);
    await node.chains.l1.provider.send('evm_mine', []);
    await see();
    expect(await run()).toBe(1);
  });

  test('of blocks that can still be dropped are not committed', async () => {
    await node.chains.l2.provider.send('anvil_mine', ['0x5']);
    const head = await l2Head();
    await run({ finality: 'finalized' });
    await see();
    expect(await batches()).toBe(`0-${head - 2}`);
  });

  test('that an L2 node does not have yet are waited for', async () => {
    await run();
    await see();
    const before = await batches();
    // Behind what is committed already.
    const block = (await node.chains.l2.provider.send('eth_getBlockByNumber', ['0x1', false])) as object;
    node.proxies.l2.fault = ({ params }) => (params[0] === 'latest' ? { kind: 'result', result: block } : undefined);
    expect(await run()).toBe(0);
    // Behind its own word.
    await node.chains.l2.provider.send('anvil_mine', ['0x3']);
    const last = `0x${(await l2Head()).toString(16)}`;
    node.proxies.l2.fault = ({ params }) => (params[0] === last ? { kind: 'result', result: null } : undefined);
    await expect(run()).rejects.toMatchObject({ code: 'rpc-error' });
    expect(await batches()).toBe(before);
    node.proxies.l2.fault = () => undefined;
    expect(await run()).toBe(1);
  });

  test('are committed again after a deletion', async () => {
    await run();
    await see();
    const { lane, l1 } = node.chains;
    const scc = new Contract(lane.stateCommitmentChain, stateCommitmentChain.abi, l1.account(3));
    const logs = await l1.provider.getLogs({ address: lane.stateCommitmentChain, fromBlock: 0 });
    const [batch] = parseStateBatches(logs, lane.stateCommitmentChain);
    await l1.provider.send('anvil_impersonateAccount', [l1.account(0).address]);
    const data = scc.interface.encodeFunctionData('deleteStateBatch', [batch]);
    await l1.provider.send('eth_sendTransaction', [
      { from: l1.account(0).address, to: lane.stateCommitmentChain, data },
    ]);
    await node.chains.l2.provider.send('anvil_mine', ['0x1']);
    await see();
    expect(await run()).toBe(1);
    await see();
    expect(await batches()).toBe(`0-${(await l2Head()) - 1} 0-${await l2Head()}`);
  });
});

test('who is not the proposer pays for no transaction that reverts', async () => {
  const error: unknown = await run({ engine: node.engine }).catch((thrown: unknown) => thrown);
  expect(toXdmError(error)).toMatchObject({ code: 'unauthorized' });
  expect(await node.store.db.selectFrom('transactions').selectAll().execute()).toEqual([]);
});
