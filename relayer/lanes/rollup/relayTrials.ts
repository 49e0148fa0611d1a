import { encodeRelay } from '../../../sdk/chain/relayCalls.ts';
import { fitTreeRelay, type TreeRelayer } from '../../../sdk/chain/treeRelay.ts';
import { withMargin } from '../../../sdk/core/gas.ts';
import type { PreparedDelivery } from '../../route.ts';
import type { PendingMessage } from '../../store/messages.ts';
import type { Database } from '../../store/schema.ts';
import { ownProofOf, type RoutedClient } from './ownProof.ts';

/** What a transaction is for that proves a root of the message tree. */
export const PROVE_ROOT = 'prove message root';

/** What a transaction is for that delivers. */
const RELAY = 'relay';

/** Tries what can be done on L1 with messages from L2; what is returned can be sent. All of it throws what L1 reverts with. */
export interface RelayTrials {
  /** A message with a proof of its own. */
  alone(db: Database, message: PendingMessage): Promise<PreparedDelivery>;
  /** One message by its path, or several as a batch: as many of them, from the first, as one transaction can deliver. */
  byTree(by: Omit<TreeRelayer, 'from' | 'to'>, messages: readonly PendingMessage[]): Promise<PreparedDelivery>;
  /** Proving a root. */
  root(call: string): Promise<PreparedDelivery>;
}

/** @param from account that relays */
export function relayTrials(client: RoutedClient, from: string): RelayTrials {
  const { l1, lane } = client;
  const to = lane.l1Messenger;
  const estimated = async (
    purpose: string,
    data: string,
    messages: readonly PendingMessage[],
  ): Promise<PreparedDelivery> => {
    const gasLimit = withMargin(await l1.estimateGas({ from, to, data }));
    return { purpose, to, data, gasLimit, messages };
  };
  return {
    root: async (call) => await estimated(PROVE_ROOT, call, []),
    async alone(db, message) {
      const proof = await ownProofOf(client, db, message);
      return await estimated(RELAY, encodeRelay(message.message, proof), [message]);
    },
    async byTree(by, messages) {
      const all = messages.map(({ message }) => message);
      const { length, data, gasLimit } = await fitTreeRelay(l1, { ...by, from, to }, all);
      const some = messages.slice(0, length);
      return gasLimit === undefined
        ? await estimated(RELAY, data, some)
        : { purpose: RELAY, to, data, gasLimit, messages: some };
    },
  };
}
