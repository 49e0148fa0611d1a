// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {RawTarget} from "../support/omnichain/RawTarget.sol";
import {ReturnBomb} from "../support/targets/ReturnBomb.sol";
import {IOmnichainRelayService} from "xdm/contracts/omnichain/interfaces/IOmnichainRelayService.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageDataCodec} from "xdm/contracts/omnichain/libraries/MessageDataCodec.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";
import {Order} from "xdm/contracts/omnichain/types/Order.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice Targets on the relay chain, and what they may answer.
contract RelayedTest is OmnichainTest {
    RawTarget private target;

    function setUp() public override {
        super.setUp();
        vm.chainId(RELAY);
        target = new RawTarget();
        target.allow(services[RELAY], A, address(counterparts[A]));
    }

    function test_AnAnswerGoesOnInTheEnvelopeOfTheMessage() public {
        bytes memory answer = abi.encode(_message(B, "answer"));
        target.answer(abi.encode(answer));
        Leg memory first = _send(A, B, _question());
        Leg memory second = _forward(first, B);
        bytes32 original = keccak256(abi.encode(_question()));
        assertEq(second.callData, abi.encode(2, address(services[B]), 0, answer, original));
        assertEq(second.orderId, first.orderId);
        assertEq(target.count(), 1);
    }

    function test_AnAnswerIsNoReason() public {
        target.answer(abi.encode(abi.encode(_message(B, "answer"))));
        Leg memory leg = _send(A, B, _question());
        vm.expectEmit(address(services[RELAY]));
        emit IOmnichainService.mapMessageIn(A, B, leg.orderId, leg.fromAddress, leg.callData, true, "");
        _deliver(RELAY, leg);
    }

    function test_ACalledTargetAnswersToo() public {
        target.answer(abi.encode(abi.encode(_message(B, "answer"))));
        MessageData memory message = _question();
        message.msgType = MessageType.Calldata;
        _deliver(B, _forward(_send(A, B, message), B));
        assertEq(counterparts[B].lastMessage(), "answer");
    }

    function test_AnAnswerMayBeACall() public {
        target.answer(abi.encode(abi.encode(_call(B, "answer"))));
        _deliver(B, _forward(_send(A, B, _question()), B));
        assertEq(counterparts[B].lastMessage(), "answer");
    }

    function test_TheLongestAnswerGoesOn() public {
        vm.chainId(B);
        RawTarget last = new RawTarget();
        last.allow(services[B], A, address(counterparts[A]));
        bytes memory answer = abi.encode(_messageTo(address(last), new bytes(65_536 - 0x140)));
        assertEq(answer.length, services[RELAY].MAX_MESSAGE_LENGTH());
        _answerAtLength(answer);
        _deliver(B, _forward(_send(A, B, _question()), B));
        assertEq(last.count(), 1);
    }

    function test_AnAnswerThatIsTooLongIsAFailure() public {
        _answerAtLength(abi.encode(_message(B, new bytes(65_536 - 0x140 + 1))));
        bytes memory reason = abi.encodeWithSelector(
            IOmnichainRelayService.OmnichainRelayService_MalformedAnswer.selector, 65_536 + 32 + 64
        );
        _assertFails(_send(A, B, _question()), reason);
    }

    function test_AHugeAnswerIsAFailureAndCostsNothing() public {
        target.answerWithZeros(1_000_000);
        Leg memory leg = _send(A, B, _question(), 5_000_000);
        bytes memory reason =
            abi.encodeWithSelector(IOmnichainRelayService.OmnichainRelayService_MalformedAnswer.selector, 1_000_000);
        _assertFails(leg, reason);
    }

    function test_AnAnswerOfAnotherFormIsAFailure() public {
        bytes memory answer = abi.encode(_message(B, "answer"));
        // Nothing; the message itself; another offset; a length that is not its own; bytes behind it, and in its padding.
        _assertMalformed("");
        _assertMalformed(answer);
        _assertMalformed(abi.encode(0x40, 0, answer.length, answer));
        _assertMalformed(bytes.concat(abi.encode(0x20, answer.length + 32), answer));
        _assertMalformed(bytes.concat(abi.encode(0x20, type(uint256).max), answer));
        _assertMalformed(bytes.concat(abi.encode(answer), hex"00"));
        _assertMalformed(bytes.concat(abi.encode(answer), bytes32(0)));
        _assertMalformed(abi.encode(0x20, 1, type(uint256).max));
        _assertMalformed(abi.encode(0x20));
    }

    function test_AnAnswerOfAnotherOffsetIsAFailure() public {
        bytes memory answer = abi.encode(abi.encode(_message(B, "answer")));
        answer[31] = 0x40;
        _assertMalformed(answer);
    }

    function test_AnAnswerThatIsNoMessageIsAFailure() public {
        bytes memory reason = abi.encodeWithSelector(MessageDataCodec.MessageDataCodec_Malformed.selector);
        target.answer(abi.encode(bytes("")));
        _assertFails(_send(A, B, _question()), reason);
        target.answer(abi.encode(bytes("not a message")));
        _assertFails(_send(A, B, _question()), reason);
        target.answer(abi.encode(bytes.concat(abi.encode(_message(B, "answer")), bytes32(0))));
        _assertFails(_send(A, B, _question()), reason);
        MessageData memory message = _message(B, "answer");
        message.target = "not an address";
        target.answer(abi.encode(abi.encode(message)));
        _assertFails(_send(A, B, _question()), reason);
    }

    function test_AnAnswerThatAsksForTheRelayChainAgainIsAFailure() public {
        MessageData memory answer = _message(B, "answer");
        answer.relay = true;
        target.answer(abi.encode(abi.encode(answer)));
        _assertFails(
            _send(A, B, _question()),
            abi.encodeWithSelector(IOmnichainRelayService.OmnichainRelayService_RelayedAgain.selector)
        );
    }

    function test_AnAnswerToTheServiceOfTheDestinationIsAFailure() public {
        target.answer(abi.encode(abi.encode(_messageTo(address(services[B]), ""))));
        _assertFails(
            _send(A, B, _question()),
            abi.encodeWithSelector(IOmnichainService.OmnichainService_TargetRefused.selector, services[B])
        );
    }

    function test_AnAnswerToNobodyIsAFailure() public {
        target.answer(abi.encode(abi.encode(_messageTo(address(0), ""))));
        _assertFails(
            _send(A, B, _question()), abi.encodeWithSelector(MessageDataCodec.MessageDataCodec_ZeroTarget.selector)
        );
    }

    function test_ATargetThatRevertsHasFailedWithItsReason() public {
        target.refuse("no");
        _assertFails(_send(A, B, _question()), "no");
    }

    /// @dev What tells the service that gas has run out is a revert of its own frame, which a target does not make.
    function test_ATargetThatRevertsWithoutAReasonHasFailed() public {
        target.refuse("");
        _assertFails(_send(A, B, _question()), "");
    }

    function test_ATargetThatSpeaksTheServicesErrorsHasFailed() public {
        bytes memory problem = abi.encodeWithSelector(IOmnichainService.OmnichainService_InsufficientGas.selector, 1, 2);
        target.refuse(problem);
        _assertFails(_send(A, B, _question()), problem);
        problem = abi.encode(uint8(0), "");
        target.refuse(problem);
        _assertFails(_send(A, B, _question()), problem);
    }

    function test_ATargetWithoutCodeHasFailed() public {
        bytes memory reason = abi.encodeWithSelector(IOmnichainService.OmnichainService_TargetHasNoCode.selector, alice);
        _assertFails(_sendToNewTarget(alice), reason);
    }

    function test_AReturnBombIsAFailure() public {
        Leg memory leg = _sendToNewTarget(address(new ReturnBomb()));
        _deliver(RELAY, leg);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
    }

    function test_WhatATargetDidIsUndoneWhereItsAnswerDoesNotGoOn() public {
        target.answer("malformed");
        Leg memory leg = _send(A, B, _question());
        _deliver(RELAY, leg);
        assertEq(target.count(), 0);

        target.answer(abi.encode(abi.encode(_message(B, "answer"))));
        vm.recordLogs();
        _retry(RELAY, A, B, leg);
        _deliver(B, _leg(RELAY, B));
        assertEq(target.count(), 1);
        assertEq(counterparts[B].lastMessage(), "answer");
    }

    function test_RevertWhen_TheFrameIsCalledByAnybodyElse() public {
        Order memory order;
        vm.chainId(RELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IOmnichainRelayService.OmnichainRelayService_NotSelf.selector, address(this))
        );
        services[RELAY].executeRelayed(order, 0);
    }

    function _question() private view returns (MessageData memory message) {
        message = _messageTo(address(target), "question");
        message.relay = true;
    }

    function _send(uint256 fromChain, uint256 toChain, MessageData memory message, uint256 gasLimit)
        private
        returns (Leg memory)
    {
        message.gasLimit = gasLimit;
        return _send(fromChain, toChain, message);
    }

    function _answerAtLength(bytes memory answer) private {
        address blob = makeAddr("blob");
        vm.etch(blob, abi.encode(answer));
        target.answerFrom(blob);
    }

    function _sendToNewTarget(address newTarget) private returns (Leg memory) {
        MessageData memory message = _messageTo(newTarget, "");
        message.relay = true;
        vm.chainId(RELAY);
        vm.prank(newTarget);
        services[RELAY].addRemoteCaller(A, abi.encodePacked(counterparts[A]), true);
        return _send(A, B, message);
    }

    function _assertMalformed(bytes memory answer) private {
        target.answer(answer);
        bytes memory reason = abi.encodeWithSelector(
            IOmnichainRelayService.OmnichainRelayService_MalformedAnswer.selector, answer.length
        );
        _assertFails(_send(A, B, _question()), reason);
    }

    function _assertFails(Leg memory leg, bytes memory reason) private {
        vm.recordLogs();
        _deliver(RELAY, leg);
        // The failure, and nothing that goes on.
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1);
        assertEq(logs[0].topics[0], IOmnichainService.mapMessageIn.selector);
        assertEq(logs[0].data, abi.encode(leg.orderId, leg.fromAddress, leg.callData, false, reason));
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
        assertEq(target.count(), 0);
    }
}
