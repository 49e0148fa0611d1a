import { concat } from 'ethers';

import { XdmError } from '../../errors.ts';
import {
  attestationData,
  readSignature,
  rotationData,
  type AttestedBlock,
  type AttestedLightClient,
  type Rotation,
  type TypedData,
} from './attestation.ts';
import type { SignedBlock, SignedRotation } from './attestorApi.ts';

/** Whom a light client of attestors believes, and how far it is. */
export interface AttestorState {
  readonly client: AttestedLightClient;
  readonly epoch: bigint;
  readonly signers: readonly string[];
  readonly threshold: bigint;
  /** Number of its head. */
  readonly head: bigint;
}

/** What enough attestors have signed, with their signatures as the contract takes them. */
export interface Agreed<T> {
  readonly value: T;
  readonly signatures: string;
}

/** A word of which it is known whose it is. */
interface Voice<T> {
  readonly value: T;
  readonly signer: string;
  readonly signature: string;
}

/** Addresses that a sentence names. */
const MOST_NAMED = 5;

/** What the attestors that have answered say of blocks; signatures of others are passed over. */
export class Attestations {
  readonly #state: AttestorState;
  readonly #voices: readonly Voice<AttestedBlock>[];
  readonly #strangers = new Set<string>();

  constructor(state: AttestorState, signed: readonly SignedBlock[]) {
    const { client, epoch } = state;
    this.#state = state;
    this.#voices = signed.flatMap(({ number, blockHash, signature }) => {
      const value = { epoch, number, blockHash };
      const read = readSignature(attestationData(client, value), signature);
      if (read === undefined) return [];
      if (state.signers.includes(read.signer)) return [{ value, ...read }];
      this.#strangers.add(read.signer);
      return [];
    });
  }

  /** Who has signed and is not among the signers, for a sentence; undefined where nobody is. */
  get strangers(): string | undefined {
    const all = [...this.#strangers];
    const rest = all.length - MOST_NAMED;
    if (all.length === 0) return undefined;
    return rest > 0 ? `${all.slice(0, MOST_NAMED).join(', ')} and ${rest} more` : all.join(', ');
  }

  /**
   * Makes sure that as many have answered as must agree.
   * @throws {XdmError} `not-ready`
   */
  requireEnough(): void {
    const { epoch, threshold } = this.#state;
    if (BigInt(this.count) >= threshold) return;
    const { strangers } = this;
    const problem = `${this.count} attestors of epoch ${epoch} have answered, and ${threshold} must`;
    if (strangers === undefined) {
      throw new XdmError('not-ready', problem, {
        hint: 'check that they are running, and that all of their URLs are given',
      });
    }
    throw new XdmError('not-ready', `${problem}: others answered, but as ${strangers}, who are not among the signers`, {
      hint: 'check which keys the attestors sign with, and that the URLs are theirs',
    });
  }

  /** How many attestors have said anything. */
  get count(): number {
    return new Set(this.#voices.map(({ signer }) => signer)).size;
  }

  /** The newest block above the head that enough have signed. */
  newest(): Agreed<AttestedBlock> | undefined {
    const newer = this.#voices.filter(({ value }) => value.number > this.#state.head);
    const agreed = agreements(this.#state, newer, ({ number, blockHash }) => `${number} ${blockHash}`);
    return agreed.toSorted((one, other) => (one.value.number < other.value.number ? 1 : -1))[0];
  }

  /** The highest block that is final to enough of them, each being as far as its newest one: worth to be asked for. */
  common(): bigint | undefined {
    const heights = new Map<string, bigint>();
    for (const { signer, value } of this.#voices) {
      if (value.number > (heights.get(signer) ?? -1n)) heights.set(signer, value.number);
    }
    const ordered = [...heights.values()].toSorted((one, other) => (one < other ? 1 : -1));
    const common = ordered[Number(this.#state.threshold) - 1];
    return common !== undefined && common > this.#state.head ? common : undefined;
  }
}

/** The set that enough attestors have signed as the one that follows. */
export function agreedRotation(state: AttestorState, signed: readonly SignedRotation[]): Agreed<Rotation> | undefined {
  const epoch = state.epoch + 1n;
  const voices = signed.flatMap(({ signers, threshold, signature }) => {
    const value = { epoch, signers, threshold };
    return isSound(value) ? voiceOf(state, value, { data: rotationData(state.client, value), signature }) : [];
  });
  return agreements(state, voices, ({ signers, threshold }) => `${threshold} ${signers.join(' ')}`)[0];
}

/** As the contract wants a set: by ascending address, and with more than a half to agree. */
function isSound({ signers, threshold }: Rotation): boolean {
  const size = BigInt(signers.length);
  return (
    signers.every((each, i) => i === 0 || isAbove(each, signers[i - 1]!)) && threshold <= size && 2n * threshold > size
  );
}

function voiceOf<T>(
  { signers }: AttestorState,
  value: T,
  { data, signature }: { readonly data: TypedData; readonly signature: string },
): Voice<T>[] {
  const read = readSignature(data, signature);
  return read !== undefined && signers.includes(read.signer) ? [{ value, ...read }] : [];
}

/** What has the threshold's number of voices, each attestor being heard once; with no more signatures than are needed. */
function agreements<T>(
  { threshold }: AttestorState,
  voices: readonly Voice<T>[],
  keyOf: (value: T) => string,
): Agreed<T>[] {
  const groups = new Map<string, Map<string, Voice<T>>>();
  for (const voice of voices) {
    const group = groups.get(keyOf(voice.value)) ?? new Map<string, Voice<T>>();
    groups.set(keyOf(voice.value), group.set(voice.signer, voice));
  }
  return [...groups.values()]
    .filter(({ size }) => BigInt(size) >= threshold)
    .map((group) => {
      const ordered = [...group.values()].toSorted((one, other) => (isAbove(one.signer, other.signer) ? 1 : -1));
      const needed = ordered.slice(0, Number(threshold));
      return { value: needed[0]!.value, signatures: concat(needed.map(({ signature }) => signature)) };
    });
}

function isAbove(one: string, other: string): boolean {
  return BigInt(one) > BigInt(other);
}
