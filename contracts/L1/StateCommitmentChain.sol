// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {IChainStorageContainer} from "../interfaces/IChainStorageContainer.sol";
import {IStateCommitmentChain} from "../interfaces/IStateCommitmentChain.sol";
import {StateBatchTree} from "../libraries/StateBatchTree.sol";
import {StateCommitment} from "../libraries/StateCommitment.sol";
import {StateBatch, StateRootProof} from "../types/StateBatch.sol";

/// @title State-commitment chain
/// @dev See {IStateCommitmentChain}.
contract StateCommitmentChain is IStateCommitmentChain, PermanentlyOwned {
    /// @dev Longest fraud-proof window: with more, a slip at deployment would lock messages for good.
    uint256 private constant MAX_WINDOW = 365 days;

    /// @inheritdoc IStateCommitmentChain
    uint256 public immutable FRAUD_PROOF_WINDOW;

    /// @inheritdoc IStateCommitmentChain
    address public immutable batches;

    /// @inheritdoc IStateCommitmentChain
    uint256 public immutable startBlock;

    /// @inheritdoc IStateCommitmentChain
    address public challenger;

    /// @inheritdoc IStateCommitmentChain
    address public proposer;

    /// @dev Shares a slot with the proposer: both are read for each batch.
    uint64 private _totalElements;

    constructor(Configuration memory configuration) PermanentlyOwned(configuration.owner) {
        uint256 window = configuration.fraudProofWindow;
        if (window == 0 || window > MAX_WINDOW) revert StateCommitmentChain_WindowOutOfBounds(window, MAX_WINDOW);
        FRAUD_PROOF_WINDOW = window;
        batches = configuration.batches;
        startBlock = configuration.startBlock;
        _setProposer(configuration.proposer);
        _setChallenger(configuration.challenger);
    }

    // -------------------------------------------------------------------------------------------------- committing

    /// @inheritdoc IStateCommitmentChain
    function appendStateBatch(bytes32 batchRoot, uint256 batchSize, uint256 expectedStart) external {
        if (msg.sender != proposer) revert StateCommitmentChain_NotProposer(msg.sender);
        if (batchRoot == 0) revert StateCommitmentChain_ZeroRoot();
        if (batchSize == 0 || batchSize > StateBatchTree.MAX_SIZE) {
            revert StateBatchTree.StateBatchTree_SizeOutOfBounds(batchSize);
        }
        uint256 start = _totalElements;
        if (expectedStart != start) revert StateCommitmentChain_UnexpectedStart(expectedStart, start);

        _totalElements = uint64(start + batchSize);

        // The hash leaves the index out: it is where the container puts the batch.
        bytes32 batchHash = StateBatch(0, batchRoot, batchSize, start, block.timestamp).hash();
        uint256 batchIndex = IChainStorageContainer(batches).push(batchHash);
        emit StateBatchAppended(batchIndex, batchRoot, batchSize, start, block.timestamp);
    }

    /// @inheritdoc IStateCommitmentChain
    function deleteStateBatch(StateBatch calldata batch) external {
        if (msg.sender != challenger) revert StateCommitmentChain_NotChallenger(msg.sender);
        StateCommitment.verifyStored(batch, IChainStorageContainer(batches));
        uint256 endsAt = StateCommitment.endOfWindow(batch, FRAUD_PROOF_WINDOW);
        if (block.timestamp >= endsAt) {
            revert StateCommitmentChain_OutsideFraudProofWindow(batch.batchIndex, endsAt);
        }

        _totalElements = uint64(batch.prevTotalElements);

        IChainStorageContainer(batches).deleteElementsAfterInclusive(batch.batchIndex);
        emit StateBatchDeleted(batch.batchIndex, batch.batchRoot);
    }

    // --------------------------------------------------------------------------------------------------- verifying

    /// @inheritdoc IStateCommitmentChain
    function verifyStateCommitment(bytes32 stateRoot, StateRootProof calldata proof) external view {
        StateBatch memory batch = StateCommitment.batchOf(stateRoot, proof);
        StateCommitment.verifyFinalized(batch, IChainStorageContainer(batches), FRAUD_PROOF_WINDOW);
    }

    /// @inheritdoc IStateCommitmentChain
    function insideFraudProofWindow(StateBatch calldata batch) external view returns (bool) {
        StateCommitment.verifyStored(batch, IChainStorageContainer(batches));
        return block.timestamp < StateCommitment.endOfWindow(batch, FRAUD_PROOF_WINDOW);
    }

    /// @inheritdoc IStateCommitmentChain
    function getTotalElements() external view returns (uint256) {
        return _totalElements;
    }

    /// @inheritdoc IStateCommitmentChain
    function getTotalBatches() external view returns (uint256) {
        return IChainStorageContainer(batches).length();
    }

    // ------------------------------------------------------------------------------------------------------- roles

    /// @inheritdoc IStateCommitmentChain
    function setProposer(address newProposer) external onlyOwner {
        _setProposer(newProposer);
    }

    /// @inheritdoc IStateCommitmentChain
    function setChallenger(address newChallenger) external onlyOwner {
        _setChallenger(newChallenger);
    }

    function _setProposer(address newProposer) private {
        if (newProposer == address(0)) revert StateCommitmentChain_ZeroRole();
        emit ProposerChanged(proposer, newProposer);
        proposer = newProposer;
    }

    function _setChallenger(address newChallenger) private {
        if (newChallenger == address(0)) revert StateCommitmentChain_ZeroRole();
        emit ChallengerChanged(challenger, newChallenger);
        challenger = newChallenger;
    }
}
