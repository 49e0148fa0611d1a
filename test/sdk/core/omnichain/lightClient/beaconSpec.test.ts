import { describe, expect, test } from 'vitest';

import { parseNetwork } from '../../../../../sdk/core/omnichain/lightClient/beaconSpec.ts';
import { ETHEREUM_MAINNET } from '../../../../../sdk/core/omnichain/lightClient/forks.ts';

const GENESIS = {
  genesis_time: '1606824023',
  genesis_validators_root: ETHEREUM_MAINNET.genesisValidatorsRoot,
  genesis_fork_version: '0x00000000',
};

/** Mainnet's constants, as far as they matter, among others. */
const SPEC = {
  PRESET_BASE: 'mainnet',
  SECONDS_PER_SLOT: '12',
  SLOTS_PER_EPOCH: '32',
  EPOCHS_PER_SYNC_COMMITTEE_PERIOD: '256',
  SYNC_COMMITTEE_SIZE: '512',
  BLOB_SCHEDULE: [],
  CAPELLA_FORK_VERSION: '0x03000000',
  CAPELLA_FORK_EPOCH: '194048',
  DENEB_FORK_VERSION: '0x04000000',
  DENEB_FORK_EPOCH: '269568',
  ELECTRA_FORK_VERSION: '0x05000000',
  ELECTRA_FORK_EPOCH: '364032',
  FULU_FORK_VERSION: '0x06000000',
  FULU_FORK_EPOCH: '411392',
};

describe('the network of a beacon node', () => {
  test('is read from its genesis and its constants', () => {
    expect(parseNetwork(GENESIS, SPEC)).toEqual(ETHEREUM_MAINNET);
  });

  test('has slots of so many milliseconds where it does not say seconds', () => {
    const { SECONDS_PER_SLOT: _, ...rest } = SPEC;
    expect(parseNetwork(GENESIS, { ...rest, SLOT_DURATION_MS: '12000' })).toEqual(ETHEREUM_MAINNET);
  });

  test('has no fork that is not scheduled, or was over before it began', () => {
    const spec = {
      ...SPEC,
      CAPELLA_FORK_EPOCH: '0',
      DENEB_FORK_EPOCH: '0',
      ELECTRA_FORK_EPOCH: '5',
      FULU_FORK_EPOCH: '18446744073709551615',
    };
    const forks = parseNetwork(GENESIS, spec).forks.map(({ epoch, version }) => [epoch, version]);
    expect(forks).toEqual([
      [0n, '0x04000000'],
      [5n, '0x05000000'],
    ]);
  });

  test.each([
    ['no genesis', {}, SPEC],
    ['no size of a committee', GENESIS, { ...SPEC, SYNC_COMMITTEE_SIZE: undefined }],
    ['a version that is none', GENESIS, { ...SPEC, FULU_FORK_VERSION: '0x06' }],
  ])('is refused where there is %s', (_name, genesis, spec) => {
    expect(() => parseNetwork(genesis, spec)).toThrow(expect.objectContaining({ code: 'rpc-error' }));
  });
});
