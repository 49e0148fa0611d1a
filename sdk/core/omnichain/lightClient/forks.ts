/** `Fork` of the contract: where the consensus layer keeps what, from an epoch on. */
export interface Fork {
  readonly epoch: bigint;
  /** 4 bytes, hex. */
  readonly version: string;
  readonly finalizedRoot: number;
  readonly currentCommittee: number;
  readonly nextCommittee: number;
  readonly blockNumber: number;
  readonly blockHash: number;
}

/** Forks of the consensus layer whose trees are known. */
type ForkName = 'capella' | 'deneb' | 'electra' | 'fulu';

/** When a network's fork begins, and what it is called there. */
export interface ForkStart {
  readonly name: ForkName;
  readonly epoch: bigint;
  /** 4 bytes, hex. */
  readonly version: string;
}

/** A network whose committees sign: what a light client of it is deployed with, but for where it starts. */
export interface BeaconNetwork {
  readonly genesisTime: bigint;
  readonly genesisValidatorsRoot: string;
  readonly secondsPerSlot: bigint;
  readonly slotsPerEpoch: bigint;
  readonly epochsPerPeriod: bigint;
  readonly committeeSize: bigint;
  readonly forks: readonly Fork[];
}

type Layout = Omit<Fork, 'epoch' | 'version'>;

/** `BeaconState` has at most 32 fields up to Deneb, and at most 64 from Electra on. */
const SMALL_STATE = { finalizedRoot: 105, currentCommittee: 54, nextCommittee: 55 };
const LARGE_STATE = { finalizedRoot: 169, currentCommittee: 86, nextCommittee: 87 };

/** The payload is node 25 of the body, and has at most 16 fields in Capella and at most 32 from Deneb on. */
const SMALL_PAYLOAD = { blockNumber: 25 * 16 + 6, blockHash: 25 * 16 + 12 };
const LARGE_PAYLOAD = { blockNumber: 25 * 32 + 6, blockHash: 25 * 32 + 12 };

const LAYOUTS: Readonly<Record<ForkName, Layout>> = {
  capella: { ...SMALL_STATE, ...SMALL_PAYLOAD },
  deneb: { ...SMALL_STATE, ...LARGE_PAYLOAD },
  electra: { ...LARGE_STATE, ...LARGE_PAYLOAD },
  fulu: { ...LARGE_STATE, ...LARGE_PAYLOAD },
};

/** The fork table of a network whose forks begin so, in their order. */
export function forkTable(starts: readonly ForkStart[]): Fork[] {
  return starts.map(({ name, epoch, version }) => ({ epoch, version, ...LAYOUTS[name] }));
}

/** Ethereum's mainnet. */
export const ETHEREUM_MAINNET: BeaconNetwork = {
  genesisTime: 1_606_824_023n,
  genesisValidatorsRoot: '0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95',
  secondsPerSlot: 12n,
  slotsPerEpoch: 32n,
  epochsPerPeriod: 256n,
  committeeSize: 512n,
  forks: forkTable([
    { name: 'capella', epoch: 194_048n, version: '0x03000000' },
    { name: 'deneb', epoch: 269_568n, version: '0x04000000' },
    { name: 'electra', epoch: 364_032n, version: '0x05000000' },
    { name: 'fulu', epoch: 411_392n, version: '0x06000000' },
  ]),
};
