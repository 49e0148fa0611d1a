import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { hash, hex, request } from '../../sdk/chain/request.ts';
import type { Payload } from './beaconChain.ts';
import { byteListsRoot, emptyList } from './electra.ts';

const number = z
  .string()
  .regex(/^0x[\da-f]+$/iu, 'not a number')
  .transform(BigInt);

const blockSchema = z
  .object({
    parentHash: hash,
    miner: hex,
    stateRoot: hash,
    receiptsRoot: hash,
    logsBloom: hex,
    mixHash: hash,
    number,
    gasLimit: number,
    gasUsed: number,
    timestamp: number,
    extraData: hex,
    baseFeePerGas: number,
    hash,
    blobGasUsed: number,
    excessBlobGas: number,
    transactions: z.array(hash),
  })
  .nullable();

/** Heights of the trees that a payload's transactions, and a transaction's bytes, fill at their limits. */
const TRANSACTIONS_HEIGHT = 20;
const TRANSACTION_HEIGHT = 25;

/** Of its withdrawals, of which there are at most 4 in the minimal preset. */
const WITHDRAWALS_HEIGHT = 2;

/**
 * A block of a local chain as the header of a payload of the consensus layer.
 * @returns undefined where the chain has no such block
 * @throws {XdmError} what the endpoint throws
 */
export async function getPayload(provider: JsonRpcProvider, tag: string): Promise<Payload | undefined> {
  const block = await request(provider, 'eth_getBlockByNumber', { parameters: [tag, false], schema: blockSchema });
  if (block === null) return undefined;
  const transactions = await Promise.all(
    block.transactions.map(
      async (transaction) =>
        await request(provider, 'eth_getRawTransactionByHash', { parameters: [transaction], schema: hex }),
    ),
  );
  return {
    parent_hash: block.parentHash,
    fee_recipient: block.miner,
    state_root: block.stateRoot,
    receipts_root: block.receiptsRoot,
    logs_bloom: block.logsBloom,
    prev_randao: block.mixHash,
    block_number: block.number,
    gas_limit: block.gasLimit,
    gas_used: block.gasUsed,
    timestamp: block.timestamp,
    extra_data: block.extraData,
    base_fee_per_gas: block.baseFeePerGas,
    block_hash: block.hash,
    transactions_root: byteListsRoot(transactions, TRANSACTIONS_HEIGHT, TRANSACTION_HEIGHT),
    withdrawals_root: emptyList(WITHDRAWALS_HEIGHT),
    blob_gas_used: block.blobGasUsed,
    excess_blob_gas: block.excessBlobGas,
  };
}
