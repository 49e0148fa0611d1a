// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";
import {StateCommitment} from "xdm/contracts/libraries/StateCommitment.sol";
import {StorageProof} from "xdm/contracts/libraries/StorageProof.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Each way in which a proof can fail to hold, and that it is refused by its own error.
contract ProofTest is LaneTest {
    Message private message;
    MessageProof private proof;
    /// @dev The packed nodes one by one: of the account proof, then of the storage proof.
    bytes[] private nodes;
    uint256 private accountNodes;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 30; ++i) {
            _sendFromL2(alice, alice, abi.encode(i), 0, 0);
        }
        message = _sendFromL2(alice, makeAddr("target"), "", 0, 0);
        proof = _finalizedProof(message);
        _splitNodes();
    }

    function test_TheProofHolds() public {
        assertTrue(l1Messenger.relayMessage(message, proof));
    }

    // ------------------------------------------------------------------------------------------------------- nodes

    function test_RevertWhen_AnyByteOfTheProofIsChanged() public {
        bytes memory original = proof.nodes;
        for (uint256 i = 0; i < original.length; ++i) {
            bytes memory changed = bytes.concat(original);
            changed[i] = bytes1(uint8(changed[i]) ^ uint8(1 << (i % 8)));
            _expectRefused(changed);
        }
        for (uint256 i = 0; i < original.length; i += 7) {
            bytes memory changed = bytes.concat(original);
            changed[i] ^= 0x80;
            _expectRefused(changed);
        }
    }

    function test_RevertWhen_AByteOfALaterNodeIsChanged() public {
        bytes[] memory changed = nodes;
        // The last byte of each node is part of a hash or of the value; its own length stays as it is.
        for (uint256 i = 1; i < changed.length; ++i) {
            bytes memory node = bytes.concat(changed[i]);
            bytes32 expected = keccak256(node);
            node[node.length - 1] ^= 0x01;
            bytes memory packed = _packWith(i, node);

            vm.expectRevert(
                abi.encodeWithSelector(MerkleTrie.MerkleTrie_NodeMismatch.selector, expected, keccak256(node))
            );
            l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, packed));
        }
    }

    function test_RevertWhen_AByteOfTheRootNodeIsChanged() public {
        bytes memory node = bytes.concat(nodes[0]);
        node[node.length - 2] ^= 0x01;

        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, _packWith(0, node)));
    }

    function test_RevertWhen_ANodeIsDropped() public {
        for (uint256 i = 0; i < nodes.length; ++i) {
            _expectRefused(_packWith(i, ""));
        }
        // The last one: there is no node where one must follow.
        vm.expectRevert(MerkleTrie.MerkleTrie_ProofTooShort.selector);
        l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, _packWith(nodes.length - 1, "")));
        // One in between: the next node is not the one that is named.
        vm.expectRevert(
            abi.encodeWithSelector(
                MerkleTrie.MerkleTrie_NodeMismatch.selector, keccak256(nodes[1]), keccak256(nodes[2])
            )
        );
        l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, _packWith(1, "")));
    }

    function test_RevertWhen_ANodeIsAdded() public {
        for (uint256 i = 0; i < nodes.length; ++i) {
            _expectRefused(_packWith(i, bytes.concat(nodes[i], nodes[i])));
        }
        vm.expectRevert(abi.encodeWithSelector(StorageProof.StorageProof_TrailingBytes.selector, nodes[0].length));
        l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, bytes.concat(proof.nodes, nodes[0])));
        vm.expectRevert(abi.encodeWithSelector(StorageProof.StorageProof_TrailingBytes.selector, 1));
        l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, bytes.concat(proof.nodes, hex"00")));
    }

    function test_RevertWhen_NodesAreReordered() public {
        for (uint256 i = 0; i < nodes.length; ++i) {
            for (uint256 j = i + 1; j < nodes.length; ++j) {
                bytes[] memory swapped = nodes;
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                _expectRefused(TrieBuilder.pack(swapped));
            }
        }
    }

    function test_RevertWhen_TheProofIsEmpty() public {
        _expectRefused("");
    }

    function test_RevertWhen_TheProofIsOfAnotherSlot() public {
        (bytes32 stateRoot, bytes memory otherNodes) = _proveSlot(bytes32(uint256(1)));
        MessageProof memory other = MessageProof(_commitFinal(stateRoot), otherNodes);

        // The way to another slot parts from the way to this one at the node whose hash does not fit.
        vm.expectPartialRevert(MerkleTrie.MerkleTrie_NodeMismatch.selector);
        l1Messenger.relayMessage(message, other);
    }

    function test_RevertWhen_TheMessageWasNotSent() public {
        Message memory forged = message;
        forged.sender = makeAddr("mallory");
        (bytes32 stateRoot, bytes memory towards) = _proveSlot(_passerSlot(forged.hash()));
        MessageProof memory absence = MessageProof(_commitFinal(stateRoot), towards);

        vm.expectRevert(MerkleTrie.MerkleTrie_KeyNotFound.selector);
        l1Messenger.relayMessage(forged, absence);
    }

    function test_RevertWhen_TheSlotHoldsAnotherValue() public {
        Message memory other = _sendFromL2(alice, makeAddr("target"), "", 0, 0);
        bytes32 slot = _passerSlot(other.hash());
        passerStorage.pop();
        passerStorage.push(TrieBuilder.hashedEntry(abi.encode(slot), hex"02"));
        (bytes32 stateRoot, bytes memory otherNodes) = _proveSlot(slot);
        StateRootProof memory stateRootProof = _commitFinal(stateRoot);

        vm.expectRevert(
            abi.encodeWithSelector(
                IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageNotPassed.selector, other.hash(), 2
            )
        );
        l1Messenger.relayMessage(other, MessageProof(stateRootProof, otherNodes));
    }

    // ------------------------------------------------------------------------------------------------- state roots

    function test_RevertWhen_TheStateRootIsNotInTheBatch() public {
        (bytes32 stateRoot, bytes memory otherNodes) = _proveSlot(_passerSlot(message.hash()));
        StateRootProof memory stateRootProof = proof.stateRootProof;
        assertEq(keccak256(nodes[0]), stateRoot);
        stateRootProof.index = 3;

        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        l1Messenger.relayMessage(message, MessageProof(stateRootProof, otherNodes));
    }

    function test_RevertWhen_AnyFieldOfTheStateRootProofDiffers() public {
        for (uint256 i = 0; i < 5; ++i) {
            StateRootProof memory changed = proof.stateRootProof;
            if (i == 0) changed.batchSize += 1;
            if (i == 1) changed.prevTotalElements += 1;
            if (i == 2) changed.timestamp -= 1;
            if (i == 3) changed.index ^= 1;
            if (i == 4) changed.siblings[1] ^= bytes32(uint256(1));

            vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
            l1Messenger.relayMessage(message, MessageProof(changed, proof.nodes));
        }
    }

    function test_RevertWhen_TheBatchIndexDoesNotFit() public {
        StateRootProof memory changed = proof.stateRootProof;
        changed.batchIndex = 1;
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 1, 1)
        );
        l1Messenger.relayMessage(message, MessageProof(changed, proof.nodes));

        _append(keccak256("another batch"), 5);
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        l1Messenger.relayMessage(message, MessageProof(changed, proof.nodes));
    }

    function test_RevertWhen_TheIndexIsOutsideTheBatch() public {
        StateRootProof memory changed = proof.stateRootProof;
        changed.index = 5;

        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_IndexOutOfBounds.selector, 5, 5));
        l1Messenger.relayMessage(message, MessageProof(changed, proof.nodes));
    }

    function test_RevertWhen_TheBatchSizeIsOutOfBounds() public {
        uint256[3] memory sizes = [uint256(0), 65_537, type(uint256).max];
        for (uint256 i = 0; i < sizes.length; ++i) {
            StateRootProof memory changed = proof.stateRootProof;
            changed.batchSize = sizes[i];
            vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, sizes[i]));
            l1Messenger.relayMessage(message, MessageProof(changed, proof.nodes));
        }
    }

    function test_RevertWhen_ThePathIsTooShortOrTooLong() public {
        uint256[3] memory lengths = [uint256(0), 2, 4];
        for (uint256 i = 0; i < lengths.length; ++i) {
            StateRootProof memory changed = proof.stateRootProof;
            changed.siblings = new bytes32[](lengths[i]);
            vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_PathLength.selector, lengths[i], 3));
            l1Messenger.relayMessage(message, MessageProof(changed, proof.nodes));
        }
    }

    // ------------------------------------------------------------------------------------------ window and deletion

    function test_RevertWhen_TheBatchIsOneSecondInsideItsWindow() public {
        uint256 endsAt = proof.stateRootProof.timestamp + FRAUD_PROOF_WINDOW;
        vm.warp(endsAt - 1);

        vm.expectRevert(
            abi.encodeWithSelector(StateCommitment.StateCommitmentChain_InsideFraudProofWindow.selector, 0, endsAt)
        );
        l1Messenger.relayMessage(message, proof);
    }

    function test_RelaysExactlyWhenTheWindowEnds() public {
        vm.warp(proof.stateRootProof.timestamp + FRAUD_PROOF_WINDOW);
        assertTrue(l1Messenger.relayMessage(message, proof));
    }

    function test_RevertWhen_TheBatchWasDeleted() public {
        Message memory other = _sendFromL2(alice, makeAddr("target"), "", 0, 0);
        MessageProof memory deleted = _proofInWindow(other);
        _deleteBatch(deleted);
        vm.warp(vm.getBlockTimestamp() + 2 * FRAUD_PROOF_WINDOW);

        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 1, 1)
        );
        l1Messenger.relayMessage(other, deleted);

        // Another batch in its place does not bring it back.
        _append(keccak256("another batch"), 5);
        vm.warp(vm.getBlockTimestamp() + 2 * FRAUD_PROOF_WINDOW);
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        l1Messenger.relayMessage(other, deleted);
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    /// @dev Refused by an error of the verifier's own, never by a panic.
    function _expectRefused(bytes memory changed) private {
        try l1Messenger.relayMessage(message, MessageProof(proof.stateRootProof, changed)) returns (bool) {
            assertTrue(false, "accepted");
        } catch (bytes memory reason) {
            assertTrue(_isVerifierError(bytes4(reason)), "an error of its own");
        }
    }

    function _isVerifierError(bytes4 selector) private pure returns (bool) {
        bytes4[10] memory errors = [
            MerkleTrie.MerkleTrie_NodeMismatch.selector,
            MerkleTrie.MerkleTrie_ProofTooShort.selector,
            MerkleTrie.MerkleTrie_KeyNotFound.selector,
            MerkleTrie.MerkleTrie_MalformedNode.selector,
            RLP.RLP_OutOfBounds.selector,
            RLP.RLP_NotCanonical.selector,
            RLP.RLP_UnexpectedType.selector,
            StorageProof.StorageProof_TrailingBytes.selector,
            StorageProof.StorageProof_MalformedValue.selector,
            StateCommitment.StateCommitmentChain_BatchMismatch.selector
        ];
        for (uint256 i = 0; i < errors.length; ++i) {
            if (errors[i] == selector) return true;
        }
        return false;
    }

    function _packWith(uint256 index, bytes memory node) private view returns (bytes memory packed) {
        for (uint256 i = 0; i < nodes.length; ++i) {
            packed = bytes.concat(packed, i == index ? node : nodes[i]);
        }
    }

    function _splitNodes() private {
        TrieBuilder.Proof memory storageProof =
            TrieBuilder.prove(_passerStorage(), abi.encode(keccak256(abi.encode(_passerSlot(message.hash())))));
        TrieBuilder.Proof memory accountProof =
            TrieBuilder.prove(_accounts(storageProof.root), abi.encode(keccak256(abi.encodePacked(address(passer)))));
        for (uint256 i = 0; i < accountProof.nodes.length; ++i) {
            nodes.push(accountProof.nodes[i]);
        }
        accountNodes = nodes.length;
        for (uint256 i = 0; i < storageProof.nodes.length; ++i) {
            nodes.push(storageProof.nodes[i]);
        }
        assertEq(TrieBuilder.pack(nodes), proof.nodes);
        assertGe(nodes.length, 5);
    }

    function _commitFinal(bytes32 stateRoot) private returns (StateRootProof memory stateRootProof) {
        stateRootProof = _commit(stateRoot, 2, 5);
        vm.warp(stateRootProof.timestamp + FRAUD_PROOF_WINDOW);
    }

    function _deleteBatch(MessageProof memory deleted) private {
        StateRootProof memory given = deleted.stateRootProof;
        bytes32[] memory leaves = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) {
            leaves[i] = keccak256(abi.encode("state root", given.prevTotalElements + i));
        }
        (bytes32 stateRoot,) = _proveSlot(bytes32(uint256(1)));
        leaves[2] = stateRoot;
        vm.prank(challenger);
        scc.deleteStateBatch(
            StateBatch(
                given.batchIndex,
                StateBatchBuilder.rootOf(leaves),
                given.batchSize,
                given.prevTotalElements,
                given.timestamp
            )
        );
    }
}
