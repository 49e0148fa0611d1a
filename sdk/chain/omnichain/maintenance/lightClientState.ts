import { lightClientAt } from '../contracts.ts';
import { expiringLightClientAt } from './contracts.ts';
import type { FoundLightClient } from './maintainerOf.ts';
import { momentOf } from './readings.ts';

/** How long a light client is trusted, by the chain that it is on. */
interface Trust {
  /** Seconds: when it takes no update any more unless one comes before. */
  readonly until: bigint;
  /** Seconds from its head on. */
  readonly period: bigint;
}

/** What a light client's contract says of itself. */
export interface LightClientState {
  /** Newest block that it knows. */
  readonly head: { readonly number: bigint; readonly hash: string };
  readonly isFrozen: boolean;
  /** Undefined for attestors, whose word does not expire. */
  readonly trust: Trust | undefined;
  readonly isExpired: boolean;
  /** Seconds: the time on the chain that it is deployed on. */
  readonly now: bigint;
}

/**
 * What a light client's contract says of itself, at one moment.
 * @throws what the endpoint throws
 */
export async function readLightClient({
  entry,
  address,
  provider,
}: Omit<FoundLightClient, 'source'>): Promise<LightClientState> {
  const { at, now } = await momentOf(provider);
  const contract = lightClientAt(address, provider);
  const expiring = expiringLightClientAt(address, provider);
  const hasTrust = entry.kind !== 'attestor';
  const [[number, hash], isFrozen, until, period] = await Promise.all([
    contract.head(at),
    contract.isFrozen(at),
    hasTrust ? expiring.trustedUntil(at) : undefined,
    hasTrust ? expiring.trustingPeriod(at) : undefined,
  ]);
  const trust = until === undefined || period === undefined ? undefined : { until, period };
  return { head: { number, hash }, isFrozen, trust, isExpired: trust !== undefined && now > trust.until, now };
}
