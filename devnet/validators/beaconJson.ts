import type {
  BeaconBootstrap,
  BeaconHeader,
  BeaconUpdate,
  FinalHeader,
  SyncCommittee,
} from '../../sdk/core/omnichain/lightClient/beaconApi.ts';

// The Beacon API's JSON: names with underscores, numbers as decimal strings.

/** An update with all that the Beacon API tells of it: the payload of the attested block, too, which contracts do not ask for. */
export interface SignedUpdate extends BeaconUpdate {
  readonly attestedHeader: FinalHeader;
}

type Json = string | readonly Json[] | { readonly [key: string]: Json };

/** `LightClientBootstrap`. */
export function showBootstrap({ header, committee, committeeBranch }: BeaconBootstrap): Json {
  return {
    header: showFinalHeader(header),
    current_sync_committee: showCommittee(committee),
    current_sync_committee_branch: committeeBranch,
  };
}

/** `LightClientFinalityUpdate`. */
export function showFinalityUpdate(update: SignedUpdate): Json {
  return {
    attested_header: showFinalHeader(update.attestedHeader),
    finalized_header: showFinalHeader(update.finalized),
    finality_branch: update.finalityBranch,
    sync_aggregate: { sync_committee_bits: update.bits, sync_committee_signature: update.signature },
    signature_slot: `${update.signatureSlot}`,
  };
}

/** `LightClientUpdate`. */
export function showUpdate(update: SignedUpdate): Json {
  const { nextCommittee, nextCommitteeBranch } = update;
  return {
    ...(showFinalityUpdate(update) as Record<string, Json>),
    ...(nextCommittee !== undefined && {
      next_sync_committee: showCommittee(nextCommittee),
      next_sync_committee_branch: nextCommitteeBranch,
    }),
  };
}

function showHeader({ slot, proposerIndex, parentRoot, stateRoot, bodyRoot }: BeaconHeader): Json {
  return {
    slot: `${slot}`,
    proposer_index: `${proposerIndex}`,
    parent_root: parentRoot,
    state_root: stateRoot,
    body_root: bodyRoot,
  };
}

function showFinalHeader({ beacon, execution, executionBranch }: FinalHeader): Json {
  const payload = Object.entries(execution)
    .filter((entry): entry is [string, string | bigint] => entry[1] !== undefined)
    .map(([name, value]) => [name, `${value}`] as const);
  return {
    beacon: showHeader(beacon),
    execution: Object.fromEntries(payload),
    execution_branch: executionBranch,
  };
}

function showCommittee({ keys, aggregateKey }: SyncCommittee): Json {
  return { pubkeys: keys, aggregate_pubkey: aggregateKey };
}
