import { concat, ZeroHash } from 'ethers';

import { hashPair, numberChunk, sszTree, type SszTree } from '../../sdk/core/omnichain/lightClient/ssz.ts';

// BeaconState and BeaconBlockBody of Electra in the minimal preset. What the simulated validator set has no use for is as it is in
// a state in which nothing has happened.

/** Roots of trees of zeros, by their height. */
const ZEROS: string[] = [ZeroHash];
for (let height = 1; height <= 40; height += 1) ZEROS.push(hashPair(ZEROS.at(-1)!, ZEROS.at(-1)!));

/** Root of a container or vector of zeros that fills a tree of the height. */
function zeros(height: number): string {
  return ZEROS[height]!;
}

/** Root of an empty list whose limit fills a tree of the height. */
export function emptyList(height: number): string {
  return hashPair(zeros(height), ZeroHash);
}

/** What a state says that the simulated validator set decides. */
export interface StateFacts {
  readonly genesisTime: bigint;
  readonly genesisValidatorsRoot: string;
  readonly slot: bigint;
  /** Version of the fork, 4 bytes hex. */
  readonly version: string;
  readonly finalized: { readonly epoch: bigint; readonly root: string };
  /** Roots of the committees. */
  readonly currentCommittee: string;
  readonly nextCommittee: string;
  /** Root of the newest payload's header. */
  readonly payload: string;
}

/** Places of fields in the state. */
export const STATE_FIELDS = { finalized: 20, currentCommittee: 22, nextCommittee: 23 } as const;

/** Roots of the fields of a state in which nothing has happened, in their order. */
const EMPTY_STATE: readonly (readonly [name: string, root: string])[] = [
  ['genesis_time', ZeroHash],
  ['genesis_validators_root', ZeroHash],
  ['slot', ZeroHash],
  ['fork', zeros(2)],
  ['latest_block_header', zeros(3)],
  ['block_roots', zeros(6)],
  ['state_roots', zeros(6)],
  ['historical_roots', emptyList(24)],
  ['eth1_data', zeros(2)],
  ['eth1_data_votes', emptyList(5)],
  ['eth1_deposit_index', ZeroHash],
  ['validators', emptyList(40)],
  ['balances', emptyList(38)],
  ['randao_mixes', zeros(6)],
  ['slashings', zeros(4)],
  ['previous_epoch_participation', emptyList(35)],
  ['current_epoch_participation', emptyList(35)],
  ['justification_bits', ZeroHash],
  ['previous_justified_checkpoint', zeros(1)],
  ['current_justified_checkpoint', zeros(1)],
  ['finalized_checkpoint', zeros(1)],
  ['inactivity_scores', emptyList(38)],
  ['current_sync_committee', ZeroHash],
  ['next_sync_committee', ZeroHash],
  ['latest_execution_payload_header', ZeroHash],
  ['next_withdrawal_index', ZeroHash],
  ['next_withdrawal_validator_index', ZeroHash],
  ['historical_summaries', emptyList(24)],
  ['deposit_requests_start_index', ZeroHash],
  ['deposit_balance_to_consume', ZeroHash],
  ['exit_balance_to_consume', ZeroHash],
  ['earliest_exit_epoch', ZeroHash],
  ['consolidation_balance_to_consume', ZeroHash],
  ['earliest_consolidation_epoch', ZeroHash],
  ['pending_deposits', emptyList(27)],
  ['pending_partial_withdrawals', emptyList(6)],
  ['pending_consolidations', emptyList(6)],
];

/** The tree over the state's 37 fields. */
export function stateTree(facts: StateFacts): SszTree {
  const { finalized } = facts;
  const version = concat([facts.version, ZeroHash]).slice(0, 66);
  const decided: Readonly<Record<string, string>> = {
    genesis_time: numberChunk(facts.genesisTime),
    genesis_validators_root: facts.genesisValidatorsRoot,
    slot: numberChunk(facts.slot),
    // Previous and current version, and the epoch of the current one.
    fork: sszTree([version, version, ZeroHash]).root,
    finalized_checkpoint: hashPair(numberChunk(finalized.epoch), finalized.root),
    current_sync_committee: facts.currentCommittee,
    next_sync_committee: facts.nextCommittee,
    latest_execution_payload_header: facts.payload,
  };
  return sszTree(EMPTY_STATE.map(([name, root]) => decided[name] ?? root));
}

/** Place of the payload in the body. */
export const PAYLOAD_FIELD = 9;

/** The same of a body. */
const EMPTY_BODY: readonly (readonly [name: string, root: string])[] = [
  ['randao_reveal', zeros(2)],
  ['eth1_data', zeros(2)],
  ['graffiti', ZeroHash],
  ['proposer_slashings', emptyList(4)],
  ['attester_slashings', emptyList(0)],
  ['attestations', emptyList(3)],
  ['deposits', emptyList(4)],
  ['voluntary_exits', emptyList(4)],
  ['sync_aggregate', hashPair(ZeroHash, zeros(2))],
  ['execution_payload', ZeroHash],
  ['bls_to_execution_changes', emptyList(4)],
  ['blob_kzg_commitments', emptyList(12)],
  // Deposits, withdrawals, consolidations.
  ['execution_requests', sszTree([emptyList(13), emptyList(4), emptyList(1)]).root],
];

/**
 * The tree over the body's 13 fields.
 * @param payload root of the payload
 */
export function bodyTree(payload: string): SszTree {
  return sszTree(EMPTY_BODY.map(([, root], field) => (field === PAYLOAD_FIELD ? payload : root)));
}

/**
 * Root of a list of byte strings, such as a payload's transactions.
 * @param limit height of the tree that the list's limit fills
 * @param byteLimit of the tree that a string's chunks fill at its limit
 */
export function byteListsRoot(items: readonly string[], limit: number, byteLimit: number): string {
  return listRoot(
    items.map((item) => {
      const length = (item.length - 2) / 2;
      const chunks = Array.from(
        { length: Math.ceil(length / 32) },
        (_, index) => `0x${item.slice(2 + 64 * index, 66 + 64 * index).padEnd(64, '0')}`,
      );
      return listRoot(chunks, byteLimit, length);
    }),
    limit,
  );
}

function listRoot(chunks: readonly string[], limit: number, length = chunks.length): string {
  if (chunks.length === 0) return emptyList(limit);
  const tree = sszTree(chunks);
  let { root } = tree;
  for (let height = tree.height; height < limit; height += 1) root = hashPair(root, zeros(height));
  return hashPair(root, numberChunk(BigInt(length)));
}
