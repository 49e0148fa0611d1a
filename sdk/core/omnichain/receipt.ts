import { concat, encodeRlp, toBeArray, toBeHex } from 'ethers';

/** A log of a receipt. All hex. */
export interface ReceiptLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** What a receipt's place in a block's receipt trie follows from. */
export interface Receipt {
  /** Of its transaction: 0 for the oldest kind, 1 to 4, or 0x7e for a deposit of an OP stack. */
  readonly type: number;
  /** 1 for success, 0 for failure; a state root of 32 bytes hex before Byzantium. */
  readonly status: number | string;
  readonly cumulativeGasUsed: bigint;
  /** 256 bytes, hex. */
  readonly logsBloom: string;
  readonly logs: readonly ReceiptLog[];
  /** Of a deposit, since Regolith. */
  readonly depositNonce?: bigint | undefined;
  /** Of a deposit, since Canyon. */
  readonly depositReceiptVersion?: bigint | undefined;
}

/** The type of an OP stack's deposit transactions. */
const DEPOSIT_TYPE = 0x7e;

/**
 * A receipt as the receipt trie holds it, hex: its RLP, after its type if it has one (EIP-2718).
 */
export function encodeReceipt(receipt: Receipt): string {
  const { type, status, cumulativeGasUsed, logsBloom, logs } = receipt;
  const encoded = encodeRlp([
    typeof status === 'string' ? status : toBeArray(status),
    toBeArray(cumulativeGasUsed),
    logsBloom,
    logs.map(({ address, topics, data }) => [address, [...topics], data]),
    ...(type === DEPOSIT_TYPE ? depositFields(receipt) : []),
  ]);
  return type === 0 ? encoded : concat([toBeHex(type, 1), encoded]);
}

function depositFields({ depositNonce, depositReceiptVersion }: Receipt): Uint8Array[] {
  return [depositNonce, depositReceiptVersion].filter((field) => field !== undefined).map((field) => toBeArray(field));
}

/** The key of a receipt in its block's receipt trie, hex: the RLP of its transaction's index. */
export function receiptKey(transactionIndex: number): string {
  return encodeRlp(toBeArray(transactionIndex));
}
