import type { JsonRpcProvider } from 'ethers';

import { affordableGas } from '../../sdk/core/gas.ts';

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

/** What the chain's node proposes now, at most `cap`. */
export async function currentFees(provider: JsonRpcProvider, cap: bigint): Promise<Fees> {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
  if (maxFeePerGas === null || maxPriorityFeePerGas === null) {
    return { maxFeePerGas: min(gasPrice ?? cap, cap), maxPriorityFeePerGas: undefined };
  }
  return { maxFeePerGas: min(maxFeePerGas, cap), maxPriorityFeePerGas: min(maxPriorityFeePerGas, cap) };
}

/** Gas that an account can pay for at the fees that are proposed now. */
export async function gasToSpend(
  { provider, maxFeePerGas: cap }: { readonly provider: JsonRpcProvider; readonly maxFeePerGas: bigint },
  address: string,
): Promise<bigint> {
  const [balance, { maxFeePerGas }] = await Promise.all([provider.getBalance(address), currentFees(provider, cap)]);
  return affordableGas(balance, maxFeePerGas);
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
