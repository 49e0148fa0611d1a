import type { HeaderFields } from '../../sdk/core/omnichain/header.ts';
import type { Receipt } from '../../sdk/core/omnichain/receipt.ts';
import { readVectors } from './vectors.ts';

/** Of block 21925176 of Ethereum's mainnet. */
export interface MainnetReceipts {
  readonly block: HeaderFields;
  readonly receipts: readonly Receipt[];
}

/** A block of the vectors, and its 202 receipts. */
export function readMainnetReceipts(): MainnetReceipts {
  const block = readVectors('lightclient/mainnet-receipts/block-21925176.json') as HeaderFields;
  const answers = readVectors('lightclient/mainnet-receipts/receipts-21925176.json') as Record<string, string>[];
  const receipts = answers.map(({ type, status, cumulativeGasUsed, ...rest }): Receipt => ({
    ...(rest as unknown as Pick<Receipt, 'logs' | 'logsBloom'>),
    type: Number(type),
    status: Number(status),
    cumulativeGasUsed: BigInt(cumulativeGasUsed!),
  }));
  return { block, receipts };
}
