import { toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { hash, hex, parseAnswer, request } from './request.ts';

/** A deposit transaction that stands in an L2 block, as the node gives it. */
export interface ExecutedDeposit {
  readonly hash: string;
  readonly sourceHash: string;
  readonly from: string;
  /** Null where it creates a contract. */
  readonly to: string | null;
  /** Wei created for the sender. */
  readonly mint: bigint;
  /** Wei that go with the call. */
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly data: string;
  /** Position in its block. */
  readonly position: number;
}

/** An L2 block, as far as its deposits go. */
export interface DepositBlock {
  readonly number: number;
  /** Seconds. */
  readonly timestamp: number;
  readonly deposits: readonly ExecutedDeposit[];
}

/** EIP-2718 type of a deposit. */
const DEPOSIT_TYPE = 0x7en;

const METHOD = 'eth_getBlockByNumber';

const quantity = z
  .string()
  .regex(/^0x[\da-f]+$/iu, 'not a quantity')
  .transform(BigInt);
const blockAnswer = z
  .object({ timestamp: quantity, transactions: z.array(z.looseObject({ type: quantity.optional() })) })
  .nullable();
const depositAnswer = z.object({
  hash,
  sourceHash: hash,
  from: hex,
  to: hex.nullish(),
  mint: quantity.nullish(),
  value: quantity,
  gas: quantity,
  input: hex,
});

/**
 * The deposits in consecutive L2 blocks.
 * @returns up to the first block that the node does not have
 * @throws {XdmError} `rpc-error` for an answer of another form, and what the endpoint throws
 */
export async function readDepositBlocks(l2: JsonRpcProvider, first: number, count: number): Promise<DepositBlock[]> {
  const numbers = Array.from({ length: count }, (_, offset) => first + offset);
  const answers = await Promise.all(
    numbers.map(async (number) => {
      const parameters = [toQuantity(number), true];
      return await request(l2, METHOD, { parameters, schema: blockAnswer });
    }),
  );
  const end = answers.indexOf(null);
  return answers.slice(0, end === -1 ? answers.length : end).map((block, offset) => ({
    number: first + offset,
    timestamp: Number(block?.timestamp),
    deposits: (block?.transactions ?? []).flatMap((transaction, position) =>
      transaction.type === DEPOSIT_TYPE ? [parseExecuted(transaction, position)] : [],
    ),
  }));
}

function parseExecuted(transaction: unknown, position: number): ExecutedDeposit {
  const { to, mint, gas, input, ...rest } = parseAnswer(METHOD, transaction, depositAnswer);
  return { ...rest, to: to ?? null, mint: mint ?? 0n, gasLimit: gas, data: input, position };
}
