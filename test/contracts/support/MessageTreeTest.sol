// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "./LaneTest.sol";
import {MessageTreeBuilder} from "./MessageTreeBuilder.sol";
import {Recorder} from "./targets/Recorder.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice A lane whose messages from L2 are relayed by the message tree.
abstract contract MessageTreeTest is LaneTest {
    Recorder internal recorder;

    function setUp() public virtual override {
        super.setUp();
        recorder = new Recorder(l1Messenger);
        vm.deal(address(l1Messenger), 10 ether);
    }

    // ----------------------------------------------------------------------------------------------------- sending

    /// @dev A message that the recorder takes.
    function _sendRecord() internal returns (Message memory) {
        return _sendTo(address(recorder), 200_000);
    }

    function _sendRecords(uint256 count) internal returns (Message[] memory messages) {
        messages = new Message[](count);
        for (uint256 i = 0; i < count; ++i) {
            messages[i] = _sendRecord();
        }
    }

    /// @dev A message whose data no other has.
    function _sendTo(address target, uint32 gasLimit) internal returns (Message memory) {
        return _sendFromL2(alice, target, _uniqueRecord(), gasLimit, 0);
    }

    /// @dev What the L2 messenger does not let be sent: another version of it would.
    function _sendAsL2Messenger(address target, uint256 gasLimit) internal returns (Message memory message) {
        message = Message(l2Messenger.messageNonce(), alice, target, 0, gasLimit, _uniqueRecord());
        bytes32 messageHash = message.hash();
        bytes32 key = l2Messenger.messageKey(messageHash);
        vm.prank(address(l2Messenger));
        passer.passMessage(key);
        _recordPassed(messageHash);
    }

    function _uniqueRecord() private view returns (bytes memory) {
        bytes32 unique = keccak256(abi.encode(treeKeys.length));
        return abi.encodeCall(Recorder.record, (unique, ~unique, keccak256("c"), keccak256("d")));
    }

    // -------------------------------------------------------------------------------------------- proving the root

    /// @dev Proves the root of the tree as it is now; returns its number of leaves.
    function _proveRoot() internal returns (uint256 count) {
        bytes32[] memory peaks;
        (count, peaks) = passer.treePeaks();
        l1Messenger.proveMessageRoot(count, peaks, _finalizedTreeProof());
    }

    /// @dev A proof of the tree as it is now that can be used at once.
    function _finalizedTreeProof() internal returns (MessageProof memory proof) {
        proof = _treeProofInWindow();
        vm.warp(proof.stateRootProof.timestamp + FRAUD_PROOF_WINDOW);
    }

    /// @dev A proof of the tree as it is now whose batch was committed just now.
    function _treeProofInWindow() internal returns (MessageProof memory) {
        (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_commitmentSlot(passer.messageCount()));
        return MessageProof(_commit(stateRoot, 2, 5), nodes);
    }

    /// @dev Where the passer keeps its commitment to a tree.
    function _commitmentSlot(uint256 count) internal pure returns (bytes32) {
        return bytes32(COMMITMENTS_SLOT + MessageTree.commitmentLevel(count));
    }

    // ---------------------------------------------------------------------------------------------------- relaying

    /// @dev Relays by the path in the tree as it is now.
    function _relayByPath(Message memory message) internal returns (bool) {
        return l1Messenger.relayMessageByPath(message, treeKeys.length, _pathOf(message));
    }

    /// @dev Relays as a batch in the tree as it is now.
    function _relayAll(Message[] memory messages) internal returns (uint256 done) {
        return l1Messenger.relayMessages(messages, treeKeys.length, _siblingsOf(messages));
    }

    function _pathOf(Message memory message) internal view returns (bytes32[] memory) {
        return MessageTreeBuilder.pathOf(treeKeys, _indexOf(message));
    }

    function _siblingsOf(Message[] memory messages) internal view returns (bytes32[] memory) {
        uint256[] memory indices = new uint256[](messages.length);
        for (uint256 i = 0; i < messages.length; ++i) {
            indices[i] = _indexOf(messages[i]);
        }
        return MessageTreeBuilder.multiproofOf(treeKeys, indices);
    }

    function _indexOf(Message memory message) internal pure returns (uint256) {
        return uint240(message.nonce);
    }

    /// @dev The messages of the list at the places `from` to `to`, without the last.
    function _slice(Message[] memory messages, uint256 from, uint256 to) internal pure returns (Message[] memory part) {
        part = new Message[](to - from);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = messages[from + i];
        }
    }

    function _only(Message memory message) internal pure returns (Message[] memory messages) {
        messages = new Message[](1);
        messages[0] = message;
    }
}
