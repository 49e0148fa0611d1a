import { describe, expect, test } from 'vitest';

import { simulatedCommittee } from '../../../../../devnet/validators/committee.ts';
import {
  parseBootstrap,
  parseUpdate,
  type BeaconUpdate,
} from '../../../../../sdk/core/omnichain/lightClient/beaconApi.ts';
import { committeeRoot } from '../../../../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import {
  lacksCommittee,
  planSyncCommittee,
  type PlannedUpdate,
  type SyncCommitteeState,
} from '../../../../../sdk/core/omnichain/lightClient/syncCommitteePlan.ts';
import { beaconChainOf, extend } from '../../../../support/beaconPayloads.ts';
import { describeVectors, readVectors } from '../../../../support/vectors.ts';

const PERIOD = 64n;
const FAR = 100_000n;

function committee(period: bigint) {
  return simulatedCommittee(1n, period, 32n);
}

/** Made once: to sign takes its time. It is in its fourth period, which is the number 3. */
const chain = beaconChainOf(216);
const updates = chain.updates(0n, 4n);
const finality = chain.sign()!;
const committees = new Map([[0n, committee(0n)]]);

/** A light client that started in the first period, and knows its committee only, unless it is said otherwise. */
function stateAt(finalizedSlot: bigint, newestPeriod = finalizedSlot / PERIOD): SyncCommitteeState {
  const known = newestPeriod === 0n ? [0n] : [newestPeriod - 1n, newestPeriod];
  const committeeRoots = new Map(known.map((period) => [period, committeeRoot(committee(period))]));
  return { finalizedSlot, newestPeriod, committeeRoots, slotsPerPeriod: PERIOD, committeeSize: 32n, currentSlot: FAR };
}

function show(planned: readonly PlannedUpdate[]): string[] {
  return planned.map(({ update, learns }) => `${update.finalized.slot}${learns === undefined ? '' : ` +${learns}`}`);
}

/** An update as fewer have signed it: to look at who has is cheap, and the signature is for the contract. */
function without(update: BeaconUpdate, absent: number): BeaconUpdate {
  const bits = ((1n << 32n) - 1n) ^ ((1n << BigInt(absent)) - 1n);
  const bytes = bits.toString(16).padStart(8, '0').match(/../gu)!;
  return { ...update, bits: `0x${bytes.toReversed().join('')}` };
}

