// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {IStateCommitmentChain} from "xdm/contracts/interfaces/IStateCommitmentChain.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";
import {StateCommitment} from "xdm/contracts/libraries/StateCommitment.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Proof bugs of shipped messengers, none of which may be repeated.
contract ProofBugsTest is LaneTest {
    /// @dev Nomad: a root that nobody committed, zero, was trusted because it was the default of a mapping.
    function test_NoZeroRootIsTrusted() public {
        StateRootProof memory proof = StateRootProof(0, 1, 0, 0, 0, new bytes32[](0));
        vm.warp(10 * FRAUD_PROOF_WINDOW);

        // Nothing is stored: there is no batch to be trusted by default.
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 0, 0)
        );
        scc.verifyStateCommitment(0, proof);
        // A deleted batch is not stored either, and leaves no zero behind.
        StateBatch memory batch = _append(keccak256("root"), 1);
        vm.prank(challenger);
        scc.deleteStateBatch(batch);
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 0, 0)
        );
        scc.verifyStateCommitment(0, proof);
        // And no zero root can be committed.
        vm.prank(proposer);
        vm.expectRevert(IStateCommitmentChain.StateCommitmentChain_ZeroRoot.selector);
        scc.appendStateBatch(0, 1, 0);
    }

    /// @dev Leaves and inner nodes have no different domains: the length of the path tells them apart.
    function test_AnInnerNodeIsNoLeaf() public {
        bytes32[] memory leaves = _leaves(8);
        StateBatch memory batch = _append(StateBatchBuilder.rootOf(leaves), 8);
        vm.warp(batch.timestamp + FRAUD_PROOF_WINDOW);
        bytes32[] memory path = StateBatchBuilder.siblingsOf(leaves, 2);
        bytes32 inner = keccak256(abi.encode(leaves[2], leaves[3]));
        bytes32[] memory shorter = new bytes32[](2);
        (shorter[0], shorter[1]) = (path[1], path[2]);

        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_PathLength.selector, 2, 3));
        scc.verifyStateCommitment(inner, StateRootProof(0, 8, 0, batch.timestamp, 1, shorter));
        // As a leaf of a smaller tree with the same root: the size is part of the batch.
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        scc.verifyStateCommitment(inner, StateRootProof(0, 4, 0, batch.timestamp, 1, shorter));
        // The root itself, by an empty path.
        bytes32 root = batch.batchRoot;
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_PathLength.selector, 0, 3));
        scc.verifyStateCommitment(root, StateRootProof(0, 8, 0, batch.timestamp, 0, new bytes32[](0)));
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        scc.verifyStateCommitment(root, StateRootProof(0, 1, 0, batch.timestamp, 0, new bytes32[](0)));
    }

    function test_APaddingLeafIsNotProven() public {
        bytes32[] memory leaves = _leaves(5);
        StateBatch memory batch = _append(StateBatchBuilder.rootOf(leaves), 5);
        vm.warp(batch.timestamp + FRAUD_PROOF_WINDOW);
        bytes32 padding = keccak256(abi.encode(bytes32(0)));
        bytes32[] memory path = StateBatchBuilder.siblingsOf(leaves, 4);
        path[0] = leaves[4];

        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_IndexOutOfBounds.selector, 5, 5));
        scc.verifyStateCommitment(padding, StateRootProof(0, 5, 0, batch.timestamp, 5, path));
        // Of a larger tree with the same root: the size is part of the batch.
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        scc.verifyStateCommitment(padding, StateRootProof(0, 6, 0, batch.timestamp, 5, path));
    }

    function _leaves(uint256 size) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode("leaf", i));
        }
    }
}
