import { keccak256, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError, type ErrorCode } from '../../core/errors.ts';
import { encodeHeader, type HeaderFields } from '../../core/omnichain/header.ts';
import type { Receipt } from '../../core/omnichain/receipt.ts';
import { buildReceiptTrie, type ReceiptTrie } from '../../core/omnichain/receiptTrie.ts';
import { hash, hex, request } from '../request.ts';

/** A block whose logs can be proven: what the node says of it holds together. */
export interface ProvableBlock {
  readonly number: number;
  readonly hash: string;
  /** RLP, hex: it hashes to the block's hash. */
  readonly header: string;
  /** It has the header's receipts root. */
  readonly receipts: ReceiptTrie;
  /** Hashes of its transactions, in their order. */
  readonly transactions: readonly string[];
  /** How many logs each of them has. */
  readonly logCounts: readonly number[];
}

const quantity = z.string().regex(/^0x[\da-f]+$/iu, 'not a number');

const blockSchema = z
  .object({ number: quantity, receiptsRoot: hash, transactions: z.array(hash) })
  .catchall(z.unknown());

/** What a receipt may lack: nodes leave it out, or say null. */
function maybe(schema: z.ZodType<string>): z.ZodType<string | undefined> {
  return schema.nullish().transform((value) => value ?? undefined);
}

const receiptSchema = z
  .object({
    type: maybe(quantity),
    status: maybe(quantity),
    /** Of before Byzantium. */
    root: maybe(hash),
    cumulativeGasUsed: quantity,
    logsBloom: hex,
    logs: z.array(z.object({ address: hex, topics: z.array(hash), data: hex })),
    transactionIndex: quantity,
    blockHash: hash,
    depositNonce: maybe(quantity),
    depositReceiptVersion: maybe(quantity),
  })
  .refine(({ status, root }) => status !== undefined || root !== undefined, 'neither a status nor a state root');

type RpcReceipt = z.output<typeof receiptSchema>;

/** Receipts that are asked for at a time, where a node has no method for a block's. */
const AT_A_TIME = 50;

/** How a chain's headers are encoded. */
export type EncodeHeader = (header: HeaderFields) => string | undefined;

/**
 * Reads a block with all of its receipts, and makes sure that they are the block's.
 * @param encode for chains whose block hash leaves out seals
 * @throws {XdmError} `rpc-error` where the node does not know the block, `proof-invalid` where what it says does not hash to the
 * block's hash and its receipts root; what the endpoint throws
 */
export async function getProvableBlock(
  provider: JsonRpcProvider,
  blockHash: string,
  encode: EncodeHeader = encodeHeader,
): Promise<ProvableBlock> {
  const block = await request(provider, 'eth_getBlockByHash', {
    parameters: [blockHash, false],
    schema: blockSchema.nullable(),
  });
  if (block === null) {
    const { chainId } = await provider.getNetwork();
    throw new XdmError('rpc-error', `the node of chain ${chainId} has no block ${blockHash}`, {
      hint: 'wait until it is in sync, or ask another node',
    });
  }
  const header = encode(stringsOf(block)) ?? '0x';
  if (keccak256(header) !== blockHash) throw mismatch(`its header hashes to ${keccak256(header)}`, blockHash);
  const { transactions } = block;
  const all = await getReceipts(provider, blockHash, transactions);
  const receipts = await buildReceiptTrie(all);
  if (receipts.root !== block.receiptsRoot) {
    throw mismatch(`its receipts have root ${receipts.root}, and its header says ${block.receiptsRoot}`, blockHash);
  }
  const logCounts = all.map(({ logs }) => logs.length);
  return { number: Number(block.number), hash: blockHash, header, receipts, transactions, logCounts };
}

/** The fields of a block that can be its header's. */
export function stringsOf(block: Readonly<Record<string, unknown>>): HeaderFields {
  const strings = Object.entries(block).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(strings);
}

/** What a node answers to that it cannot do, or not in the time or size that it has: one receipt can be had all the same. */
const TOO_MUCH: ReadonlySet<ErrorCode> = new Set(['rpc-error', 'rpc-unreachable']);

/** All receipts of a block at once, or one by one from nodes that do not know how, or for which they are too many. */
async function getReceipts(
  provider: JsonRpcProvider,
  blockHash: string,
  transactions: readonly string[],
): Promise<Receipt[]> {
  let answers: readonly RpcReceipt[];
  try {
    const schema = z.array(receiptSchema);
    answers = await request(provider, 'eth_getBlockReceipts', { parameters: [blockHash], schema });
  } catch (error) {
    if (!(error instanceof XdmError) || !TOO_MUCH.has(error.code)) throw error;
    answers = await getEach(provider, transactions);
  }
  const receipts = answers.toSorted((one, other) => Number(one.transactionIndex) - Number(other.transactionIndex));
  if (receipts.length !== transactions.length || receipts.some((receipt) => receipt.blockHash !== blockHash)) {
    throw mismatch(`the node has receipts of another block, or not all`, blockHash);
  }
  return receipts.map(toReceipt);
}

async function getEach(provider: JsonRpcProvider, transactions: readonly string[]): Promise<RpcReceipt[]> {
  const receipts: RpcReceipt[] = [];
  for (let start = 0; start < transactions.length; start += AT_A_TIME) {
    const some = transactions
      .slice(start, start + AT_A_TIME)
      .map(
        async (transaction) =>
          await request(provider, 'eth_getTransactionReceipt', { parameters: [transaction], schema: receiptSchema }),
      );
    receipts.push(...(await Promise.all(some)));
  }
  return receipts;
}

function toReceipt({ type = '0x0', status, root, cumulativeGasUsed, ...rest }: RpcReceipt): Receipt {
  const { logsBloom, logs, depositNonce, depositReceiptVersion } = rest;
  return {
    type: Number(type),
    status: root ?? Number(status),
    cumulativeGasUsed: BigInt(cumulativeGasUsed),
    logsBloom,
    logs,
    ...(depositNonce !== undefined && { depositNonce: BigInt(depositNonce) }),
    ...(depositReceiptVersion !== undefined && { depositReceiptVersion: BigInt(depositReceiptVersion) }),
  };
}

function mismatch(what: string, blockHash: string): XdmError {
  return new XdmError('proof-invalid', `block ${blockHash} cannot be proven: ${what}`, {
    hint: 'ask another node; a chain whose headers or receipts have a form of their own needs support for it',
  });
}
