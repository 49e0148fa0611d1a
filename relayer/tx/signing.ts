import { Transaction, type BaseWallet } from 'ethers';

import { hashOf } from '../../sdk/core/keccak.ts';
import type { Attempt } from '../store/transactions.ts';
import type { Fees } from './fees.ts';

/** What a transaction does, whatever it pays. */
export interface Call {
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
  readonly nonce: number;
}

/** Signs a call. */
export async function signAttempt(
  wallet: BaseWallet,
  chainId: number,
  { to, data, gasLimit, nonce }: Call,
  { maxFeePerGas, maxPriorityFeePerGas }: Fees,
): Promise<Attempt> {
  const fees =
    maxPriorityFeePerGas === undefined
      ? { type: 0, gasPrice: maxFeePerGas }
      : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
  const raw = await wallet.signTransaction({ to, data, gasLimit, nonce, chainId, ...fees });
  return { raw, hash: hashOf(raw), gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt: Date.now() };
}

/** What an attempt does, and what it pays. */
export function readAttempt({ raw, maxFeePerGas }: Attempt): { readonly call: Call; readonly fees: Fees } {
  const signed = Transaction.from(raw);
  const { to, data, gasLimit, nonce } = signed;
  return {
    call: { to: to ?? '', data, gasLimit, nonce },
    fees: { maxFeePerGas, maxPriorityFeePerGas: signed.maxPriorityFeePerGas ?? undefined },
  };
}

/** Most wei that an attempt can cost; what a rollup charges for its data comes on top. */
export function costOf({ gasLimit, maxFeePerGas }: Pick<Attempt, 'gasLimit' | 'maxFeePerGas'>): bigint {
  return gasLimit * maxFeePerGas;
}
