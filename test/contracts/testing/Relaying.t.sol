// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IOwned} from "../support/Deployed.sol";
import {Caller} from "../support/targets/Caller.sol";
import {Diary} from "../support/targets/Diary.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {CrossDomainTestSuite} from "./CrossDomainTestSuite.sol";
import {ICanonicalTransactionChain} from "xdm/contracts/interfaces/ICanonicalTransactionChain.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";
import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";
import {LaneJournal} from "xdm/contracts/testing/LaneJournal.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What users' tests rely on when they relay. Runs with each call of a test in a transaction of its own, and with
/// all of them in one, as is Forge's default.
abstract contract RelayingTest is CrossDomainTestSuite {
    function test_NothingIsDeliveredUnlessItIsRelayed() public {
        _writeOnL1(1);
        _writeOnL2(2);
        assertEq(onL1.length() + onL2.length(), 0);
        relayToL2();
        assertEq(onL2.length(), 1);
        assertEq(onL1.length(), 0);
        relayToL1();
        assertEq(onL1.length(), 1);
    }

    function test_TargetsOnL2SeeWhoSentWhatOnTheirChain() public {
        bytes32 messageHash = _send(l1Messenger, address(onL2), abi.encodeCall(Diary.write, (7)), 1 ether);
        uint256 chainId = block.chainid;

        _assertDelivered(relayToL2()[0], messageHash);

        Diary.Entry memory entry = _entry(onL2, 0);
        assertEq(entry.word, 7);
        assertEq(entry.sender, alice);
        assertEq(entry.origin, AddressAlias.applyL1ToL2Alias(address(l1Messenger)));
        assertEq(entry.chainId, lane.L2_CHAIN_ID());
        assertEq(entry.value, 1 ether);
        assertEq(address(onL2).balance, 1 ether);
        assertEq(alice.balance, 99 ether);
        assertEq(block.chainid, chainId);
    }

    function test_TargetsOnL1SeeWhoSentWhatOnTheirChain() public {
        bytes32 messageHash = _send(l2Messenger, address(onL1), abi.encodeCall(Diary.write, (7)), 1 ether);
        uint256 chainId = block.chainid;

        _assertDelivered(relayToL1()[0], messageHash);

        Diary.Entry memory entry = _entry(onL1, 0);
        assertEq(entry.word, 7);
        assertEq(entry.sender, alice);
        assertEq(entry.chainId, lane.L1_CHAIN_ID());
        assertEq(entry.value, 1 ether);
        assertEq(address(onL1).balance, 1 ether);
        assertEq(alice.balance, 99 ether);
        assertEq(block.chainid, chainId);
    }

    function test_DeliversInOrderAndOnce() public {
        bytes32[3] memory toL2;
        bytes32[3] memory toL1;
        for (uint256 i = 0; i < 3; ++i) {
            (toL2[i], toL1[i]) = (_writeOnL2(i), _writeOnL1(10 + i));
        }

        (Attempt[] memory onSecond, Attempt[] memory onFirst) = (relayToL2(), relayToL1());

        assertEq(onSecond.length, 3);
        assertEq(onFirst.length, 3);
        for (uint256 i = 0; i < 3; ++i) {
            _assertDelivered(onSecond[i], toL2[i]);
            _assertDelivered(onFirst[i], toL1[i]);
            assertEq(_entry(onL2, i).word, i);
            assertEq(_entry(onL1, i).word, 10 + i);
        }
        assertEq(relayToL2().length + relayToL1().length, 0);
    }

    function test_AnswersGoBackWithTheNextRelay() public {
        onL2.setReader(address(onL1));
        _writeOnL2(1);
        relayToL2();
        assertEq(onL1.length(), 0);
        relayToL1();
        assertEq(_entry(onL1, 0).word, 2);
        assertEq(_entry(onL1, 0).sender, address(onL2));
    }

    function test_DeliversOnL1OutOfTurn() public {
        bytes32 first = _writeOnL1(1);
        bytes32 second = _writeOnL1(2);
        _assertDelivered(relayToL1(second), second);
        Attempt[] memory rest = relayToL1();
        assertEq(rest.length, 1);
        _assertDelivered(rest[0], first);
        assertEq(_entry(onL1, 0).word, 2);
        assertEq(_entry(onL1, 1).word, 1);
    }

    function test_LeavesNoRootProven() public {
        _writeOnL1(1);
        relayToL1();
        assertEq(l1Messenger.messageRoots(1), 0);
    }

    // -------------------------------------------------------------------------------------------------------- gas

    function test_ATargetOnL1GetsExactlyItsGasLimit() public {
        GasProbe probe = new GasProbe();
        _send(l2Messenger, address(probe), hex"01", 0);
        relayToL1();
        assertEq(uint256(vm.load(address(probe), 0)), 200_000 - 2);
    }

    function test_AnElementOfTheQueueGetsWhatATransactionWouldLeaveIt() public {
        GasProbe probe = new GasProbe();
        bytes memory data = hex"0001020300";
        vm.prank(alice, alice);
        ICanonicalTransactionChain(l1Messenger.canonicalTransactionChain()).enqueue(address(probe), 300_000, data);

        _assertDelivered(relayToL2()[0], bytes32(0));

        assertEq(uint256(vm.load(address(probe), 0)), 300_000 - 21_000 - 2 * 4 - 3 * 16 - 2);
    }

    function test_ATargetOnL2GetsItsGasLimitAndWhatIsLeftOfTheTransactions() public {
        GasProbe probe = new GasProbe();
        _send(l1Messenger, address(probe), hex"01", 0);
        relayToL2();
        uint256 received = uint256(vm.load(address(probe), 0)) + 2;
        assertGe(received, 200_000);
        assertLe(received, l1Messenger.baseGas(hex"01", 200_000) - 21_000);
    }

    function test_AMessageWithTooLittleGasFailsAndCanBeReplayed() public {
        // Its code takes two cold slots that were never written: more than 40,000 gas.
        GasProbe probe = new GasProbe();
        vm.startPrank(alice);
        bytes32 up = l1Messenger.sendMessage(address(probe), hex"01", 0);
        bytes32 down = l2Messenger.sendMessage(address(probe), hex"01", 40_000);
        vm.stopPrank();

        _assertFailed(relayToL2()[0], up, "");
        _assertFailed(relayToL1()[0], down, "");
        assertEq(uint256(vm.load(address(probe), bytes32(uint256(1)))), 0);

        _assertDelivered(replayOnL2(up), up);
        _assertDelivered(replayOnL1(down), down);
        assertEq(uint256(vm.load(address(probe), bytes32(uint256(1)))), 2);
    }

    // ---------------------------------------------------------------------------------------------------- failure

    function test_AFailureOnL2IsRecordedAndReplayed() public {
        onL2.setFull(true);
        bytes32 messageHash = _send(l1Messenger, address(onL2), abi.encodeCall(Diary.write, (7)), 1 ether);
        bytes memory reason = abi.encodeWithSelector(Diary.Diary_Full.selector, 7);

        _assertFailed(relayToL2()[0], messageHash, reason);
        assertTrue(l2Messenger.failedMessages(messageHash));
        assertEq(relayToL2().length, 0);
        _assertFailed(replayOnL2(messageHash), messageHash, reason);

        onL2.setFull(false);
        _assertDelivered(replayOnL2(messageHash), messageHash);
        assertEq(_entry(onL2, 0).sender, alice);
        assertEq(_entry(onL2, 0).chainId, lane.L2_CHAIN_ID());
        assertEq(address(onL2).balance, 1 ether);
    }

    function test_AFailureOnL1IsRecordedAndReplayed() public {
        onL1.setFull(true);
        bytes32 messageHash = _send(l2Messenger, address(onL1), abi.encodeCall(Diary.write, (7)), 1 ether);
        bytes memory reason = abi.encodeWithSelector(Diary.Diary_Full.selector, 7);

        _assertFailed(relayToL1()[0], messageHash, reason);
        assertTrue(l1Messenger.failedMessages(messageHash));
        assertEq(relayToL1().length, 0);
        _assertFailed(relayToL1(messageHash), messageHash, reason);
        _assertFailed(replayOnL1(messageHash), messageHash, reason);

        onL1.setFull(false);
        _assertDelivered(replayOnL1(messageHash), messageHash);
        assertEq(_entry(onL1, 0).chainId, lane.L1_CHAIN_ID());
        assertEq(address(onL1).balance, 1 ether);
    }

    function test_AFailureDoesNotHoldUpTheOthers() public {
        bytes32 refused = _send(l1Messenger, address(0xdead), hex"01", 0);
        bytes32 fine = _writeOnL2(1);
        Attempt[] memory attempts = relayToL2();
        bytes4 noCode = ICrossDomainMessenger.CrossDomainMessenger_TargetHasNoCode.selector;
        _assertFailed(attempts[0], refused, abi.encodeWithSelector(noCode, address(0xdead)));
        _assertDelivered(attempts[1], fine);
    }

    function test_RevertWhen_ADeliveredMessageIsReplayed() public {
        (bytes32 up, bytes32 down) = (_writeOnL2(1), _writeOnL1(1));
        relayToL2();
        relayToL1();

        vm.expectRevert(
            abi.encodeWithSelector(
                IL2CrossDomainMessenger.L2CrossDomainMessenger_NotReplayable.selector,
                up,
                address(lane),
                DeliveryStatus.Relayed
            )
        );
        replayOnL2(up);
        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_AlreadyRelayed.selector, down)
        );
        replayOnL1(down);
        relayToL1(down);
        assertEq(onL1.length() + onL2.length(), 2);
    }

    function test_RevertWhen_AMessageWasNotSentInThisDirection() public {
        (bytes32 up, bytes32 down) = (_writeOnL2(1), _writeOnL1(1));
        vm.expectRevert(abi.encodeWithSelector(LaneJournal.TestLane_UnknownMessage.selector, down));
        replayOnL2(down);
        vm.expectRevert(abi.encodeWithSelector(LaneJournal.TestLane_UnknownMessage.selector, up));
        relayToL1(up);
    }

    function test_AMessageThatIsEnqueuedAgainIsDeliveredOnce() public {
        bytes memory data = abi.encodeCall(Diary.write, (7));
        Message memory message = Message(l1Messenger.messageNonce(), alice, address(onL2), 0, 200_000, data);
        bytes32 messageHash = _writeOnL2(7);
        l1Messenger.replayMessage(message, 1_000_000);

        Attempt[] memory attempts = relayToL2();

        assertEq(attempts.length, 2);
        _assertDelivered(attempts[0], messageHash);
        _assertDelivered(attempts[1], messageHash);
        assertEq(onL2.length(), 1);
    }

    function test_ANestedRelayIsRefused() public {
        bytes memory refusal = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        onL2.setFull(true);
        bytes memory data = abi.encodeCall(Diary.write, (7));
        Message memory message = Message(l1Messenger.messageNonce(), alice, address(onL2), 0, 200_000, data);
        _writeOnL2(7);
        relayToL2();

        Caller caller = new Caller();
        caller.prepare(address(l2Messenger), message.encode());
        _send(l1Messenger, address(caller), hex"01", 0);
        relayToL2();
        assertEq(caller.returnData(), refusal);

        caller = new Caller();
        bytes memory batch =
            abi.encodeCall(IL1CrossDomainMessenger.relayMessages, (new Message[](0), 1, new bytes32[](0)));
        caller.prepare(address(l1Messenger), batch);
        _send(l2Messenger, address(caller), hex"01", 0);
        relayToL1();
        assertEq(caller.returnData(), refusal);
    }

    function test_RevertWhen_L1IsPaused() public {
        bytes32 messageHash = _writeOnL1(1);
        uint256 chainId = block.chainid;
        vm.prank(l1Messenger.guardian());
        l1Messenger.pause();

        vm.expectRevert(Pausable.EnforcedPause.selector);
        relayToL1();
        assertEq(block.chainid, chainId);

        vm.prank(IOwned(address(l1Messenger)).owner());
        l1Messenger.unpause();
        _assertDelivered(relayToL1()[0], messageHash);
    }

    /// @dev Whether a call is charged for its calldata, which is what happens to a transaction.
    function _isIsolated() internal returns (bool) {
        GasProbe probe = new GasProbe();
        (bool success,) = address(probe).call{gas: 100_000}(hex"01020304");
        assertTrue(success);
        return uint256(vm.load(address(probe), 0)) != 100_000 - 2;
    }
}

