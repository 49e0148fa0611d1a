import type { JsonRpcProvider } from 'ethers';

/** What a transaction pays for a unit of gas, wei. */
export interface Fees {
  /** At most; on a chain without EIP-1559 the gas price. */
  readonly maxFeePerGas: bigint;
  /** To the block's producer; undefined on a chain without EIP-1559. */
  readonly maxPriorityFeePerGas: bigint | undefined;
}

/** Nodes take a replacement that pays 10 % more on both fees, some 12.5 %. */
const BUMP_NUMERATOR = 1125n;
const BUMP_DENOMINATOR = 1000n;

/** What a chain asks for now. */
export interface CurrentFees extends Fees {
  /** Less than this no block takes: the base fee; on a chain without EIP-1559 the gas price that the node proposes. */
  readonly least: bigint;
}

/** What the chain's node proposes now, at most `cap`. */
export async function currentFees(provider: JsonRpcProvider, cap: bigint): Promise<CurrentFees> {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
  if (maxFeePerGas === null || maxPriorityFeePerGas === null) {
    return { maxFeePerGas: min(gasPrice ?? cap, cap), maxPriorityFeePerGas: undefined, least: gasPrice ?? 0n };
  }
  return {
    maxFeePerGas: min(maxFeePerGas, cap),
    maxPriorityFeePerGas: min(maxPriorityFeePerGas, cap),
    // ethers proposes twice the base fee, and what the block's producer gets.
    least: (maxFeePerGas - maxPriorityFeePerGas) / 2n,
  };
}

/** Fees that replace a transaction which paid the old ones; undefined where that would take more than the cap. */
export function bumpedFees(old: Fees, current: Fees, cap: bigint): Fees | undefined {
  const maxFeePerGas = max(bump(old.maxFeePerGas), current.maxFeePerGas);
  if (maxFeePerGas > cap) return undefined;
  if (old.maxPriorityFeePerGas === undefined) return { maxFeePerGas, maxPriorityFeePerGas: undefined };
  const priority = max(bump(old.maxPriorityFeePerGas), current.maxPriorityFeePerGas ?? 0n);
  return { maxFeePerGas, maxPriorityFeePerGas: min(priority, maxFeePerGas) };
}

function bump(fee: bigint): bigint {
  // Of nothing it is more than nothing: nodes take no replacement that pays the same.
  return max((fee * BUMP_NUMERATOR + BUMP_DENOMINATOR - 1n) / BUMP_DENOMINATOR, fee + 1n);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
