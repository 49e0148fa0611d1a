import { getBytes, hexlify, id } from 'ethers';
import { expect, test } from 'vitest';

import { readDepositCheck } from '../../relayer/store/depositChecks.ts';
import { rowsAtATime } from '../../relayer/store/listed.ts';
import type { LaneNode } from '../support/laneNode.ts';
import { useWatchtower } from '../support/useLaneNode.ts';
import type { Watchtower } from '../support/watchtower.ts';

/** More elements than one pass looks at. */
const MANY = 11_500;

const TARGET = `0x${'ab'.repeat(20)}`;

let node: LaneNode;
let tower: Watchtower;

useWatchtower((started) => {
  ({ node, tower } = started);
});

/** As if L2 had executed many elements between the first and the second. */
async function putBetween(): Promise<void> {
  await node.store.write(async (db) => {
    const row = await db
      .selectFrom('expectedDeposits')
      .selectAll()
      .where('queueIndex', '=', 1)
      .executeTakeFirstOrThrow();
    await db.updateTable('expectedDeposits').set({ queueIndex: MANY }).where('queueIndex', '=', 1).execute();
    const rows = Array.from({ length: MANY - 1 }, (_, position) => {
      const hash = getBytes(id(`between ${position}`));
      return { ...row, queueIndex: position + 1, depositHash: hash, matchedHash: hash };
    });
    for (const some of rowsAtATime(rows)) await db.insertInto('expectedDeposits').values(some).execute();
  });
}

/** Has L2 execute an element, and compares. Returns which one is to come next, unless the check stands at a deposit. */
async function execute(raw: Uint8Array | undefined): Promise<number | string | undefined> {
  await node.chains.l2.provider.send('eth_sendRawTransactionSync', [hexlify(raw!)]);
  await node.read();
  await tower.checkDeposits();
  const check = await readDepositCheck(node.store.db, node.lane.l1ToL2.id);
  return check?.held?.why ?? check?.nextIndex;
}

test('behind an element that L2 has skipped, any number of others are right, and none is said to be missing once it has come', async () => {
  for (const data of ['0x01', '0x02']) await node.sendDown(TARGET, data);
  await node.read();
  const rows = await node.store.db.selectFrom('queueElements').select('raw').orderBy('queueIndex').execute();
  const [skipped, far] = rows.map(({ raw }) => raw);
  await putBetween();

  expect(await execute(far)).toBe(0);
  expect(await tower.alarms('skipped-deposit')).toEqual(['0']);
  // One view does not show all of what is done then.
  expect(await execute(skipped)).toBeGreaterThan(10_000);
  expect(await tower.alarms('skipped-deposit')).toEqual([]);
});
