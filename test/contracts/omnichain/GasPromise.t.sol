// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {RawTarget} from "../support/omnichain/RawTarget.sol";
import {ReceiptBuilder} from "../support/omnichain/ReceiptBuilder.sol";
import {Exhauster} from "../support/targets/Exhauster.sol";
import {GasEater} from "../support/targets/GasEater.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {ReturnBomb} from "../support/targets/ReturnBomb.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice A target gets its gas, or nothing has happened, whatever gas the transaction has.
contract OmnichainGasPromiseTest is OmnichainTest {
    /// @dev What a call of the target takes until it reads the gas.
    uint256 private constant ARRIVING = 200;

    uint256 private constant MAX_TRANSACTION = 16_777_216;

    RawTarget private target;

    function setUp() public override {
        super.setUp();
        vm.chainId(RELAY);
        target = new RawTarget();
        for (uint256 chainId = RELAY; chainId <= B; ++chainId) {
            target.allow(services[chainId], A, address(counterparts[A]));
        }
        target.answer(abi.encode(abi.encode(_withGas(_message(B, "answer"), 1_000_000))));
        // Its slots are not new.
        Leg memory leg = _send(A, RELAY, _toTarget(100_000, false));
        _deliver(RELAY, leg);
    }

    function test_AFirstAttemptGivesExactlyTheGasLimit() public {
        for (uint256 i = 0; i < 2; ++i) {
            Leg memory leg = _send(A, i == 0 ? RELAY : B, _toTarget(1_000_000, i == 1));
            _deliver(RELAY, leg);
            _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
            assertApproxEqAbs(target.gas(), 1_000_000 - ARRIVING / 2, ARRIVING / 2);
        }
    }

    function test_ATransferInGivesExactlyTheGasLimit() public {
        Leg memory leg = _send(A, RELAY, _toTarget(1_000_000, false));
        vm.chainId(RELAY);
        services[RELAY].transferIn(A, leg.proof);
        assertApproxEqAbs(target.gas(), 1_000_000 - ARRIVING / 2, ARRIVING / 2);
    }

    function test_WhoTriesAgainGivesAllThereIs() public {
        for (uint256 i = 0; i < 2; ++i) {
            target.refuse("no");
            Leg memory leg = _send(A, i == 0 ? RELAY : B, _toTarget(1_000_000, i == 1));
            _deliver(RELAY, leg);
            target.answer(abi.encode(abi.encode(_withGas(_message(B, "answer"), 1_000_000))));
            vm.chainId(RELAY);
            uint256 to = i == 0 ? RELAY : B;
            services[RELAY].retryMessageIn{gas: 10_000_000}(A, to, leg.orderId, leg.fromAddress, leg.callData);
            assertGt(target.gas(), 9_500_000);
        }
    }

    function test_AMessageIsDeliveredAsPromisedOrNotAtAll() public {
        Leg memory leg = _send(A, RELAY, _toTarget(1_000_000, false));
        _sweep(leg, abi.encodeCall(IOmnichainService.transferIn, (A, leg.proof)), DeliveryStatus.Unattempted);
    }

    function test_AMessageIsRelayedAsPromisedOrNotAtAll() public {
        Leg memory leg = _send(A, B, _toTarget(1_000_000, true));
        _sweep(leg, abi.encodeCall(IOmnichainService.transferIn, (A, leg.proof)), DeliveryStatus.Unattempted);
    }

    function test_AMessageIsTriedAgainAsPromisedOrNotAtAll() public {
        target.refuse("no");
        Leg memory leg = _send(A, RELAY, _toTarget(1_000_000, false));
        _deliver(RELAY, leg);
        target.answer("");
        bytes memory data =
            abi.encodeCall(IOmnichainService.retryMessageIn, (A, RELAY, leg.orderId, leg.fromAddress, leg.callData));
        _sweep(leg, data, DeliveryStatus.Failed);
    }

    function test_AMessageIsRelayedAgainAsPromisedOrNotAtAll() public {
        target.refuse("no");
        Leg memory leg = _send(A, B, _toTarget(1_000_000, true));
        _deliver(RELAY, leg);
        target.answer(abi.encode(abi.encode(_withGas(_message(B, "answer"), 1_000_000))));
        bytes memory data =
            abi.encodeCall(IOmnichainService.retryMessageIn, (A, B, leg.orderId, leg.fromAddress, leg.callData));
        _sweep(leg, data, DeliveryStatus.Failed);
    }

    /// @dev The target has done its part, and left nothing to read its long answer with: that is not its failure.
    function test_AnAnswerIsReadOrNothingHasHappened() public {
        _answerAtLengthWithItsLastGas();
        Leg memory leg = _send(A, B, _toTarget(1_000_000, true));
        bytes memory data = abi.encodeCall(IOmnichainService.transferIn, (A, leg.proof));
        _sweepInSteps(9973, leg, data, DeliveryStatus.Unattempted);
    }

    /// @dev Here there is gas to record a failure with outside of the frame, because the route is there already.
    function test_AnAnswerThatIsNotReadIsNoFailureWhenTriedAgain() public {
        target.refuse("no");
        Leg memory leg = _send(A, B, _toTarget(1_000_000, true));
        _deliver(RELAY, leg);

        _answerAtLengthWithItsLastGas();
        for (uint256 gas = 1_050_000; gas < 2_000_000; gas += 49_999) {
            vm.expectRevert();
            services[RELAY].retryMessageIn{gas: gas}(A, B, leg.orderId, leg.fromAddress, leg.callData);
            assertEq(services[RELAY].delivery(A, leg.orderId).attempts, 1);
        }

        target.burn(0);
        _retry(RELAY, A, B, leg);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
    }

    function test_ATargetThatUsesUpItsGasHasFailedAndCostsItsGasLimit() public {
        address[2] memory targets = [address(new GasEater()), address(new Exhauster())];
        for (uint256 i = 0; i < 4; ++i) {
            bool isRelayed = i >= 2;
            vm.prank(targets[i % 2]);
            services[RELAY].addRemoteCaller(A, abi.encodePacked(counterparts[A]), true);
            MessageData memory message = _withGas(_messageTo(targets[i % 2], ""), 1_000_000);
            message.relay = isRelayed;
            Leg memory leg = _send(A, isRelayed ? B : RELAY, message);
            vm.chainId(RELAY);
            services[RELAY].transferIn{gas: 1_300_000}(A, leg.proof);
            _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);

            // Also where it gets all there is.
            services[RELAY].retryMessageIn{gas: 3_000_000}(
                A, isRelayed ? B : RELAY, leg.orderId, leg.fromAddress, leg.callData
            );
            _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
            assertEq(services[RELAY].delivery(A, leg.orderId).attempts, 2);
        }
    }

    /// @dev The dearest call: of an account whose delegate was not touched before (EIP-7702).
    function test_AColdDelegateGetsItsGasOrNothingHasHappened() public {
        address delegated = makeAddr("delegated");
        address probe = address(new GasProbe());
        vm.etch(delegated, abi.encodePacked(hex"ef0100", probe));
        vm.prank(delegated);
        services[RELAY].addRemoteCaller(A, abi.encodePacked(counterparts[A]), true);
        Leg memory leg = _send(A, RELAY, _withGas(_messageTo(delegated, ""), 1_000_000));
        vm.chainId(RELAY);
        for (uint256 gas = 1_000_000; _statusOn(RELAY, A, leg) == DeliveryStatus.Unattempted; gas += 97) {
            try services[RELAY].transferIn{gas: gas}(A, leg.proof) {} catch {}
        }
        _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
        // What it took to read the gas.
        assertEq(uint256(vm.load(delegated, 0)) + 2, 1_000_000);
    }

    function test_AReturnBombIsCapped() public {
        address bomb = address(new ReturnBomb());
        vm.prank(bomb);
        services[RELAY].addRemoteCaller(A, abi.encodePacked(counterparts[A]), true);
        Leg memory leg = _send(A, RELAY, _withGas(_messageTo(bomb, ""), 1_000_000));
        vm.chainId(RELAY);
        vm.expectEmit(address(services[RELAY]));
        emit IOmnichainService.mapMessageIn(A, RELAY, leg.orderId, leg.fromAddress, leg.callData, false, new bytes(256));
        services[RELAY].transferIn(A, leg.proof);
    }

    /// @dev Also where it gets all there is, and the event takes more than the 64th that the call leaves.
    function test_TheFailureOfALongMessageIsRecorded() public {
        address eater = address(new GasEater());
        vm.prank(eater);
        services[RELAY].addRemoteCaller(A, abi.encodePacked(counterparts[A]), true);
        Leg memory leg = _send(A, RELAY, _withGas(_messageTo(eater, _bytes(65_536 - 0x140)), 100_000));
        vm.chainId(RELAY);
        services[RELAY].transferIn{gas: 3_000_000}(A, leg.proof);
        services[RELAY].retryMessageIn{gas: 3_000_000}(A, RELAY, leg.orderId, leg.fromAddress, leg.callData);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Failed);
        assertEq(services[RELAY].delivery(A, leg.orderId).attempts, 2);
    }

    /// @dev The highest gas limit, the longest message, and a receipt as large as nodes take a transaction.
    function test_WhatIsSentFitsIntoATransaction() public {
        MessageData memory message = _withGas(_messageTo(address(target), _bytes(65_536 - 0x140)), 12_000_000);
        Leg memory leg = _amongOtherLogs(RELAY, message);
        vm.chainId(RELAY);
        services[RELAY].transferIn{gas: MAX_TRANSACTION}(A, leg.proof);
        assertGe(target.gas(), 12_000_000 - ARRIVING);
    }

    function test_WhatIsRelayedFitsIntoATransaction() public {
        MessageData memory message = _withGas(_messageTo(address(target), _bytes(65_536 - 0x140)), 12_000_000);
        address blob = makeAddr("blob");
        vm.etch(blob, abi.encode(abi.encode(message)));
        target.answerFrom(blob);
        message.relay = true;
        Leg memory leg = _amongOtherLogs(B, message);
        vm.chainId(RELAY);
        services[RELAY].transferIn{gas: MAX_TRANSACTION}(A, leg.proof);
        assertGe(target.gas(), 12_000_000 - ARRIVING);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
    }

    function _amongOtherLogs(uint256 toChain, MessageData memory message) private returns (Leg memory leg) {
        leg = _describe(A, toChain, message);
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = _messageLog(A, A, toChain, leg)[0];
        logs[1] = ReceiptBuilder.transfer(0)[0];
        logs[1].data = _bytes(60_000);
        leg = _legOf(A, RELAY, logs);
        assertGt(leg.proof.length, 126_000);
    }

    function _bytes(uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            data[i] = 0xff;
        }
    }

    /// @dev Calls with ever more gas, in steps that see every instruction that costs much, until it is enough.
    function _sweep(Leg memory leg, bytes memory data, DeliveryStatus before) private {
        _sweepInSteps(1777, leg, data, before);
    }

    function _sweepInSteps(uint256 step, Leg memory leg, bytes memory data, DeliveryStatus before) private {
        vm.chainId(RELAY);
        uint256 refused;
        for (uint256 gas = 60_000; gas < 1_900_000; gas += step) {
            uint256 state = vm.snapshotState();
            (bool success,) = address(services[RELAY]).call{gas: gas}(data);
            if (success) {
                assertGe(target.gas(), 1_000_000 - ARRIVING);
                _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
                assertGt(refused, 10);
                return;
            }
            ++refused;
            _assertStatus(RELAY, A, leg, before);
            vm.revertToState(state);
        }
        fail();
    }

    function _answerAtLengthWithItsLastGas() private {
        bytes memory answer = abi.encode(_withGas(_messageTo(address(target), _bytes(65_536 - 0x140)), 1_000_000));
        address blob = makeAddr("blob");
        vm.etch(blob, abi.encode(answer));
        target.answerFrom(blob);
        target.burn(33_000);
    }

    function _toTarget(uint256 gasLimit, bool relay) private view returns (MessageData memory message) {
        message = _withGas(_messageTo(address(target), "hello"), gasLimit);
        message.relay = relay;
    }

    function _withGas(MessageData memory message, uint256 gasLimit) private pure returns (MessageData memory) {
        message.gasLimit = gasLimit;
        return message;
    }
}
