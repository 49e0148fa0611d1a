import { id } from 'ethers';
import { describe, expect, test } from 'vitest';

import { showFinalityUpdate } from '../../devnet/validators/beaconJson.ts';
import { simulatedCommittee } from '../../devnet/validators/committee.ts';
import { bodyTree, byteListsRoot, emptyList, PAYLOAD_FIELD, stateTree } from '../../devnet/validators/electra.ts';
import { rootOf } from '../../sdk/core/omnichain/lightClient/ssz.ts';
import { payloadRoot } from '../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import { beaconChainOf, payload } from '../support/beaconPayloads.ts';

/** The payload of the states and bodies below. */
const PAYLOAD = {
  parent_hash: id('parent'),
  fee_recipient: `0x${'11'.repeat(20)}`,
  state_root: id('state'),
  receipts_root: id('receipts'),
  logs_bloom: `0x${'a5'.repeat(256)}`,
  prev_randao: id('randao'),
  block_number: 21_925_176n,
  gas_limit: 36_000_000n,
  gas_used: 12_345_678n,
  timestamp: 1_700_000_123n,
  extra_data: '0x786462',
  base_fee_per_gas: 10n ** 20n,
  block_hash: id('block'),
  transactions_root: byteListsRoot(
    [`0x02ab`, `0x02${'cd'.repeat(100)}`, `0x02${'ef'.repeat(31)}`, `0x02${'00'.repeat(32)}`],
    20,
    25,
  ),
  withdrawals_root: emptyList(2),
  blob_gas_used: 131_072n,
  excess_blob_gas: 7n,
};

const COMMITTEES = [0n, 1n].map((period) => simulatedCommittee(7001n, period, 32n).root);

// The constants are what @lodestar/types 1.50.0 says of the same containers, in the minimal preset.
describe('the containers of the simulated validator set are those of Electra', () => {
  test('a payload, of which no header shows the transactions', () => {
    expect(PAYLOAD.transactions_root).toBe('0x4227e6951e0498424f3c61289addead1830b759f9568367b5af76b6e2476ec04');
    expect(payloadRoot(PAYLOAD)).toBe('0x4ee113bf7452bf8ec13e1869ddcf8206e616b76e36147f5a7bc0f2504b1b04f5');
  });

  test('a body', () => {
    const { root } = bodyTree(payloadRoot(PAYLOAD));
    expect(root).toBe('0xc7a3f60b98ed29e727e37ccc2661d848b57cd0e3f9d9879808a58e945d2222c6');
  });

  test('committees', () => {
    expect(COMMITTEES).toEqual([
      '0x312da3dedde5a6a4e99d29928b4aa9e44a78ed24b977d08c080abc368a28c7d2',
      '0x60e60026fd183499247e9e85c8275c5d0aa8e12014d3d35dc8d8efb21b3f8efb',
    ]);
  });

  test('a state', () => {
    const { root } = stateTree({
      genesisTime: 1_700_000_000n,
      genesisValidatorsRoot: id('validators'),
      slot: 123n,
      version: '0x05000001',
      finalized: { epoch: 14n, root: id('final') },
      currentCommittee: COMMITTEES[0]!,
      nextCommittee: COMMITTEES[1]!,
      payload: payloadRoot(PAYLOAD),
    });
    expect(root).toBe('0x5621a483155ad78d665998891edbfdf970e41494eb7a02c686a5346bca97b651');
  });
});

test('an update shows the payload of the block that it attests, too, as the Beacon API does', () => {
  const { attested, attestedHeader, ...update } = beaconChainOf(40).sign()!;
  expect(attestedHeader.beacon).toEqual(attested);
  const { execution, executionBranch } = attestedHeader;
  expect(rootOf(payloadRoot(execution), PAYLOAD_FIELD, executionBranch)).toBe(attested.bodyRoot);
  expect(showFinalityUpdate({ ...update, attested, attestedHeader })).toMatchObject({
    attested_header: { execution: { block_hash: execution.block_hash }, execution_branch: executionBranch },
  });
});

test.each([64n, 500n])('a jump of time by %d seconds leaves no period without an update', (jump) => {
  const chain = beaconChainOf(68);
  chain.append({ ...payload(18n), timestamp: 68n + jump }, 16n);
  const last = (68n + jump) / 64n;
  const updates = chain.updates(0n, last);
  expect(updates.map(({ finalized }) => finalized.beacon.slot / 64n)).toEqual(updates.map((_, index) => BigInt(index)));
  expect(updates).toHaveLength(Number(last));
  // What is final on the chain, and nothing that is not.
  for (const { finalized } of updates) expect(finalized.execution.block_number).toBeLessThanOrEqual(16n);
});
