import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../sdk/core/errors.ts';
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
  .regex(/^0x[\da-f]+$/iu)
  .transform(BigInt);

/** As nodes give it; of rollups it has the fee for data as well. ethers leaves that out. */
const schema = z.object({
  transactionHash: z.string().regex(/^0x[\da-f]{64}$/iu),
  blockNumber: quantity.transform(Number),
  status: quantity.optional(),
  gasUsed: quantity,
  effectiveGasPrice: quantity.optional(),
  l1Fee: quantity.nullish(),
});

/**
 * The receipt of whichever attempt was mined; undefined where none was.
 * @throws {XdmError} `rpc-error` for an answer that is no receipt
 */
export async function receiptOf(
  provider: JsonRpcProvider,
  { attempts }: OpenTransaction,
): Promise<Receipt | undefined> {
  const answers = await Promise.all(
    attempts.map(async ({ hash, maxFeePerGas }) => {
      const answer = (await provider.send('eth_getTransactionReceipt', [hash])) as unknown;
      // A node that knows the transaction can answer before it has its block.
      return answer === null || blockOf(answer) === null ? undefined : parseReceipt(answer, maxFeePerGas);
    }),
  );
  return answers.find((receipt) => receipt !== undefined);
}

function blockOf(answer: unknown): unknown {
  return typeof answer === 'object' ? (answer as { blockNumber?: unknown }).blockNumber : undefined;
}

function parseReceipt(answer: unknown, maxFeePerGas: bigint): Receipt {
  const { success, data, error } = schema.safeParse(answer);
  if (!success) {
    throw new XdmError('rpc-error', 'the endpoint answers with something that is no receipt', { cause: error });
  }
  const { transactionHash: hash, blockNumber, status, gasUsed, effectiveGasPrice = maxFeePerGas, l1Fee } = data;
  const paid = gasUsed * effectiveGasPrice + (l1Fee ?? 0n);
  return { hash, blockNumber, reverted: status === 0n, gasUsed, paid };
}