/// forge-config: default.isolate = true
contract RelayingIsolatedTest is RelayingTest {
    function test_EachCallIsATransaction() public {
        assertTrue(_isIsolated());
    }

    /// @dev Forge itself makes a transaction of the call, and charges it.
    function test_ADepositHasTheGasOfATransaction() public {
        for (uint256 value = 0; value < 2; ++value) {
            GasProbe probe = new GasProbe();
            Message memory message = Message(l1Messenger.messageNonce(), alice, address(probe), value, 200_000, hex"01");
            _send(l1Messenger, address(probe), hex"01", value);
            uint256 snapshot = vm.snapshotState();
            address from = AddressAlias.applyL1ToL2Alias(address(l1Messenger));
            uint64 gasLimit = l1Messenger.baseGas(hex"01", 200_000);
            bytes memory data = message.encode();
            vm.deal(from, value);
            vm.prank(from, from);
            (bool success,) = address(l2Messenger).call{value: value, gas: gasLimit - 21_000 - 2300 * value}(data);
            assertTrue(success);
            bytes32 received = vm.load(address(probe), 0);
            vm.revertToState(snapshot);

            relayToL2();
            assertEq(vm.load(address(probe), 0), received);
        }
    }
}

/// forge-config: default.isolate = false
contract RelayingInOneTransactionTest is RelayingTest {
    function test_AllCallsAreOneTransaction() public {
        assertFalse(_isIsolated());
    }
}
