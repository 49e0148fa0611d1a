// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Caller} from "../support/targets/Caller.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {GasEater} from "../support/targets/GasEater.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {ReturnBomb} from "../support/targets/ReturnBomb.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";
import {Delivery, DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice The delivery of a message by its deposit, which is executed once.
contract FirstDeliveryTest is LaneTest {
    Recorder private recorder;

    function setUp() public override {
        super.setUp();
        recorder = new Recorder(l2Messenger);
    }

    // ------------------------------------------------------------------------------------------------ who may call

    function test_RevertWhen_CallerIsNotTheAliasedMessenger() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 0);
        address[4] memory callers = [alice, address(l1Messenger), address(l2Messenger), address(this)];

        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IL2CrossDomainMessenger.L2CrossDomainMessenger_NotReplayable.selector,
                    message.hash(),
                    callers[i],
                    DeliveryStatus.Unattempted
                )
            );
            _relay(message);
        }
        assertEq(recorder.count(), 0);
    }

    // ----------------------------------------------------------------------------------------------------- success

    function test_CallsTheTargetAsItsSender() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 3 ether);

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.RelayedMessage(message.hash());
        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertEq(recorder.sender(), alice);
        assertEq(recorder.count(), 1);
        assertEq(address(recorder).balance, 3 ether);
        assertEq(address(l2Messenger).balance, 0);
    }

    function test_RecordsAllInOneSlot() public {
        vm.roll(1234);
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 0);
        bytes32 messageHash = message.hash();
        assertFalse(l2Messenger.relayedMessages(messageHash));

        vm.record();
        _deliverDeposit(message, _baseGas(message));
        (, bytes32[] memory written) = vm.accesses(address(l2Messenger));

        for (uint256 i = 1; i < written.length; ++i) {
            assertEq(written[i], written[0], "one slot");
        }
        assertTrue(l2Messenger.successfulMessages(messageHash));
        assertFalse(l2Messenger.failedMessages(messageHash));
        assertTrue(l2Messenger.relayedMessages(messageHash));
        Delivery memory delivery = l2Messenger.delivery(messageHash);
        assertEq(uint8(delivery.status), uint8(DeliveryStatus.Relayed));
        assertEq(delivery.relayer, _aliasedL1Messenger());
        assertEq(delivery.attempts, 1);
        assertEq(delivery.blockNumber, 1234);
    }

    function test_SenderIsKnownOnlyDuringTheDelivery() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 0);
        _deliverDeposit(message, _baseGas(message));

        vm.expectRevert(ICrossDomainMessenger.CrossDomainMessenger_NoMessageInDelivery.selector);
        l2Messenger.xDomainMessageSender();
    }

    function test_TargetSeesItsOwnMessageAsRelayed() public {
        Caller caller = new Caller();
        Message memory message = _sendFromL1(alice, address(caller), hex"01", 500_000, 0);
        caller.prepare(address(l2Messenger), abi.encodeCall(l2Messenger.successfulMessages, (message.hash())));

        _deliverDeposit(message, _baseGas(message));

        assertEq(abi.decode(caller.returnData(), (bool)), true);
    }

    // ---------------------------------------------------------------------------------------------- never reverting

    function test_RecordsAFailureWhenTheTargetReverts() public {
        Fragile fragile = new Fragile("out of order");
        Message memory message = _sendFromL1(alice, address(fragile), hex"01", 100_000, 1 ether);

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.FailedRelayedMessage(message.hash());
        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.FailureReason(message.hash(), "out of order");
        assertTrue(_deliverDeposit(message, _baseGas(message)));

        _assertFailed(message, 1);
        assertEq(address(l2Messenger).balance, 1 ether);
    }

    function test_RecordsAFailureWhenTheTargetEatsAllGas() public {
        Message memory message = _sendFromL1(alice, address(new GasEater()), hex"01", 3_000_000, 0);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        _assertFailed(message, 1);
    }

    function test_CapsTheReason() public {
        Message memory message = _sendFromL1(alice, address(new ReturnBomb()), hex"01", 3_000_000, 0);

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.FailureReason(message.hash(), new bytes(256));
        assertTrue(_deliverDeposit(message, _baseGas(message)));

        _assertFailed(message, 1);
    }

    function test_RecordsAFailureWhenTheTargetIsRefused() public {
        address[3] memory refused = [address(l2Messenger), address(passer), address(l1Messenger)];

        for (uint256 i = 0; i < refused.length; ++i) {
            // The L1 messenger does not let it be sent, so this deposit could only come from another version of it.
            Message memory message = Message(i, alice, refused[i], 1 ether, 100_000, hex"01");
            vm.expectEmit(address(l2Messenger));
            emit ICrossDomainMessenger.FailureReason(
                message.hash(),
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
            assertTrue(_deliverDeposit(message, _baseGas(message)));
            _assertFailed(message, 1);

            vm.expectRevert(
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
            _relay(message);
        }
    }

    function test_RecordsAFailureWhenGasDoesNotKeepThePromise() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 2_000_000, 0);

        vm.recordLogs();
        assertTrue(_deliverDeposit(message, _baseGas(message) - 100_000));

        _assertFailed(message, 1);
        bytes memory reason = abi.decode(vm.getRecordedLogs()[1].data, (bytes));
        assertEq(bytes4(reason), ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
        assertEq(recorder.count(), 0);
    }

    function test_RecordsAFailureWhenTheGasLimitIsBeyondAnyGas() public {
        uint256[3] memory limits = [uint256(type(uint64).max), type(uint64).max - 1, type(uint256).max];

        for (uint256 i = 0; i < limits.length; ++i) {
            Message memory message = Message(i, alice, address(recorder), 0, limits[i], _record());
            assertTrue(_deliverDeposit(message, 5_000_000));
            _assertFailed(message, 1);
        }
    }

    function test_RecordsAFailureWhenTheTargetHasNoCode() public {
        Message memory message = _sendFromL1(alice, makeAddr("nobody"), hex"01", 100_000, 0);

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.FailureReason(
            message.hash(),
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetHasNoCode.selector, message.target)
        );
        assertTrue(_deliverDeposit(message, _baseGas(message)));

        _assertFailed(message, 1);
    }

    function test_DeliversValueToATargetWithoutCode() public {
        address nobody = makeAddr("nobody");
        Message memory message = _sendFromL1(alice, nobody, hex"01", 100_000, 1 ether);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(l2Messenger.successfulMessages(message.hash()));
        assertEq(nobody.balance, 1 ether);
    }

    function test_DeliversNothingToATargetWithoutCode() public {
        Message memory message = _sendFromL1(alice, makeAddr("nobody"), "", 100_000, 0);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(l2Messenger.successfulMessages(message.hash()));
    }

    // -------------------------------------------------------------------------------------- a message with a record

    function test_IgnoresAMessageThatWasDelivered() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 0);
        _deliverDeposit(message, _baseGas(message));

        vm.recordLogs();
        assertTrue(_executeDeposit(message, _baseGas(message), 0));

        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(recorder.count(), 1);
        assertEq(l2Messenger.delivery(message.hash()).attempts, 1);
    }

    function test_IgnoresAMessageThatFailed() public {
        Message memory message = _sendFromL1(alice, address(new GasEater()), hex"01", 100_000, 0);
        _deliverDeposit(message, _baseGas(message));

        vm.recordLogs();
        assertTrue(_executeDeposit(message, _baseGas(message), 0));

        assertEq(vm.getRecordedLogs().length, 0);
        _assertFailed(message, 1);
    }

    function test_RevertWhen_ValueComesForAMessageWithARecord() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 1 ether);
        _deliverDeposit(message, _baseGas(message));
        vm.deal(_aliasedL1Messenger(), 1 ether);

        vm.prank(_aliasedL1Messenger());
        vm.expectRevert(
            abi.encodeWithSelector(IL2CrossDomainMessenger.L2CrossDomainMessenger_UnexpectedValue.selector, 1 ether)
        );
        _relayWithValue(message, 1 ether);

        assertEq(_aliasedL1Messenger().balance, 1 ether);
    }

    function test_RevertWhen_TheDepositBringsAnotherValue() public {
        Message memory message = _sendFromL1(alice, address(recorder), _record(), 200_000, 1 ether);
        uint256[2] memory values = [uint256(0), 2 ether];

        for (uint256 i = 0; i < values.length; ++i) {
            vm.deal(_aliasedL1Messenger(), values[i]);
            vm.prank(_aliasedL1Messenger());
            vm.expectRevert(
                abi.encodeWithSelector(
                    IL2CrossDomainMessenger.L2CrossDomainMessenger_ValueMismatch.selector, values[i], 1 ether
                )
            );
            _relayWithValue(message, values[i]);
        }
        assertFalse(l2Messenger.relayedMessages(message.hash()));
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    function _assertFailed(Message memory message, uint256 attempts) private view {
        bytes32 messageHash = message.hash();
        assertTrue(l2Messenger.failedMessages(messageHash));
        assertFalse(l2Messenger.successfulMessages(messageHash));
        assertTrue(l2Messenger.relayedMessages(messageHash));
        assertEq(l2Messenger.delivery(messageHash).attempts, attempts);
        assertEq(l2Messenger.delivery(messageHash).relayer, _aliasedL1Messenger());
    }

    function _record() private pure returns (bytes memory) {
        return abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
    }
}
