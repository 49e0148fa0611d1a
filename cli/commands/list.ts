import type { MessageState } from '../../sdk/actions/getStatus.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { MESSAGE_STATUSES } from '../../sdk/core/status.ts';
import { defineCommand } from '../command.ts';
import { laneKindOf, refuseOptions } from '../deploymentFile.ts';
import { EXIT } from '../exitCodes.ts';
import { CHUNK, chunks, LISTING_OPTIONS, newestFirst, parseLimit, take } from '../listing.ts';
import { ANY_READER_OPTIONS } from '../options.ts';

const SIDES = ['l1', 'l2'] as const;

interface KnownMessage {
  readonly message: LaneMessage;
  readonly state: MessageState;
  readonly sentAt: bigint | undefined;
}

export const list = defineCommand({
  name: 'list',
  parameters: '',
  arity: 0,
  summary: 'Lists messages, the newest first',
  details: `relayedBy is the transaction of the latest attempt to deliver the message, and in brackets how
many messages that transaction was for, if more than one. With --json, an array of what \`xdm
status\` prints of each message: among it transactionHash, of the transaction that sent it.

Of an omnichain lane, orders and where they stand: waiting-for-light-client, light-client-frozen,
ready-for-transfer, relayed or failed; --from-chain is the name or id of the chain they were sent
from.`,
  options: {
    ...LISTING_OPTIONS,
    status: { ...LISTING_OPTIONS.status, describe: `Only those that are ${MESSAGE_STATUSES.join(', ')}` },
    'from-chain': {
      ...LISTING_OPTIONS['from-chain'],
      describe: "Only those from l1, or from l2; or an omnichain lane's chain",
    },
    ...ANY_READER_OPTIONS,
  },
  async run(args, { environment, output }) {
    if (laneKindOf(args, environment) === 'omnichain') {
      const { listOmnichain } = await import('../omnichain/listOmnichain.ts');
      return await listOmnichain(args, { environment, output });
    }
    refuseOptions('rollup', args, ['rpc-urls']);
    const { withLane } = await import('../lane.ts');
    const { RELAYED_BY, statusResult } = await import('../messageResult.ts');
    const { PAUSE_NOTE } = await import('../pauseNote.ts');
    const { l1MessengerOf } = await import('../../sdk/chain/contracts.ts');
    const { parseChoice } = await import('../values.ts');

    const wanted = args.status === undefined ? undefined : parseChoice('status', args.status, MESSAGE_STATUSES);
    const sides = args['from-chain'] === undefined ? SIDES : [parseChoice('from-chain', args['from-chain'], SIDES)];
    const limit = await parseLimit(args);
    const { taken, isMore, isPaused } = await withLane(args, environment, async (client) => {
      const chains = sides.map((side) => readKnown(client, side, wanted === undefined ? limit + 1 : CHUNK));
      const isWanted = ({ state }: KnownMessage): boolean => wanted === undefined || state.status === wanted;
      const found = await take(newestFirst(chains), limit, isWanted);
      // Whatever is shown: who looks through messages is told what holds up all that is to come.
      return { ...found, isPaused: sides.includes('l2') && (await l1MessengerOf(client.lane, client.l1).paused()) };
    });
    if (taken.length === 0) output.log('no messages');
    output.table(
      taken.map(({ message, state }) => statusResult(message, state)),
      ['messageHash', 'fromChain', 'status', 'sentAt', RELAYED_BY],
    );
    // Whether more are as wanted, only reading them all would tell.
    if (isMore) output.log(`${limit} shown; --limit N ${wanted === undefined ? 'shows' : 'may show'} more`);
    if (isPaused) output.log(PAUSE_NOTE);
    return EXIT.done;
  },
});

async function* readKnown(
  client: LaneClient,
  side: (typeof SIDES)[number],
  chunk: number,
): AsyncGenerator<KnownMessage> {
  const { getStatuses } = await import('../../sdk/actions/getStatus.ts');
  const { listMessages } = await import('../../sdk/actions/listMessages.ts');
  for await (const messages of chunks(listMessages(client, side), chunk)) {
    const states = await getStatuses(client, messages);
    for (const [position, state] of states.entries()) {
      yield { message: messages[position] as LaneMessage, state, sentAt: state.sentAt };
    }
  }
}
