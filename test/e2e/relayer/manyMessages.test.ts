import type { Contract } from 'ethers';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';

import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

/** One more than have proofs of their own each. */
const MANY = 17;

let node: LaneNode;
let recorder: Contract;

useLaneNode((started) => {
  node = started;
});

beforeEach(async () => {
  recorder = await deployRecorder(node);
  await node.sendUp(await recorder.getAddress(), ...Array.from({ length: MANY }, (_, label) => recordCall(label)));
  const batch = await node.commit();
  await node.read();
  await node.prove();
  await node.passWindow(batch);
  await node.read();
});

/** Submits what there is and confirms it, once. */
async function step(): Promise<number> {
  const submitted = await node.submit();
  await node.confirm();
  return submitted;
}

async function count(): Promise<number> {
  return Number(await recorder.getFunction('count')());
}

describe('many messages under one batch', () => {
  test('are proven by the tree alone, and go by their paths where L1 refuses them together', async () => {
    const { size } = await node.store.db
      .selectFrom('proofs')
      .select(sql<string>`sum(length("proof"))`.as('size'))
      .executeTakeFirstOrThrow();
    expect(Number(size)).toBe(0);
    expect(await step()).toBe(1);
    node.proxies.l1.fault = ({ method, params }) =>
      method === 'eth_call' && JSON.stringify(params).includes(node.engine.address.toLowerCase())
        ? { kind: 'result', result: '0x' }
        : undefined;
    node.proxies.l2.calls.length = 0;
    expect(await step()).toBe(MANY - 1);
    expect(await step()).toBe(1);
    expect(await count()).toBe(MANY);
    expect(node.proxies.l2.calls).not.toContain('eth_getProof');
  });

  test('go alone, with proofs that are built then, where the store lacks messages of the tree', async () => {
    await node.store.db.deleteFrom('proofs').where('messageId', '=', 1).execute();
    await node.store.db.deleteFrom('history').where('messageId', '=', 1).execute();
    await node.store.db.deleteFrom('messages').where('counter', '=', 0).execute();
    expect(await step()).toBe(MANY - 1);
    const rows = await node.store.db.selectFrom('transactions').select('purpose').execute();
    expect(rows.map(({ purpose }) => purpose)).toEqual(Array.from({ length: MANY - 1 }, () => 'relay'));
    expect(await count()).toBe(MANY - 1);
  });
});
