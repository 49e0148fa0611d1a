// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {IL2ToL1MessagePasser} from "xdm/contracts/interfaces/IL2ToL1MessagePasser.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";
import {StateCommitment} from "xdm/contracts/libraries/StateCommitment.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Proving a root of the message tree, and each way in which that is refused.
contract MessageRootTest is MessageTreeTest {
    uint256 private count;
    bytes32[] private peaks;
    MessageProof private proof;

    function setUp() public override {
        super.setUp();
        _sendRecords(13);
        (count, peaks) = passer.treePeaks();
        proof = _finalizedTreeProof();
    }

    // ----------------------------------------------------------------------------------------------------- success

    function test_ProvesTheRoot() public {
        bytes32 expected = MessageTreeBuilder.rootOf(treeKeys);
        assertEq(l1Messenger.messageRoots(13), 0);

        vm.expectEmit(address(l1Messenger));
        emit IL1CrossDomainMessenger.MessageRootProven(13, expected);
        vm.prank(alice);
        assertEq(_prove(count, peaks, proof), expected);

        assertEq(l1Messenger.messageRoots(13), expected);
        assertEq(l1Messenger.messageRoots(12), 0);
        assertEq(l1Messenger.messageRoots(14), 0);
    }

    function test_ProvesTheRootAfterEachMessage() public {
        for (uint256 i = 14; i <= 34; ++i) {
            _sendRecord();
            assertEq(_proveRoot(), i);
            assertEq(l1Messenger.messageRoots(i), MessageTreeBuilder.rootOf(treeKeys));
        }
    }

    /// @dev The commitment of an earlier tree stands in its slot until the next tree of its kind: the latest state proves
    /// it as well.
    function test_ProvesAnEarlierRootByALaterState() public {
        _sendRecords(3);
        bytes32[] memory earlier = MessageTreeBuilder.peaksOf(_firstKeys(14));
        (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_commitmentSlot(14));

        bytes32 root = _prove(14, earlier, MessageProof(_commitFinal(stateRoot), nodes));

        assertEq(root, MessageTreeBuilder.rootOf(_firstKeys(14)));
    }

    /// @dev Two relayers that prove the same root both get on; the second pays little, and need not prove anything.
    function test_ProvesARootOnce() public {
        bytes32 root = _prove(count, peaks, proof);
        vm.recordLogs();

        assertEq(_prove(count, peaks, proof), root);
        MessageProof memory none;
        assertEq(_prove(count, new bytes32[](0), none), root);
        assertLt(vm.lastCallGas().gasTotalUsed, 35_000);

        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(l1Messenger.messageRoots(13), root);
    }

    // ------------------------------------------------------------------------------------------- count and peaks

    function test_RevertWhen_TheTreeIsEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_CountOutOfBounds.selector, 0));
        _prove(0, new bytes32[](0), proof);
    }

    function test_RevertWhen_TheCountIsBeyondAnyTree() public {
        bytes32[] memory one = new bytes32[](1);
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_CountOutOfBounds.selector, 1 << 64));
        _prove(1 << 64, one, proof);
    }

    function test_RevertWhen_APeakIsMissingOrAdded() public {
        bytes32[] memory fewer = MessageTreeBuilder.peaksOf(_firstKeys(12));
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_PeakCount.selector, 2, 3));
        _prove(13, fewer, proof);
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_PeakCount.selector, 4, 3));
        _prove(13, new bytes32[](4), proof);
    }

    function test_RevertWhen_APeakIsAnother() public {
        for (uint256 i = 0; i < peaks.length; ++i) {
            bytes32[] memory changed = MessageTreeBuilder.peaksOf(treeKeys);
            changed[i] ^= bytes32(uint256(1));
            _expectMismatch(13, changed);
            _prove(13, changed, proof);
        }
        bytes32[] memory swapped = MessageTreeBuilder.peaksOf(treeKeys);
        (swapped[0], swapped[1]) = (swapped[1], swapped[0]);
        _expectMismatch(13, swapped);
        _prove(13, swapped, proof);
    }

    /// @dev 7, 11 and 19 have as many peaks as 13, and their commitments the same slot: the commitment binds the count.
    function test_RevertWhen_TheCountIsAnotherWithTheSameSlot() public {
        uint256[3] memory others = [uint256(7), 11, 19];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectMismatch(others[i], peaks);
            _prove(others[i], peaks, proof);
        }
    }

    /// @dev 14 has as many peaks as 13, and another slot.
    function test_RevertWhen_TheCountIsAnotherWithAnotherSlot() public {
        vm.expectPartialRevert(MerkleTrie.MerkleTrie_NodeMismatch.selector);
        _prove(14, peaks, proof);
        (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_commitmentSlot(14));
        MessageProof memory other = MessageProof(_commitFinal(stateRoot), nodes);
        // The slot holds the commitment to the tree of 10.
        vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_TreeMismatch.selector);
        _prove(14, peaks, other);
        _prove(10, MessageTreeBuilder.peaksOf(_firstKeys(10)), other);
    }

    /// @dev A tree that is yet to come, computed from what will be sent.
    function test_RevertWhen_TheTreeIsNotThereYet() public {
        _sendRecords(2);
        (uint256 later, bytes32[] memory laterPeaks) = passer.treePeaks();

        vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_TreeMismatch.selector);
        _prove(later, laterPeaks, proof);
    }

    // ------------------------------------------------------------------------------------------------------ slots

    function test_RevertWhen_TheProofIsOfAnotherSlot() public {
        bytes32[4] memory slots =
            [bytes32(COUNT_SLOT), bytes32(PEAKS_SLOT), bytes32(COMMITMENTS_SLOT + 1), _firstMessageSlot()];
        for (uint256 i = 0; i < slots.length; ++i) {
            (bytes32 stateRoot, bytes memory nodes) = _proveSlot(slots[i]);
            MessageProof memory other = MessageProof(_commitFinal(stateRoot), nodes);
            vm.expectRevert();
            _prove(count, peaks, other);
        }
        assertEq(l1Messenger.messageRoots(13), 0);
    }

    /// @dev A proof of a message is none of a root, and the other way round.
    function test_AProofOfAMessageIsNoneOfARoot() public {
        (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_firstMessageSlot());
        MessageProof memory other = MessageProof(_commitFinal(stateRoot), nodes);

        vm.expectPartialRevert(MerkleTrie.MerkleTrie_NodeMismatch.selector);
        _prove(count, peaks, other);
    }

    function test_RevertWhen_AnyByteOfTheProofIsChanged() public {
        bytes memory original = proof.nodes;
        for (uint256 i = 0; i < original.length; i += 3) {
            bytes memory changed = bytes.concat(original);
            changed[i] = bytes1(uint8(changed[i]) ^ uint8(1 << (i % 8)));
            _expectRefused(MessageProof(proof.stateRootProof, changed));
        }
        _expectRefused(MessageProof(proof.stateRootProof, ""));
        _expectRefused(MessageProof(proof.stateRootProof, bytes.concat(original, hex"00")));
    }

    /// @dev The same messages, through a passer that is not the lane's: its account is another one.
    function test_RevertWhen_TheProofIsOfAnotherPasser() public {
        IL2ToL1MessagePasser other = IL2ToL1MessagePasser(_create("L2ToL1MessagePasser", abi.encode(alice)));
        vm.startPrank(alice);
        for (uint256 i = 0; i < 13; ++i) {
            other.passMessage(treeKeys[i]);
        }
        vm.stopPrank();
        TrieBuilder.Proof memory storageProof =
            TrieBuilder.prove(_passerStorage(), abi.encode(keccak256(abi.encode(_commitmentSlot(13)))));
        TrieBuilder.Entry[] memory accounts = _accounts(keccak256("storage of the lane's passer"));
        accounts[1] = TrieBuilder.hashedEntry(abi.encodePacked(address(other)), _account(1, 0, storageProof.root));
        TrieBuilder.Proof memory accountProof =
            TrieBuilder.prove(accounts, abi.encode(keccak256(abi.encodePacked(address(other)))));
        bytes memory nodes = bytes.concat(TrieBuilder.pack(accountProof.nodes), TrieBuilder.pack(storageProof.nodes));
        MessageProof memory ofOther = MessageProof(_commitFinal(accountProof.root), nodes);

        vm.expectPartialRevert(MerkleTrie.MerkleTrie_NodeMismatch.selector);
        _prove(count, peaks, ofOther);
    }

    // ------------------------------------------------------------------------------------------------- state roots

    function test_RevertWhen_TheBatchIsOneSecondInsideItsWindow() public {
        uint256 endsAt = proof.stateRootProof.timestamp + FRAUD_PROOF_WINDOW;
        vm.warp(endsAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(StateCommitment.StateCommitmentChain_InsideFraudProofWindow.selector, 0, endsAt)
        );
        _prove(count, peaks, proof);

        vm.warp(endsAt);
        _prove(count, peaks, proof);
    }

    function test_RevertWhen_TheBatchWasDeleted() public {
        MessageProof memory deleted = _deletedProof();
        vm.warp(vm.getBlockTimestamp() + 2 * FRAUD_PROOF_WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 1, 1)
        );
        _prove(count, peaks, deleted);

        _append(keccak256("another batch"), 5);
        vm.warp(vm.getBlockTimestamp() + 2 * FRAUD_PROOF_WINDOW);
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        _prove(count, peaks, deleted);
    }

    function test_RevertWhen_AnyFieldOfTheStateRootProofDiffers() public {
        for (uint256 i = 0; i < 6; ++i) {
            MessageProof memory changed = proof;
            if (i == 0) changed.stateRootProof.batchSize += 1;
            if (i == 1) changed.stateRootProof.prevTotalElements += 1;
            if (i == 2) changed.stateRootProof.timestamp -= 1;
            if (i == 3) changed.stateRootProof.index ^= 1;
            if (i == 4) changed.stateRootProof.siblings[1] ^= bytes32(uint256(1));
            if (i == 5) changed.stateRootProof.batchIndex += 1;
            _expectRefused(changed);
        }
    }

    /// @dev A state root that nobody committed.
    function test_RevertWhen_TheStateRootIsNotInTheBatch() public {
        _append(keccak256("root"), 1);
        StateBatch memory batch = StateBatch(1, keccak256("root"), 1, 5, vm.getBlockTimestamp());
        vm.warp(batch.timestamp + FRAUD_PROOF_WINDOW);
        StateRootProof memory other = StateRootProof(1, 1, 5, batch.timestamp, 0, new bytes32[](0));

        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        _prove(count, peaks, MessageProof(other, proof.nodes));
    }

    // ------------------------------------------------------------------------------------------------------- pause

    function test_RevertWhen_Paused() public {
        vm.prank(guardian);
        l1Messenger.pause();

        vm.expectRevert(abi.encodeWithSignature("EnforcedPause()"));
        _prove(count, peaks, proof);

        vm.prank(owner);
        l1Messenger.unpause();
        _prove(count, peaks, proof);
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    function _prove(uint256 leaves, bytes32[] memory given, MessageProof memory givenProof) private returns (bytes32) {
        return l1Messenger.proveMessageRoot(leaves, given, givenProof);
    }

    function _expectMismatch(uint256 given, bytes32[] memory givenPeaks) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IL1CrossDomainMessenger.L1CrossDomainMessenger_TreeMismatch.selector,
                given,
                MessageTree.commitmentOf(13, peaks),
                MessageTree.commitmentOf(given, givenPeaks)
            )
        );
    }

    /// @dev Refused by an error of the verifier's own, never by a panic.
    function _expectRefused(MessageProof memory changed) private {
        try l1Messenger.proveMessageRoot(count, peaks, changed) returns (bytes32) {
            assertTrue(false, "accepted");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == MerkleTrie.MerkleTrie_NodeMismatch.selector
                    || selector == MerkleTrie.MerkleTrie_ProofTooShort.selector
                    || selector == MerkleTrie.MerkleTrie_KeyNotFound.selector
                    || selector == MerkleTrie.MerkleTrie_MalformedNode.selector
                    || selector == RLP.RLP_OutOfBounds.selector || selector == RLP.RLP_NotCanonical.selector
                    || selector == RLP.RLP_UnexpectedType.selector
                    || selector == bytes4(keccak256("StorageProof_TrailingBytes(uint256)"))
                    || selector == StateBatchTree.StateBatchTree_IndexOutOfBounds.selector
                    || selector == StateCommitment.StateCommitmentChain_BatchMismatch.selector
                    || selector == IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector,
                "an error of its own"
            );
        }
        assertEq(l1Messenger.messageRoots(count), 0);
    }

    function _firstMessageSlot() private view returns (bytes32) {
        return keccak256(abi.encode(treeKeys[0], uint256(0)));
    }

    function _firstKeys(uint256 length) private view returns (bytes32[] memory keys) {
        keys = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            keys[i] = treeKeys[i];
        }
    }

    function _commitFinal(bytes32 stateRoot) private returns (StateRootProof memory stateRootProof) {
        stateRootProof = _commit(stateRoot, 2, 5);
        vm.warp(stateRootProof.timestamp + FRAUD_PROOF_WINDOW);
    }

    /// @dev A proof in a batch that was deleted inside its window.
    function _deletedProof() private returns (MessageProof memory deleted) {
        deleted = _treeProofInWindow();
        StateRootProof memory given = deleted.stateRootProof;
        bytes32[] memory leaves = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) {
            leaves[i] = keccak256(abi.encode("state root", given.prevTotalElements + i));
        }
        (leaves[2],) = _proveSlot(_commitmentSlot(13));
        bytes32 batchRoot = StateBatchBuilder.rootOf(leaves);
        vm.prank(challenger);
        scc.deleteStateBatch(
            StateBatch(given.batchIndex, batchRoot, given.batchSize, given.prevTotalElements, given.timestamp)
        );
    }
}
