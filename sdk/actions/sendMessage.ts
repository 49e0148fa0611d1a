import type { Signer } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../chain/contracts.ts';
import { parseSentMessages } from '../chain/logs.ts';
import { messengerAddress, type LaneMessage } from '../chain/messages.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import type { Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';

export interface SendMessageParameters {
  readonly fromChain: Side;
  /** Sends and pays, on the chain the message is sent from. */
  readonly signer: Signer;
  /** Account called on the other chain. */
  readonly target: string;
  /** Calldata of the call, hex. */
  readonly data: string;
  /** Gas the target is promised at least, up to 2^32 - 1. */
  readonly gasLimit: bigint;
  /** Wei that go with the call; none where it is not given. */
  readonly value?: bigint;
}

/**
 * Sends a message, and waits until it stands in a block.
 * @throws {XdmError} `insufficient-funds`, the code of what the messenger refuses, and what the endpoint throws
 */
export async function sendMessage(client: LaneClient, parameters: SendMessageParameters): Promise<LaneMessage> {
  const { fromChain, target, data, gasLimit, value = 0n } = parameters;
  const signer = parameters.signer.connect(client[fromChain]);
  const messenger = fromChain === 'l1' ? l1MessengerOf(client.lane, signer) : l2MessengerOf(client.lane, signer);
  try {
    const transaction = await messenger.sendMessage(target, data, gasLimit, { value });
    const receipt = await waitForReceipt(client[fromChain], transaction.hash);
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
