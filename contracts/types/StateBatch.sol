// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice A commitment to consecutive L2 state roots; its hash is what the state-commitment chain stores.
struct StateBatch {
    /// @dev Position of the batch in the chain of batches, from 0.
    uint256 batchIndex;
    /// @dev Root of the Merkle tree over the state roots.
    bytes32 batchRoot;
    /// @dev Number of state roots, 1 to 65,536.
    uint256 batchSize;
    /// @dev Number of state roots in all earlier batches.
    uint256 prevTotalElements;
    /// @dev L1 timestamp of the batch, seconds; the fraud-proof window counts from it.
    uint256 timestamp;
}

/// @notice Shows that a state root is an element of a stored batch.
struct StateRootProof {
    /// @dev As in the batch. Its root is not given: it follows from the state root and the path.
    uint256 batchIndex;
    uint256 batchSize;
    uint256 prevTotalElements;
    uint256 timestamp;
    /// @dev Position of the state root in the batch, from 0.
    uint256 index;
    /// @dev The path's siblings, from the leaf upwards; as many as the tree of `batchSize` leaves is high.
    bytes32[] siblings;
}

using {hash} for StateBatch global;

/// @notice The batch hash. The index is bound by the place the hash is stored at.
function hash(StateBatch memory batch) pure returns (bytes32) {
    return keccak256(abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp));
}
