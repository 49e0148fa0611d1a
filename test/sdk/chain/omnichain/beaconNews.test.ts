import { expect, test } from 'vitest';

import { simulatedCommittee } from '../../../../devnet/validators/committee.ts';
import type { BeaconSource } from '../../../../sdk/chain/omnichain/beaconNode.ts';
import { newsOf } from '../../../../sdk/chain/omnichain/maintenance/beaconNews.ts';
import { XdmError } from '../../../../sdk/core/errors.ts';
import { committeeRoot } from '../../../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import {
  planSyncCommittee,
  type SyncCommitteeState,
} from '../../../../sdk/core/omnichain/lightClient/syncCommitteePlan.ts';
import { beaconChainOf } from '../../../support/beaconPayloads.ts';

const PERIOD = 64n;

/** In its third period, which is the number 2, and 20 slots from the next. */
const chain = beaconChainOf(172);
const updates = chain.updates(0n, 3n);
const finality = chain.sign();

/** What Lodestar says of what it does not have, instead of "not found" or a shorter answer: also where it has others of those that are asked for. */
function lacking(what: string): XdmError {
  return new XdmError('rpc-error', `answers with status 500: No ${what} available`);
}

/** A node that has an update of each of some periods, and says so or nothing. */
function strictNode(periods: readonly bigint[], more: Partial<BeaconSource> = {}): BeaconSource {
  return {
    async getUpdates(start, count) {
      const asked = Array.from({ length: count }, (_, index) => start + BigInt(index));
      const missing = asked.find((period) => !periods.includes(period));
      if (missing !== undefined) throw lacking(`update of period ${missing}`);
      return await Promise.resolve(asked.map((period) => updates[Number(period)]!));
    },
    getFinalityUpdate: async () => await Promise.resolve(finality),
    getBlockRoot: async () => await Promise.resolve('0x'),
    getBootstrap: async () => await Promise.reject(lacking('witness')),
    ...more,
  };
}

/** A node that has the committee of a period, for who starts there. */
function bootstrapOf(period: bigint): Partial<BeaconSource> {
  const bootstrap = { ...chain.bootstrap(chain.finalRoot!)!, committee: simulatedCommittee(1n, period, 32n) };
  return { getBootstrap: async () => await Promise.resolve(bootstrap) };
}

const noFinality = async (): Promise<never> => await Promise.reject(lacking('finality update'));

/** A light client that is at a slot, and knows the committee of its period and the one before. */
function stateAt(finalizedSlot: bigint, currentSlot = 180n): SyncCommitteeState {
  const newestPeriod = finalizedSlot / PERIOD;
  const known = newestPeriod === 0n ? [0n] : [newestPeriod - 1n, newestPeriod];
  const committeeRoots = new Map(known.map((period) => [period, committeeRoot(simulatedCommittee(1n, period, 32n))]));
  return { finalizedSlot, newestPeriod, committeeRoots, slotsPerPeriod: PERIOD, committeeSize: 32n, currentSlot };
}

async function plan(source: BeaconSource, state: SyncCommitteeState): Promise<(bigint | undefined)[]> {
  return planSyncCommittee(state, await newsOf(source, state)).map(({ learns }) => learns);
}

test('a node that answers with all of the updates that it is asked for, or with an error, is asked for no later ones than it has', async () => {
  expect(await plan(strictNode([0n, 1n, 2n]), stateAt(70n))).toEqual([2n, 3n]);
  // By the clock there is another period already, and nothing is signed in it.
  expect(await plan(strictNode([0n, 1n, 2n], { getFinalityUpdate: noFinality }), stateAt(70n, 193n))).toEqual([2n, 3n]);
});

test('a node that has no update of the period before, or none of the newest, is heard of the others', async () => {
  expect((await newsOf(strictNode([1n, 2n]), stateAt(140n))).updates).toHaveLength(2);
  expect((await newsOf(strictNode([0n, 1n]), stateAt(70n))).updates).toHaveLength(2);
  expect((await newsOf(strictNode([1n], bootstrapOf(1n)), stateAt(70n))).updates).toHaveLength(1);
});

test('a node that answers with an error before anything has become final again is heard of its updates', async () => {
  const restarted = strictNode([0n, 1n, 2n], { getFinalityUpdate: noFinality });
  expect((await newsOf(restarted, stateAt(70n))).updates).toHaveLength(3);
});

test('a node that has no updates at all is heard of what was signed last', async () => {
  expect(await plan(strictNode([], bootstrapOf(2n)), stateAt(140n))).toEqual([undefined]);
});

test('a node that has nothing but errors is not heard, nor one that does not answer', async () => {
  await expect(newsOf(strictNode([], { getFinalityUpdate: noFinality }), stateAt(70n))).rejects.toThrow(/No update/u);
  const gone = async () => await Promise.reject(new XdmError('rpc-unreachable', 'does not answer'));
  await expect(newsOf(strictNode([0n, 1n, 2n], { getFinalityUpdate: gone }), stateAt(70n))).rejects.toMatchObject({
    code: 'rpc-unreachable',
  });
});
