// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What users pay for messages from L2 that are relayed by the message tree, the transactions' own gas included:
/// the messages of {GasTest}, from an L2 with as many accounts and messages as a test asks for.
contract MessageTreeGasTest is MessageTreeTest {
    using MessageTree for MessageTree.Frontier;

    uint32 private constant GAS_LIMIT = 200_000;

    MessageTree.Frontier private frontier;

    /// @dev Accounts and messages that L2 has beside those of the test.
    uint256 private others;

    function setUp() public override {
        super.setUp();
        // The recorder's slots are written before anything is measured.
        Message memory first = _send("first");
        l1Messenger.relayMessage(first, _finalizedProof(first));
        _nextBlock();
    }

    function test_L2Send() public {
        uint256 total;
        for (uint256 i = 0; i < 256; ++i) {
            vm.prank(alice);
            l2Messenger.sendMessage(address(recorder), _call("gas"), GAS_LIMIT);
            total += vm.lastCallGas().gasTotalUsed;
        }
        assertLe(total / 256, 90_000);
        vm.snapshotValue("messages", "send from L2, average of the first 256", total / 256);
    }

    /// @dev Appending does not become dearer: these are the same sends, 65,536 messages later.
    function test_L2SendToALargeTree() public {
        _fillTree(65_536);
        uint256 total;
        for (uint256 i = 0; i < 256; ++i) {
            vm.prank(alice);
            l2Messenger.sendMessage(address(recorder), _call("gas"), GAS_LIMIT);
            total += vm.lastCallGas().gasTotalUsed;
        }
        vm.snapshotValue("messages", "send from L2, average of 256 after 65,536", total / 256);
    }

    function test_RelayByPath_2() public {
        _relayByPathOf(2);
    }

    function test_RelayByPath_256() public {
        _relayByPathOf(256);
    }

    function test_RelayByPath_65536() public {
        _relayByPathOf(65_536);
    }

    function test_RelayBatch_1() public {
        _relayBatchOf(1);
    }

    function test_RelayBatch_10() public {
        _relayBatchOf(10);
    }

    function test_RelayBatch_100() public {
        assertLe(_relayBatchOf(100), 45_000);
    }

    /// @dev The last message of a full tree: its path is as long as any.
    function _relayByPathOf(uint256 count) private {
        bytes32[] memory keys = _fillTree(count - 1);
        Message memory message = _send("gas");
        keys[count - 1] = l2Messenger.messageKey(message.hash());
        _proveRoot();

        l1Messenger.relayMessageByPath(message, count, MessageTreeBuilder.pathOf(keys, count - 1));
        vm.snapshotGasLastCall("messages", string.concat("relay by path, tree of ", vm.toString(count)));

        assertLe(vm.lastCallGas().gasTotalUsed, 85_000);
        assertEq(recorder.count(), 2);
    }

    /// @dev At 1,000 accounts and 1,000 messages, with the proof of the root.
    function _relayBatchOf(uint256 length) private returns (uint256 perMessage) {
        others = 1000;
        uint256 count = 1000 + length;
        bytes32[] memory keys = _fillTree(1000);
        Message[] memory messages = new Message[](length);
        uint256[] memory indices = new uint256[](length);
        bytes32[] memory all = new bytes32[](count);
        for (uint256 i = 0; i < 1000; ++i) {
            all[i] = keys[i];
        }
        for (uint256 i = 0; i < length; ++i) {
            messages[i] = _send(vm.toString(i));
            indices[i] = 1000 + i;
            all[1000 + i] = l2Messenger.messageKey(messages[i].hash());
        }
        _proveRoot();
        if (length == 1) vm.snapshotGasLastCall("messages", "prove a message root, 1,000 accounts and messages");
        uint256 proof = vm.lastCallGas().gasTotalUsed;

        l1Messenger.relayMessages(messages, count, MessageTreeBuilder.multiproofOf(all, indices));
        uint256 relay = vm.lastCallGas().gasTotalUsed;
        assertEq(recorder.count(), 1 + length);
        perMessage = (proof + relay) / length;
        string memory name = string.concat("relay in a batch of ", vm.toString(length), ", per message");
        vm.snapshotValue("messages", name, relay / length);
        vm.snapshotValue("messages", string.concat(name, ", root included"), perMessage);
    }

    /// @dev Makes the passer's tree as if so many messages had been sent; returns their keys, and room for one more.
    function _fillTree(uint256 count) private returns (bytes32[] memory keys) {
        keys = new bytes32[](count + 1);
        for (uint256 i = 0; i < count; ++i) {
            keys[i] = bytes32(~i);
            frontier.append(i, keys[i]);
        }
        vm.store(address(passer), bytes32(COUNT_SLOT), bytes32(count));
        for (uint256 level = 0; frontier.peaks[level] != 0; ++level) {
            vm.store(address(passer), bytes32(COMMITMENTS_SLOT + level), frontier.commitments[level]);
            vm.store(address(passer), bytes32(PEAKS_SLOT + level), frontier.peaks[level]);
        }
    }

    function _send(string memory label) private returns (Message memory) {
        return _sendFromL2(alice, address(recorder), _call(label), GAS_LIMIT, 0);
    }

    function _call(string memory label) private pure returns (bytes memory) {
        return
            abi.encodeCall(Recorder.record, (keccak256(bytes(label)), keccak256("b"), keccak256("c"), keccak256("d")));
    }

    // ----------------------------------------------------------------------------------------------- a larger L2

    function _passerStorage() internal view override returns (TrieBuilder.Entry[] memory) {
        return _withOthers(super._passerStorage(), hex"01");
    }

    function _accounts(bytes32 storageRoot) internal view override returns (TrieBuilder.Entry[] memory) {
        return _withOthers(super._accounts(storageRoot), _account(1, 1 ether, keccak256(hex"80")));
    }

    function _withOthers(TrieBuilder.Entry[] memory entries, bytes memory value)
        private
        view
        returns (TrieBuilder.Entry[] memory more)
    {
        more = new TrieBuilder.Entry[](entries.length + others);
        for (uint256 i = 0; i < more.length; ++i) {
            more[i] = i < entries.length ? entries[i] : TrieBuilder.hashedEntry(abi.encode("other", i), value);
        }
    }
}
