// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {Counterpart} from "../support/omnichain/Counterpart.sol";
import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {ExampleReceiver} from "xdm/contracts/devnet/ExampleReceiver.sol";
import {IOmnichainRelayService} from "xdm/contracts/omnichain/interfaces/IOmnichainRelayService.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";
import {OmnichainLaneTest} from "xdm/contracts/testing/OmnichainLaneTest.sol";
import {OmnichainAttempt, TestOmnichainLane} from "xdm/contracts/testing/TestOmnichainLane.sol";

/// @notice The base for tests of omnichain applications: its lane does what three chains do.
abstract contract OmnichainLaneTestTest is OmnichainLaneTest {
    uint256 private constant GAS_LIMIT = 300_000;

    address private immutable alice = makeAddr("alice");

    mapping(uint256 chainId => Counterpart) private counterparts;

    function setUp() public {
        for (uint256 chainId = chainA; chainId <= chainB; ++chainId) {
            counterparts[chainId] = new Counterpart(lane.serviceOf(chainId));
            vm.deal(address(counterparts[chainId]), 10 ether);
        }
        for (uint256 chainId = chainA; chainId <= chainB; ++chainId) {
            for (uint256 other = chainA; other <= chainB; ++other) {
                counterparts[chainId].allow(other, address(counterparts[other]), true);
            }
        }
    }

    // --------------------------------------------------------------------------------------------------- delivering

    function test_MessagesGoBetweenAllChains() public {
        _send(chainA, chainB, "over the relay chain");
        _send(chainB, relayChain, "to it");
        _send(relayChain, chainA, "from it");
        OmnichainAttempt[] memory attempts = relay();
        assertEq(attempts.length, 3);
        for (uint256 i = 0; i < 3; ++i) {
            assertTrue(attempts[i].success);
        }
        assertEq(counterparts[chainB].lastMessage(), "over the relay chain");
        assertEq(counterparts[relayChain].lastMessage(), "to it");
        assertEq(counterparts[chainA].lastMessage(), "from it");
        assertEq(counterparts[chainB].lastOrigin().sender, address(counterparts[chainA]));
        assertEq(counterparts[chainB].lastOrigin().fromChain, chainA);
    }

    function test_NothingGoesTwice() public {
        _send(chainA, chainB, "once");
        relay();
        assertEq(relay().length, 0);
        assertEq(counterparts[chainB].count(), 1);
    }

    function test_MessagesArriveInTheOrderTheyWereSent() public {
        for (uint256 i = 0; i < 3; ++i) {
            _send(chainA, chainB, abi.encode(i));
        }
        relay();
        assertEq(counterparts[chainB].lastMessage(), abi.encode(2));
        assertEq(counterparts[chainB].count(), 3);
    }

    function test_WhatATargetSendsGoesWithTheNextRelay() public {
        Responder responder = new Responder(serviceB);
        vm.deal(address(responder), 1 ether);
        responder.allow(chainA, address(counterparts[chainA]));
        counterparts[chainA].allow(chainB, address(responder), true);
        _send(chainA, chainB, _messageTo(address(responder), MessageType.Message, "echo"));
        assertEq(relay().length, 1);
        assertEq(counterparts[chainA].count(), 0);
        assertEq(relay().length, 1);
        assertEq(counterparts[chainA].lastMessage(), "echo");
    }

    function test_ALongMessageArrives() public {
        bytes memory payload = new bytes(2000);
        payload[1999] = "x";
        _send(chainA, chainB, payload, 12_000_000);
        assertTrue(relay()[0].success);
        assertEq(counterparts[chainB].lastMessage(), payload);
    }

    function test_ATargetsChainIdIsThatOfItsChain() public {
        ChainTeller teller = new ChainTeller();
        vm.prank(address(teller));
        serviceB.addRemoteCaller(chainA, abi.encodePacked(address(counterparts[chainA])), true);
        MessageData memory message = _message(chainB, abi.encodeCall(ChainTeller.note, ()), GAS_LIMIT);
        (message.msgType, message.target) = (MessageType.Calldata, abi.encodePacked(address(teller)));
        _send(chainA, chainB, message);
        relay();
        assertEq(teller.chainId(), chainB);
        assertEq(block.chainid, chainA);
    }

    // ----------------------------------------------------------------------------------------------------- relaying

    function test_ATargetOnTheRelayChainSaysWhatGoesOn() public {
        counterparts[relayChain].answer(abi.encode(_message(chainB, "answered", GAS_LIMIT)));
        _send(chainA, chainB, _relayed("asked"));
        assertTrue(relay()[0].success);
        assertEq(counterparts[relayChain].lastMessage(), "asked");
        assertEq(counterparts[chainB].lastMessage(), "answered");
    }

    function test_AnAnswerThatDoesNotGoOnIsAFailureUntilItIsRetried() public {
        counterparts[relayChain].answer(abi.encode(_message(chainB, "answered", GAS_LIMIT + 1)));
        bytes32 orderId = _send(chainA, chainB, _relayed("asked"));
        OmnichainAttempt memory attempt = relay()[0];
        assertFalse(attempt.success);
        assertEq(attempt.chainId, relayChain);
        assertEq(bytes4(attempt.reason), IOmnichainRelayService.OmnichainRelayService_GasLimitChanged.selector);

        counterparts[relayChain].answer(abi.encode(_message(chainB, "answered", GAS_LIMIT)));
        attempt = retry(orderId);
        assertTrue(attempt.success);
        assertEq(attempt.chainId, chainB);
        assertEq(counterparts[chainB].lastMessage(), "answered");
    }

    // ------------------------------------------------------------------------------------------------------ failing

    function test_ATargetThatRefusesFailsWithItsReasonAndHoldsUpNoOther() public {
        counterparts[chainB].refuse("no");
        _send(chainA, chainB, "refused");
        _send(chainA, relayChain, "taken");
        OmnichainAttempt[] memory attempts = relay();
        assertFalse(attempts[0].success);
        assertEq(attempts[0].reason, "no");
        assertTrue(attempts[1].success);
    }

    function test_AMessageWhoseSenderIsNotAllowedIsRetriedOnceItIs() public {
        counterparts[chainB].allow(chainA, address(counterparts[chainA]), false);
        bytes32 orderId = _send(chainA, chainB, "too early");
        OmnichainAttempt memory attempt = relay()[0];
        assertEq(bytes4(attempt.reason), IOmnichainService.OmnichainService_CallerNotAllowed.selector);

        counterparts[chainB].allow(chainA, address(counterparts[chainA]), true);
        assertTrue(retry(orderId).success);
        assertEq(counterparts[chainB].lastMessage(), "too early");
    }

    function test_ATargetGetsItsGasLimitAndARetryAllThereIs() public {
        bytes32 orderId = _send(chainA, chainB, "needs more", 10_000);
        assertFalse(relay()[0].success);
        assertTrue(retry(orderId).success);
    }

    function test_ATargetThatNoTransactionHasGasForFailsInARetryToo() public {
        assertTrue(_retryEating(10_000_000));
        assertFalse(_retryEating(17_000_000));
    }

    function test_RevertWhen_AMessageIsRetriedThatHasSucceeded() public {
        counterparts[chainB].refuse("no");
        bytes32 orderId = _send(chainA, chainB, "later");
        relay();
        counterparts[chainB].refuse("");
        retry(orderId);
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_NotFailed.selector, chainA, orderId));
        retry(orderId);
    }

    function test_RevertWhen_AMessageIsRetriedThatHasNeverFailed() public {
        bytes32 orderId = _send(chainA, chainB, "fine");
        relay();
        vm.expectRevert(abi.encodeWithSelector(TestOmnichainLane.TestOmnichainLane_NeverFailed.selector, orderId));
        retry(orderId);
    }

    // ------------------------------------------------------------------------------------------------ Forge's own

    function test_WhatARevertedCallHasSentDoesNotGo() public {
        vm.chainId(chainA);
        try this.sendAndRevert() {} catch {}
        assertEq(relay().length, 0);
        try this.sendAndRevert() {} catch {}
        _send(chainA, chainB, "instead");
        OmnichainAttempt[] memory attempts = relay();
        assertEq(attempts.length, 1);
        assertEq(counterparts[chainB].lastMessage(), "instead");
    }

    function sendAndRevert() external {
        _send(chainA, chainB, "undone");
        revert("undone");
    }

    function test_RevertWhen_ATestHasTakenTheLogs() public {
        _send(chainA, chainB, "taken");
        vm.getRecordedLogs();
        vm.expectRevert(TestOmnichainLane.TestOmnichainLane_LogsTaken.selector);
        relay();
    }

    function test_LogsThatATestHasTakenAreHandedOver() public {
        _send(chainA, chainB, "taken");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        lane.noteLogs(logs);
        assertTrue(relay()[0].success);
    }

    function test_RevertWhen_AMessageWasSentOnAnotherChain() public {
        vm.chainId(chainB);
        counterparts[chainA].send(chainB, _message(chainB, "lost", GAS_LIMIT));
        vm.expectRevert(abi.encodeWithSelector(TestOmnichainLane.TestOmnichainLane_WrongChain.selector, chainA, chainB));
        relay();
    }

    function test_APrankDoesNotApplyToTheLane() public {
        _send(chainA, chainB, "hello");
        vm.startPrank(alice);
        assertTrue(relay()[0].success);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------- the local network's

    function test_TheExampleReceiverHearsWhomItWasToldOf() public {
        ExampleReceiver receiver = new ExampleReceiver(serviceB, _chains(), _callers());
        _sendAs(alice, _messageTo(address(receiver), MessageType.Message, "hello"));
        _sendAs(alice, _messageTo(address(receiver), MessageType.Calldata, abi.encodeCall(receiver.greet, ("again"))));
        OmnichainAttempt[] memory attempts = relay();
        assertTrue(attempts[0].success);
        assertTrue(attempts[1].success);
        assertEq(receiver.greeting(), "again");
    }

    function test_TheExampleReceiverHearsNobodyElse() public {
        ExampleReceiver receiver = new ExampleReceiver(serviceB, _chains(), _callers());
        _sendAs(makeAddr("bob"), _messageTo(address(receiver), MessageType.Message, "hello"));
        assertEq(bytes4(relay()[0].reason), IOmnichainService.OmnichainService_CallerNotAllowed.selector);
        assertEq(receiver.greeting(), "");
    }

    // ------------------------------------------------------------------------------------------------------- shared

    function _send(uint256 fromChain, uint256 toChain, bytes memory payload) private returns (bytes32) {
        return _send(fromChain, toChain, payload, GAS_LIMIT);
    }

    function _send(uint256 fromChain, uint256 toChain, bytes memory payload, uint256 gasLimit)
        private
        returns (bytes32)
    {
        return _send(fromChain, toChain, _message(toChain, payload, gasLimit));
    }

    function _send(uint256 fromChain, uint256 toChain, MessageData memory message) private returns (bytes32) {
        vm.chainId(fromChain);
        return counterparts[fromChain].send(toChain, message);
    }

    /// @dev From chain A to chain B.
    function _sendAs(address sender, MessageData memory message) private {
        vm.chainId(chainA);
        vm.deal(sender, 1 ether);
        vm.prank(sender);
        serviceA.transferOut{value: 1 ether}(chainB, abi.encode(message), address(0));
    }

    /// @dev From chain A to chain B, to a target that takes more gas than it was promised.
    function _retryEating(uint256 amount) private returns (bool) {
        Glutton glutton = new Glutton(serviceB, chainA, address(counterparts[chainA]));
        bytes memory payload = abi.encodeCall(Glutton.eat, (amount));
        bytes32 orderId = _send(chainA, chainB, _messageTo(address(glutton), MessageType.Calldata, payload));
        assertFalse(relay()[0].success);
        return retry(orderId).success;
    }

    function _message(uint256 atChain, bytes memory payload, uint256 gasLimit)
        private
        view
        returns (MessageData memory message)
    {
        message = _messageTo(address(counterparts[atChain]), MessageType.Message, payload);
        message.gasLimit = gasLimit;
    }

    function _messageTo(address target, MessageType msgType, bytes memory payload)
        private
        pure
        returns (MessageData memory)
    {
        return MessageData(false, msgType, abi.encodePacked(target), payload, GAS_LIMIT, 0);
    }

    function _relayed(bytes memory payload) private view returns (MessageData memory message) {
        message = _message(relayChain, payload, GAS_LIMIT);
        message.relay = true;
    }

    function _chains() private view returns (uint256[] memory chains) {
        chains = new uint256[](1);
        chains[0] = chainA;
    }

    function _callers() private view returns (address[] memory callers) {
        callers = new address[](1);
        callers[0] = alice;
    }
}

