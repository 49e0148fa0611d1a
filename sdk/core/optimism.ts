// The only importer of @eth-optimism/core-utils, which speaks ethers 5: bigint goes in and comes out.
import {
  applyL1ToL2Alias as applyAlias,
  DepositTx,
  hashCrossDomainMessagev1,
  undoL1ToL2Alias as undoAlias,
} from '@eth-optimism/core-utils';

import { dataLength, getBytes } from 'ethers';

import type { Message } from './message.ts';

/** A deposit transaction (EIP-2718 type 0x7e): what L2 executes for an element of the queue. */
export interface Deposit {
  /** Tells deposits apart; 32 bytes. */
  readonly sourceHash: string;
  /** Sender on L2, aliased if it is a contract on L1. */
  readonly from: string;
  readonly to: string;
  /** Wei created for the sender before the call. */
  readonly mint: bigint;
  /** Wei that go with the call. */
  readonly value: bigint;
  /** Gas limit of the transaction on L2. */
  readonly gasLimit: bigint;
  /** Calldata, hex. */
  readonly data: string;
}

/** A `TransactionDeposited` event of the queue, and where it stands on L1. */
export interface DepositEvent {
  readonly from: string;
  readonly to: string;
  /** Version of the packing of `opaqueData`. */
  readonly version: bigint;
  /** Mint, value, gas limit, creation flag and data, packed; hex. */
  readonly opaqueData: string;
  readonly blockHash: string;
  /** Index of the log in its block. */
  readonly logIndex: number;
}

/** What `opaqueData` has before the data: two words, a uint64 and a flag. */
const OPAQUE_HEADER_LENGTH = 32 + 32 + 8 + 1;
const CREATION_FLAG_OFFSET = OPAQUE_HEADER_LENGTH - 1;

/**
 * Version 1 of Optimism's cross-domain message hash.
 * @throws {Error} when an address is none, a number does not fit in 256 bits, or the data is not hex
 */
export function hashMessage(message: Message): string {
  const { nonce, sender, target, value, gasLimit, data } = message;
  // Its nonce is typed as ethers 5's BigNumber, which the ABI coder behind it also takes as a decimal string.
  return hashCrossDomainMessagev1(
    nonce.toString() as unknown as Parameters<typeof hashCrossDomainMessagev1>[0],
    sender,
    target,
    value.toString(),
    gasLimit.toString(),
    data,
  );
}

/** The address that a contract on L1 has as a sender on L2. */
export function applyL1ToL2Alias(address: string): string {
  return applyAlias(address);
}

/** The contract on L1 behind an aliased sender. */
export function undoL1ToL2Alias(address: string): string {
  return undoAlias(address);
}

/** The raw transaction of a deposit, for `eth_sendRawTransaction`. */
export function encodeDeposit(deposit: Deposit): string {
  return new DepositTx({
    sourceHash: deposit.sourceHash,
    from: deposit.from,
    to: deposit.to,
    mint: deposit.mint.toString(),
    value: deposit.value.toString(),
    gas: deposit.gasLimit.toString(),
    isSystemTransaction: false,
    data: deposit.data,
  }).encode();
}

/** The deposit of a raw transaction, as `encodeDeposit` made it. */
export function decodeDeposit(raw: string): Deposit {
  const deposit = DepositTx.decode(raw);
  return {
    sourceHash: deposit.sourceHash(),
    from: deposit.from,
    to: deposit.to ?? '',
    mint: toBigInt(deposit.mint),
    value: toBigInt(deposit.value),
    gasLimit: toBigInt(deposit.gas),
    data: deposit.data as string,
  };
}

/**
 * The deposit that an OP-stack node derives from an event, with Optimism's source hash. That hash names the L1 block: a
 * sequencer that executes the queue itself needs one that a reorganisation does not change.
 * @throws {RangeError} when the event is not of the queue's making: another version, a creation, or data cut short
 */
export function parseDeposit(event: DepositEvent): Deposit {
  const { from, to, version, opaqueData, blockHash, logIndex } = event;
  if (version !== 0n) throw new RangeError(`deposit version ${version} is unknown: the queue emits version 0`);
  if (dataLength(opaqueData) < OPAQUE_HEADER_LENGTH) {
    throw new RangeError(`opaqueData ${opaqueData} is cut short: it has ${OPAQUE_HEADER_LENGTH} bytes or more`);
  }
  // Bytes, not hex: core-utils indexes into it, and would misread the flag of a creation.
  const bytes = getBytes(opaqueData);
  if (bytes[CREATION_FLAG_OFFSET] !== 0) {
    throw new RangeError(
      `the deposit to ${to} creates a contract, which the queue does not: check the event's address`,
    );
  }
  // The event as ethers 5 has it, as far as core-utils reads it.
  const ethers5Event = {
    event: 'TransactionDeposited',
    args: { from, to, version: { eq: (other: number) => version === BigInt(other) }, opaqueData: bytes },
    blockHash,
    logIndex,
  };
  const deposit = DepositTx.fromL1Event(ethers5Event as unknown as Parameters<typeof DepositTx.fromL1Event>[0]);
  return {
    sourceHash: deposit.sourceHash(),
    from,
    to,
    mint: toBigInt(deposit.mint),
    value: toBigInt(deposit.value),
    gasLimit: toBigInt(deposit.gas),
    data: deposit.data as string,
  };
}

/** Of ethers 5's number types, parsing makes BigNumbers only. */
function toBigInt(number: DepositTx['mint']): bigint {
  return BigInt((number as { toHexString(): string }).toHexString());
}
