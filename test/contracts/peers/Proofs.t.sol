// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {IStateCommitmentChain} from "xdm/contracts/interfaces/IStateCommitmentChain.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";
import {StateCommitment} from "xdm/contracts/libraries/StateCommitment.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Proof bugs of shipped messengers, none of which may be repeated.
contract ProofBugsTest is MessageTreeTest {
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

    // ------------------------------------------------------------------------------------------- of the message tree

    /// @dev The default of the mapping of roots is no root: no path leads to it, whatever the siblings.
    function test_NoZeroMessageRootIsTrusted() public {
        Message memory forged = Message(0, alice, address(recorder), 1 ether, 0, "");
        for (uint256 count = 1; count < 9; ++count) {
            bytes32[] memory siblings = MessageTreeBuilder.pathOf(new bytes32[](count), 0);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootNotProven.selector, count
                )
            );
            l1Messenger.relayMessageByPath(forged, count, siblings);
        }
        // Nor can the tree of no messages be proven.
        _sendRecord();
        MessageProof memory proof = _finalizedTreeProof();
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_CountOutOfBounds.selector, 0));
        l1Messenger.proveMessageRoot(0, new bytes32[](0), proof);
    }

    /// @dev "An index larger than the tree" (Polygon): bits of an index above the tree's height are not ignored.
    function test_AnIndexLargerThanTheTreeProvesNothing() public {
        Message memory message = _sendRecords(5)[1];
        _proveRoot();
        bytes32[] memory path = _pathOf(message);
        assertTrue(l1Messenger.relayMessageByPath(message, 5, path));

        // The same leaf seen from indices that are the same below the height would be as many more deliveries.
        for (uint256 bit = 3; bit < 240; bit += 13) {
            Message memory alias_ = message;
            alias_.nonce |= 1 << bit;
            uint256 index = uint240(alias_.nonce);
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, index, 5));
            l1Messenger.relayMessageByPath(alias_, 5, path);
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, index, 5));
            l1Messenger.relayMessages(_only(alias_), 5, path);
        }
    }

    /// @dev "A padding leaf proven": there are none, so that a message of the leaf that a padded tree would have there
    /// could not be told from nothing.
    function test_TheMessageTreeHasNoPadding() public {
        _sendRecords(5);
        _proveRoot();
        bytes32[] memory padded = new bytes32[](8);
        for (uint256 i = 0; i < 5; ++i) {
            padded[i] = treeKeys[i];
        }
        assertNotEq(l1Messenger.messageRoots(5), MessageTreeBuilder.rootOf(padded));
        assertEq(l1Messenger.messageRoots(8), 0);
    }

    /// @dev "Empty or short path": the tree's root, or a node below it, is not taken for a message's leaf.
    function test_AShortPathProvesNothing() public {
        Message memory message = _sendRecords(8)[0];
        _proveRoot();
        bytes32[] memory path = _pathOf(message);
        for (uint256 length = 0; length < path.length; ++length) {
            bytes32[] memory shorter = new bytes32[](length);
            for (uint256 i = 0; i < length; ++i) {
                shorter[i] = path[path.length - length + i];
            }
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_SiblingCount.selector, length, 3));
            l1Messenger.relayMessageByPath(message, 8, shorter);
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_SiblingCount.selector, length, 3));
            l1Messenger.relayMessages(_only(message), 8, shorter);
        }
    }

    /// @dev A proof of leaves in which the same one stands twice would deliver twice what was sent once.
    function test_ALeafCannotBeProvenTwiceInOneProof() public {
        Message memory message = _sendRecords(2)[1];
        _proveRoot();
        Message[] memory twice = new Message[](2);
        (twice[0], twice[1]) = (message, message);
        bytes32[] memory siblings = _siblingsOf(twice);

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndicesNotAscending.selector, 1, 1));
        l1Messenger.relayMessages(twice, 2, siblings);
    }

    function _leaves(uint256 size) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode("leaf", i));
        }
    }
}
