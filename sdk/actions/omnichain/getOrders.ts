import { isHexString } from 'ethers';

import { chainOf, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { parseMessagesOut, type OrderEvent } from '../../chain/omnichain/logs.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { XdmError } from '../../core/errors.ts';
import { serviceOf } from './serviceOf.ts';

/** A transaction that has sent messages, such as one of an application. */
export interface SendingTransaction {
  /** Name or id of its chain. */
  readonly fromChain: string | bigint;
  readonly transactionHash: string;
}

/**
 * The messages that a transaction has sent, in the order of its logs.
 * @throws {XdmError} `invalid-argument`, `message-not-found` where it has sent none, and what the endpoint throws
 */
export async function getOrders(
  client: OmnichainClient,
  { fromChain, transactionHash }: SendingTransaction,
): Promise<readonly OrderEvent[]> {
  if (!isHexString(transactionHash, 32)) {
    throw new XdmError('invalid-argument', `"${transactionHash}" is no hash: a hash is 0x and 64 hex digits`, {
      hint: 'give the hash of the transaction that sent the message',
    });
  }
  const { provider, service, name, chainId } = chainOf(client, fromChain);
  try {
    const receipt = await provider.getTransactionReceipt(transactionHash);
    const { orders } = parseMessagesOut(receipt?.logs ?? [], service, serviceOf(client));
    // What the relay chain sends on was sent on another one.
    const sent = orders.filter((order) => order.fromChain === chainId);
    if (sent.length > 0) return sent;
    const problem = receipt === null ? 'is not known there' : 'has sent no message';
    throw new XdmError('message-not-found', `transaction ${transactionHash} of chain ${name} ${problem}`, {
      hint: 'check the hash and the chain; a transaction just sent takes a block to appear',
    });
  } catch (error) {
    throw toXdmError(error);
  }
}
