// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What no role can do, tried with every function that changes state.
contract LifecycleBugsTest is LaneTest {
    /// @dev "A window that an admin can shrink at once", "a finalized root deletable", "a migration that wipes the replay
    /// map": every call any role can make is made, and the window, a finalized batch and two records are as before.
    function test_NoRoleCanChangeTheWindowOrMarkAMessage() public {
        _append(keccak256("root"), 4);
        bytes32 finalized = container.get(0);
        Message memory message = _sendFromL1(alice, makeAddr("nobody"), hex"01", 100_000, 0);
        _deliverDeposit(message, _baseGas(message));
        vm.warp(vm.getBlockTimestamp() + FRAUD_PROOF_WINDOW);

        address[5] memory roles = [owner, proposer, challenger, guardian, alice];
        for (uint256 i = 0; i < roles.length; ++i) {
            vm.startPrank(roles[i]);
            _callAll(address(scc), _sccCalls());
            _callAll(address(l1Messenger), _messengerCalls());
            _callAll(address(container), _containerCalls());
            vm.stopPrank();
        }

        assertEq(scc.FRAUD_PROOF_WINDOW(), FRAUD_PROOF_WINDOW);
        assertEq(container.get(0), finalized);
        assertTrue(l2Messenger.failedMessages(message.hash()));
        assertFalse(l1Messenger.relayedMessages(message.hash()));
    }

    function _callAll(address target, bytes[] memory calls) private {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success,) = target.call(calls[i]);
            success;
        }
    }

    function _sccCalls() private view returns (bytes[] memory calls) {
        calls = new bytes[](5);
        calls[0] = abi.encodeCall(scc.setProposer, (proposer));
        calls[1] = abi.encodeCall(scc.setChallenger, (challenger));
        calls[2] = abi.encodeCall(scc.transferOwnership, (owner));
        calls[3] = abi.encodeWithSignature(
            "deleteStateBatch((uint256,bytes32,uint256,uint256,uint256))", 0, keccak256("root"), 4, 0, 1
        );
        calls[4] = abi.encodeCall(scc.appendStateBatch, (keccak256("other"), 4, 0));
    }

    function _messengerCalls() private view returns (bytes[] memory calls) {
        calls = new bytes[](4);
        calls[0] = abi.encodeCall(l1Messenger.setGuardian, (guardian));
        calls[1] = abi.encodeCall(l1Messenger.pause, ());
        calls[2] = abi.encodeCall(l1Messenger.unpause, ());
        calls[3] = abi.encodeCall(l1Messenger.transferOwnership, (owner));
    }

    function _containerCalls() private view returns (bytes[] memory calls) {
        calls = new bytes[](2);
        calls[0] = abi.encodeCall(container.push, (keccak256("other")));
        calls[1] = abi.encodeCall(container.deleteElementsAfterInclusive, (0));
    }
}
