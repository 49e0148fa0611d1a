import type { OmnichainClient } from '../../chain/omnichain/client.ts';

/** The service of a chain, by its id; undefined for chains that are not of the lane. */
export function serviceOf({ lane }: OmnichainClient): (chainId: bigint) => string | undefined {
  const services = new Map(lane.chains.map(({ chainId, service }) => [chainId, service]));
  return (chainId) => services.get(chainId);
}
