// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IChainStorageContainer} from "../interfaces/IChainStorageContainer.sol";
import {StateBatch, StateRootProof} from "../types/StateBatch.sol";
import {StateBatchTree} from "./StateBatchTree.sol";

/// @title State commitment
/// @notice When a state batch may be trusted. The rule stands here once: the state-commitment chain applies it for
/// everyone, and the L1 messenger by itself, which saves 4,400 gas a message.
library StateCommitment {
    /// @notice Thrown when a batch, given or following from a proof, is not the one stored at its index.
    error StateCommitmentChain_BatchMismatch(uint256 batchIndex, bytes32 stored, bytes32 given);

    /// @notice Thrown when a batch is used whose window is still open. `endsAt` is the first second it can be used.
    error StateCommitmentChain_InsideFraudProofWindow(uint256 batchIndex, uint256 endsAt);

    /// @notice The batch that holds the state root as the proof says, if there is such a batch.
    function batchOf(bytes32 stateRoot, StateRootProof calldata proof) internal pure returns (StateBatch memory) {
        return StateBatch({
            batchIndex: proof.batchIndex,
            batchRoot: StateBatchTree.computeRoot(stateRoot, proof.index, proof.batchSize, proof.siblings),
            batchSize: proof.batchSize,
            prevTotalElements: proof.prevTotalElements,
            timestamp: proof.timestamp
        });
    }

    /// @notice Reverts unless the batch is stored and its fraud-proof window has passed.
    function verifyFinalized(StateBatch memory batch, IChainStorageContainer batches, uint256 fraudProofWindow)
        internal
        view
    {
        verifyStored(batch, batches);

        uint256 endsAt = endOfWindow(batch, fraudProofWindow);
        if (block.timestamp < endsAt) revert StateCommitmentChain_InsideFraudProofWindow(batch.batchIndex, endsAt);
    }

    /// @notice Reverts unless the batch is stored. Afterwards all its fields can be trusted: the index is where it is
    /// stored, the others are bound by the hash.
    function verifyStored(StateBatch memory batch, IChainStorageContainer batches) internal view {
        bytes32 stored = batches.get(batch.batchIndex);
        bytes32 given = batch.hash();
        if (stored != given) revert StateCommitmentChain_BatchMismatch(batch.batchIndex, stored, given);
    }

    /// @notice The first second after the window of a stored batch: both terms are far too small to overflow.
    function endOfWindow(StateBatch memory batch, uint256 fraudProofWindow) internal pure returns (uint256) {
        return batch.timestamp + fraudProofWindow;
    }
}
