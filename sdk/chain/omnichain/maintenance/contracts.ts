import { Interface, type ContractRunner } from 'ethers';

import { attestorLightClient } from '../../../abi/AttestorLightClient.ts';
import { sealedHeaderLightClient } from '../../../abi/SealedHeaderLightClient.ts';
import { syncCommitteeLightClient } from '../../../abi/SyncCommitteeLightClient.ts';
import { contract, type Read, type Typed } from '../../typedContract.ts';
import type { LightClient } from '../contracts.ts';

/** Of the kinds whose trust ends when they are left alone. */
interface ExpiringLightClient extends LightClient {
  readonly trustedUntil: Read<[], bigint>;
  readonly trustingPeriod: Read<[], bigint>;
}

interface SyncCommitteeLightClient extends ExpiringLightClient {
  readonly finalizedSlot: Read<[], bigint>;
  readonly newestPeriod: Read<[], bigint>;
  readonly committeeRoot: Read<[period: bigint], string>;
  readonly genesisTime: Read<[], bigint>;
  readonly secondsPerSlot: Read<[], bigint>;
  readonly slotsPerEpoch: Read<[], bigint>;
  readonly epochsPerPeriod: Read<[], bigint>;
  readonly committeeSize: Read<[], bigint>;
}

interface SealedHeaderLightClient extends ExpiringLightClient {
  readonly scheme: Read<[], bigint>;
  readonly validatorsHash: Read<[], string>;
}

interface AttestorLightClient extends LightClient {
  readonly epoch: Read<[], bigint>;
  readonly threshold: Read<[], bigint>;
  readonly signers: Read<[], readonly string[]>;
}

/** Calls of each kind of light client, to be encoded. */
export const SYNC_COMMITTEE_CALLS = new Interface(syncCommitteeLightClient.abi);
export const SEALED_HEADER_CALLS = new Interface(sealedHeaderLightClient.abi);
export const ATTESTOR_CALLS = new Interface(attestorLightClient.abi);

export function expiringLightClientAt(address: string, runner: ContractRunner): Typed<ExpiringLightClient> {
  return contract(address, syncCommitteeLightClient.abi, runner);
}

export function syncCommitteeLightClientAt(address: string, runner: ContractRunner): Typed<SyncCommitteeLightClient> {
  return contract(address, syncCommitteeLightClient.abi, runner);
}

export function sealedHeaderLightClientAt(address: string, runner: ContractRunner): Typed<SealedHeaderLightClient> {
  return contract(address, sealedHeaderLightClient.abi, runner);
}

export function attestorLightClientAt(address: string, runner: ContractRunner): Typed<AttestorLightClient> {
  return contract(address, attestorLightClient.abi, runner);
}
