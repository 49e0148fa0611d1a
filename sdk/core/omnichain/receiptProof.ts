import { concat, dataSlice, getBytes, hexlify, keccak256, toBigInt, type RlpStructuredData } from 'ethers';

import { XdmError } from '../errors.ts';
import { PackedNodes } from '../merkleTrie.ts';
import { decodeStrictly, lengthOfItem } from '../rlp.ts';
import { receiptKey, type ReceiptLog } from './receipt.ts';

/** What a proof of a receipt is made of. */
export interface ReceiptProofParts {
  /** RLP, hex, as it hashes to the block's hash. */
  readonly header: string;
  /** Of the transaction in its block. */
  readonly transactionIndex: number;
  /** See `ReceiptTrie.prove`. */
  readonly nodes: string;
}

/** What a proof of a receipt proves, if the block is final. */
export interface ProvenReceipt {
  /** Hash of the block that the proof starts from. */
  readonly blockHash: string;
  readonly blockNumber: bigint;
  /** In their order. */
  readonly logs: readonly ReceiptLog[];
}

/** Positions in a header like Ethereum's: proofs are read of no other. */
const RECEIPTS_ROOT = 5;
const NUMBER = 8;

/** A receipt's type where it has one: EIP-2718's up to EIP-7702's, and that of Optimism's deposits. */
const TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 0x7e]);

/** A receipt starts with its type, unless that is zero: then with the prefix of a list. */
const FIRST_LIST = 0xc0;

/** The `proof` of `transferIn`, hex: see `contracts/omnichain/libraries/ReceiptProof.sol`. */
export function packReceiptProof({ header, transactionIndex, nodes }: ReceiptProofParts): string {
  return concat([header, receiptKey(transactionIndex), nodes]);
}

/**
 * Reads a proof of a receipt by the rules of the contract.
 * @param proof hex
 * @throws {XdmError} `proof-invalid` when a hash does not fit, something is malformed, or bytes are left over
 */
export function readReceiptProof(proof: string): ProvenReceipt {
  const headerLength = itemLength(proof, 0, 'header');
  const keyLength = itemLength(proof, headerLength, 'transaction index');
  const header = dataSlice(proof, 0, headerLength);
  const fields = listOf(decodeStrictly(getBytes(header)), 'header');
  const nodes = new PackedNodes(dataSlice(proof, headerLength + keyLength));
  const receiptsRoot = stringOf(fields[RECEIPTS_ROOT], 'receipts root');
  const receipt = receiptIn(nodes, receiptsRoot, dataSlice(proof, headerLength, headerLength + keyLength));
  if (!nodes.isAtEnd) throw invalid('bytes follow its last node');
  const number = stringOf(fields[NUMBER], 'number');
  return {
    blockHash: keccak256(header),
    blockNumber: number === '0x' ? 0n : toBigInt(number),
    logs: logsOf(getBytes(receipt)),
  };
}

function receiptIn(nodes: PackedNodes, root: string, key: string): string {
  try {
    return nodes.readValue(root, key);
  } catch (cause) {
    throw invalid('its nodes do not lead from the root to the receipt', cause);
  }
}

function itemLength(proof: string, start: number, what: string): number {
  const length = lengthOfItem(getBytes(dataSlice(proof, start)));
  if (length === undefined) throw invalid(`it has no ${what}`);
  return length;
}

function logsOf(receipt: Uint8Array): ReceiptLog[] {
  const [first = 0] = receipt;
  const hasType = first < FIRST_LIST;
  if (hasType && !TYPES.has(first)) throw invalid(`the receipt is of the unknown type ${first}`);
  const fields = listOf(decodeStrictly(receipt.subarray(hasType ? 1 : 0)), 'receipt');
  return listOf(fields[3], 'list of logs').map((log) => {
    const [address, topics, data] = listOf(log, 'log');
    return {
      address: stringOf(address, 'address'),
      topics: listOf(topics, 'list of topics').map((topic) => stringOf(topic, 'topic')),
      data: stringOf(data, "log's data"),
    };
  });
}

function listOf(item: RlpStructuredData | undefined, what: string): readonly RlpStructuredData[] {
  if (item !== undefined && typeof item !== 'string') return item;
  throw invalid(`the ${what} is malformed`);
}

function stringOf(item: RlpStructuredData | undefined, what: string): string {
  if (typeof item === 'string') return hexlify(item);
  throw invalid(`the ${what} is malformed`);
}

function invalid(reason: string, cause?: unknown): XdmError {
  return new XdmError('proof-invalid', `the proof of the receipt does not hold: ${reason}`, {
    cause,
    hint: 'build it again, with another node of the chain',
  });
}
