// The only importer of @eth-optimism/core-utils, which speaks ethers 5: bigint goes in and comes out.
import {
  applyL1ToL2Alias as applyAlias,
  DepositTx,
  hashCrossDomainMessagev1,
  undoL1ToL2Alias as undoAlias,
} from '@eth-optimism/core-utils';

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
  readonly gasLimit: bigint;
  readonly data: string;
}

/** Version 1 of Optimism's cross-domain message hash. */
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
