import { XdmError } from '../../errors.ts';
import { isProof, type BeaconUpdate, type SyncCommittee } from './beaconApi.ts';
import { committeeRoot, encodeUpdate, type SyncCommitteeUpdate } from './syncCommittee.ts';

/** What a light client of sync committees knows, and what time it is where it is deployed. */
export interface SyncCommitteeState {
  readonly finalizedSlot: bigint;
  /** Newest period whose committee is known. */
  readonly newestPeriod: bigint;
  /** Roots of the committees that are known, by period: of the newest one and of the one before. */
  readonly committeeRoots: ReadonlyMap<bigint, string>;
  readonly slotsPerPeriod: bigint;
  readonly committeeSize: bigint;
  /** Slot that has begun by the clock: signatures of later ones are refused. */
  readonly currentSlot: bigint;
}

/** What a source says. */
export interface SyncCommitteeNews {
  /** Of consecutive periods, from that before the final slot's on. */
  readonly updates: readonly BeaconUpdate[];
  /** What was signed last. */
  readonly finality?: BeaconUpdate | undefined;
  /** Committees from elsewhere, by period. One whose root is not the contract's is not heard. */
  readonly committees?: ReadonlyMap<bigint, SyncCommittee> | undefined;
}

/** An update in the form that the contract takes. */
export interface PlannedUpdate {
  readonly update: SyncCommitteeUpdate;
  /** The period whose committee is known afterwards and was not before. */
  readonly learns: bigint | undefined;
}

/** The period of the committee that keeps a light client going: the final slot's. */
export function periodOf({ slotsPerPeriod }: Pick<SyncCommitteeState, 'slotsPerPeriod'>, slot: bigint): bigint {
  return slot / slotsPerPeriod;
}

/**
 * The updates that take a light client to what a source has, in order: one for each period whose successor it does not know,
 * then the newest. None where there is nothing new, or nothing that it would take by now.
 * @throws {XdmError} `state-unavailable` where the source leaves a gap, `update-invalid` for what no contract takes
 */
export function planSyncCommittee(state: SyncCommitteeState, news: SyncCommitteeNews): PlannedUpdate[] {
  const planner = new Planner(state);
  for (const [period, committee] of news.committees ?? []) planner.hear(period, committee);
  for (const update of news.updates) planner.learn(update);
  planner.advance([news.finality, news.updates.at(-1)]);
  return planner.planned;
}

/** Whether the keys of a committee that signs are missing, so that no update can be built. */
export function lacksCommittee(state: SyncCommitteeState, { updates }: SyncCommitteeNews): boolean {
  const planner = new Planner(state);
  for (const update of updates) planner.hearNext(update);
  return !planner.hears(periodOf(state, state.finalizedSlot));
}

/** A light client as it is after the updates that are planned. */
class Planner {
  readonly planned: PlannedUpdate[] = [];
  readonly #state: SyncCommitteeState;
  readonly #roots: Map<bigint, string>;
  readonly #committees = new Map<bigint, SyncCommittee>();
  #slot: bigint;
  #newest: bigint;

  constructor(state: SyncCommitteeState) {
    this.#state = state;
    this.#roots = new Map(state.committeeRoots);
    this.#slot = state.finalizedSlot;
    this.#newest = state.newestPeriod;
  }

  /** Keeps a committee's keys, if they are the ones that the contract knows the root of. */
  hear(period: bigint, committee: SyncCommittee): void {
    if (this.#committees.has(period) || !this.#roots.has(period)) return;
    if (committeeRoot(committee) === this.#roots.get(period)) this.#committees.set(period, committee);
  }

  hearNext({ attested, nextCommittee }: BeaconUpdate): void {
    if (nextCommittee !== undefined) this.hear(this.#periodOf(attested.slot) + 1n, nextCommittee);
  }

  hears(period: bigint): boolean {
    return this.#committees.has(period);
  }

  /** Plans an update if it names the first committee that is not known. */
  learn(update: BeaconUpdate): void {
    this.hearNext(update);
    const period = this.#periodOf(update.finalized.beacon.slot);
    // Where the attested header is of a later period, it was signed by a committee that is not known yet.
    if (update.nextCommittee === undefined || period !== this.#newest) return;
    const encoded = this.#encode(update);
    if (encoded === undefined) return;
    this.#newest = period + 1n;
    this.#roots.set(this.#newest, encoded.nextCommittee);
    this.hearNext(update);
    this.#plan(encoded, this.#newest);
  }

  /** Plans the first of some updates that makes a later slot final. */
  advance(candidates: readonly (BeaconUpdate | undefined)[]): void {
    for (const update of candidates) {
      if (update === undefined || update.finalized.beacon.slot <= this.#slot) continue;
      const encoded = this.#encode(update);
      if (encoded === undefined) {
        this.#requireNoGap(update);
        continue;
      }
      this.#plan(encoded, undefined);
      return;
    }
  }

  /** Until a period has begun to be final, the committee of the next one cannot be known: that is no gap. */
  #requireNoGap({ finalized, signatureSlot }: BeaconUpdate): void {
    const [period, signed] = [this.#periodOf(finalized.beacon.slot), this.#periodOf(signatureSlot)];
    const isUnheard = signed <= this.#newest && !this.#committees.has(signed);
    // Where some are planned, the source may have more than it gives at a time.
    if (this.planned.length > 0 || (period <= this.#newest && !isUnheard)) return;
    const missing = isUnheard ? signed - 1n : this.#newest;
    throw new XdmError(
      'state-unavailable',
      `the beacon node is at period ${period}, and has no update of period ${missing} that names the next committee`,
      { hint: 'give one that has kept the updates for light clients since then' },
    );
  }

  /** @returns undefined where the contract would not take it, or not yet */
  #encode(update: BeaconUpdate): SyncCommitteeUpdate | undefined {
    const { attested, finalized, finalityBranch, signatureSlot } = update;
    const { currentSlot, committeeSize, slotsPerPeriod } = this.#state;
    const isFinal = isProof(finalityBranch) && finalized.beacon.slot > 0n;
    const isInOrder = finalized.beacon.slot <= attested.slot && attested.slot < signatureSlot;
    const committee = this.#committees.get(this.#periodOf(signatureSlot));
    if (!isFinal || !isInOrder || signatureSlot > currentSlot || committee === undefined) return undefined;
    const encoded = encodeUpdate(update, { committee, slotsPerPeriod });
    return 3n * BigInt(encoded.participation.absent.length) < committeeSize ? encoded : undefined;
  }

  #plan(update: SyncCommitteeUpdate, learns: bigint | undefined): void {
    if (update.finalized.slot > this.#slot) this.#slot = update.finalized.slot;
    this.planned.push({ update, learns });
  }

  #periodOf(slot: bigint): bigint {
    return periodOf(this.#state, slot);
  }
}
