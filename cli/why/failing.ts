import { z } from 'zod';

import type { LaneOutline } from '../../relayer/lanes/laneRoutes.ts';
import { findRunningNode, type HttpPlace } from '../runningNode.ts';

const messagesAnswer = z.object({
  messages: z.array(z.object({ why: z.object({ failing: z.array(z.string()) }) })),
});

/** What fails at the moment in the node that runs, as far as the message may wait for it; nothing where none answers. */
export async function readFailing(
  lane: Pick<LaneOutline, 'identity'>,
  place: HttpPlace,
  messageHash: string,
): Promise<readonly string[]> {
  const node = await findRunningNode(lane, place);
  if (node?.isOurs !== true) return [];
  try {
    const { messages } = messagesAnswer.parse(await node.get(`/v1/messages/${messageHash}`));
    return [...new Set(messages.flatMap(({ why }) => why.failing))];
  } catch {
    // It does not know the message, or has ended meanwhile.
    return [];
  }
}
