// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrossChainLedger} from "../support/CrossChainLedger.sol";
import {IOptimismMessenger} from "../support/OptimismApplication.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice Contracts that tell calls from the other chain from others, in the way that Optimism's messengers are known by, do so
/// on both sides of a lane.
contract CrossChainLedgerTest is CrossDomainTest {
    address private immutable alice = makeAddr("alice");
    address private immutable bob = makeAddr("bob");

    /// @dev Alice closes what is on her chain, bob what is on the other one.
    CrossChainLedger private onL1;
    CrossChainLedger private onL2;

    function setUp() public {
        onL1 = new CrossChainLedger(IOptimismMessenger(address(l1Messenger)), alice, bob);
        onL2 = new CrossChainLedger(IOptimismMessenger(address(l2Messenger)), alice, bob);
    }

    function test_ACallFromTheOtherChainHasASender() public {
        assertTrue(_callOnL2(alice, abi.encodeCall(CrossChainLedger.note, ())).success);
        assertTrue(_callOnL1(bob, abi.encodeCall(CrossChainLedger.note, ())).success);
        assertEq(onL2.entries(alice), 1);
        assertEq(onL1.entries(bob), 1);
    }

    function test_ACallOfTheSameChainHasNone() public {
        vm.expectRevert(CrossChainLedger.NotCrossChainCall.selector);
        onL1.note();
        // The messenger of the other side is an account like others.
        vm.prank(address(l1Messenger));
        vm.expectRevert(CrossChainLedger.NotCrossChainCall.selector);
        onL2.note();
    }

    function test_TheExpectedSenderPassesAndNobodyElse() public {
        bytes memory call = abi.encodeCall(CrossChainLedger.noteFor, (alice));
        bytes memory refusal = abi.encodeWithSelector(CrossChainLedger.InvalidCrossChainSender.selector, bob, alice);
        assertEq(_callOnL2(bob, call).reason, refusal);
        assertEq(_callOnL1(bob, call).reason, refusal);
        assertTrue(_callOnL2(alice, call).success);
        assertTrue(_callOnL1(alice, call).success);
        assertEq(onL1.entries(alice) + onL2.entries(alice), 2);
    }

    function test_ARoleOnTheOtherChainIsNotTheSameRoleHere() public {
        bytes memory call = abi.encodeCall(CrossChainLedger.close, ());
        assertEq(bytes4(_callOnL2(alice, call).reason), CrossChainLedger.MissingRole.selector);
        assertEq(bytes4(_callOnL1(alice, call).reason), CrossChainLedger.MissingRole.selector);
        assertTrue(_callOnL2(bob, call).success);
        assertTrue(_callOnL1(bob, call).success);
        assertTrue(onL1.isClosed() && onL2.isClosed());
    }

    function _callOnL2(address sender, bytes memory call) private returns (Attempt memory) {
        vm.prank(sender);
        IOptimismMessenger(address(l1Messenger)).sendMessage(address(onL2), call, 100_000);
        return relayToL2()[0];
    }

    function _callOnL1(address sender, bytes memory call) private returns (Attempt memory) {
        vm.prank(sender);
        IOptimismMessenger(address(l2Messenger)).sendMessage(address(onL1), call, 100_000);
        return relayToL1()[0];
    }
}
