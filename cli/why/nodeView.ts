import type { NodeConfig } from '../../relayer/config.ts';
import { findRollupRoutes } from '../../relayer/lanes/rollupRoutes.ts';
import { openAlarms, type OpenAlarm } from '../../relayer/store/alarms.ts';
import { showStore } from '../../relayer/store/location.ts';
import { readMessageDetails, type MessageDetails } from '../../relayer/store/messageDetails.ts';
import { findMessages } from '../../relayer/store/parked.ts';
import { dayOf, spendingOn, type Spending } from '../../relayer/store/spending.ts';
import { openStore } from '../../relayer/store/store.ts';
import { whyWaiting, type Why } from '../../relayer/why.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { readFailing } from './failing.ts';

/** What the node knows of a message. */
export interface NodeView {
  /** Where that is stored, without credentials. */
  readonly store: string;
  /** Undefined of a message that it has not read. */
  readonly known: { readonly details: MessageDetails; readonly why: Why } | undefined;
  readonly alarms: readonly OpenAlarm[];
  /** What fails at the moment in the node that runs, a sentence each; empty also where none answers. */
  readonly failing: readonly string[];
  /** What the node's signers have paid today, from midnight UTC on. */
  readonly spending: readonly Spending[];
  /** Ether that each may pay a day; undefined where there is no limit, or it is not to be had. */
  readonly maxSpendPerDay: number | undefined;
  /** Wei that the node pays at most for a unit of gas; undefined where its settings are not to be had. */
  readonly maxFeePerGas: bigint | undefined;
}

/** Why there is nothing to say of what the node knows. */
export interface NoNodeView {
  readonly missing: string;
}

/** How much the node pays at most, and where it answers. */
export type NodeLimits = Pick<NodeConfig, 'maxFeePerGas' | 'maxSpendPerDay' | 'httpHost' | 'httpPort'>;

/**
 * Reads what the node knows of messages, from its store. What cannot be read is said instead: the chains' word stands without it.
 * @returns in the order of the messages
 */
export async function readNodeViews(
  location: string,
  { lane, config }: { readonly lane: Deployment; readonly config: NodeLimits | undefined },
  messages: readonly LaneMessage[],
): Promise<readonly (NodeView | NoNodeView)[]> {
  try {
    const store = await openStore(location, { shared: true });
    try {
      const routes = await findRollupRoutes(store.db, lane);
      const alarms = await openAlarms(store.db);
      const spending = await spendingOn(store.db, dayOf(Date.now()));
      const maxSpendPerDay = config?.maxSpendPerDay;
      const maxFeePerGas = config === undefined ? undefined : BigInt(Math.round(config.maxFeePerGas * 1e9));
      const views: NodeView[] = [];
      for (const { messageHash, fromChain } of messages) {
        const ids = [...routes].filter(([, side]) => side === fromChain).map(([id]) => id);
        const [record] = await findMessages(store.db, ids, messageHash);
        const details = record && (await readMessageDetails(store.db, lane, record));
        const known = details && { details, why: whyWaiting(details, Date.now()) };
        const failing = config === undefined ? [] : await readFailing(lane, config, messageHash);
        views.push({ store: showStore(location), known, alarms, failing, spending, maxFeePerGas, maxSpendPerDay });
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
