// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {IDeployedAttestorClient} from "../support/omnichain/DeployedOmnichain.sol";
import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {IFeeTable} from "xdm/contracts/omnichain/interfaces/IFeeTable.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {IOmnichainRelayService} from "xdm/contracts/omnichain/interfaces/IOmnichainRelayService.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageDataCodec} from "xdm/contracts/omnichain/libraries/MessageDataCodec.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice The rules that shipped omnichain services broke, one after the other.
contract ShippedFaultsTest is OmnichainTest {
    function test_OrdersAreKeyedBySourceChainAndOrderId() public {
        Leg memory leg = _send(A, RELAY, _message(RELAY, "hello"));
        _deliver(RELAY, leg);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
        _assertStatus(RELAY, B, leg, DeliveryStatus.Unattempted);
        (bool exists,,) = services[RELAY].getOrderStatus(A, leg.blockNumber, leg.orderId);
        assertTrue(exists);
        (exists,,) = services[RELAY].getOrderStatus(B, leg.blockNumber, leg.orderId);
        assertFalse(exists);
    }

    /// @dev Where fields of any length are packed one right after the other, bytes can move from one to the next.
    function test_ARetryIsBoundToItsOriginalRoute() public {
        Leg memory leg = _failAtB();
        bytes memory from = leg.fromAddress;

        _assertOtherRoute(A, leg.orderId, from, leg.callData);
        _assertOtherRoute(B, leg.orderId, abi.encodePacked(alice), leg.callData);
        _assertOtherRoute(B, leg.orderId, from, abi.encode(uint256(1), address(services[B]), 0, abi.encode(1)));
        bytes memory longer = bytes.concat(from, leg.callData[0]);
        bytes memory shorter = new bytes(leg.callData.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = leg.callData[i + 1];
        }
        _assertOtherRoute(B, leg.orderId, longer, shorter);
        _assertOtherRoute(B, leg.orderId, bytes.concat(from, hex"00"), leg.callData);
        _assertOtherRoute(B, leg.orderId, from, bytes.concat(leg.callData, hex"00"));
        _assertStatus(B, A, leg, DeliveryStatus.Failed);
    }

    function test_TheRemoteCallerIsCheckedForMessages() public {
        _assertCallerChecked(_message(RELAY, "hello"));
    }

    function test_TheRemoteCallerIsCheckedForCalls() public {
        _assertCallerChecked(_call(RELAY, "hello"));
    }

    function test_TheRemoteCallerIsCheckedForMessagesThatAreRelayed() public {
        MessageData memory message = _message(RELAY, "hello");
        message.relay = true;
        counterparts[RELAY].answer(abi.encode(_message(B, "answer")));
        Leg memory leg = _sendFrom(alice, A, B, message);
        _deliver(RELAY, leg);
        assertEq(counterparts[RELAY].count(), 0);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
    }

    function test_TheGasLimitIsKeptOnTheRelayChainOrNothingIsConsumed() public {
        MessageData memory message = _message(RELAY, "hello");
        message.relay = true;
        message.gasLimit = 1_000_000;
        counterparts[RELAY].answer(abi.encode(_withGas(_message(B, "answer"), 1_000_000)));
        Leg memory leg = _send(A, B, message);

        vm.chainId(RELAY);
        vm.expectPartialRevert(IOmnichainService.OmnichainService_InsufficientGas.selector);
        services[RELAY].transferIn{gas: 1_050_000}(A, leg.proof);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Unattempted);

        services[RELAY].transferIn{gas: 1_500_000}(A, leg.proof);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
    }

    function test_AFailedMessageIsTriedAgainByAnyone() public {
        Leg memory leg = _failAtB();
        counterparts[B].refuse("");
        vm.prank(alice);
        _retry(B, A, B, leg);
        assertEq(counterparts[B].lastMessage(), "hello");
        assertEq(counterparts[B].lastOrigin().sender, address(counterparts[A]));
        _assertStatus(B, A, leg, DeliveryStatus.Relayed);
    }

    function test_AMessageThatFailedOnTheRelayChainGoesOnWhenItIsTriedAgain() public {
        MessageData memory message = _message(RELAY, "question");
        message.relay = true;
        counterparts[RELAY].answer(abi.encode(_message(B, "answer")));
        counterparts[RELAY].refuse("not now");
        Leg memory leg = _send(A, B, message);
        _deliver(RELAY, leg);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);

        counterparts[RELAY].refuse("");
        vm.recordLogs();
        _retry(RELAY, A, B, leg);
        Leg memory onward = _leg(RELAY, B);
        assertEq(onward.orderId, leg.orderId);
        assertEq(onward.fromAddress, leg.fromAddress);
        _deliver(B, onward);
        assertEq(counterparts[B].lastMessage(), "answer");
    }

    function test_AnAnswerThatFailedIsTriedAgainAsTheTargetGaveIt() public {
        MessageData memory message = _message(RELAY, "question");
        message.relay = true;
        counterparts[RELAY].answer(abi.encode(_message(B, "answer")));
        counterparts[B].refuse("not now");
        Leg memory first = _send(A, B, message);
        Leg memory second = _forward(first, B);
        _deliver(B, second);
        _assertStatus(B, A, second, DeliveryStatus.Failed);

        // The order id is that of what was sent: it alone would let anything pass as the answer.
        counterparts[B].refuse("");
        bytes32 sent = keccak256(abi.encode(message));
        bytes memory other = abi.encode(2, address(services[B]), 0, abi.encode(_message(B, "lie")), sent);
        _assertOtherRoute(B, second.orderId, second.fromAddress, other);
        _retry(B, A, B, second);
        assertEq(counterparts[B].lastMessage(), "answer");
    }

    function test_ADeliveredMessageIsNotTriedAgain() public {
        Leg memory leg = _send(A, RELAY, _message(RELAY, "hello"));
        bytes memory notFailed =
            abi.encodeWithSelector(IOmnichainService.OmnichainService_NotFailed.selector, A, leg.orderId);
        vm.expectRevert(notFailed);
        _retry(RELAY, A, RELAY, leg);
        _deliver(RELAY, leg);
        vm.expectRevert(notFailed);
        _retry(RELAY, A, RELAY, leg);
    }

    function test_AnUnpricedFeeTokenIsRefused() public {
        address token = makeAddr("token");
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_NotPriced.selector, B, token));
        services[A].transferOut(B, abi.encode(_message(B, "")), token);
    }

    function test_ExcessFeeComesBack() public {
        vm.prank(owner);
        services[A].setFee(B, address(0), 1000, 2);
        vm.chainId(A);
        hoax(alice, 1 ether);
        services[A].transferOut{value: 1 ether}(B, abi.encode(_message(B, "")), address(0));
        assertEq(alice.balance, 1 ether - 1000 - 2 * GAS_LIMIT);
        assertEq(feeReceiver.balance, 1000 + 2 * GAS_LIMIT);
        assertEq(address(services[A]).balance, 0);
    }

    function test_ValueWithATokenFeeIsRefused() public {
        address token = makeAddr("token");
        vm.prank(owner);
        services[A].setFee(B, token, 0, 0);
        vm.chainId(A);
        hoax(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_UnexpectedValue.selector, 1));
        services[A].transferOut{value: 1}(B, abi.encode(_message(B, "")), token);
    }

    function test_ALogWithoutTopicsDoesNoHarm() public {
        Leg memory leg = _describe(A, RELAY, _message(RELAY, "hello"));
        Vm.Log[] memory logs = new Vm.Log[](3);
        logs[0].emitter = alice;
        logs[0].data = "no topics";
        logs[1].emitter = address(services[A]);
        logs[2] = _messageLog(A, A, RELAY, leg)[0];
        leg = _legOf(A, RELAY, logs);

        vm.chainId(RELAY);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_AnUnknownDestinationIsRefused() public {
        vm.chainId(A);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, 9));
        services[A].transferOut(9, abi.encode(_message(B, "")), address(0));
    }

    function test_AnUnknownDestinationIsRefusedOnTheRelayChain() public {
        Leg memory leg = _describe(A, 9, _message(B, "hello"));
        leg = _forge(A, A, 9, leg);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, 9));
        _deliver(RELAY, leg);
    }

    function test_TheOrderIdIsCheckedOnTheRelayChain() public {
        _assertOrderIdChecked(A, RELAY);
    }

    function test_TheOrderIdIsCheckedOnTheDestination() public {
        _assertOrderIdChecked(RELAY, B);
    }

    function test_TheOrderIdOfAnAnswerIsCheckedOnTheDestination() public {
        Leg memory leg = _describe(A, B, _message(B, "question"));
        bytes memory answer = abi.encode(_message(B, "answer"));
        leg.callData = abi.encode(2, address(services[B]), 77, answer, keccak256("another question"));
        leg = _forge(RELAY, A, B, leg);
        vm.expectPartialRevert(IOmnichainService.OmnichainService_WrongOrderId.selector);
        _deliver(B, leg);
    }

    function test_ForwardingKeepsSourceChainSenderAndOrderId() public {
        Leg memory leg = _send(A, B, _message(B, "hello"));
        vm.expectEmit(address(services[RELAY]));
        emit IOmnichainService.mapMessageOut(A, B, leg.orderId, leg.fromAddress, leg.callData);
        _deliver(RELAY, leg);
    }

    function test_WhatARelayedTargetReturnsHasTheSameGasLimit() public {
        _assertAnswerRefused(
            abi.encode(_withGas(_message(B, "answer"), GAS_LIMIT + 1)),
            abi.encodeWithSelector(
                IOmnichainRelayService.OmnichainRelayService_GasLimitChanged.selector, GAS_LIMIT, GAS_LIMIT + 1
            )
        );
    }

    function test_WhatARelayedTargetReturnsHasNoValue() public {
        MessageData memory message = _message(B, "answer");
        message.value = 5;
        _assertAnswerRefused(
            abi.encode(message), abi.encodeWithSelector(MessageDataCodec.MessageDataCodec_ValueRefused.selector, 5)
        );
    }

    function test_ReplacingALightClientTakesTwoStepsAndTheDelay() public {
        IDeployedAttestorClient another = _newClient(A);
        vm.chainId(RELAY);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_NothingProposed.selector, A));
        services[RELAY].applyLightClient(A);

        uint256 from = vm.getBlockTimestamp() + DELAY;
        services[RELAY].proposeLightClient(A, another);
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_TooEarly.selector, from - 1, from));
        services[RELAY].applyLightClient(A);

        vm.warp(from);
        services[RELAY].applyLightClient(A);
        vm.stopPrank();
        (, ILightClient inPlace) = services[RELAY].chainOf(A);
        assertEq(address(inPlace), address(another));
    }

    /// @dev No proxy and nothing to initialise: no code but its own runs in a service, and none ends it.
    function test_NobodyTakesOverTheCode() public view {
        for (uint256 chainId = A; chainId <= RELAY; ++chainId) {
            bytes memory code = address(services[chainId]).code;
            for (uint256 i = 0; i < code.length; ++i) {
                uint8 opcode = uint8(code[i]);
                // What a PUSH has behind it is data.
                if (opcode >= 0x60 && opcode <= 0x7f) i += opcode - 0x5f;
                assertTrue(opcode != 0xf4, "DELEGATECALL");
                assertTrue(opcode != 0xf2, "CALLCODE");
                assertTrue(opcode != 0xff, "SELFDESTRUCT");
            }
        }
    }

    function _failAtB() private returns (Leg memory leg) {
        leg = _forward(_send(A, B, _message(B, "hello")), B);
        counterparts[B].refuse("not now");
        _deliver(B, leg);
        _assertStatus(B, A, leg, DeliveryStatus.Failed);
    }

    function _assertOtherRoute(uint256 toChain, bytes32 orderId, bytes memory from, bytes memory callData) private {
        vm.chainId(B);
        vm.expectPartialRevert(IOmnichainService.OmnichainService_RouteMismatch.selector);
        services[B].retryMessageIn(A, toChain, orderId, from, callData);
    }

    function _assertCallerChecked(MessageData memory message) private {
        Leg memory leg = _sendFrom(alice, A, RELAY, message);
        bytes memory reason = abi.encodeWithSelector(
            IOmnichainService.OmnichainService_CallerNotAllowed.selector, counterparts[RELAY], A, alice
        );
        vm.expectEmit(address(services[RELAY]));
        emit IOmnichainService.mapMessageIn(A, RELAY, leg.orderId, leg.fromAddress, leg.callData, false, reason);
        _deliver(RELAY, leg);
        assertEq(counterparts[RELAY].count(), 0);

        // Nor one of the same address on another chain.
        counterparts[RELAY].allow(B, alice, true);
        _retry(RELAY, A, RELAY, leg);
        assertEq(counterparts[RELAY].count(), 0);
        counterparts[RELAY].allow(A, alice, true);
        _retry(RELAY, A, RELAY, leg);
        assertEq(counterparts[RELAY].count(), 1);
    }

    /// @dev Each part of what the order id binds, changed, while the id stays.
    function _assertOrderIdChecked(uint256 emitter, uint256 onChain) private {
        Leg memory leg = _describe(A, onChain, _message(onChain, "hello"));
        bytes memory data = abi.encode(_message(onChain, "hello"));
        (bytes memory from, bytes memory callData) = (leg.fromAddress, leg.callData);

        leg.fromAddress = abi.encodePacked(alice);
        _assertWrongOrderId(emitter, onChain, leg);
        leg.fromAddress = from;
        leg.callData = abi.encode(uint256(1), address(services[onChain]), uint256(78), data);
        _assertWrongOrderId(emitter, onChain, leg);
        data = abi.encode(_message(onChain, "other"));
        leg.callData = abi.encode(uint256(1), address(services[onChain]), uint256(77), data);
        _assertWrongOrderId(emitter, onChain, leg);
        leg.callData = callData;
        leg.orderId = keccak256("another");
        _assertWrongOrderId(emitter, onChain, leg);
        if (onChain == B) {
            leg = _describe(A, onChain, _message(onChain, "hello"));
            Leg memory forged = _forge(emitter, RELAY, onChain, leg);
            vm.expectPartialRevert(IOmnichainService.OmnichainService_WrongOrderId.selector);
            _deliver(onChain, forged);
        }
    }

    function _assertWrongOrderId(uint256 emitter, uint256 onChain, Leg memory leg) private {
        Leg memory forged = _forge(emitter, A, onChain, leg);
        vm.expectPartialRevert(IOmnichainService.OmnichainService_WrongOrderId.selector);
        _deliver(onChain, forged);
    }

    function _assertAnswerRefused(bytes memory answer, bytes memory reason) private {
        MessageData memory message = _message(RELAY, "question");
        message.relay = true;
        counterparts[RELAY].answer(answer);
        Leg memory leg = _send(A, B, message);
        vm.expectEmit(address(services[RELAY]));
        emit IOmnichainService.mapMessageIn(A, B, leg.orderId, leg.fromAddress, leg.callData, false, reason);
        _deliver(RELAY, leg);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
        assertEq(counterparts[RELAY].count(), 0, "what the target did is undone");
    }

    function _withGas(MessageData memory message, uint256 gasLimit) private pure returns (MessageData memory) {
        message.gasLimit = gasLimit;
        return message;
    }
}
