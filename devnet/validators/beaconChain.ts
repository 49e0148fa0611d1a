import { concat, dataSlice, id, ZeroHash } from 'ethers';

import type { BeaconBootstrap, BeaconHeader, FinalHeader } from '../../sdk/core/omnichain/lightClient/beaconApi.ts';
import { forkTable, type BeaconNetwork } from '../../sdk/core/omnichain/lightClient/forks.ts';
import { branchOf, hashPair, numberChunk, type SszTree } from '../../sdk/core/omnichain/lightClient/ssz.ts';
import { beaconRoot, payloadRoot } from '../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import type { SignedUpdate } from './beaconJson.ts';
import { simulatedCommittee, signRoot, type SimulatedCommittee } from './committee.ts';
import { bodyTree, PAYLOAD_FIELD, STATE_FIELDS, stateTree } from './electra.ts';

/** A block of the execution layer, as a payload's header has it. */
export type Payload = FinalHeader['execution'];

/** The beacon block of a payload. */
interface BeaconBlock {
  readonly header: BeaconHeader;
  readonly root: string;
  readonly payload: Payload;
  readonly state: SszTree;
  readonly body: SszTree;
  /** The beacon block that is final in its state; no root at the beginning. */
  readonly finalized: { readonly root: string; readonly epoch: bigint };
}

/** Version of the fork that the simulated validator set is at from the beginning: Electra's of the minimal preset. */
const VERSION = '0x05000001';

/** `DOMAIN_SYNC_COMMITTEE`. */
const SYNC_COMMITTEE_DOMAIN = '0x07000000';

const SECONDS_PER_SLOT = 1n;
const SLOTS_PER_EPOCH = 8n;
const EPOCHS_PER_PERIOD = 8n;
const SLOTS_PER_PERIOD = SLOTS_PER_EPOCH * EPOCHS_PER_PERIOD;
const COMMITTEE_SIZE = 32n;

/** Most periods without a block that are gone through when time jumps: two hours. Each has keys of its own, and takes an update. */
const MOST_BRIDGED = 128n;

/** Beacon blocks that are kept behind the newest; one of them is to be final. */
const KEPT = 4096;

/** The network of a chain's simulated validator set: a committee serves for 64 seconds. */
function simulatedNetwork(chainId: bigint, genesisTime: bigint): BeaconNetwork {
  return {
    genesisTime,
    genesisValidatorsRoot: id(`simulated validator set of chain ${chainId}`),
    secondsPerSlot: SECONDS_PER_SLOT,
    slotsPerEpoch: SLOTS_PER_EPOCH,
    epochsPerPeriod: EPOCHS_PER_PERIOD,
    committeeSize: COMMITTEE_SIZE,
    forks: forkTable([{ name: 'electra', epoch: 0n, version: VERSION }]),
  };
}

/**
 * A beacon chain in Electra's format over the blocks of a local chain, with one slot a second and the sync committee of a simulated
 * validator set. What is final in a block's state is not decided by votes: whoever appends it says so.
 */
export class SimulatedBeaconChain {
  readonly network: BeaconNetwork;
  readonly #chainId: bigint;
  readonly #blocks: BeaconBlock[] = [];
  readonly #committees = new Map<bigint, SimulatedCommittee>();
  /** By period: the newest update whose signature and final header are of the period. */
  readonly #updates = new Map<bigint, SignedUpdate>();
  /** What the committee has signed last, and the head that it was for. */
  #signed: { readonly root: string; readonly update: SignedUpdate } | undefined;

  constructor(chainId: bigint, genesisTime: bigint) {
    this.#chainId = chainId;
    this.network = simulatedNetwork(chainId, genesisTime);
  }

  /** The newest payload; undefined before the first. */
  get head(): Payload | undefined {
    return this.#blocks.at(-1)?.payload;
  }

