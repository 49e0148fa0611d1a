import { isDeepStrictEqual } from 'node:util';

import { toBeHex, ZeroHash } from 'ethers';
import { describe, expect, test } from 'vitest';

import { showUpdate } from '../../../../../devnet/validators/beaconJson.ts';
import { simulatedCommittee } from '../../../../../devnet/validators/committee.ts';
import {
  parseBootstrap,
  parseUpdate,
  type BeaconUpdate,
} from '../../../../../sdk/core/omnichain/lightClient/beaconApi.ts';
import { ETHEREUM_MAINNET } from '../../../../../sdk/core/omnichain/lightClient/forks.ts';
import {
  beaconRoot,
  committeeRoot,
  encodeBootstrap,
  encodeUpdate,
} from '../../../../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import { rootOf } from '../../../../../sdk/core/omnichain/lightClient/ssz.ts';
import { beaconChainOf } from '../../../../support/beaconPayloads.ts';
import { describeVectors, readVectors } from '../../../../support/vectors.ts';

const SLOTS_PER_PERIOD = ETHEREUM_MAINNET.slotsPerEpoch * ETHEREUM_MAINNET.epochsPerPeriod;

test('what is no answer of a beacon node is refused, and the field that is wrong is named', () => {
  expect(() => parseUpdate({})).toThrow(/attested_header/u);
  expect(() => parseBootstrap(undefined)).toThrow(expect.objectContaining({ code: 'rpc-error' }));
});

describe('no field of an answer can be changed', () => {
  interface Fields {
    [name: string]: string | Fields;
  }

  /** Places of all texts. */
  function placesIn(fields: Fields, above: readonly string[] = []): string[][] {
    return Object.entries(fields).flatMap(([name, field]) =>
      typeof field === 'string' ? [[...above, name]] : placesIn(field, [...above, name]),
    );
  }

  function flip(fields: Fields, [name, ...below]: readonly string[]): void {
    const field = fields[name!]!;
    if (typeof field !== 'string') flip(field, below);
    else if (!field.startsWith('0x')) fields[name!] = `${BigInt(field) ^ 1n}`;
    else fields[name!] = `${field.slice(0, -1)}${(parseInt(field.at(-1)!, 16) ^ 1).toString(16)}`;
  }

  test.each([
    ['whose next committee is of the final period', 40, true],
    ['whose next committee is left out', 66, false],
  ])('%s', (_name, slots, hasNext) => {
    const update = beaconChainOf(slots).sign()!;
    const period = update.signatureSlot / 64n;
    const committee = simulatedCommittee(1n, period, 32n);
    const encode = (answer: unknown) => encodeUpdate(parseUpdate(answer), { committee, slotsPerPeriod: 64n });
    const answer = showUpdate(update) as unknown as Fields;
    const encoded = encode(answer);
    expect(encoded.nextCommittee !== ZeroHash).toBe(hasNext);
    // The keys are alike.
    const places = placesIn(answer).filter((place) => !place.includes('pubkeys') || place.includes('31'));
    expect(places.length).toBeGreaterThanOrEqual(70);
    // What is encoded otherwise is for the contract, which takes no other word than those that are signed.
    const unnoticed = places.filter((place) => {
      const changed = structuredClone(answer);
      flip(changed, place);
      try {
        return isDeepStrictEqual(encode(changed), encoded);
      } catch {
        return false;
      }
    });
    expect(unnoticed).toEqual([]);
  });
});

describeVectors('mainnet in August 2023', () => {
  interface Answer {
    readonly data: unknown;
  }
  const read = (file: string): unknown => readVectors(`lightclient/mainnet-capella/${file}.json`);
  const bootstrap = () => parseBootstrap((read('bootstrap') as Answer).data);
  const updates = () => (read('updates') as Answer[]).map(({ data }) => parseUpdate(data));

  /** The first update, which one of 512 has not signed. */
  const first = (): BeaconUpdate => updates()[0]!;
  const context = () => ({ committee: bootstrap().committee, slotsPerPeriod: SLOTS_PER_PERIOD });

  test('a committee is in the state that its branch leads to', () => {
    const { committee, committeeBranch, header } = encodeBootstrap(bootstrap());
    expect(rootOf(committee, 54 - 32, committeeBranch)).toBe(header.stateRoot);
  });

  test('a final header is in the attested state, and the next committee too', () => {
    const update = encodeUpdate(first(), context());
    expect(rootOf(beaconRoot(update.finalized), 105 - 64, update.finalityBranch)).toBe(update.attested.stateRoot);
    expect(rootOf(update.nextCommittee, 55 - 32, update.nextCommitteeBranch)).toBe(update.attested.stateRoot);
    expect(update.nextCommittee).toBe(committeeRoot(first().nextCommittee!));
  });

  test('who has not signed is given by its key and its place', () => {
    const { committee } = context();
    const { absent, keysRoot } = encodeUpdate(first(), context()).participation;
    expect(absent).toHaveLength(1);
    const [{ index, key, branch }] = absent as [(typeof absent)[number]];
    // But for the flags in the first digit, a compressed key is its x.
    const x = toBeHex((key.xHigh << 256n) | key.xLow, 48);
    expect(committee.keys[index]!.slice(3)).toBe(x.slice(3));
    expect(branch).toHaveLength(9);
    expect(keysRoot).not.toBe(ZeroHash);
  });

  test('a next committee of another period than the final header is left out', () => {
    const update = first();
    // As if finality was a period behind.
    const finalized = { ...update.finalized, beacon: { ...update.finalized.beacon, slot: SLOTS_PER_PERIOD * 861n } };
    const { nextCommittee, nextCommitteeBranch } = encodeUpdate({ ...update, finalized }, context());
    expect(nextCommittee).toBe(ZeroHash);
    expect(nextCommitteeBranch).toEqual([]);
  });

  test("a payload from before Deneb keeps its form in Deneb's updates, which fill it up with zeros", () => {
    const update = first();
    const execution = { ...update.finalized.execution, blob_gas_used: 0n, excess_blob_gas: 0n };
    const filledUp = { ...update, finalized: { ...update.finalized, execution } };
    expect(encodeUpdate(filledUp, context())).toEqual(encodeUpdate(update, context()));
  });

  test('what cannot be taken by the contract is refused before', () => {
    const update = first();
    const zeros = update.finalityBranch.map(() => ZeroHash);
    const payload = { ...update.finalized.execution, gas_used: 1n };
    const broken: readonly (readonly [Partial<BeaconUpdate>, RegExp])[] = [
      [{ finalityBranch: zeros }, /names no final header/u],
      [{ finalized: { ...update.finalized, beacon: { ...update.finalized.beacon, slot: 0n } } }, /no final header/u],
      [{ bits: '0xff' }, /8 bits for 512 keys/u],
      [{ finalized: { ...update.finalized, execution: payload } }, /does not lead to the body root/u],
      [{ signature: `0x${'11'.repeat(96)}` }, /no point of its group/u],
    ];
    for (const [part, message] of broken) {
      expect(() => encodeUpdate({ ...update, ...part }, context())).toThrow(message);
      expect(() => encodeUpdate({ ...update, ...part }, context())).toThrow(
        expect.objectContaining({ code: 'update-invalid' }),
      );
    }
  });
});
