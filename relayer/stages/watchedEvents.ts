import { id } from 'ethers';

import type { LogFilter } from '../../sdk/chain/scanLogs.ts';
import type { WatchedChain } from '../route.ts';

/** Says which contracts and events are read. */
export function digestOf(chain: WatchedChain): string {
  return id(JSON.stringify([chain.deployedAt, filterOf(chain)]));
}

/** The filter that they are asked for by. */
export function filterOf({ sources }: WatchedChain): LogFilter {
  return {
    address: sources.map(({ address }) => address),
    topics: [[...new Set(sources.flatMap(({ topics }) => topics))]],
  };
}
