// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {G1Point} from "../libraries/BLS12381.sol";
import {SSZ} from "../libraries/SSZ.sol";

/// @notice Header of a beacon block.
struct BeaconHeader {
    uint64 slot;
    uint64 proposerIndex;
    bytes32 parentRoot;
    bytes32 stateRoot;
    bytes32 bodyRoot;
}

/// @notice What the consensus layer calls by which name, and where it keeps what, from an epoch on. A generalised index is
/// a place in an SSZ tree: 1 is the root, and the children of `i` are `2i` and `2i + 1`.
struct Fork {
    /// @dev First epoch of the fork.
    uint64 epoch;
    bytes4 version;
    /// @dev In `BeaconState`: the root of the finalized checkpoint.
    uint32 finalizedRoot;
    /// @dev In `BeaconState`.
    uint32 currentCommittee;
    /// @dev In `BeaconState`.
    uint32 nextCommittee;
    /// @dev In `BeaconBlockBody`: number of the execution payload, of the same height as its hash.
    uint32 blockNumber;
    /// @dev In `BeaconBlockBody`: hash of the execution payload.
    uint32 blockHash;
}

/// @notice A block of the execution layer, proven to be a beacon block's payload.
struct ExecutionBlock {
    uint64 number;
    bytes32 blockHash;
    /// @dev Siblings that lead from both to the body's root: see {SSZ-rootOfTwo}.
    bytes32[] branch;
}

/// @notice A member of a committee that has not signed.
struct AbsentKey {
    /// @dev Its place in the committee, from 0.
    uint256 index;
    G1Point key;
    /// @dev Siblings that lead from it to the root of the keys.
    bytes32[] branch;
}

/// @notice Who has signed: the committee, by the root of its keys and their sum, without some.
struct Participation {
    /// @dev Root of the list of the committee's keys.
    bytes32 keysRoot;
    /// @dev Sum of all keys, as the consensus layer keeps it beside them.
    G1Point aggregateKey;
    /// @dev Those that have not signed, by ascending index.
    AbsentKey[] absent;
}

/// @notice What a sync committee has signed: `LightClientUpdate` of the consensus layer's light-client protocol, of which
/// what does not vouch for a final block is left out.
struct SyncCommitteeUpdate {
    /// @dev The header that was signed.
    BeaconHeader attested;
    /// @dev The header that is final in the attested header's state.
    BeaconHeader finalized;
    /// @dev Siblings that lead from the finalized header's root to the attested header's state root.
    bytes32[] finalityBranch;
    /// @dev The finalized header's payload.
    ExecutionBlock execution;
    /// @dev Root of the committee of the period after the attested header's, or zero to leave it out.
    bytes32 nextCommittee;
    /// @dev Siblings that lead from it to the attested header's state root; none where it is left out.
    bytes32[] nextCommitteeBranch;
    /// @dev Slot of the block that holds the signature: its period says whose it is, and the slot before it which fork's. That
    /// is all that binds it: any slot above the attested one that says the same does as well.
    uint64 signatureSlot;
    Participation participation;
    /// @dev A point of the second group, as the precompiles take it.
    bytes32[8] signature;
}

/// @notice Where a light client starts from: `LightClientBootstrap`.
struct SyncCommitteeBootstrap {
    BeaconHeader header;
    /// @dev Root of the committee of the header's period.
    bytes32 committee;
    /// @dev Siblings that lead from it to the header's state root.
    bytes32[] committeeBranch;
    /// @dev The header's payload.
    ExecutionBlock execution;
}

using {hashTreeRoot} for BeaconHeader global;

/// @notice A beacon block's root, by its header.
function hashTreeRoot(BeaconHeader memory header) view returns (bytes32) {
    return SSZ.rootOfFive(
        [SSZ.chunk(header.slot), SSZ.chunk(header.proposerIndex), header.parentRoot, header.stateRoot, header.bodyRoot]
    );
}
