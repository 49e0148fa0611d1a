import { getBytes, ZeroHash } from 'ethers';

import { XdmError } from '../../errors.ts';
import {
  isProof,
  type BeaconBootstrap,
  type BeaconHeader,
  type BeaconUpdate,
  type FinalHeader,
  type SyncCommittee,
} from './beaconApi.ts';
import { keyWords, signatureWords, type G1Words } from './blsPoints.ts';
import { branchOf, branchOfTwo, bytesRoot, hashPair, numberChunk, rootOf, shortListRoot, sszTree } from './ssz.ts';
import type { SszTree } from './ssz.ts';

/** `ExecutionBlock` of the contract. */
interface ExecutionBlock {
  readonly number: bigint;
  readonly blockHash: string;
  readonly branch: readonly string[];
}

/** `SyncCommitteeBootstrap` of the contract. */
export interface SyncCommitteeBootstrap {
  readonly header: BeaconHeader;
  readonly committee: string;
  readonly committeeBranch: readonly string[];
  readonly execution: ExecutionBlock;
}

/** `AbsentKey` of the contract. */
interface AbsentKey {
  readonly index: number;
  readonly key: G1Words;
  readonly branch: readonly string[];
}

/** `SyncCommitteeUpdate` of the contract. */
export interface SyncCommitteeUpdate {
  readonly attested: BeaconHeader;
  readonly finalized: BeaconHeader;
  readonly finalityBranch: readonly string[];
  readonly execution: ExecutionBlock;
  readonly nextCommittee: string;
  readonly nextCommitteeBranch: readonly string[];
  readonly signatureSlot: bigint;
  readonly participation: {
    readonly keysRoot: string;
    readonly aggregateKey: G1Words;
    readonly absent: readonly AbsentKey[];
  };
  readonly signature: readonly string[];
}

/** Who signs an update, and how long a committee serves. */
export interface UpdateContext {
  /** The committee of the period of the signature's slot. */
  readonly committee: SyncCommittee;
  readonly slotsPerPeriod: bigint;
}

/** Places in `ExecutionPayloadHeader`. */
const BLOCK_NUMBER = 6;
const BLOCK_HASH = 12;

/** Where a payload's root stands in the body: field 9 of 16. */
const PAYLOAD_IN_BODY = 9;

/** Where the next committee stands below the state's root, however many levels that is: a fork that adds fields adds them behind it. */
const NEXT_COMMITTEE_IN_STATE = 23;

/** Root of a beacon block's header. */
export function beaconRoot({ slot, proposerIndex, parentRoot, stateRoot, bodyRoot }: BeaconHeader): string {
  return sszTree([numberChunk(slot), numberChunk(proposerIndex), parentRoot, stateRoot, bodyRoot]).root;
}

/** Root of a committee, which is all that the contract keeps of it. */
export function committeeRoot(committee: SyncCommittee): string {
  return hashPair(keyTree(committee).root, bytesRoot(committee.aggregateKey));
}

/**
 * The form of a bootstrap that the contract is deployed with.
 * @throws {XdmError} `update-invalid` when the payload is not the header's
 */
export function encodeBootstrap({ header, committee, committeeBranch }: BeaconBootstrap): SyncCommitteeBootstrap {
  return {
    header: header.beacon,
    committee: committeeRoot(committee),
    committeeBranch,
    execution: encodeExecution(header),
  };
}

/**
 * The form of an update that the contract takes. The next committee is left out where its header is not of the final
 * header's period: the contract takes none that may not become final. What is left out must be true all the same, as the
 * specification has it: who shows something false may be wrong in the rest.
 * @throws {XdmError} `update-invalid` when it names no final header, a payload is not its header's, the next committee not the
 * attested state's, or keys or signature are no points
 */
export function encodeUpdate(update: BeaconUpdate, context: UpdateContext): SyncCommitteeUpdate {
  const { attested, finalized, finalityBranch, signatureSlot } = update;
  // Before anything is final, the genesis block is proven to be, and no header of it is given.
  if (!isProof(finalityBranch) || finalized.beacon.slot === 0n) throw invalid('it names no final header');
  checkAttested(update);
  const isOfOnePeriod = attested.slot / context.slotsPerPeriod === finalized.beacon.slot / context.slotsPerPeriod;
  const next = isOfOnePeriod ? update.nextCommittee : undefined;
  return {
    attested,
    finalized: finalized.beacon,
    finalityBranch,
    execution: encodeExecution(finalized),
    nextCommittee: next === undefined ? ZeroHash : committeeRoot(next),
    nextCommitteeBranch: next === undefined ? [] : update.nextCommitteeBranch,
    signatureSlot,
    participation: encodeParticipation(context.committee, absentIndices(update.bits, context.committee)),
    signature: signatureWords(update.signature),
  };
}