/// forge-config: default.isolate = true
contract OmnichainIsolatedTest is OmnichainLaneTestTest {}

/// forge-config: default.isolate = false
contract OmnichainInOneTransactionTest is OmnichainLaneTestTest {}

/// @notice Sends back what it gets.
contract Responder is OmnichainEnabled {
    constructor(IOmnichainService service) OmnichainEnabled(service) {}

    function allow(uint256 fromChain, address from) external {
        _allowRemoteCaller(fromChain, from, true);
    }

    function _receiveMessage(Origin memory origin, bytes calldata message) internal override returns (bytes memory) {
        bytes memory target = abi.encodePacked(origin.sender);
        _sendMessage(origin.fromChain, MessageData(false, MessageType.Message, target, message, 250_000, 0));
        return "";
    }
}

/// @notice Remembers on which chain it was called.
contract ChainTeller {
    uint256 public chainId;

    function note() external {
        chainId = block.chainid;
    }
}

/// @notice Takes as much gas as it is told to.
contract Glutton {
    constructor(IOmnichainService service, uint256 fromChain, address from) {
        service.addRemoteCaller(fromChain, abi.encodePacked(from), true);
    }

    function eat(uint256 amount) external view {
        uint256 start = gasleft();
        while (start - gasleft() < amount) {}
    }
}