describe('a light client of sync committees', () => {
  test('that was away for three periods takes an update of each, then the newest', () => {
    const planned = planSyncCommittee(stateAt(4n), { updates, finality, committees });
    expect(show(planned)).toEqual(['56 +1', '120 +2', '184 +3', '212 +4']);
    const roots = planned.map(({ update }) => update.nextCommittee);
    expect(roots).toEqual([1n, 2n, 3n, 4n].map((period) => committeeRoot(committee(period))));
  });

  test('goes on where it was interrupted', () => {
    expect(show(planSyncCommittee(stateAt(56n, 1n), { updates, finality, committees }))).toEqual([
      '120 +2',
      '184 +3',
      '212 +4',
    ]);
  });

  test('learns of the next committee although nothing later is final', () => {
    const planned = planSyncCommittee(stateAt(212n, 3n), { updates: updates.slice(2), finality });
    expect(show(planned)).toEqual(['212 +4']);
  });

  test('takes what was signed last where it knows the next committee', () => {
    const planned = planSyncCommittee(stateAt(204n, 4n), { updates: updates.slice(2), finality });
    expect(show(planned)).toEqual(['212']);
  });

  test('that is where its source is takes nothing', () => {
    expect(planSyncCommittee(stateAt(212n, 4n), { updates: updates.slice(2), finality })).toEqual([]);
  });

  test('whose source is behind takes nothing', () => {
    expect(planSyncCommittee(stateAt(212n, 4n), { updates: updates.slice(1, 2), finality: updates[1] })).toEqual([]);
    expect(planSyncCommittee(stateAt(4n), { updates: [], committees })).toEqual([]);
  });

  test('waits where a committee has signed that cannot be known yet', () => {
    const early = beaconChainOf(60);
    early.sign();
    const news = { updates: [], committees };
    // Signed in the second period, while the final block is still of the first.
    extend(early, 64);
    const signed = early.sign()!;
    expect([signed.signatureSlot / PERIOD, signed.finalized.beacon.slot / PERIOD]).toEqual([1n, 0n]);
    expect(planSyncCommittee(stateAt(4n), { ...news, finality: signed })).toEqual([]);
  });

  test('says which period its source lacks', () => {
    const gap = { updates: [updates[0]!, updates[2]!, updates[3]!], finality, committees };
    // As far as it goes it is planned, and the gap told from there.
    expect(show(planSyncCommittee(stateAt(4n), gap))).toEqual(['56 +1']);
    expect(() => planSyncCommittee(stateAt(56n, 1n), { ...gap, updates: gap.updates.slice(1) })).toThrow(
      expect.objectContaining({ code: 'state-unavailable', message: expect.stringContaining('period 1') as string }),
    );
  });

  test('hears no committee but that whose root it knows', () => {
    const news = { updates, finality };
    const lie = new Map([[0n, committee(7n)]]);
    expect(lacksCommittee(stateAt(4n), news)).toBe(true);
    expect(() => planSyncCommittee(stateAt(4n), { ...news, committees: lie })).toThrow(
      expect.objectContaining({ code: 'state-unavailable' }),
    );
    expect(lacksCommittee(stateAt(70n), news)).toBe(false);
  });

  test('takes nothing that a third or more have not signed', () => {
    const state = stateAt(204n, 4n);
    const known = updates.slice(2, 3);
    expect(show(planSyncCommittee(state, { updates: known, finality: without(finality, 10) }))).toEqual(['212']);
    expect(planSyncCommittee(state, { updates: known, finality: without(finality, 11) })).toEqual([]);
  });

  test('takes nothing that was signed in a slot that has not begun', () => {
    const state = { ...stateAt(204n, 4n), currentSlot: finality.signatureSlot };
    const news = { updates: updates.slice(2, 3), finality };
    expect(show(planSyncCommittee(state, news))).toEqual(['212']);
    expect(planSyncCommittee({ ...state, currentSlot: state.currentSlot - 1n }, news)).toEqual([]);
  });

  test('takes no next committee that may not become final', () => {
    const attested = { ...updates[0]!.attested, slot: 65n };
    const news = { updates: [{ ...updates[0]!, attested, signatureSlot: 66n }], committees };
    expect(planSyncCommittee(stateAt(4n), news)).toEqual([]);
  });
});

describeVectors('mainnet in August 2023', () => {
  const read = (name: string) => readVectors(`lightclient/mainnet-capella/${name}.json`);
  const dataOf = (answer: unknown) => (answer as { readonly data: unknown }).data;

  test('is followed over six periods, by what its nodes answer', () => {
    const bootstrap = parseBootstrap(dataOf(read('bootstrap')));
    const { slot } = bootstrap.header.beacon;
    const slotsPerPeriod = 8192n;
    const period = slot / slotsPerPeriod;
    const state = {
      finalizedSlot: slot,
      newestPeriod: period,
      committeeRoots: new Map([[period, committeeRoot(bootstrap.committee)]]),
      slotsPerPeriod,
      committeeSize: 512n,
      currentSlot: 100n * slot,
    };
    const news = {
      updates: (read('updates') as unknown[]).map((each) => parseUpdate(dataOf(each))),
      finality: parseUpdate(dataOf(read('finality'))),
    };
    expect(lacksCommittee(state, news)).toBe(true);
    const planned = planSyncCommittee(state, { ...news, committees: new Map([[period, bootstrap.committee]]) });
    const learned = [1n, 2n, 3n, 4n, 5n, 6n].map((offset) => period + offset);
    expect(planned.map(({ learns }) => learns)).toEqual([...learned, undefined]);
    expect(planned.at(-1)!.update.finalized).toEqual(news.finality.finalized.beacon);
  });
});
