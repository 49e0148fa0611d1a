// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {Caller} from "../support/targets/Caller.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice What a target may do with the service that calls it.
contract ReentrancyTest is OmnichainTest {
    Caller private caller;

    function setUp() public override {
        super.setUp();
        vm.chainId(RELAY);
        caller = new Caller();
        _allow(RELAY, A, address(counterparts[A]));
    }

    function test_ATargetMaySend() public {
        caller.prepare(
            address(services[RELAY]),
            abi.encodeCall(IOmnichainService.transferOut, (B, abi.encode(_message(B, "hello")), address(0)))
        );
        counterparts[B].allow(RELAY, address(caller), true);
        Leg memory leg = _sendToCaller();
        vm.recordLogs();
        _deliver(RELAY, leg);
        assertTrue(caller.success());
        _deliver(B, _leg(RELAY, B));
        assertEq(counterparts[B].lastOrigin().sender, address(caller));
    }

    function test_ATargetMayAllowACaller() public {
        bytes memory from = abi.encodePacked(alice);
        caller.prepare(address(services[RELAY]), abi.encodeCall(IOmnichainService.addRemoteCaller, (B, from, true)));
        _deliver(RELAY, _sendToCaller());
        assertTrue(services[RELAY].getExecutePermission(address(caller), B, from));
    }

    function test_ATargetMayNotDeliverAnotherMessage() public {
        Leg memory other = _send(A, RELAY, _message(RELAY, "other"));
        _assertRefused(abi.encodeCall(IOmnichainService.transferIn, (A, other.proof)), other);
        _assertRefused(abi.encodeCall(IOmnichainService.transferInWithIndex, (A, other.logIndex, other.proof)), other);
        _deliver(RELAY, other);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_ATargetMayNotDeliverItsOwnMessageAgain() public {
        Leg memory leg = _sendToCaller();
        bytes memory data = abi.encodeCall(IOmnichainService.transferInWithIndex, (A, leg.logIndex, leg.proof));
        caller.prepare(address(services[RELAY]), data);
        _deliver(RELAY, leg);
        _assertGuarded();
    }

    function test_ATargetMayNotTryAnotherMessageAgain() public {
        counterparts[RELAY].refuse("no");
        Leg memory other = _send(A, RELAY, _message(RELAY, "other"));
        _deliver(RELAY, other);
        counterparts[RELAY].refuse("");
        bytes memory data = abi.encodeCall(
            IOmnichainService.retryMessageIn, (A, RELAY, other.orderId, other.fromAddress, other.callData)
        );
        caller.prepare(address(services[RELAY]), data);
        _deliver(RELAY, _sendToCaller());
        _assertGuarded();
        _assertStatus(RELAY, A, other, DeliveryStatus.Failed);
    }

    function test_ATargetIsNotTheServiceItself() public {
        bytes memory from = abi.encodePacked(counterparts[A]);
        bytes memory call = abi.encodeCall(IOmnichainService.addRemoteCaller, (A, abi.encodePacked(alice), true));
        MessageData memory message =
            MessageData(false, MessageType.Calldata, abi.encodePacked(services[RELAY]), call, GAS_LIMIT, 0);
        // Not even where it had allowed the sender.
        vm.prank(address(services[RELAY]));
        services[RELAY].addRemoteCaller(A, from, true);

        Leg memory leg = _forge(A, A, RELAY, _describe(A, RELAY, message));
        bytes memory reason =
            abi.encodeWithSelector(IOmnichainService.OmnichainService_TargetRefused.selector, services[RELAY]);
        vm.expectEmit(address(services[RELAY]));
        emit IOmnichainService.mapMessageIn(A, RELAY, leg.orderId, leg.fromAddress, leg.callData, false, reason);
        _deliver(RELAY, leg);
        assertFalse(services[RELAY].getExecutePermission(address(services[RELAY]), A, abi.encodePacked(alice)));
    }

    /// @dev Fee tokens are approved to the service, which calls anybody with anything - who hears the sender.
    function test_ATokenHearsNobody() public {
        bytes memory call = abi.encodeWithSignature("transferFrom(address,address,uint256)", alice, relayer, 1);
        MessageData memory message =
            MessageData(false, MessageType.Calldata, abi.encodePacked(new Caller()), call, GAS_LIMIT, 0);
        Leg memory leg = _send(A, RELAY, message);
        _deliver(RELAY, leg);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
    }

    function _sendToCaller() private returns (Leg memory) {
        return _send(A, RELAY, _gasOf(_messageTo(address(caller), "")));
    }

    function _gasOf(MessageData memory message) private pure returns (MessageData memory) {
        message.gasLimit = 3_000_000;
        return message;
    }

    function _allow(uint256 onChain, uint256 fromChain, address from) private {
        vm.prank(address(caller));
        services[onChain].addRemoteCaller(fromChain, abi.encodePacked(from), true);
    }

    function _assertRefused(bytes memory data, Leg memory other) private {
        caller.prepare(address(services[RELAY]), data);
        _deliver(RELAY, _sendToCaller());
        _assertGuarded();
        _assertStatus(RELAY, A, other, DeliveryStatus.Unattempted);
    }

    function _assertGuarded() private view {
        assertTrue(caller.called());
        assertFalse(caller.success());
        bytes4 selector = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        assertEq(caller.returnData(), abi.encodeWithSelector(selector));
    }
}
