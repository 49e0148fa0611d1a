import { XdmError } from '../core/errors.ts';
import { leafIndex, messageKeysOf } from '../core/message.ts';
import { MessageTree } from '../core/messageTree.ts';
import type { LaneClient } from './client.ts';
import { parseMessageRoots, TOPICS, type MessageRootProven } from './logs.ts';
import { scanMessages } from './messages.ts';
import { scanLogsBackwards } from './scanLogs.ts';

/**
 * The largest tree whose root was proven on L1; undefined where none was.
 * @param fromBlock L1 block to look from on; the lane's deployment where it is not given
 */
export async function getProvenRoot(
  { lane, l1 }: LaneClient,
  fromBlock: number = Number(lane.l1DeployedAt),
): Promise<MessageRootProven | undefined> {
  const filter = { address: lane.l1Messenger, topics: [TOPICS.messageRootProven] };
  let largest: MessageRootProven | undefined;
  for await (const logs of scanLogsBackwards(l1, filter, fromBlock)) {
    for (const proven of parseMessageRoots(logs, lane.l1Messenger)) {
      if (proven.count > (largest?.count ?? 0)) largest = proven;
    }
  }
  return largest;
}

/**
 * Builds the message tree from the messages that L2 has sent.
 * @param root of the tree, and its number of leaves
 * @throws {XdmError} `proof-invalid` when L2's node has other messages than the tree has leaves, and what it throws
 */
export async function readMessageTree(
  client: LaneClient,
  { count, root }: Pick<MessageRootProven, 'count' | 'root'>,
): Promise<MessageTree> {
  const keyOf = messageKeysOf(client.lane);
  const keys: string[] = [];
  for await (const { message, messageHash } of scanMessages(client, 'l2')) {
    const index = leafIndex(message);
    if (index < count) keys[index] = keyOf(messageHash);
  }
  const isWhole = keys.length === count && !keys.includes(undefined as never);
  const tree = isWhole ? new MessageTree(keys) : undefined;
  if (tree?.root() === root) return tree;
  throw new XdmError(
    'proof-invalid',
    `the L2 node's messages are not those of the tree of ${count} with root ${root}`,
    {
      hint: 'ask another L2 node, which has all logs since the deployment',
    },
  );
}
