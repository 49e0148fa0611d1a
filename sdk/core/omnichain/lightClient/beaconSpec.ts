import { z } from 'zod';

import { XdmError } from '../../errors.ts';
import { forkTable, type BeaconNetwork, type ForkStart } from './forks.ts';

// What the Beacon API says about its network: its genesis, and its constants by their names in the specification.

const uint = z
  .string()
  .regex(/^\d{1,20}$/u)
  .transform(BigInt);

const genesisSchema = z.object({
  genesis_time: uint,
  genesis_validators_root: z.string().regex(/^0x[\da-f]{64}$/iu),
});

const specSchema = z.record(z.string(), z.unknown());

/** Forks by their names there; a light client of xdm starts at Capella, from which on headers have payloads. */
const FORKS = ['capella', 'deneb', 'electra', 'fulu'] as const;

/** `FAR_FUTURE_EPOCH`: of a fork that is not scheduled. */
const NEVER = 2n ** 64n - 1n;

const MILLISECONDS = 1000n;

/**
 * Reads what network an API is of.
 * @param genesis the `data` of `/eth/v1/beacon/genesis`
 * @param spec the `data` of `/eth/v1/config/spec`
 * @throws {XdmError} `rpc-error` where something is missing
 */
export function parseNetwork(genesis: unknown, spec: unknown): BeaconNetwork {
  try {
    const { genesis_time, genesis_validators_root } = genesisSchema.parse(genesis);
    const constants = specSchema.parse(spec);
    const numberOf = (name: string): bigint => uint.parse(constants[name]);
    return {
      genesisTime: genesis_time,
      genesisValidatorsRoot: genesis_validators_root,
      secondsPerSlot:
        constants['SECONDS_PER_SLOT'] === undefined
          ? numberOf('SLOT_DURATION_MS') / MILLISECONDS
          : numberOf('SECONDS_PER_SLOT'),
      slotsPerEpoch: numberOf('SLOTS_PER_EPOCH'),
      epochsPerPeriod: numberOf('EPOCHS_PER_SYNC_COMMITTEE_PERIOD'),
      committeeSize: numberOf('SYNC_COMMITTEE_SIZE'),
      forks: forkTable(startsOf(constants)),
    };
  } catch (cause) {
    throw new XdmError('rpc-error', 'the beacon node does not say what its network is', {
      cause,
      hint: 'use a node that serves /eth/v1/beacon/genesis and /eth/v1/config/spec',
    });
  }
}

/** Of forks that begin together, as those before the genesis do, only the last one ever is. */
function startsOf(constants: Readonly<Record<string, unknown>>): ForkStart[] {
  const starts = FORKS.flatMap((name): ForkStart[] => {
    const [epoch, version] = ['EPOCH', 'VERSION'].map((what) => constants[`${name.toUpperCase()}_FORK_${what}`]);
    if (epoch === undefined || uint.parse(epoch) === NEVER) return [];
    return [
      {
        name,
        epoch: uint.parse(epoch),
        version: z
          .string()
          .regex(/^0x[\da-f]{8}$/iu)
          .parse(version),
      },
    ];
  });
  return starts.filter(({ epoch }, index) => starts[index + 1]?.epoch !== epoch);
}
