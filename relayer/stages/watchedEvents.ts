import { id } from 'ethers';

import type { LogFilter } from '../../sdk/chain/scanLogs.ts';
import type { WatchedChain } from '../route.ts';

/** Says which contracts and events are read, and what it depends on which of these are recorded. */
export function digestOf(chain: WatchedChain): string {
  const known = chain.sources.flatMap(({ knows }) => knows ?? []);
  return id(JSON.stringify([chain.deployedAt, filterOf(chain), ...known]));
}

/** The filter that they are asked for by. */
export function filterOf({ sources }: WatchedChain): LogFilter {
  return {
    address: sources.map(({ address }) => address),
    topics: [[...new Set(sources.flatMap(({ topics }) => topics))]],
  };
}
