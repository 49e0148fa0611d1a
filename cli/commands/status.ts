import type { MessageState } from '../../sdk/actions/getStatus.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { READER_OPTIONS } from '../options.ts';

export const status = defineCommand({
  name: 'status',
  parameters: 'HASH',
  arity: 1,
  summary: 'Says where a message stands',
  details: `HASH is of a message or of a transaction, which may have sent several messages. With --json, one
message is one object and several are an array; times are Unix seconds, and what there is not is
null. transactionHash is of the transaction that sent the message, relayTransactionHash of the one
that made the latest attempt to deliver it, and batchSize is how many messages the latter was for.

Status: unconfirmed, state-root-not-published, in-challenge-period, ready-for-relay, relayed or
failed.`,
  options: READER_OPTIONS,
  async run(args, { environment, output }) {
    const { getMessages } = await import('../../sdk/actions/getMessages.ts');
    const { getStatuses } = await import('../../sdk/actions/getStatus.ts');
    const { withLane } = await import('../lane.ts');
    const { statusResult } = await import('../messageResult.ts');

    const results = await withLane(args, environment, async (client) => {
      const messages = await getMessages(client, args.rest[0] ?? '');
      const states = await getStatuses(client, messages);
      return messages.map((message, position) => statusResult(message, states[position] as MessageState));
    });
    output.results(results);
    return EXIT.done;
  },
});
