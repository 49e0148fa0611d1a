import { isAddress, isHexString, type Signer } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../chain/contracts.ts';
import { parseSentMessages } from '../chain/logs.ts';
import { messengerAddress, type LaneMessage } from '../chain/messages.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { signerOn } from '../chain/signers.ts';
import type { Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';
import { withMargin } from '../core/gas.ts';

/** A message to send. */
export interface SendMessageParameters {
  readonly fromChain: Side;
  /**
   * Sends and pays, on the chain the message is sent from; if it is connected to another, a copy of it does. To send several
   * messages at the same time, give ethers' NonceManager, connected to that chain: `new NonceManager(wallet.connect(client.l2))`.
   */
  readonly signer: Signer;
  /** Account called on the other chain. */
  readonly target: string;
  /** Calldata of the call, hex. */
  readonly data: string;
  /** Gas the target is promised at least, up to 2^32 - 1. */
  readonly gasLimit: bigint;
  /** Wei that go with the call; none where it is not given. */
  readonly value?: bigint;
  /** Blocks to wait for from the message's own on, itself included; 1 where it is not given. */
  readonly confirmations?: number | undefined;
  /** Ends the wait for a block; the message may be sent nevertheless. */
  readonly signal?: AbortSignal | undefined;
}

/** A messenger takes a `uint32`. */
const LARGEST_GAS_LIMIT = 2n ** 32n - 1n;

/** What a message can take more when others come before it: their number decides how much of the message tree changes. */
const OTHERS_GAS = 60_000n;

/**
 * Sends a message, and waits until it stands in a block, or some blocks longer. An account sends one after the other, unless its signer counts nonces.
 * @throws {XdmError} `invalid-argument` with the offending value, `insufficient-funds`, `nonce-conflict` where the account has
 * sent something else meanwhile, `wrong-chain` for a signer that cannot leave another chain, the code of what the messenger refuses, and what the endpoint throws
 */
export async function sendMessage(client: LaneClient, parameters: SendMessageParameters): Promise<LaneMessage> {
  const { fromChain, target, data, gasLimit, value = 0n, confirmations, signal } = parameters;
  verify(parameters);
  try {
    const signer = await signerOn(client[fromChain], parameters.signer);
    const messenger = fromChain === 'l1' ? l1MessengerOf(client.lane, signer) : l2MessengerOf(client.lane, signer);
    // Estimated before the signer counts a nonce, which a refusal would leave unused.
    const estimate = await messenger.sendMessage.estimateGas(target, data, gasLimit, { value });
    const overrides = { value, gasLimit: withMargin(estimate + OTHERS_GAS) };
    const transaction = await messenger.sendMessage(target, data, gasLimit, overrides);
    const waited = waitForReceipt(client[fromChain], transaction.hash, { confirmations, signal });
    const receipt = await waited.catch(async (error: unknown) => {
      // Why it reverted, though it did not when it was tried: such as a queue that others have filled in this block.
      const mined = await client[fromChain].getTransactionReceipt(transaction.hash);
      const at = { value, blockTag: mined?.blockNumber ?? 'latest' };
      if (mined?.status === 0) await messenger.sendMessage.staticCall(target, data, gasLimit, at);
      throw error;
    });
    const [sent] = parseSentMessages(receipt.logs, messengerAddress(client, fromChain));
    if (sent === undefined) {
      throw new XdmError('transaction-reverted', `transaction ${transaction.hash} has no SentMessage event`, {
        hint: 'check that the deployment file belongs to this chain',
      });
    }
    return { fromChain, ...sent };
  } catch (error) {
    throw toXdmError(error);
  }
}

function verify({ target, data, gasLimit }: SendMessageParameters): void {
  const isAccount: boolean = isAddress(target);
  if (!isAccount) throw new XdmError('invalid-argument', `the target "${target}" is not an address`);
  const isCalldata: boolean = isHexString(data, true);
  if (!isCalldata) {
    throw new XdmError('invalid-argument', `the data "${data}" is not hex of whole bytes`, {
      hint: 'start it with 0x; 0x alone is no data',
    });
  }
  if (gasLimit < 0n || gasLimit > LARGEST_GAS_LIMIT) {
    throw new XdmError('invalid-argument', `a gas limit of ${gasLimit} is not between 0 and ${LARGEST_GAS_LIMIT}`);
  }
}
