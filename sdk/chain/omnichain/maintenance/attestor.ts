import type { AttestedBlock, AttestedLightClient, Rotation } from '../../../core/omnichain/lightClient/attestation.ts';
import {
  attestationsPath,
  parseAttestations,
  parseRotations,
  rotationsPath,
  type SignedBlock,
  type SignedRotation,
} from '../../../core/omnichain/lightClient/attestorApi.ts';
import {
  agreedRotation,
  Attestations,
  type Agreed,
  type AttestorState,
} from '../../../core/omnichain/lightClient/attestorPlan.ts';
import { farApart } from '../../../core/omnichain/lightClient/wantedBlocks.ts';
import { RestApi, type RestOptions } from '../../endpoints/rest.ts';
import { toXdmError } from '../../rpcErrors.ts';
import { ATTESTOR_CALLS, attestorLightClientAt } from './contracts.ts';
import {
  maintenancePurpose,
  type LightClientMaintainer,
  type MaintenanceCall,
  type WantedBlocks,
} from './maintainer.ts';
import { momentOf, requireAlive, type LightClientPlace } from './readings.ts';

/** What an update takes at most beside its signatures, and for each of them. */
const BASE_GAS = 150_000n;
const GAS_FOR_SIGNATURE = 15_000n;

/** What a new signer takes: its place in the list, and its epoch. */
const GAS_FOR_SIGNER = 60_000n;

/** Sets that follow each other in one pass. */
const MOST_ROTATIONS = 16;

/** Asks attestors for what they sign. */
export interface AttestorSource {
  /**
   * What each says of its newest final block, or of the one of a height if that is final to it.
   * @throws {XdmError} what keeps all of them from answering
   */
  getAttestations(client: AttestedLightClient, epoch: bigint, number?: bigint): Promise<SignedBlock[]>;
  /** Whom each of them wants to be followed by, with an epoch. */
  getRotations(client: AttestedLightClient, epoch: bigint): Promise<SignedRotation[]>;
}

/** Attestors by their HTTP servers, all of which are asked. */
export class AttestorApi implements AttestorSource {
  readonly #api: RestApi;

  /** @throws {XdmError} `invalid-argument` for a URL that is none */
  constructor(urls: string | readonly string[], options: RestOptions = {}) {
    this.#api = new RestApi(urls, options);
  }

  async getAttestations(client: AttestedLightClient, epoch: bigint, number?: bigint): Promise<SignedBlock[]> {
    return (await this.#api.each(attestationsPath(client, epoch, number), parseAttestations)).flat();
  }

  async getRotations(client: AttestedLightClient, epoch: bigint): Promise<SignedRotation[]> {
    return (await this.#api.each(rotationsPath(client, epoch), parseRotations)).flat();
  }
}

/** Keeps a light client of attestors in sync, by what they sign. */
export class AttestorMaintainer implements LightClientMaintainer {
  readonly #place: LightClientPlace;
  readonly #source: AttestorSource;

  constructor(place: LightClientPlace, source: AttestorSource) {
    this.#place = place;
    this.#source = source;
  }

  async next(wantedAfter?: WantedBlocks): Promise<MaintenanceCall[]> {
    try {
      let state = await readState(this.#place);
      const calls: MaintenanceCall[] = [];
      for (let count = 0; count < MOST_ROTATIONS; count++) {
        const rotation = agreedRotation(state, await this.#source.getRotations(state.client, state.epoch + 1n));
        if (rotation === undefined) break;
        calls.push(this.#rotate(rotation));
        state = { ...state, ...rotation.value };
      }
      const wanted = farApart((await wantedAfter?.(state.head)) ?? []);
      const attested = await this.#agreedAt(state, wanted);
      const newest = attested.length === 0 ? await this.#newest(state) : undefined;
      if (newest !== undefined) attested.push(newest);
      return [...calls, ...attested.map((each) => this.#attest(each))];
    } catch (error) {
      throw toXdmError(error);
    }
  }

  /** Of blocks above the head, those that are final to enough attestors, as far as they answer: some may not go back so far. */
  async #agreedAt(state: AttestorState, numbers: readonly bigint[]): Promise<Agreed<AttestedBlock>[]> {
    // All at once: an attestor that is silent is waited for as long as for one of them.
    const asked = numbers.map(async (number) => {
      const signed = await this.#source.getAttestations(state.client, state.epoch, number).catch(() => []);
      const ofBlock = signed.filter((each) => each.number === number);
      return new Attestations(state, ofBlock).newest();
    });
    return (await Promise.all(asked)).filter((block) => block !== undefined);
  }

  /** Attestors do not see blocks at the same moment: where no newest ones are the same, one that is common to enough of them. */
  async #newest(state: AttestorState): Promise<Agreed<AttestedBlock> | undefined> {
    const { client, epoch } = state;
    const said = new Attestations(state, await this.#source.getAttestations(client, epoch));
    said.requireEnough();
    const common = said.common();
    const newest = said.newest();
    if (common === undefined || (newest !== undefined && newest.value.number >= common)) return newest;
    const again = new Attestations(state, await this.#source.getAttestations(client, epoch, common));
    return again.newest() ?? newest;
  }

  #attest({ value: { number, blockHash }, signatures }: Agreed<AttestedBlock>): MaintenanceCall {
    return this.#call('attest', [number, blockHash, signatures], {
      brings: `block ${number}`,
      block: number,
      isUpkeep: false,
      gasLimit: BASE_GAS + gasFor(signatures),
    });
  }

  #rotate({ value: { epoch, signers, threshold }, signatures }: Agreed<Rotation>): MaintenanceCall {
    return this.#call('rotate', [signers, threshold, signatures], {
      brings: `the attestors of epoch ${epoch}`,
      block: undefined,
      isUpkeep: true,
      gasLimit: BASE_GAS + gasFor(signatures) + GAS_FOR_SIGNER * BigInt(signers.length),
    });
  }

  #call(
    name: string,
    args: readonly unknown[],
    rest: Omit<MaintenanceCall, 'purpose' | 'to' | 'data'>,
  ): MaintenanceCall {
    const purpose = maintenancePurpose(this.#place.of);
    return { purpose, ...rest, to: this.#place.address, data: ATTESTOR_CALLS.encodeFunctionData(name, args) };
  }
}

function gasFor(signatures: string): bigint {
  return (GAS_FOR_SIGNATURE * BigInt(signatures.length - 2)) / 130n;
}

async function readState(place: LightClientPlace): Promise<AttestorState> {
  const { provider, address, of } = place;
  const { at } = await momentOf(provider);
  const contract = attestorLightClientAt(address, provider);
  const [isFrozen, [head], epoch, threshold, signers] = await Promise.all([
    contract.isFrozen(at),
    contract.head(at),
    contract.epoch(at),
    contract.threshold(at),
    contract.signers(at),
  ]);
  requireAlive(place, isFrozen);
  const { chainId: on } = await provider.getNetwork();
  return { client: { on, of, address }, epoch, threshold, signers, head };
}
