import { hexlify, type Contract } from 'ethers';
import { beforeEach, expect, test, vi } from 'vitest';

import { newSignals } from '../../relayer/signals.ts';
import { sequence } from '../../relayer/lanes/rollup/stages/sequence.ts';
import { InFlight, type Lease } from '../../relayer/store/lease.ts';
import { leaseLost } from '../../relayer/store/backends/leases.ts';
import { TransactionEngine } from '../../relayer/tx/engine.ts';
import { deployArtifact } from '../support/chain.ts';
import { recordCall, type LaneNode } from '../support/laneNode.ts';
import { listeningLogger } from '../support/logger.ts';
import { useLaneNode } from '../support/useLaneNode.ts';

const RAW = 'eth_sendRawTransactionSync';

let node: LaneNode;
let recorder: Contract;

useLaneNode((started) => (node = started));

// Three elements of the queue, none of which L2 has.
beforeEach(async () => {
  recorder = await deployArtifact('Recorder', node.chains.l2.account(3), node.chains.lane.l2Messenger);
  for (let label = 0; label < 3; label++) await node.sendDown(await recorder.getAddress(), recordCall(label));
  await node.read();
  for (const { calls } of Object.values(node.proxies)) calls.length = 0;
});

/** A lease that is lost after so many times that it was asked for. */
function lasting(times: number): Lease {
  let left = times;
  return {
    inFlight: new InFlight(),
    verify() {
      if (left-- <= 0) throw leaseLost('another replica has taken over');
    },
  };
}

async function run(lease: Lease): Promise<number> {
  const { l1, l2, lane } = node.client;
  const queue = {
    routeId: node.lane.l1ToL2.id,
    l1ChainId: 900,
    l2ChainId: 901,
    l1,
    l2,
    lane,
    finality: 'latest' as const,
  };
  const store = { ...node.store, lease };
  return await sequence(queue, { store, logger: listeningLogger().logger, signals: newSignals() });
}

function sent(side: 'l1' | 'l2'): number {
  return node.proxies[side].calls.filter((method) => method.startsWith('eth_sendRawTransaction')).length;
}

async function count(): Promise<bigint> {
  return (await recorder.getFunction('count')()) as bigint;
}

test('who loses the lease in the middle of the queue hands no further element to L2', async () => {
  await expect(run(lasting(1))).rejects.toMatchObject({ code: 'lease-lost' });
  expect(sent('l2')).toBe(1);
  expect(await count()).toBe(1n);
});

test('who takes over waits for what its predecessor may have on its way, whatever that one says of the time', async () => {
  const [raw] = await node.store.db.selectFrom('queueElements').select('raw').orderBy('queueIndex').execute();
  // Its clock is an hour behind.
  await node.store.db
    .updateTable('queueElements')
    .set({ sentAt: Date.now() - 3_600_000 })
    .execute();
  const takenOver = { ...lasting(Infinity), inFlight: new InFlight(performance.now()) };
  expect(await run(takenOver)).toBe(0);
  expect(sent('l2')).toBe(0);
  // It arrives meanwhile.
  await node.chains.l2.provider.send(RAW, [hexlify(raw!.raw)]);
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + 2500);
  expect(await run(takenOver)).toBe(3);
  expect(sent('l2')).toBe(2);
  expect(await count()).toBe(3n);
});

test('a transaction that was stored is not broadcast by who has lost the lease since', async () => {
  const engine = new TransactionEngine({
    provider: node.client.l1,
    wallet: node.chains.l1.account(6),
    chainId: 900,
    store: { ...node.store, lease: lasting(0) },
    logger: listeningLogger().logger,
    signals: newSignals(),
    maxFeePerGas: 10n ** 12n,
    rebroadcastAfter: 15_000,
    bumpAfter: 60_000,
  });
  const submission = { purpose: 'relay', to: engine.address, data: '0x', gasLimit: 30_000n };
  await expect(engine.submit([submission])).rejects.toMatchObject({ code: 'lease-lost' });
  expect(sent('l1')).toBe(0);
  const stored = await node.store.db.selectFrom('transactions').select(['purpose', 'stage']).execute();
  expect(stored).toEqual([{ purpose: 'relay', stage: 'pending' }]);
});
