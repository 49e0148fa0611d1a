import type { ConnectedChain, OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import { serviceAt } from '../../../sdk/chain/omnichain/contracts.ts';
import type { LogSource } from '../../route.ts';
import { messagesFrom, type Numbered, type NumberRange } from '../../store/gaps.ts';
import type { Database } from '../../store/schema.ts';
import { auditOf } from '../audit.ts';
import { allOf, deliveryAudit, type RecordOf } from '../deliveryAudit.ts';
import type { RouteNumbers } from './sources.ts';
import type { UnknownChains } from './unknownChains.ts';

type Audit = NonNullable<LogSource['audit']>;

/** What is read of a service. */
interface Watched {
  readonly chain: ConnectedChain;
  readonly routes: RouteNumbers;
  readonly unknown: UnknownChains;
}

/**
 * Asks a service what it has done, which can show that an endpoint has left out logs: it counts the messages that are sent from its
 * chain, and records what came to it from others.
 */
export function serviceAudit(db: Database, client: OmnichainClient, { chain, routes, unknown }: Watched): Audit {
  const { relayChainId } = client.lane;
  const others = [...client.chains.keys()].filter((id) => id !== chain.chainId);
  const isRelay = chain.chainId === relayChainId;
  // The relay chain hears each of the others, and they hear all of them through it.
  const hops = isRelay ? others : [relayChainId];
  const contract = serviceAt(chain.service, chain.provider);
  const sentAudit = auditOf({
    deployedAt: Number(chain.deployedAt),
    countAt: async (blockTag) => Number(await contract.messageNonce({ blockTag })),
    recorded: isRelay
      ? async (now, range) => unknown.among(await sentFromRelay(now, chain.chainId, { hops, routes, range }), range)
      : async (now, range) => await messagesFrom(now, routes(chain.chainId, relayChainId), range),
  });
  const origins = (hop: bigint): readonly bigint[] => (isRelay ? [hop] : others);
  return allOf(
    sentAudit,
    ...hops.map((hop) => deliveryAudit(db, routes(hop, chain.chainId), recordsOf(chain, origins(hop)))),
  );
}

/** @param origins chains that messages can have been sent from first */
function recordsOf({ service, provider }: ConnectedChain, origins: readonly bigint[]): RecordOf {
  const contract = serviceAt(service, provider);
  return async (orderId, blockTag) => {
    const records = await Promise.all(
      origins.map(async (origin) => await contract.delivery(origin, orderId, { blockTag })),
    );
    return records.find(({ attempts }) => attempts > 0n);
  };
}

interface RelayedRange {
  /** The other chains. */
  readonly hops: readonly bigint[];
  readonly routes: RouteNumbers;
  readonly range: NumberRange;
}

/**
 * Messages that were sent from the relay chain first, from a number on, in order. Those that it has sent on have numbers of other
 * services, and came to it on another route. One of these of which that is not known yet fills a gap until it is.
 */
async function sentFromRelay(
  db: Database,
  chainId: bigint,
  { hops, routes, range: { first, limit } }: RelayedRange,
): Promise<Numbered[]> {
  const arriving = hops.map((hop) => routes(hop, chainId));
  const leaving = hops.map((hop) => routes(chainId, hop));
  const rows = await db
    .selectFrom('messages')
    .select(['counter as number', 'blockNumber'])
    .where('routeId', 'in', leaving)
    .where('orphaned', '=', 0)
    .where('counter', '>=', first)
    .where('counter', '<', first + limit)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('messages as arrived')
            .select('arrived.id')
            .where('arrived.routeId', 'in', arriving)
            .whereRef('arrived.messageHash', '=', 'messages.messageHash'),
        ),
      ),
    )
    .orderBy('counter')
    .execute();
  return rows.filter(({ number }, position) => number !== rows[position - 1]?.number);
}
