import { z } from 'zod';

import { XdmError } from '../../errors.ts';

// What the Beacon API answers about light clients, in its JSON form. Fields that are of no use are passed over.

const root = bytes(32);
const branch = z.array(root);
const uint = z
  .string()
  .regex(/^\d{1,78}$/u)
  .transform(BigInt);

const beaconHeader = z
  .object({ slot: uint, proposer_index: uint, parent_root: root, state_root: root, body_root: root })
  .transform(({ slot, proposer_index, parent_root, state_root, body_root }) => ({
    slot,
    proposerIndex: proposer_index,
    parentRoot: parent_root,
    stateRoot: state_root,
    bodyRoot: body_root,
  }));

/** In the order of the container's fields; the last two are Deneb's. */
const executionHeader = z.object({
  parent_hash: root,
  fee_recipient: bytes(20),
  state_root: root,
  receipts_root: root,
  logs_bloom: bytes(256),
  prev_randao: root,
  block_number: uint,
  gas_limit: uint,
  gas_used: uint,
  timestamp: uint,
  extra_data: z.string().regex(/^0x(?:[\da-f]{2}){0,32}$/iu),
  base_fee_per_gas: uint,
  block_hash: root,
  transactions_root: root,
  withdrawals_root: root,
  blob_gas_used: uint.optional(),
  excess_blob_gas: uint.optional(),
});

const finalHeader = z
  .object({ beacon: beaconHeader, execution: executionHeader, execution_branch: branch })
  .transform(({ beacon, execution, execution_branch }) => ({ beacon, execution, executionBranch: execution_branch }));

/** The header that was signed, of which nobody proves the payload: whoever asks for it alone may leave that out. */
const signedHeader = z.union([finalHeader, z.object({ beacon: beaconHeader, execution: z.undefined() })]);

const committee = z
  .object({ pubkeys: z.array(bytes(48)).min(1), aggregate_pubkey: bytes(48) })
  .transform(({ pubkeys, aggregate_pubkey }) => ({ keys: pubkeys, aggregateKey: aggregate_pubkey }));

const bootstrap = z
  .object({ header: finalHeader, current_sync_committee: committee, current_sync_committee_branch: branch })
  .transform(({ header, current_sync_committee, current_sync_committee_branch }) => ({
    header,
    committee: current_sync_committee,
    committeeBranch: current_sync_committee_branch,
  }));

const update = z
  .object({
    attested_header: signedHeader,
    finalized_header: finalHeader,
    finality_branch: branch,
    next_sync_committee: committee.optional(),
    next_sync_committee_branch: branch.optional(),
    sync_aggregate: z.object({
      sync_committee_bits: z.string().regex(/^0x(?:[\da-f]{2})+$/iu),
      sync_committee_signature: bytes(96),
    }),
    signature_slot: uint,
  })
  .transform((fields) => ({
    attested: fields.attested_header.beacon,
    attestedHeader: 'executionBranch' in fields.attested_header ? fields.attested_header : undefined,
    finalized: fields.finalized_header,
    finalityBranch: fields.finality_branch,
    nextCommittee: isProof(fields.next_sync_committee_branch) ? fields.next_sync_committee : undefined,
    nextCommitteeBranch: fields.next_sync_committee_branch ?? [],
    bits: fields.sync_aggregate.sync_committee_bits,
    signature: fields.sync_aggregate.sync_committee_signature,
    signatureSlot: fields.signature_slot,
  }));

/** Header of a beacon block. Roots are hex. */
export type BeaconHeader = z.infer<typeof beaconHeader>;

/** Header of a beacon block, with that of its payload, which its body root holds. */
export type FinalHeader = z.infer<typeof finalHeader>;

/** A sync committee's public keys, compressed, and their sum. */
export type SyncCommittee = z.infer<typeof committee>;

/** Where a light client starts from. */
export type BeaconBootstrap = z.infer<typeof bootstrap>;

/** What a committee has signed: `LightClientUpdate`, or `LightClientFinalityUpdate` where no committee is named. */
export type BeaconUpdate = z.infer<typeof update>;

/**
 * Reads a `LightClientBootstrap`, the `data` of the answer.
 * @throws {XdmError} `rpc-error` for anything else
 */
export function parseBootstrap(data: unknown): BeaconBootstrap {
  return parse(bootstrap, data);
}

/**
 * Reads a `LightClientUpdate` or a `LightClientFinalityUpdate`, the `data` of the answer.
 * @throws {XdmError} `rpc-error` for anything else
 */
export function parseUpdate(data: unknown): BeaconUpdate {
  return parse(update, data);
}

/** Whether a branch is there at all: what an update does not have is filled in with zeros. */
export function isProof(siblings: readonly string[] | undefined): boolean {
  return siblings?.some((sibling) => !/^0x0*$/u.test(sibling)) ?? false;
}

function bytes(length: number): z.ZodType<string> {
  return z.string().regex(new RegExp(`^0x[\\da-f]{${2 * length}}$`, 'iu'));
}

function parse<T>(schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new XdmError('rpc-error', `the beacon node's answer is not what it should be: ${path.join('.')}: ${message}`, {
    hint: 'use a node that serves the light-client endpoints of the Beacon API',
  });
}
