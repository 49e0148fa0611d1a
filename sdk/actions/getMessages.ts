import { isHexString } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../chain/contracts.ts';
import { parseSentMessages } from '../chain/logs.ts';
import { messengerAddress, scanMessages, type LaneMessage } from '../chain/messages.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import type { Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';

const SIDES: readonly Side[] = ['l1', 'l2'];

/**
 * The messages that a hash stands for: all of a transaction, or those with this message hash, of which there can be one
 * on each chain.
 * @param hash of a message or of a transaction on either chain
 * @throws {XdmError} `invalid-argument`, `message-not-found`, and what the endpoints throw
 */
export async function getMessages(client: LaneClient, hash: string): Promise<LaneMessage[]> {
  if (!isHexString(hash, 32)) {
    throw new XdmError('invalid-argument', `"${hash}" is no hash: a hash is 0x and 64 hex digits`, {
      hint: 'give the messageHash or transactionHash that sendMessage printed',
    });
  }
  try {
    const found = await Promise.all(SIDES.map(async (side) => await messagesOfTransaction(client, side, hash)));
    const sent = found.flatMap((messages) => messages ?? []);
    if (sent.length > 0) return sent;
    const byHash = (await Promise.all(SIDES.map(async (side) => await messageByHash(client, side, hash)))).flat();
    if (byHash.length > 0) return byHash;
    throw notFound(
      hash,
      found.some((messages) => messages !== undefined),
    );
  } catch (error) {
    throw toXdmError(error);
  }
}

function notFound(hash: string, isTransaction: boolean): XdmError {
  return isTransaction
    ? new XdmError('message-not-found', `transaction ${hash} sent no message through this lane`, {
        hint: 'check the hash, and that --deployment names the lane it was sent through',
      })
    : new XdmError('message-not-found', `neither chain knows a message or transaction ${hash}`, {
        hint: 'check the hash and the deployment; a transaction just sent takes a block to appear',
      });
}

/** Undefined where the chain has no such transaction. */
async function messagesOfTransaction(
  client: LaneClient,
  fromChain: Side,
  hash: string,
): Promise<LaneMessage[] | undefined> {
  const receipt = await client[fromChain].getTransactionReceipt(hash);
  if (receipt === null) return undefined;
  const sent = parseSentMessages(receipt.logs, messengerAddress(client, fromChain));
  return sent.map((message) => ({ fromChain, ...message }));
}

async function messageByHash(client: LaneClient, fromChain: Side, hash: string): Promise<LaneMessage[]> {
  const { lane } = client;
  const messenger = fromChain === 'l1' ? l1MessengerOf(lane, client.l1) : l2MessengerOf(lane, client.l2);
  if (!(await messenger.sentMessages(hash))) return [];
  for await (const message of scanMessages(client, fromChain)) {
    if (message.messageHash === hash.toLowerCase()) return [message];
  }
  return [];
}
