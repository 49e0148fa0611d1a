import { Interface, type JsonRpcProvider } from 'ethers';

import { senderAllowlist } from '../abi/SenderAllowlist.ts';
import { XdmError } from '../core/errors.ts';
import { scanLogsBackwards } from './scanLogs.ts';

const list = new Interface(senderAllowlist.abi);

const TOPIC = list.getEvent('SenderAllowed')!.topicHash;

/** Ranges of blocks that are looked through, some 450,000 blocks: who was put on the list earlier is not found. */
const MOST_RANGES = 15;

/**
 * Whether an account is on an allowlist, by the events of a SenderAllowlist: for advice, and not worth an error.
 * @returns undefined where its newest events do not tell, or the endpoint does not give them
 */
export async function isAnyoneAllowed(l2: JsonRpcProvider, allowlist: string): Promise<boolean | undefined> {
  try {
    return await findAllowed(l2, allowlist);
  } catch (error) {
    if (error instanceof XdmError) return undefined;
    throw error;
  }
}

async function findAllowed(l2: JsonRpcProvider, allowlist: string): Promise<boolean | undefined> {
  const seen = new Set<string>();
  let ranges = 0;
  for await (const logs of scanLogsBackwards(l2, { address: allowlist, topics: [TOPIC] }, 0)) {
    for (const { topics, data } of logs.toReversed()) {
      const [sender, isAllowed] = list.decodeEventLog('SenderAllowed', data, topics) as unknown as [string, boolean];
      // What was said of it last holds.
      if (isAllowed && !seen.has(sender)) return true;
      seen.add(sender);
    }
    ranges += 1;
    if (ranges === MOST_RANGES) return undefined;
  }
  return false;
}
