import type { Side } from '../core/deployment.ts';
import type { LaneClient } from './client.ts';
import { parseSentMessages, TOPICS, type RawLog, type SentMessage } from './logs.ts';
import { scanLogsBackwards } from './scanLogs.ts';

/** A message and the chain it was sent from: the same hash can exist on both. */
export interface LaneMessage extends SentMessage {
  readonly fromChain: Side;
}

/** The messenger of a side. */
export function messengerAddress(client: LaneClient, side: Side): string {
  return side === 'l1' ? client.lane.l1Messenger : client.lane.l2Messenger;
}

/** A side's messages, the newest first, read as far back as the caller goes on. */
export async function* scanMessages(client: LaneClient, fromChain: Side): AsyncGenerator<LaneMessage> {
  const address = messengerAddress(client, fromChain);
  const filter = { address, topics: [[TOPICS.sentMessage, TOPICS.sentMessageExtension1]] };
  const deployedAt = fromChain === 'l1' ? client.lane.l1DeployedAt : client.lane.l2DeployedAt;
  for await (const logs of scanLogsBackwards(client[fromChain], filter, Number(deployedAt))) {
    for (const sent of newestFirst(logs, address)) yield { fromChain, ...sent };
  }
}

/** Logs parsed together: hashing a message takes long, and most readers want the newest few. */
const SLICE = 100;

/** @param logs of sent messages alone, in the order of the chain */
function* newestFirst(logs: readonly RawLog[], address: string): Generator<SentMessage> {
  for (let [start, end] = [logs.length, logs.length]; end > 0; end = start) {
    start = Math.max(0, end - SLICE);
    // A message's two events stay together.
    while (start > 0 && logs[start]?.topics[0] !== TOPICS.sentMessage) start--;
    yield* parseSentMessages(logs.slice(start, end), address).toReversed();
  }
}

/** What tells a message from all others of its lane. */
export function messageIdentity({ fromChain, messageHash }: LaneMessage): string {
  return `${fromChain}:${messageHash}`;
}
