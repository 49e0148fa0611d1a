// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Each way in which the proof of a batch of messages is refused.
contract BatchProofTest is MessageTreeTest {
    function test_RevertWhen_TheBatchIsEmpty() public {
        _sendRecord();
        _proveRoot();
        vm.expectRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_EmptyBatch.selector);
        l1Messenger.relayMessages(new Message[](0), 1, new bytes32[](0));
    }

    function test_RevertWhen_TheRootWasNotProven() public {
        Message[] memory messages = _sendRecords(3);
        bytes32[] memory siblings = _siblingsOf(messages);

        vm.expectRevert(
            abi.encodeWithSelector(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootNotProven.selector, 3)
        );
        l1Messenger.relayMessages(messages, 3, siblings);
    }

    /// @dev One message that was not sent spoils the proof of all.
    function test_RevertWhen_AMessageIsForged() public {
        Message[] memory messages = _sendRecords(5);
        _proveRoot();
        for (uint256 i = 0; i < 5; ++i) {
            Message[] memory forged = abi.decode(abi.encode(messages), (Message[]));
            forged[i].sender = makeAddr("mallory");
            bytes32[] memory siblings = _siblingsOf(forged);

            vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector);
            l1Messenger.relayMessages(forged, 5, siblings);
        }
        assertEq(recorder.count(), 0);
    }

    function test_RevertWhen_AMessageComesTwice() public {
        Message[] memory messages = _sendRecords(5);
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        messages[3] = messages[2];

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndicesNotAscending.selector, 2, 2));
        l1Messenger.relayMessages(messages, 5, siblings);
    }

    function test_RevertWhen_MessagesAreOutOfOrder() public {
        Message[] memory messages = _sendRecords(5);
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        (messages[1], messages[3]) = (messages[3], messages[1]);

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndicesNotAscending.selector, 3, 2));
        l1Messenger.relayMessages(messages, 5, siblings);
    }

    function test_RevertWhen_AMessageIsNotInTheTree() public {
        Message[] memory messages = _sendRecords(5);
        _proveRoot();
        Message[] memory more = new Message[](6);
        for (uint256 i = 0; i < 5; ++i) {
            more[i] = messages[i];
        }
        more[5] = _sendRecord();

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, 5, 5));
        l1Messenger.relayMessages(more, 5, new bytes32[](0));
    }

    function test_RevertWhen_ThereAreMoreOrFewerSiblings() public {
        Message[] memory messages = _slice(_sendRecords(9), 2, 5);
        _proveRoot();
        uint256 needed = _siblingsOf(messages).length;
        assertEq(needed, 4);
        for (uint256 length = 0; length < 12; ++length) {
            if (length == needed) continue;
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_SiblingCount.selector, length, needed));
            l1Messenger.relayMessages(messages, 9, new bytes32[](length));
        }
    }

    function test_RevertWhen_SiblingsAreSwapped() public {
        Message[] memory messages = _slice(_sendRecords(9), 2, 5);
        _proveRoot();
        for (uint256 i = 0; i < 3; ++i) {
            bytes32[] memory siblings = _siblingsOf(messages);
            (siblings[i], siblings[i + 1]) = (siblings[i + 1], siblings[i]);
            vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector);
            l1Messenger.relayMessages(messages, 9, siblings);
        }
    }

    /// @dev 10 leaves instead of 9: as many siblings, another tree.
    function test_RevertWhen_TheCountIsAnother() public {
        Message[] memory messages = _slice(_sendRecords(9), 2, 5);
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);

        vm.expectRevert(
            abi.encodeWithSelector(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootNotProven.selector, 10)
        );
        l1Messenger.relayMessages(messages, 10, siblings);
    }

    /// @dev Calldata that decodes to a genuine message and is laid out in another way has another hash.
    function test_RevertWhen_AMessageIsEncodedInAnotherWay() public {
        Message[] memory messages = _sendRecords(1);
        _proveRoot();
        bytes memory call = abi.encodeCall(l1Messenger.relayMessages, (messages, 1, new bytes32[](0)));
        // selector, three words, length, offset of the message, then its fields: the sixth is the offset of its data.
        uint256 offsetOfData = 4 + 3 * 32 + 2 * 32 + 5 * 32;
        assertEq(uint8(call[offsetOfData + 31]), 0xc0);
        // The same data, once more at the end of the calldata.
        uint256 place = call.length - (offsetOfData - 5 * 32);
        bytes memory data = messages[0].data;
        call = bytes.concat(call, abi.encode(data.length), data);
        call[offsetOfData + 30] = bytes1(uint8(place >> 8));
        call[offsetOfData + 31] = bytes1(uint8(place));

        (bool success, bytes memory reason) = address(l1Messenger).call(call);
        assertFalse(success);
        assertEq(
            bytes4(reason), IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector, "its own error"
        );
    }
}
