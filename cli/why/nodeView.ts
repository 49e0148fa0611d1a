import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { findLaneRoutes, type LaneOutline, type LaneRoute } from '../../relayer/lanes/laneRoutes.ts';
import { gweiToWei } from '../../relayer/settings/amounts.ts';
import { openAlarms, type OpenAlarm } from '../../relayer/store/alarms.ts';
import { showStore } from '../../relayer/store/location.ts';
import { readMessageDetails, type MessageDetails } from '../../relayer/store/messageDetails.ts';
import type { MessageRecord } from '../../relayer/store/messageRecords.ts';
import { findMessages } from '../../relayer/store/parked.ts';
import type { Database } from '../../relayer/store/schema.ts';
import { dayOf, spendingOn, type Spending } from '../../relayer/store/spending.ts';
import { openStore } from '../../relayer/store/store.ts';
import { whyWaiting, type Why } from '../../relayer/why.ts';
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

/** A message of which only the node is asked: a chain is silent. */
export interface NodeMessage {
  readonly record: MessageRecord;
  readonly fromChain: string;
  readonly node: NodeView;
}

/** A message, and what the chain is called that it was sent from: the same hash can exist on several. */
export interface SoughtMessage {
  readonly messageHash: string;
  readonly fromChain: string;
}

interface NodeMeans {
  readonly lane: LaneOutline;
  readonly config: NodeLimits | undefined;
}

interface OpenNode {
  readonly db: Database;
  readonly routes: ReadonlyMap<number, LaneRoute>;
  readonly viewOf: (record: MessageRecord | undefined) => Promise<NodeView>;
}

/**
 * Reads what the node knows of messages, from its store. What cannot be read is said instead: the chains' word stands without it.
 * @returns in the order of the messages
 */
export async function readNodeViews(
  location: string,
  means: NodeMeans,
  messages: readonly SoughtMessage[],
): Promise<readonly (NodeView | NoNodeView)[]> {
  try {
    return await withNode(location, means, async ({ db, routes, viewOf }) => {
      const views: NodeView[] = [];
      for (const { messageHash, fromChain } of messages) {
        const ids = [...routes].filter(([, { from }]) => from === fromChain).map(([id]) => id);
        const [record] = await findMessages(db, ids, messageHash);
        views.push(await viewOf(record));
      }
      return views;
    });
  } catch (error) {
    const { message, hint } = toXdmError(error);
    const missing = hint === undefined ? message : `${message}; ${hint}`;
    return messages.map(() => ({ missing }));
  }
}

/**
 * Reads what the node knows of the messages that a hash stands for, without a word of the chains: nothing where its store is not
 * to be had.
 * @param hash of a message, or of the transaction that sent it
 */
export async function findNodeMessages(location: string, means: NodeMeans, hash: string): Promise<NodeMessage[]> {
  try {
    return await withNode(location, means, async ({ db, routes, viewOf }) => {
      const found: NodeMessage[] = [];
      for (const record of await findMessages(db, [...routes.keys()], hash)) {
        const fromChain = routes.get(record.routeId)?.from;
        if (fromChain !== undefined) found.push({ record, fromChain, node: await viewOf(record) });
      }
      return found;
    });
  } catch {
    return [];
  }
}

async function withNode<T>(
  location: string,
  { lane, config }: NodeMeans,
  use: (node: OpenNode) => Promise<T>,
): Promise<T> {
  const store = await openStore(location, { shared: true });
  try {
    const { db } = store;
    const routes = await findLaneRoutes(db, lane);
    const alarms = await openAlarms(db);
    const spending = await spendingOn(db, dayOf(Date.now()));
    const maxSpendPerDay = config?.maxSpendPerDay;
    const maxFeePerGas = config === undefined ? undefined : gweiToWei(config.maxFeePerGas);
    const viewOf = async (record: MessageRecord | undefined): Promise<NodeView> => {
      const route = record && routes.get(record.routeId);
      const details = route && (await readMessageDetails(db, route, record));
      const known = details && { details, why: whyWaiting(details, Date.now()) };
      const isAsked = config !== undefined && record !== undefined;
      const failing = isAsked ? await readFailing(lane, config, record.messageHash) : [];
      return { store: showStore(location), known, alarms, failing, spending, maxFeePerGas, maxSpendPerDay };
    };
    return await use({ db, routes, viewOf });
  } finally {
    await store.close();
  }
}