  /** Drops the beacon blocks of payloads above a number, which the chain has dropped. */
  rewind(number: bigint): void {
    while (this.#blocks.length > 0 && this.#blocks.at(-1)!.payload.block_number > number) this.#blocks.pop();
  }

  /**
   * Appends a payload's beacon block. Of payloads with the same second the last one is kept.
   * @param finalNumber the newest payload that is final by now
   */
  append(payload: Payload, finalNumber: bigint): void {
    const slot = payload.timestamp - this.network.genesisTime;
    while (this.#blocks.length > 0 && this.#blocks.at(-1)!.header.slot >= slot) this.#blocks.pop();
    this.#bridge(slot, finalNumber);
    this.#push(
      payload,
      slot,
      this.#blocks.findLast(({ payload: { block_number } }) => block_number <= finalNumber),
    );
  }

  /**
   * Signs in each period up to a slot's that has no update yet, so that a light client gets past those that a jump of the local chain's time
   * has left without a block. Their beacon blocks have the payload again that is final by now.
   */
  #bridge(slot: bigint, finalNumber: bigint): void {
    const [parent, final] = [
      this.#blocks.at(-1),
      this.#blocks.findLast(({ payload: { block_number } }) => block_number <= finalNumber),
    ];
    if (parent === undefined || final === undefined) return;
    const [first, end] = [parent.header.slot / SLOTS_PER_PERIOD, slot / SLOTS_PER_PERIOD];
    if (end - first > MOST_BRIDGED) return;
    for (let period = first; period <= end; period += 1n) {
      const begin = period * SLOTS_PER_PERIOD;
      const isParents = parent.header.slot >= begin;
      if (this.#updates.has(period) || (isParents && period === end)) continue;
      const next = isParents ? parent.header.slot + 1n : begin;
      // One to be final, and one that is signed, by the committee of the same period.
      if (next + 1n >= slot || next + 2n >= begin + SLOTS_PER_PERIOD) continue;
      this.#push(final.payload, next, this.#blocks.at(-1));
      this.#push(final.payload, next + 1n, this.#blocks.at(-1));
      this.sign();
    }
  }

  /** @param final what is final in its state */
  #push(payload: Payload, slot: bigint, final: BeaconBlock | undefined): void {
    const parent = this.#blocks.at(-1);
    const period = slot / SLOTS_PER_PERIOD;
    const root = payloadRoot(payload);
    const body = bodyTree(root);
    const finalized = {
      root: final?.root ?? ZeroHash,
      epoch: final === undefined ? 0n : final.header.slot / SLOTS_PER_EPOCH,
    };
    const state = stateTree({
      genesisTime: this.network.genesisTime,
      genesisValidatorsRoot: this.network.genesisValidatorsRoot,
      slot,
      version: VERSION,
      finalized,
      currentCommittee: this.#committee(period).root,
      nextCommittee: this.#committee(period + 1n).root,
      payload: root,
    });
    const header = {
      slot,
      proposerIndex: 0n,
      parentRoot: parent?.root ?? ZeroHash,
      stateRoot: state.root,
      bodyRoot: body.root,
    };
    this.#blocks.push({ header, root: beaconRoot(header), payload, state, body, finalized });
    if (this.#blocks.length > KEPT) this.#blocks.shift();
  }

  /** The root of the newest beacon block that is final in the head's state; undefined before there is one. */
  get finalRoot(): string | undefined {
    return this.#finalOf(this.#blocks.at(-1))?.root;
  }

  /** The root of the beacon block of a slot, in decimal digits; undefined where there is none. */
  rootAt(slot: string): string | undefined {
    return this.#blocks.find(({ header }) => `${header.slot}` === slot)?.root;
  }

  /** Where a light client can start from; undefined where the block is not known, or not any more. */
  bootstrap(root: string): BeaconBootstrap | undefined {
    const block = this.#blocks.find((each) => each.root === root);
    if (block === undefined) return undefined;
    return {
      header: finalHeader(block),
      committee: this.#committee(block.header.slot / SLOTS_PER_PERIOD),
      committeeBranch: branchOf(block.state, STATE_FIELDS.currentCommittee),
    };
  }

  /**
   * Has the committee sign the head, and remembers it as the update of its period.
   * @returns undefined while nothing is final in the head's state
   */
  sign(): SignedUpdate | undefined {
    const attested = this.#blocks.at(-1);
    const finalized = this.#finalOf(attested);
    if (attested === undefined || finalized === undefined) return undefined;
    if (this.#signed?.root === attested.root) return this.#signed.update;
    const signatureSlot = attested.header.slot + 1n;
    const period = signatureSlot / SLOTS_PER_PERIOD;
    const committee = this.#committee(period);
    // Somebody is always missing: others each time.
    const absent = [Number(signatureSlot % COMMITTEE_SIZE), Number((signatureSlot + 11n) % COMMITTEE_SIZE)];
    const update: SignedUpdate = {
      attested: attested.header,
      attestedHeader: finalHeader(attested),
      finalized: finalHeader(finalized),
      // Beside the root stands the checkpoint's epoch.
      finalityBranch: [numberChunk(attested.finalized.epoch), ...branchOf(attested.state, STATE_FIELDS.finalized)],
      nextCommittee: this.#committee(attested.header.slot / SLOTS_PER_PERIOD + 1n),
      nextCommitteeBranch: branchOf(attested.state, STATE_FIELDS.nextCommittee),
      bits: bitsWithout(absent),
      signature: signRoot(committee, absent, this.#signingRoot(attested.root)),
      signatureSlot,
    };
    if (finalized.header.slot / SLOTS_PER_PERIOD === period) this.#updates.set(period, update);
    this.#signed = { root: attested.root, update };
    return update;
  }

  /** Updates of consecutive periods, as far as there are such: each names the next committee. */
  updates(startPeriod: bigint, count: bigint): SignedUpdate[] {
    const updates: SignedUpdate[] = [];
    for (let period = startPeriod; period < startPeriod + count; period += 1n) {
      const update = this.#updates.get(period);
      if (update === undefined) break;
      updates.push(update);
    }
    return updates;
  }

  #finalOf(block: BeaconBlock | undefined): BeaconBlock | undefined {
    if (block === undefined) return undefined;
    return this.#blocks.find(({ root }) => root === block.finalized.root);
  }

  #committee(period: bigint): SimulatedCommittee {
    const known = this.#committees.get(period) ?? simulatedCommittee(this.#chainId, period, COMMITTEE_SIZE);
    this.#committees.set(period, known);
    return known;
  }

  /** `compute_signing_root` over a beacon block, with the domain of sync committees. */
  #signingRoot(root: string): string {
    const version = concat([VERSION, ZeroHash]).slice(0, 66);
    const forkData = hashPair(version, this.network.genesisValidatorsRoot);
    return hashPair(root, concat([SYNC_COMMITTEE_DOMAIN, dataSlice(forkData, 0, 28)]));
  }
}

function finalHeader({ header, payload, body }: BeaconBlock): FinalHeader {
  return { beacon: header, execution: payload, executionBranch: branchOf(body, PAYLOAD_FIELD) };
}

/** A bit for each member: the first is the lowest of the first byte. */
function bitsWithout(absent: readonly number[]): string {
  const bytes = new Uint8Array(Number(COMMITTEE_SIZE) / 8).fill(0xff);
  for (const index of absent) bytes[index >> 3]! &= ~(1 << (index & 7));
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
