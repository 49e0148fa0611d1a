import type { NodeConfig } from '../../relayer/config.ts';
import { findRollupRoutes } from '../../relayer/lanes/rollupRoutes.ts';
import { openAlarms, type OpenAlarm } from '../../relayer/store/alarms.ts';
import { showStore } from '../../relayer/store/location.ts';
import { readMessageDetails, type MessageDetails } from '../../relayer/store/messageDetails.ts';
import { findMessages } from '../../relayer/store/parked.ts';
import { openStore } from '../../relayer/store/store.ts';
import { whyWaiting, type Why } from '../../relayer/why.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';

/** What the node knows of a message. */
export interface NodeView {
  /** Where that is stored, without credentials. */
  readonly store: string;
  /** Undefined of a message that it has not read. */
  readonly known: { readonly details: MessageDetails; readonly why: Why } | undefined;
  readonly alarms: readonly OpenAlarm[];
  /** Wei that the node pays at most for a unit of gas; undefined where its settings are not to be had. */
  readonly maxFeePerGas: bigint | undefined;
}

/** Why there is nothing to say of what the node knows. */
export interface NoNodeView {
  readonly missing: string;
}

/**
 * Reads what the node knows of messages, from its store. What cannot be read is said instead: the chains' word stands without it.
 * @returns in the order of the messages
 */
export async function readNodeViews(
  location: string,
  { lane, config }: { readonly lane: Deployment; readonly config: Pick<NodeConfig, 'maxFeePerGas'> | undefined },
  messages: readonly LaneMessage[],
): Promise<readonly (NodeView | NoNodeView)[]> {
  try {
    const store = await openStore(location, { shared: true });
    try {
      const routes = await findRollupRoutes(store.db, lane);
      const alarms = await openAlarms(store.db);
      const maxFeePerGas = config === undefined ? undefined : BigInt(Math.round(config.maxFeePerGas * 1e9));
      const views: NodeView[] = [];
      for (const { messageHash, fromChain } of messages) {
        const ids = [...routes].filter(([, side]) => side === fromChain).map(([id]) => id);
        const [record] = await findMessages(store.db, ids, messageHash);
        const details = record && (await readMessageDetails(store.db, lane, record));
        const known = details && { details, why: whyWaiting(details, Date.now()) };
        views.push({ store: showStore(location), known, alarms, maxFeePerGas });
      }
      return views;
    } finally {
      await store.close();
    }
  } catch (error) {
    const { message, hint } = toXdmError(error);
    const missing = hint === undefined ? message : `${message}; ${hint}`;
    return messages.map(() => ({ missing }));
  }
}
