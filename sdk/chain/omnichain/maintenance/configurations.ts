import { getAddress, type JsonRpcProvider } from 'ethers';

import { attestorLightClient } from '../../../abi/AttestorLightClient.ts';
import { sealedHeaderLightClient } from '../../../abi/SealedHeaderLightClient.ts';
import { syncCommitteeLightClient } from '../../../abi/SyncCommitteeLightClient.ts';
import { XdmError } from '../../../core/errors.ts';
import type { LightClientKind } from '../../../core/omnichain/deployment.ts';
import type { BeaconNetwork } from '../../../core/omnichain/lightClient/forks.ts';
import { SEAL_SCHEMES, type SealScheme } from '../../../core/omnichain/lightClient/sealedHeader.ts';
import { beaconRoot, encodeBootstrap } from '../../../core/omnichain/lightClient/syncCommittee.ts';
import { creationCode } from '../../creationCode.ts';
import type { BeaconNode } from '../beaconNode.ts';
import { getSealedBlock } from './sealedBlocks.ts';

/** How a light client is to be deployed. */
export interface LightClientConfiguration {
  readonly kind: LightClientKind;
  /** Hex. */
  readonly creationCode: string;
  /** What it believes from the beginning, for whoever deploys it to compare with what others say. */
  readonly trusts: string;
}

/** What light clients of all kinds are deployed with. */
interface CommonTerms {
  /** Chain whose blocks it knows. */
  readonly chainId: bigint;
  /** Blocks before EIP-2935's contract of that chain forgets one; 0 where it has none. Not checked here: see `checkHistoryWindow`. */
  readonly historyWindow: bigint;
}

/** Of the kinds whose trust ends when they are left alone. */
interface ExpiringTerms extends CommonTerms {
  /** Seconds. */
  readonly trustingPeriod: bigint;
}

/** What a light client of sync committees is deployed with. */
export interface SyncCommitteeTerms extends ExpiringTerms {
  /** The network, where it is known: otherwise the node is believed. */
  readonly network?: BeaconNetwork | undefined;
  /** Root of a final beacon block to start from: otherwise the node is believed, and its newest final one taken. */
  readonly trustedBlockRoot?: string | undefined;
}

/** What a light client of sealed headers is deployed with. */
export interface SealedHeaderTerms extends ExpiringTerms {
  readonly scheme: SealScheme;
  /** Block to start from; the newest where it is not given. */
  readonly number?: bigint | undefined;
}

/** What a light client of attestors is deployed with. */
export interface AttestorTerms extends CommonTerms {
  /** In any order. */
  readonly signers: readonly string[];
  /** How many of them must agree: more than half. */
  readonly threshold: bigint;
}

/**
 * How to deploy a light client of sync committees that starts from a final block of a beacon node.
 * @throws {XdmError} `state-unavailable` where the node has no bootstrap for the block, `update-invalid` where that is for another
 * one, and what keeps the node from answering
 */
export async function buildSyncCommitteeConfiguration(
  node: BeaconNode,
  { network, trustedBlockRoot, ...terms }: SyncCommitteeTerms,
): Promise<LightClientConfiguration> {
  const root = trustedBlockRoot ?? (await node.getBlockRoot('finalized'));
  const bootstrap = root === undefined ? undefined : await node.getBootstrap(root);
  if (root === undefined || bootstrap === undefined) {
    throw new XdmError('state-unavailable', `the beacon node has no bootstrap for block ${root ?? '"finalized"'}`, {
      hint: 'wait until a block is final, or start from the first block of a recent epoch, by a node that serves light clients',
    });
  }
  const { beacon, execution } = bootstrap.header;
  if (beaconRoot(beacon) !== root) {
    throw new XdmError('update-invalid', `the beacon node's bootstrap is of ${beaconRoot(beacon)}, not of ${root}`, {
      hint: 'ask another node',
    });
  }
  const parameters = {
    ...terms,
    ...(network ?? (await node.getNetwork())),
    trustedBlockRoot: root,
    bootstrap: encodeBootstrap(bootstrap),
  };
  return {
    kind: 'sync-committee',
    creationCode: creationCode(syncCommitteeLightClient, [parameters]),
    trusts: `beacon block ${root} of slot ${beacon.slot}, block ${execution.block_number} (${execution.block_hash})`,
  };
}

/** `HeaderLayout` of the contract: Ethereum's. */
const ETHEREUM_HEADER = 0x0c_0b_08_05_03n;

/**
 * How to deploy a light client of sealed headers that starts from a block of a node, which is believed.
 * @throws {XdmError} `update-invalid` where the block is not sealed by the scheme, and what the endpoint throws
 */
export async function buildSealedHeaderConfiguration(
  provider: JsonRpcProvider,
  { scheme, number: wanted, ...terms }: SealedHeaderTerms,
): Promise<LightClientConfiguration> {
  const number = wanted ?? BigInt(await provider.getBlockNumber());
  const { hash: blockHash, timestamp, validators } = await getSealedBlock(provider, scheme, number);
  const parameters = {
    ...terms,
    scheme: SEAL_SCHEMES.indexOf(scheme),
    headerLayout: ETHEREUM_HEADER,
    number,
    blockHash,
    timestamp,
    validators,
  };
  return {
    kind: 'sealed-header',
    creationCode: creationCode(sealedHeaderLightClient, [parameters]),
    trusts: `block ${number} (${blockHash}), and its validators ${validators.map(getAddress).join(', ')}`,
  };
}

/**
 * How to deploy a light client of attestors.
 * @throws {XdmError} `invalid-argument` where one is named twice, or the threshold is no more than half of them, or more than all
 */
export function buildAttestorConfiguration(terms: AttestorTerms): LightClientConfiguration {
  const { chainId, historyWindow, threshold } = terms;
  const signers = terms.signers.map(getAddress).toSorted((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
  const size = BigInt(signers.length);
  if (new Set(signers).size !== signers.length || threshold > size || 2n * threshold <= size) {
    throw new XdmError('invalid-argument', `${threshold} of ${size} attestors is no majority of different ones`, {
      hint: 'name each once, and have more than half of them agree',
    });
  }
  return {
    kind: 'attestor',
    creationCode: creationCode(attestorLightClient, [chainId, historyWindow, signers, threshold]),
    trusts: `any ${threshold} of the attestors ${signers.join(', ')}`,
  };
}
