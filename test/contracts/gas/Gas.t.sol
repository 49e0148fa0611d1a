// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {Message} from "xdm/types/Message.sol";
import {MessageProof} from "xdm/types/MessageProof.sol";

/// @notice What a user pays, the transaction's own gas included: a message of 132 bytes with a gas limit of 200,000 to
/// a target that records sender, hash and count.
contract GasTest is LaneTest {
    uint32 private constant GAS_LIMIT = 200_000;

    Recorder private onL1;
    Recorder private onL2;

    function setUp() public override {
        super.setUp();
        onL1 = new Recorder(l1Messenger);
        onL2 = new Recorder(l2Messenger);
        Message memory first = _sendFromL1(alice, address(onL2), _call("first"), GAS_LIMIT, 0);
        _deliverDeposit(first, 1_000_000);
        first = _sendFromL2(alice, address(onL1), _call("first"), GAS_LIMIT, 0);
        l1Messenger.relayMessage(first, _finalizedProof(first));
        vm.roll(block.number + 1);
    }

    function test_L1Send() public {
        vm.prank(alice);
        l1Messenger.sendMessage(address(onL2), _call("gas"), GAS_LIMIT);
        vm.snapshotGasLastCall("messages", "L1 send: 132 bytes");
    }

    function test_L2Send() public {
        vm.prank(alice);
        l2Messenger.sendMessage(address(onL1), _call("gas"), GAS_LIMIT);
        vm.snapshotGasLastCall("messages", "L2 send: 132 bytes");
    }

    function test_L2Execution() public {
        Message memory message = _sendFromL1(alice, address(onL2), _call("gas"), GAS_LIMIT, 0);
        bool ok = _deliverDeposit(message, l2Messenger.baseGas(message.data, GAS_LIMIT));
        vm.snapshotGasLastCall("messages", "L2 execution: 132 bytes");
        assertTrue(ok);
        assertEq(onL2.count(), 2);
    }

    function test_L1Relay() public {
        Message memory message = _sendFromL2(alice, address(onL1), _call("gas"), GAS_LIMIT, 0);
        MessageProof memory proof = _finalizedProof(message);
        l1Messenger.relayMessage(message, proof);
        vm.snapshotGasLastCall("messages", "L1 relay");
        assertEq(onL1.count(), 2);
    }

    function test_StateBatch() public {
        _append(keccak256("x"), 16);
        vm.snapshotGasLastCall("messages", "state batch: 16");
    }

    function _call(string memory label) private pure returns (bytes memory) {
        return
            abi.encodeCall(Recorder.record, (keccak256(bytes(label)), keccak256("b"), keccak256("c"), keccak256("d")));
    }
}
