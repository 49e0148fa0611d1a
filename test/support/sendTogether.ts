import { Interface } from 'ethers';

import { l2CrossDomainMessenger } from '../../sdk/abi/L2CrossDomainMessenger.ts';
import { parseSentMessages } from '../../sdk/chain/logs.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { deployArtifact } from './chain.ts';
import type { LaneChains } from './lane.ts';

/** A message from L2 to be sent. */
export interface Call {
  readonly target: string;
  readonly data?: string;
  /** 100,000 where it is not given. */
  readonly gasLimit?: number;
}

/** Messages that one transaction can send. */
const MOST = 100;

const messenger = new Interface(l2CrossDomainMessenger.abi);

/** Sends messages from L2, many in a transaction, in order. */
export async function sendTogether(
  { lane, l2 }: Pick<LaneChains, 'lane' | 'l2'>,
  calls: readonly Call[],
): Promise<LaneMessage[]> {
  const batcher = await deployArtifact('Batcher', l2.account(8));
  const encoded = calls.map(({ target, data = '0x', gasLimit = 100_000 }) =>
    messenger.encodeFunctionData('sendMessage', [target, data, gasLimit]),
  );
  const sent: LaneMessage[] = [];
  for (let start = 0; start < encoded.length; start += MOST) {
    const some = encoded.slice(start, start + MOST);
    const { hash } = (await batcher.getFunction('callAll')(lane.l2Messenger, some)) as { hash: string };
    const { logs } = await waitForReceipt(l2.provider, hash);
    sent.push(...parseSentMessages(logs, lane.l2Messenger).map((each) => ({ fromChain: 'l2' as const, ...each })));
  }
  return sent;
}
