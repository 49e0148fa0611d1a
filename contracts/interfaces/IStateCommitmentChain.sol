// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StateBatch, StateRootProof} from "../types/StateBatch.sol";

/// @title State-commitment chain
/// @notice Commitments to L2's state roots. Element i is the state root of L2 block `startBlock + i`.
///
/// A batch can be deleted by the challenger while its fraud-proof window is open, and is final from then on: nobody can
/// delete it, change it, or change the window.
/// @dev `StateCommitmentChain_BatchMismatch` and `StateCommitmentChain_InsideFraudProofWindow` are declared in
/// `libraries/StateCommitment.sol`, because the L1 messenger reverts with them too.
interface IStateCommitmentChain {
    /// @notice What a state-commitment chain is deployed with.
    struct Configuration {
        /// @dev May name proposer and challenger.
        address owner;
        /// @dev May commit batches.
        address proposer;
        /// @dev May delete batches inside their window.
        address challenger;
        /// @dev Container of the batch hashes, owned by this contract.
        address batches;
        /// @dev Seconds, 1 to a year.
        uint256 fraudProofWindow;
        /// @dev L2 block whose state root is element 0.
        uint256 startBlock;
    }

    /// @notice A batch was committed.
    /// @param batchIndex Position of the batch in the chain of batches, from 0.
    /// @param batchRoot Root of the state-batch tree.
    /// @param batchSize Number of state roots.
    /// @param prevTotalElements Number of state roots in all earlier batches.
    /// @param timestamp L1 timestamp, seconds; the fraud-proof window counts from it.
    event StateBatchAppended(
        uint256 indexed batchIndex, bytes32 batchRoot, uint256 batchSize, uint256 prevTotalElements, uint256 timestamp
    );

    /// @notice A batch was deleted, and all later ones with it.
    /// @param batchIndex Position the batch had; the next batch gets it.
    /// @param batchRoot Root of the state-batch tree.
    event StateBatchDeleted(uint256 indexed batchIndex, bytes32 batchRoot);

    /// @notice The proposer was changed.
    /// @param previousProposer Until now; zero at deployment.
    /// @param newProposer From now on.
    event ProposerChanged(address indexed previousProposer, address indexed newProposer);

    /// @notice The challenger was changed.
    /// @param previousChallenger Until now; zero at deployment.
    /// @param newChallenger From now on.
    event ChallengerChanged(address indexed previousChallenger, address indexed newChallenger);

    /// @notice Thrown when anyone but the proposer commits a batch.
    /// @param caller Account that called.
    error StateCommitmentChain_NotProposer(address caller);

    /// @notice Thrown when anyone but the challenger deletes a batch.
    /// @param caller Account that called.
    error StateCommitmentChain_NotChallenger(address caller);

    /// @notice Thrown when a role would go to the zero address.
    error StateCommitmentChain_ZeroRole();

    /// @notice Thrown at deployment when the window is zero or longer than a year. Seconds.
    /// @param fraudProofWindow The window given.
    /// @param maximum A year.
    error StateCommitmentChain_WindowOutOfBounds(uint256 fraudProofWindow, uint256 maximum);

    /// @notice Thrown when a batch's root is zero, which no tree has.
    error StateCommitmentChain_ZeroRoot();

    /// @notice Thrown when a batch does not start where the last one ended: it was made for another state of the chain.
    /// @param expectedStart Where the batch was made to start.
    /// @param totalElements Number of state roots committed.
    error StateCommitmentChain_UnexpectedStart(uint256 expectedStart, uint256 totalElements);

    /// @notice Thrown when a batch is to be deleted whose window has passed.
    /// @param batchIndex Position of the batch.
    /// @param endedAt First second after its window, L1 timestamp.
    error StateCommitmentChain_OutsideFraudProofWindow(uint256 batchIndex, uint256 endedAt);

    /// @notice Commits a batch of state roots. Only the proposer.
    /// Reverts with `StateBatchTree_SizeOutOfBounds` when the batch has no state root or too many.
    /// @param batchRoot Root of the state-batch tree over them, not zero.
    /// @param batchSize Their number, 1 to 65,536.
    /// @param expectedStart Number of state roots committed before, so that a batch lands only where it was made for.
    function appendStateBatch(bytes32 batchRoot, uint256 batchSize, uint256 expectedStart) external;

    /// @notice Deletes a batch whose window is open, and all later ones. Only the challenger.
    /// Reverts with `ChainStorageContainer_IndexOutOfBounds` when no batch is stored at its index, with
    /// `StateCommitmentChain_BatchMismatch` when another one is.
    /// @param batch The first batch to delete, as it was committed.
    function deleteStateBatch(StateBatch calldata batch) external;

    /// @notice Names another proposer. Only the owner.
    /// @param newProposer Not zero.
    function setProposer(address newProposer) external;

    /// @notice Names another challenger. Only the owner.
    /// @param newChallenger Not zero.
    function setChallenger(address newChallenger) external;

    /// @notice Reverts unless the state root is an element of a stored batch whose fraud-proof window has passed: with
    /// `ChainStorageContainer_IndexOutOfBounds` when no batch is stored at the index, with
    /// `StateCommitmentChain_BatchMismatch` when the proof does not lead to the one stored there, with
    /// `StateCommitmentChain_InsideFraudProofWindow` when its window is open. A proof that fits no tree reverts with
    /// `StateBatchTree_SizeOutOfBounds`, `StateBatchTree_IndexOutOfBounds` or `StateBatchTree_PathLength`.
    /// @param stateRoot State root of an L2 block.
    /// @param proof Its place in a batch.
    function verifyStateCommitment(bytes32 stateRoot, StateRootProof calldata proof) external view;

    /// @notice Whether the batch is stored and can still be deleted: now < timestamp + window.
    /// Reverts when it is not stored: with `ChainStorageContainer_IndexOutOfBounds` when there is no batch at its
    /// index, with `StateCommitmentChain_BatchMismatch` when there is another one.
    /// @param batch The batch, as it was committed.
    /// @return True while it can be deleted, false from when it can be used.
    function insideFraudProofWindow(StateBatch calldata batch) external view returns (bool);

    /// @notice Number of state roots in all batches.
    /// @return The number; deleting a batch lowers it.
    function getTotalElements() external view returns (uint256);

    /// @notice Number of batches.
    /// @return The number; deleting a batch lowers it.
    function getTotalBatches() external view returns (uint256);

    /// @notice The account that may commit batches.
    /// @return Address on L1, never zero.
    function proposer() external view returns (address);

    /// @notice The account that may delete batches.
    /// @return Address on L1, never zero.
    function challenger() external view returns (address);

    /// @notice The container that holds the batch hashes.
    /// @return Address on L1.
    function batches() external view returns (address);

    /// @notice L2 block whose state root is element 0.
    /// @return Block number on L2.
    function startBlock() external view returns (uint256);

    /// @notice Seconds a batch can be deleted, and not be used, after it was committed.
    /// @return Seconds, 1 to a year.
    function FRAUD_PROOF_WINDOW() external view returns (uint256);
}