function checkAttested({ attested, attestedHeader, nextCommittee, nextCommitteeBranch }: BeaconUpdate): void {
  if (attestedHeader !== undefined) encodeExecution(attestedHeader);
  if (nextCommittee === undefined) return;
  if (rootOf(committeeRoot(nextCommittee), NEXT_COMMITTEE_IN_STATE, nextCommitteeBranch) === attested.stateRoot) return;
  throw invalid(`its next committee does not lead to the state root ${attested.stateRoot}`);
}

/** Root of a payload, by its header: of Deneb's form, and that of the forks after it. */
export function payloadRoot(payload: FinalHeader['execution']): string {
  return sszTree(denebChunks(payload)).root;
}

function encodeParticipation(
  committee: SyncCommittee,
  absent: readonly number[],
): SyncCommitteeUpdate['participation'] {
  const tree = keyTree(committee);
  return {
    keysRoot: tree.root,
    aggregateKey: keyWords(committee.aggregateKey),
    absent: absent.map((index) => ({
      index,
      key: keyWords(committee.keys[index]!),
      branch: branchOf(tree, index),
    })),
  };
}

/** Members whose bit is not set; the first is the lowest of the first byte. */
function absentIndices(bits: string, { keys }: SyncCommittee): number[] {
  const bytes = getBytes(bits);
  if (bytes.length !== Math.ceil(keys.length / 8)) {
    throw invalid(`it has ${8 * bytes.length} bits for ${keys.length} keys`);
  }
  return [...keys.keys()].filter((index) => ((bytes[index >> 3]! >> (index & 7)) & 1) === 0);
}

function keyTree({ keys }: SyncCommittee): SszTree {
  return sszTree(keys.map(bytesRoot));
}

function encodeExecution({ beacon, execution, executionBranch }: FinalHeader): ExecutionBlock {
  const trees = executionForms(execution).map(sszTree);
  const tree = trees.find(({ root }) => rootOf(root, PAYLOAD_IN_BODY, executionBranch) === beacon.bodyRoot);
  if (tree === undefined) throw invalid(`its payload does not lead to the body root ${beacon.bodyRoot}`);
  return {
    number: execution.block_number,
    blockHash: execution.block_hash,
    branch: [...branchOfTwo(tree, BLOCK_NUMBER, BLOCK_HASH), ...executionBranch],
  };
}

/**
 * The chunks of a payload's header: with Deneb's two fields, and without where they are zero. An update of Deneb whose final
 * header is older has them too, but the older body does not.
 */
function executionForms(header: FinalHeader['execution']): string[][] {
  const { blob_gas_used: used = 0n, excess_blob_gas: excess = 0n } = header;
  return used === 0n && excess === 0n ? [denebChunks(header), capellaChunks(header)] : [denebChunks(header)];
}

function denebChunks(header: FinalHeader['execution']): string[] {
  const { blob_gas_used: used = 0n, excess_blob_gas: excess = 0n } = header;
  return [...capellaChunks(header), numberChunk(used), numberChunk(excess)];
}

/** In the order of the container's fields. */
function capellaChunks(header: FinalHeader['execution']): string[] {
  return [
    header.parent_hash,
    bytesRoot(header.fee_recipient),
    header.state_root,
    header.receipts_root,
    bytesRoot(header.logs_bloom),
    header.prev_randao,
    numberChunk(header.block_number),
    numberChunk(header.gas_limit),
    numberChunk(header.gas_used),
    numberChunk(header.timestamp),
    shortListRoot(header.extra_data),
    numberChunk(header.base_fee_per_gas),
    header.block_hash,
    header.transactions_root,
    header.withdrawals_root,
  ];
}

function invalid(reason: string): XdmError {
  return new XdmError('update-invalid', `the update proves no final block: ${reason}`, {
    hint: 'fetch the update again, from a node of the same chain',
  });
}
