// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm} from "forge-std/Vm.sol";

import {IL1CrossDomainMessenger} from "../interfaces/IL1CrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "../interfaces/IL2CrossDomainMessenger.sol";
import {Attempt, TestLane} from "./TestLane.sol";
import {WithoutPrank} from "./WithoutPrank.sol";

/// @title Cross-domain test
/// @notice Base for Forge tests of contracts that live on both sides of a lane. The messengers of both chains are there
/// before `setUp`, in one EVM. Nothing is delivered until a test relays:
///
///     contract GreeterTest is CrossDomainTest {
///         function test_Greets() public {
///             onL1.greet("hello");        // sends a message by l1Messenger
///             relayToL2();                // delivers it
///             assertEq(onL2.greeting(), "hello");
///         }
///     }
///
/// The messengers are the real ones, so a target that reverts or runs out of its message's gas limit does not make
/// `relayToL2` revert: the message is recorded as failed and can be replayed. {TestLane} says what is simulated: pauses
/// and refusals are real; fraud-proof windows, proofs and the queue's allowance of gas in a block are not there.
///
/// A target sees its own chain's id. A sender sees the one that the test has set: `vm.chainId(lane.L1_CHAIN_ID())` before it
/// sends, where it reads it.
///
/// With `isolate = true` in foundry.toml each relaying call is a transaction of its own, so that gas is counted as
/// on a chain; without, what an earlier step of the test has touched is cheaper.
///
/// Each function makes one call to the lane, so `vm.expectEmit` and `vm.expectRevert` before it have the effect they seem
/// to have. A prank that was started does not apply to it.
abstract contract CrossDomainTest is WithoutPrank {
    /// @notice The lane between the chains.
    TestLane internal immutable lane;

    /// @notice The messenger of L1.
    IL1CrossDomainMessenger internal immutable l1Messenger;

    /// @notice The messenger of L2.
    IL2CrossDomainMessenger internal immutable l2Messenger;

    constructor() {
        lane = new TestLane();
        l1Messenger = lane.l1Messenger();
        l2Messenger = lane.l2Messenger();
    }

    /// @notice Delivers on L2 all that was sent from L1 and not delivered yet, in order.
    /// @return attempts What came of each message, in this order; no failure makes it revert.
    function relayToL2() internal withoutPrank returns (Attempt[] memory attempts) {
        return lane.relayToL2();
    }

    /// @notice Delivers on L1 all that was sent from L2 and not tried yet, in order, each with exactly its gas limit.
    /// @return attempts What came of each message, in this order; no failure makes it revert.
    function relayToL1() internal withoutPrank returns (Attempt[] memory attempts) {
        return lane.relayToL1();
    }

    /// @notice Delivers one message from L2 on L1, out of turn or again, with exactly its gas limit.
    /// @param messageHash What `sendMessage` returned.
    /// @return attempt What came of it.
    function relayToL1(bytes32 messageHash) internal withoutPrank returns (Attempt memory attempt) {
        return lane.relayToL1(messageHash);
    }

    /// @notice Tries a failed message from L2 again on L1, with all the gas there is.
    /// @param messageHash What `sendMessage` returned, or `messageHash` of an attempt.
    /// @return attempt What came of it.
    function replayOnL1(bytes32 messageHash) internal withoutPrank returns (Attempt memory attempt) {
        return lane.replayOnL1(messageHash);
    }

    /// @notice Tries a failed message from L1 again on L2, with all the gas there is.
    /// @param messageHash What `sendMessage` returned, or `messageHash` of an attempt.
    /// @return attempt What came of it.
    function replayOnL2(bytes32 messageHash) internal withoutPrank returns (Attempt memory attempt) {
        return lane.replayOnL2(messageHash);
    }

    /// @notice Calls a target on L1 as the messenger does for a message that an account on L2 sent. Reverts with the first
    /// 256 bytes of the target's revert data, so that `vm.expectRevert` can stand before it.
    /// @param sender Account on L2, what the target gets from `xDomainMessageSender()`.
    /// @param target Account on L1.
    /// @param value Wei that go with the call; the sender need not have them.
    /// @param data Calldata of the call.
    function impersonateRemoteSenderOnL1(address sender, address target, uint256 value, bytes memory data)
        internal
        withoutPrank
    {
        lane.impersonateOnL1(sender, target, value, data);
    }

    /// @notice Calls a target on L2 as the messenger does for a message that an account on L1 sent. Reverts with the first
    /// 256 bytes of the target's revert data, so that `vm.expectRevert` can stand before it.
    /// @param sender Account on L1, what the target gets from `xDomainMessageSender()`.
    /// @param target Account on L2.
    /// @param value Wei that go with the call; the sender need not have them.
    /// @param data Calldata of the call.
    function impersonateRemoteSenderOnL2(address sender, address target, uint256 value, bytes memory data)
        internal
        withoutPrank
    {
        lane.impersonateOnL2(sender, target, value, data);
    }

    /// @notice To be used in place of `vm.getRecordedLogs()`: the lane reads messages from the logs that Forge records. They
    /// are recorded from the start, and this returns all since the last call.
    /// @return logs In the order they were emitted.
    function recordedLogs() internal withoutPrank returns (Vm.Log[] memory logs) {
        return lane.recordedLogs();
    }
}
