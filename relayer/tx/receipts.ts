import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { hash, request } from '../../sdk/chain/request.ts';
import type { OpenTransaction } from '../store/transactions.ts';

/** Where a transaction was mined, and what that cost. */
export interface Receipt {
  readonly hash: string;
  readonly blockNumber: number;
  readonly reverted: boolean;
  readonly gasUsed: bigint;
  /** Wei: for gas, and for its data where the chain charges for that apart. */
  readonly paid: bigint;
}

const quantity = z
  .string()
  .regex(/^0x[\da-f]+$/iu, 'no number')
  .transform(BigInt);

/** As nodes give it. A rollup's has the fee for data as well, which ethers leaves out. */
const receiptAnswer = z
  .object({
    transactionHash: hash,
    // A node that knows the transaction can answer before it has its block.
    blockNumber: quantity.nullable(),
    status: quantity.nullish(),
    gasUsed: quantity,
    effectiveGasPrice: quantity.nullish(),
    l1Fee: quantity.nullish(),
  })
  .nullable();

/**
 * The receipt of whichever attempt was mined; undefined where none was.
 * @throws {XdmError} `rpc-error` for an answer that is no receipt, and what the endpoint throws
 */
export async function receiptOf(
  provider: JsonRpcProvider,
  { attempts }: OpenTransaction,
): Promise<Receipt | undefined> {
  const receipts = await Promise.all(
    attempts.map(async (attempt): Promise<Receipt | undefined> => {
      const parameters = [attempt.hash];
      const answer = await request(provider, 'eth_getTransactionReceipt', { parameters, schema: receiptAnswer });
      if (typeof answer?.blockNumber !== 'bigint') return undefined;
      const { blockNumber, status, gasUsed, effectiveGasPrice, l1Fee } = answer;
      const paid = gasUsed * (effectiveGasPrice ?? attempt.maxFeePerGas) + (l1Fee ?? 0n);
      return { hash: attempt.hash, blockNumber: Number(blockNumber), reverted: status === 0n, gasUsed, paid };
    }),
  );
  return receipts.find((receipt) => receipt !== undefined);
}
