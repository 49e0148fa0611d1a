import { chainOf, lightClientBetween, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { dueReason, type DueReason } from '../../chain/omnichain/maintenance/due.ts';
import { readLightClient, type LightClientState } from '../../chain/omnichain/maintenance/lightClientState.ts';
import {
  findLightClient,
  maintainerOf,
  type FoundLightClient,
  type LightClientChoice,
  type MaintenanceSource,
} from '../../chain/omnichain/maintenance/maintainerOf.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { XdmError } from '../../core/errors.ts';
import { findChain, type LightClientKind } from '../../core/omnichain/deployment.ts';

/** How a light client is. */
export interface LightClientStatus {
  readonly kind: LightClientKind;
  readonly address: string;
  /** Newest block that it knows. */
  readonly head: { readonly number: bigint; readonly hash: string };
  /** Seconds since that block; undefined where neither the light client nor its chain says when it was. */
  readonly age: bigint | undefined;
  /** Seconds: when it takes no update any more unless one comes before; undefined for attestors, whose word does not expire. */
  readonly trustedUntil: bigint | undefined;
  /** Seconds until then, by the clock of the chain that it is on; below 0 once it has expired. */
  readonly trustedFor: bigint | undefined;
  readonly isExpired: boolean;
  readonly isFrozen: boolean;
  /** What its updates would bring, in order; none where it is in sync, or nothing helps it. */
  readonly next: readonly string[];
  /** Why they are to be sent now; undefined where they can wait until a message needs them. */
  readonly due: DueReason | undefined;
  /** Why that is not known. */
  readonly problem: XdmError | undefined;
}

/**
 * How a light client is, and what its next updates would be. Where the client is not connected to the chain whose blocks it knows, only
 * the latter is not known.
 * @throws {XdmError} `invalid-argument`, `misconfigured` where there is no such light client, and what the endpoint of its chain
 * throws; what its source has to say wrongly, or not at all, is part of what is returned
 */
export async function getLightClientStatus(
  client: OmnichainClient,
  { on, of, ...source }: LightClientChoice & MaintenanceSource,
): Promise<LightClientStatus> {
  const there = chainOf(client, on);
  const known = findChain(client.lane, of).chainId;
  const entry = lightClientBetween(client, there.chainId, known);
  const place = { entry, provider: there.provider, address: entry.address, of: known };
  const found = client.chains.has(known) ? findLightClient(client, { on, of }) : undefined;
  try {
    const state = await readLightClient(place);
    const { head, isFrozen, isExpired, trust, now } = state;
    const seenAt = trust === undefined ? await timeOf(found, head.number) : trust.until - trust.period;
    const trusted = { trustedUntil: trust?.until, trustedFor: trust === undefined ? undefined : trust.until - now };
    const { kind, address } = entry;
    const facts = { kind, address, head, isFrozen, isExpired, ...trusted };
    const age = seenAt === undefined ? undefined : now - seenAt;
    if (isFrozen || isExpired) return { ...facts, age, next: [], due: undefined, problem: undefined };
    return { ...facts, age, ...(await readNext(found, source, state)) };
  } catch (error) {
    throw toXdmError(error);
  }
}

/** When a block was, by its chain's own node. Of a light client that knows no block yet, the head is the first block. */
async function timeOf(found: FoundLightClient | undefined, number: bigint): Promise<bigint | undefined> {
  try {
    const block = await found?.source.getBlock(number);
    return block === null || block === undefined ? undefined : BigInt(block.timestamp);
  } catch {
    return undefined;
  }
}

async function readNext(
  found: FoundLightClient | undefined,
  source: MaintenanceSource,
  state: LightClientState,
): Promise<Pick<LightClientStatus, 'next' | 'due' | 'problem'>> {
  if (found === undefined) {
    const problem = new XdmError('invalid-argument', 'the chain whose blocks it knows is not connected');
    return { next: [], due: undefined, problem };
  }
  try {
    const calls = await maintainerOf(found, source).next();
    return { next: calls.map(({ brings }) => brings), due: dueReason(calls, state), problem: undefined };
  } catch (error) {
    return { next: [], due: undefined, problem: toXdmError(error) };
  }
}
