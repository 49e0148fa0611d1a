// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch} from "xdm/contracts/types/StateBatch.sol";

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
        _nextBlock();
    }

    function test_L1Send() public {
        vm.prank(alice);
        l1Messenger.sendMessage(address(onL2), _call("gas"), GAS_LIMIT);
        vm.snapshotGasLastCall("messages", "send from L1");
        _assertGasAtMost(80_000);
    }

    function test_L1SendWithValue() public {
        hoax(alice, 1 ether);
        l1Messenger.sendMessage{value: 1 ether}(address(onL2), _call("gas"), GAS_LIMIT);
        vm.snapshotGasLastCall("messages", "send from L1 with value");
    }

    function test_L2Execution() public {
        Message memory message = _sendFromL1(alice, address(onL2), _call("gas"), GAS_LIMIT, 0);
        bool succeeded = _deliverDeposit(message, _baseGas(message));
        vm.snapshotGasLastCall("messages", "execute on L2");
        _assertGasAtMost(68_000);
        assertTrue(succeeded);
        assertEq(onL2.count(), 2);
    }

    function test_L2Replay() public {
        Fragile fragile = new Fragile("broken");
        Message memory message = _sendFromL1(alice, address(fragile), _call("gas"), GAS_LIMIT, 0);
        _deliverDeposit(message, _baseGas(message));
        vm.snapshotGasLastCall("messages", "fail on L2");
        fragile.repair();
        _relay(message);
        vm.snapshotGasLastCall("messages", "replay on L2");
    }

    /// @dev Of a small state: 20 accounts and 3 slots. `bench/gas.ts` measures real ones.
    function test_L1Relay() public {
        Message memory message = _sendFromL2(alice, address(onL1), _call("gas"), GAS_LIMIT, 0);
        MessageProof memory proof = _finalizedProof(message);
        l1Messenger.relayMessage(message, proof);
        vm.snapshotGasLastCall("messages", "relay on L1, small state");
        assertEq(onL1.count(), 2);
    }

    function test_StateBatch() public {
        uint256[4] memory sizes = [uint256(1), 16, 256, 65_536];
        for (uint256 i = 0; i < sizes.length; ++i) {
            _append(keccak256("root"), sizes[i]);
            string memory name = string.concat("state batch of ", vm.toString(sizes[i]));
            vm.snapshotGasLastCall("state batches", name);
            _assertGasAtMost(75_000);
        }
    }

    function test_DeleteStateBatch() public {
        StateBatch memory batch = _append(keccak256("root"), 16);
        for (uint256 i = 0; i < 10; ++i) {
            _append(keccak256("root"), 16);
        }
        vm.prank(challenger);
        scc.deleteStateBatch(batch);
        vm.snapshotGasLastCall("state batches", "delete a batch and ten later ones");
    }

    function test_Enqueue() public {
        vm.prank(alice, alice);
        ctc.enqueue(address(onL2), 1_000_000, _call("gas"));
        vm.snapshotGasLastCall("messages", "enqueue directly");
    }

    function _assertGasAtMost(uint256 goal) private view {
        assertLe(vm.lastCallGas().gasTotalUsed, goal);
    }

    function _call(string memory label) private pure returns (bytes memory) {
        return
            abi.encodeCall(Recorder.record, (keccak256(bytes(label)), keccak256("b"), keccak256("c"), keccak256("d")));
    }
}
