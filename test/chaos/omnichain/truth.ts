import type { Log } from 'ethers';

import { LIGHT_CLIENT_CALLS } from '../../../sdk/chain/omnichain/contracts.ts';
import {
  parseMessagesIn,
  parseMessagesOut,
  type OrderAttempt,
  type OrderEvent,
  type ParsedOrders,
} from '../../../sdk/chain/omnichain/logs.ts';
import { routeOf } from '../../../sdk/core/omnichain/deployment.ts';
import type { OmnichainLane } from '../../support/omnichainLane.ts';

/** What the chains say, by their ids, whatever the node knows of it. */
export type Truth = ReadonlyMap<bigint, ChainTruth>;

interface ChainTruth {
  /** Messages that were sent from it, and those that it has sent on. */
  readonly sent: readonly OrderEvent[];
  /** Attempts at its targets. */
  readonly attempts: readonly OrderAttempt[];
  /** The same, by their order ids. */
  readonly sentById: ReadonlyMap<string, readonly OrderEvent[]>;
  readonly attemptsById: ReadonlyMap<string, readonly OrderAttempt[]>;
  /** Logs of its service that none of another chain takes. */
  readonly malformed: readonly string[];
}

/** A message between two chains that follow each other on its way. */
export interface Hop {
  readonly order: OrderEvent;
  readonly from: bigint;
  readonly to: bigint;
}

/** What logs say, by their blocks and places there: all are read again and again, and each says the same for ever. */
const SAID = new Map<string, Said>();

interface Said {
  readonly sent: ParsedOrders<OrderEvent>;
  readonly attempts: ParsedOrders<OrderAttempt>;
}

export async function readTruth({ client }: OmnichainLane): Promise<Truth> {
  const services = new Map(client.lane.chains.map(({ chainId, service }) => [chainId, service]));
  const serviceOf = (id: bigint): string | undefined => services.get(id);
  const chains = [...client.chains.values()].map(async ({ chainId, provider, service }) => {
    const read = (log: Log): Said => ({
      sent: parseMessagesOut([log], service, serviceOf),
      attempts: parseMessagesIn([log], service, serviceOf),
    });
    const said = (await provider.getLogs({ address: service, fromBlock: 0, toBlock: 'latest' })).map((log) => {
      const key = `${log.blockHash} ${log.index}`;
      const known = SAID.get(key) ?? read(log);
      SAID.set(key, known);
      return known;
    });
    return [chainId, truthOf(said)] as const;
  });
  return new Map(await Promise.all(chains));
}

function truthOf(said: readonly Said[]): ChainTruth {
  const sent = said.flatMap((each) => each.sent.orders);
  const attempts = said.flatMap((each) => each.attempts.orders);
  return {
    sent,
    attempts,
    sentById: Map.groupBy(sent, ({ orderId }) => orderId),
    attemptsById: Map.groupBy(attempts, ({ orderId }) => orderId),
    malformed: said.flatMap((each) => [...each.sent.malformed, ...each.attempts.malformed]).map((each) => each.problem),
  };
}

/** Every hop of every message, as far as it has come. */
export function hopsOf({ client }: OmnichainLane, truth: Truth): Hop[] {
  return [...truth].flatMap(([from, { sent }]) =>
    sent.map((order) => {
      const route = routeOf(client.lane, order.fromChain, order.toChain);
      return { order, from, to: route[route.indexOf(from) + 1]! };
    }),
  );
}

/** Attempts at a message on a chain, and how often it has sent it on. */
export function arrivals(
  truth: Truth,
  { order: { orderId }, to }: Hop,
): { readonly attempts: readonly OrderAttempt[]; readonly sentOn: number } {
  const { sentById, attemptsById } = truth.get(to)!;
  return { attempts: attemptsById.get(orderId) ?? [], sentOn: sentById.get(orderId)?.length ?? 0 };
}

/** A block by which a light client proves messages. */
export interface RecordedBlock {
  readonly on: bigint;
  readonly of: bigint;
  readonly number: number;
  readonly hash: string;
}

/** All blocks that light clients have ever recorded. */
export async function readRecorded({ client }: OmnichainLane): Promise<RecordedBlock[]> {
  const topic = LIGHT_CLIENT_CALLS.getEvent('BlockRecorded')!.topicHash;
  const found = client.lane.lightClients.map(async ({ on, of, address }) => {
    const { provider } = client.chains.get(on)!;
    const logs = await provider.getLogs({ address, topics: [topic], fromBlock: 0, toBlock: 'latest' });
    return logs.map((log) => {
      const [number, hash] = LIGHT_CLIENT_CALLS.decodeEventLog('BlockRecorded', log.data, log.topics);
      return { on, of, number: Number(number), hash: String(hash) };
    });
  });
  return (await Promise.all(found)).flat();
}
