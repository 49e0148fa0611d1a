import { dataLength, keccak256, type JsonRpcProvider } from 'ethers';

import { XdmError } from '../../../core/errors.ts';
import { isQuorum } from '../../../core/omnichain/lightClient/sealers.ts';
import { SEAL_SCHEMES, type SealScheme } from '../../../core/omnichain/lightClient/sealedHeader.ts';
import {
  planWantedHeaders,
  type PlannedHeader,
  type SealedBlock,
} from '../../../core/omnichain/lightClient/sealedHeaderPlan.ts';
import { toXdmError } from '../../rpcErrors.ts';
import { SEALED_HEADER_CALLS, sealedHeaderLightClientAt } from './contracts.ts';
import {
  maintenancePurpose,
  type LightClientMaintainer,
  type MaintenanceCall,
  type WantedBlocks,
} from './maintainer.ts';
import { momentOf, requireAlive, type LightClientPlace } from './readings.ts';
import { getSealedBlock, withAllSeals } from './sealedBlocks.ts';

/** What an update takes at most, beside its bytes and its seals. */
const BASE_GAS = 150_000n;

/** The price of a byte that is no zero, where a transaction has little beside its data. */
const GAS_FOR_BYTE = 40n;

/** To recover a seal's signer, and to look at one validator in search of it. */
const GAS_FOR_SEAL = 10_000n;
const GAS_FOR_LOOK = 300n;

/** Keeps a light client of sealed headers in sync, by the headers of the chain itself. */
export class SealedHeaderMaintainer implements LightClientMaintainer {
  readonly #place: LightClientPlace;
  readonly #source: JsonRpcProvider;

  /** @param source of the chain whose headers are sealed */
  constructor(place: LightClientPlace, source: JsonRpcProvider) {
    this.#place = place;
    this.#source = source;
  }

  async next(wantedAfter?: WantedBlocks): Promise<MaintenanceCall[]> {
    try {
      const { scheme, number, hash, validatorsHash } = await readState(this.#place);
      const newest = BigInt(await this.#source.getBlockNumber());
      if (newest <= number) return [];
      const head = await getSealedBlock(this.#source, scheme, number);
      if (isConflict(head, { hash, validatorsHash })) return [conflictOf(this.#place, head)];
      requireTrusted(head, { hash, validatorsHash });
      const targets = (await wantedAfter?.(number)) ?? [];
      const planned = await planWantedHeaders(head, [targets, newest], {
        getBlock: async (wanted) => await getSealedBlock(this.#source, scheme, wanted),
        withAllSeals: async (block) => await withAllSeals(this.#source, scheme, block),
      });
      return planned.map((each) => callOf(this.#place, each));
    } catch (error) {
      throw toXdmError(error);
    }
  }
}

interface State {
  readonly scheme: SealScheme;
  readonly number: bigint;
  readonly hash: string;
  readonly validatorsHash: string;
}

async function readState(place: LightClientPlace): Promise<State> {
  const { at, now } = await momentOf(place.provider);
  const client = sealedHeaderLightClientAt(place.address, place.provider);
  const [isFrozen, trustedUntil, [number, hash], validatorsHash, scheme] = await Promise.all([
    client.isFrozen(at),
    client.trustedUntil(at),
    client.head(at),
    client.validatorsHash(at),
    client.scheme(at),
  ]);
  requireAlive(place, isFrozen, { trustedUntil, now });
  return { number, hash, validatorsHash, scheme: SEAL_SCHEMES[Number(scheme)]! };
}

/** Whether those whom the contract trusts have sealed another block of its head's height, too. */
function isConflict(
  { hash, sealed, sealers, validators }: SealedBlock,
  state: Pick<State, 'hash' | 'validatorsHash'>,
): boolean {
  return hash !== state.hash && keccak256(sealed.validators) === state.validatorsHash && isQuorum(sealers, validators);
}

/** The list of those whom the contract trusts comes from the header of its head. */
function requireTrusted(head: SealedBlock, state: Pick<State, 'hash' | 'validatorsHash'>): void {
  if (head.hash !== state.hash) {
    throw new XdmError('rpc-error', `block ${head.number} is ${head.hash} to the node, and ${state.hash} is known`, {
      hint: 'compare the node with others: it is at fault, or the validators have vouched for two blocks',
    });
  }
  if (keccak256(head.sealed.validators) === state.validatorsHash) return;
  throw new XdmError('misconfigured', `the light client trusts others than the validators of its head ${head.number}`, {
    hint: 'deploy it with those whom the header of the block lists',
  });
}

/** A block that is final, as the contract takes it. */
function callOf(place: LightClientPlace, { block, trustedValidators }: PlannedHeader): MaintenanceCall {
  const brings = `block ${block.number}`;
  // Whoever seals next is found in the chain's headers at any time.
  return encode(place, 'update', { block, trustedValidators, brings, isUpkeep: false });
}

/** What freezes the light client: there is nothing to be believed of those who seal two blocks of one height. */
function conflictOf(place: LightClientPlace, block: SealedBlock): MaintenanceCall {
  const brings = `the proof that two blocks ${block.number} were sealed`;
  return encode(place, 'reportConflict', { block, trustedValidators: '0x', brings, isUpkeep: true });
}

function encode(
  { address, of }: LightClientPlace,
  name: 'update' | 'reportConflict',
  { block, trustedValidators, ...rest }: PlannedHeader & Pick<MaintenanceCall, 'brings' | 'isUpkeep'>,
): MaintenanceCall {
  const { header, round, seals } = block.sealed;
  const data = SEALED_HEADER_CALLS.encodeFunctionData(name, [{ header, round, seals }, trustedValidators]);
  const looks = BigInt(block.validators.length + Math.ceil(dataLength(trustedValidators) / 21));
  const forSeals = BigInt(block.sealers.length) * (GAS_FOR_SEAL + GAS_FOR_LOOK * looks);
  return {
    purpose: maintenancePurpose(of),
    ...rest,
    block: block.number,
    to: address,
    data,
    gasLimit: BASE_GAS + GAS_FOR_BYTE * BigInt(dataLength(data)) + forSeals,
  };
}
