import { isHexString } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../chain/contracts.ts';
import { parseDeliveries, parseSentMessages } from '../chain/logs.ts';
import { messageIdentity, messengerAddress, scanMessages, type LaneMessage } from '../chain/messages.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import type { Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';

const SIDES: readonly Side[] = ['l1', 'l2'];

/**
 * The messages that hashes stand for, each once: all of a transaction, or those with this message hash, of which there can be one
 * on each chain.
 * @param hashes of messages or of transactions on either chain
 * @throws {XdmError} `invalid-argument`, `message-not-found` for the first hash that is of none, and what the endpoints throw
 */
export async function getMessages(client: LaneClient, ...hashes: readonly string[]): Promise<LaneMessage[]> {
  for (const hash of hashes) verifyHash(hash);
  try {
    const found = await Promise.all(hashes.map(async (hash) => await readTransaction(client, hash)));
    const others = hashes.filter((_, position) => (found[position]?.sent ?? []).length === 0);
    const byHash = (await Promise.all(SIDES.map(async (side) => await messagesByHash(client, side, others)))).flat();
    const all = hashes.flatMap((hash, position) => {
      const { sent = [], attempted } = found[position] ?? {};
      const messages = sent.length > 0 ? sent : byHash.filter(({ messageHash }) => messageHash === hash.toLowerCase());
      if (messages.length === 0) throw notFound(hash, attempted);
      return messages;
    });
    return [...new Map(all.map((message) => [messageIdentity(message), message])).values()];
  } catch (error) {
    throw toXdmError(error);
  }
}

function verifyHash(hash: string): void {
  if (isHexString(hash, 32)) return;
  throw new XdmError('invalid-argument', `"${hash}" is no hash: a hash is 0x and 64 hex digits`, {
    hint: 'give the messageHash or transactionHash that sendMessage printed',
  });
}

/** @param attempted messages that the transaction with this hash attempted to deliver, if there is such a transaction */
function notFound(hash: string, attempted: readonly string[] | undefined): XdmError {
  const [first] = attempted ?? [];
  if (attempted !== undefined && first !== undefined) {
    const messages = attempted.length === 1 ? 'a message' : `${attempted.length} messages`;
    return new XdmError('message-not-found', `transaction ${hash} relayed ${messages}, and sent none`, {
      hint: `give the hash of ${attempted.length === 1 ? 'that message' : 'one of them, such as'} ${first}`,
    });
  }
  return attempted !== undefined
    ? new XdmError('message-not-found', `transaction ${hash} sent no message through this lane`, {
        hint: 'check the hash, and that --deployment names the lane it was sent through',
      })
    : new XdmError('message-not-found', `neither chain knows a message or transaction ${hash}`, {
        hint: 'check the hash and the deployment; a transaction just sent takes a block to appear',
      });
}

/** What a transaction did with messages, on whichever chains know it. */
interface MessengerTransaction {
  readonly sent: readonly LaneMessage[];
  /** Hashes of the messages that it delivered, or tried to. */
  readonly attempted: readonly string[];
}

/** Undefined where neither chain has such a transaction. */
async function readTransaction(client: LaneClient, hash: string): Promise<MessengerTransaction | undefined> {
  const receipts = await Promise.all(
    SIDES.map(async (fromChain) => ({ fromChain, receipt: await client[fromChain].getTransactionReceipt(hash) })),
  );
  const known = receipts.flatMap(({ fromChain, receipt }) => {
    if (receipt === null) return [];
    const address = messengerAddress(client, fromChain);
    const sent = parseSentMessages(receipt.logs, address).map((message) => ({ fromChain, ...message }));
    return [{ sent, attempted: parseDeliveries(receipt.logs, address).map(({ messageHash }) => messageHash) }];
  });
  if (known.length === 0) return undefined;
  return { sent: known.flatMap(({ sent }) => sent), attempted: known.flatMap(({ attempted }) => attempted) };
}

/** Those messages of a chain that have one of the hashes, all found in one reading. */
async function messagesByHash(client: LaneClient, fromChain: Side, hashes: readonly string[]): Promise<LaneMessage[]> {
  const { lane } = client;
  const { sentMessages } = fromChain === 'l1' ? l1MessengerOf(lane, client.l1) : l2MessengerOf(lane, client.l2);
  const areSent = await Promise.all(hashes.map(async (hash) => await sentMessages(hash)));
  const wanted = new Set(hashes.filter((_, position) => areSent[position]).map((hash) => hash.toLowerCase()));
  const found: LaneMessage[] = [];
  if (wanted.size === 0) return found;
  for await (const message of scanMessages(client, fromChain)) {
    if (wanted.delete(message.messageHash)) found.push(message);
    if (wanted.size === 0) break;
  }
  return found;
}
