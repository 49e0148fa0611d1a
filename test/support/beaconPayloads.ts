import { id, ZeroAddress, ZeroHash } from 'ethers';

import { SimulatedBeaconChain, type Payload } from '../../devnet/validators/beaconChain.ts';

/** A beacon chain over payloads of no chain: one each four slots, the one before final in it. */
export function beaconChainOf(slots: number): SimulatedBeaconChain {
  const chain = new SimulatedBeaconChain(1n, 0n);
  extend(chain, slots);
  return chain;
}

/** Slots between two payloads. */
const STEP = 4;

/** Appends payloads up to a slot, and has the head signed with each. */
export function extend(chain: SimulatedBeaconChain, slots: number): void {
  const next = chain.head === undefined ? 0n : chain.head.block_number + 1n;
  for (let number = next; number * BigInt(STEP) <= BigInt(slots); number++) {
    chain.append(payload(number), number === 0n ? 0n : number - 1n);
    chain.sign();
  }
}

/** One of a chain with a block each four slots. */
export function payload(number: bigint): Payload {
  return {
    parent_hash: ZeroHash,
    fee_recipient: ZeroAddress,
    state_root: ZeroHash,
    receipts_root: ZeroHash,
    logs_bloom: `0x${'00'.repeat(256)}`,
    prev_randao: ZeroHash,
    block_number: number,
    gas_limit: 30_000_000n,
    gas_used: 0n,
    timestamp: number * BigInt(STEP),
    extra_data: '0x',
    base_fee_per_gas: 7n,
    block_hash: id(`payload ${number}`),
    transactions_root: ZeroHash,
    withdrawals_root: ZeroHash,
    blob_gas_used: 0n,
    excess_blob_gas: 0n,
  };
}
