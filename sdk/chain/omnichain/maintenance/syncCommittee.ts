import { ZeroHash } from 'ethers';

import {
  planSyncCommittee,
  type PlannedUpdate,
  type SyncCommitteeState,
} from '../../../core/omnichain/lightClient/syncCommitteePlan.ts';
import { toXdmError } from '../../rpcErrors.ts';
import type { BeaconSource } from '../beaconNode.ts';
import { newsOf } from './beaconNews.ts';
import { SYNC_COMMITTEE_CALLS, syncCommitteeLightClientAt } from './contracts.ts';
import { maintenancePurpose, type LightClientMaintainer, type MaintenanceCall } from './maintainer.ts';
import { furthestTaken, hear, tryPlan, type Patience, type Plan } from './plans.ts';
import { momentOf, requireAlive, type LightClientPlace } from './readings.ts';

/** Above what an update takes that everybody has signed and that names the next committee. */
const BASE_GAS = 600_000n;

/** Above what it takes for each member that has not signed. */
const GAS_FOR_ABSENT = 25_000n;

/** An answer can be 3 MB; a server that falls silent is given up after a while, and where nothing is new that is soon enough. */
const PATIENCE: Patience = { afterGood: 3000, atMost: 30_000 };

/** Keeps a light client of sync committees in sync, by what beacon nodes serve to light clients. Each is asked: one can be stuck, or lie. */
export class SyncCommitteeMaintainer implements LightClientMaintainer {
  readonly #place: LightClientPlace;
  readonly #sources: readonly BeaconSource[];
  readonly #patience: Patience;

  /**
   * @param sources one at least
   * @param patience with those that answer late, where there are several
   */
  constructor(place: LightClientPlace, sources: readonly BeaconSource[], patience = PATIENCE) {
    this.#place = place;
    this.#sources = sources;
    this.#patience = patience;
  }

  async next(): Promise<Plan> {
    try {
      const state = await readState(this.#place);
      const planBy = async (source: BeaconSource): Promise<Plan> => {
        const planned = planSyncCommittee(state, await newsOf(source, state));
        return planned.map((each) => callOf(this.#place, each));
      };
      const [only] = this.#sources;
      if (only !== undefined && this.#sources.length === 1) return await planBy(only);
      const asked = this.#sources.map(async (source) => await tryPlan(this.#place.provider, await planBy(source)));
      return furthestTaken(await hear(asked, ({ taken }) => taken > 0, this.#patience));
    } catch (error) {
      throw toXdmError(error);
    }
  }
}

async function readState(place: LightClientPlace): Promise<SyncCommitteeState> {
  const { at, now } = await momentOf(place.provider);
  const client = syncCommitteeLightClientAt(place.address, place.provider);
  const [isFrozen, trustedUntil, finalizedSlot, newestPeriod] = await Promise.all([
    client.isFrozen(at),
    client.trustedUntil(at),
    client.finalizedSlot(at),
    client.newestPeriod(at),
  ]);
  requireAlive(place, isFrozen, { trustedUntil, now });
  const [genesisTime, secondsPerSlot, slotsPerEpoch, epochsPerPeriod, committeeSize] = await Promise.all([
    client.genesisTime(at),
    client.secondsPerSlot(at),
    client.slotsPerEpoch(at),
    client.epochsPerPeriod(at),
    client.committeeSize(at),
  ]);
  const periods = newestPeriod === 0n ? [0n] : [newestPeriod - 1n, newestPeriod];
  const roots = await Promise.all(periods.map(async (period) => await client.committeeRoot(period, at)));
  return {
    finalizedSlot,
    newestPeriod,
    committeeRoots: new Map(periods.map((period, index) => [period, roots[index]!] as const).filter(isKnown)),
    slotsPerPeriod: slotsPerEpoch * epochsPerPeriod,
    committeeSize,
    currentSlot: (now - genesisTime) / secondsPerSlot,
  };
}

function isKnown([, root]: readonly [bigint, string]): boolean {
  return root !== ZeroHash;
}

function callOf({ address, of }: LightClientPlace, { update, learns }: PlannedUpdate): MaintenanceCall {
  const { number: block } = update.execution;
  return {
    purpose: maintenancePurpose(of),
    brings: `${learns === undefined ? '' : `the committee of period ${learns}, `}block ${block}`,
    block,
    isUpkeep: learns !== undefined,
    to: address,
    data: SYNC_COMMITTEE_CALLS.encodeFunctionData('update', [update]),
    gasLimit: BASE_GAS + GAS_FOR_ABSENT * BigInt(update.participation.absent.length),
  };
}
