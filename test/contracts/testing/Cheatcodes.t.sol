// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {Diary} from "../support/targets/Diary.sol";
import {CrossDomainTestSuite} from "./CrossDomainTestSuite.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {LaneJournal} from "xdm/contracts/testing/LaneJournal.sol";

/// @notice That the cheatcodes which users' tests have around a relay do what they seem to do, and that the harness does
/// not get in their way nor they in its.
abstract contract CheatcodesTest is CrossDomainTestSuite {
    event Noise();

    bytes32 private _sentInSetUp;

    function setUp() public override {
        super.setUp();
        _sentInSetUp = _writeOnL2(100);
    }

    function test_SeesWhatWasSentInSetUp() public {
        _assertDelivered(relayToL2()[0], _sentInSetUp);
    }

    function test_EventsOfAllMessagesCanBeExpected() public {
        _writeOnL2(101);
        vm.expectEmit(address(onL2));
        emit Diary.Written(100);
        vm.expectEmit(address(onL2));
        emit Diary.Written(101);
        relayToL2();
    }

    function test_APrankThatWasStartedGoesOnBehindARelay() public {
        vm.startPrank(alice);
        relayToL2();
        assertEq(onL2.length(), 1);
        bytes32 messageHash = l2Messenger.sendMessage(address(onL1), abi.encodeCall(Diary.write, (1)), 200_000);
        _assertDelivered(relayToL1()[0], messageHash);
        assertEq(_entry(onL1, 0).sender, alice);
        vm.stopPrank();
    }

    function test_APrankOfOneCallEndsWithTheRelay() public {
        vm.prank(alice);
        relayToL2();
        onL2.setFull(true);
        l1Messenger.sendMessage(address(onL2), abi.encodeCall(Diary.write, (1)), 200_000);
        onL2.setFull(false);
        relayToL2();
        assertEq(_entry(onL2, 1).sender, address(this));
    }

    function test_MessagesOfRevertedCallsAreNotRelayed() public {
        (bool success,) = address(this).call(abi.encodeCall(this.sendAndRevert, ()));
        assertFalse(success);
        bytes32 messageHash = _writeOnL1(3);
        assertEq(relayToL2().length, 1);
        _assertDelivered(relayToL1()[0], messageHash);
        assertEq(_entry(onL1, 0).word, 3);
        assertEq(relayToL2().length + relayToL1().length, 0);
    }

    function sendAndRevert() external {
        _writeOnL2(1);
        _writeOnL1(2);
        revert();
    }

    function test_MessagesThatAStateWasRolledBackBehindAreNotRelayed() public {
        uint256 snapshot = vm.snapshotState();
        _writeOnL2(1);
        _writeOnL1(2);
        vm.revertToState(snapshot);
        assertEq(relayToL2().length, 1);
        assertEq(relayToL1().length, 0);
    }

    function test_AStateCanBeRolledBackBehindARelay() public {
        recordedLogs();
        uint256 snapshot = vm.snapshotState();
        relayToL2();
        vm.revertToState(snapshot);
        assertEq(onL2.length(), 0);
        _assertDelivered(relayToL2()[0], _sentInSetUp);
        assertEq(onL2.length(), 1);
    }

    function test_GivesTestsTheirLogs() public {
        recordedLogs();
        emit Noise();
        relayToL2();
        onL2.setFull(true);

        Vm.Log[] memory logs = recordedLogs();

        assertEq(logs[0].emitter, address(this));
        assertEq(logs[0].topics[0], Noise.selector);
        assertEq(logs[1].topics[0], Diary.Written.selector);
        assertEq(logs[2].topics[0], ICrossDomainMessenger.RelayedMessage.selector);
        assertEq(logs.length, 3);
        assertEq(recordedLogs().length, 0);
    }

    function test_RevertWhen_ATestHasTakenTheLogs() public {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.expectRevert(LaneJournal.TestLane_LogsTaken.selector);
        relayToL2();

        lane.noteLogs(logs);
        _assertDelivered(relayToL2()[0], _sentInSetUp);
    }

    function test_RevertWhen_ATestHasTakenTheLogsOfMessagesToL1() public {
        bytes32 messageHash = _writeOnL1(1);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.expectRevert(LaneJournal.TestLane_LogsTaken.selector);
        relayToL1();

        lane.noteLogs(logs);
        _assertDelivered(relayToL1()[0], messageHash);
    }

    function test_LogsThatComeTwiceDeliverNothingTwice() public {
        impersonateRemoteSenderOnL2(alice, address(onL2), 0, abi.encodeCall(Diary.write, (7)));
        impersonateRemoteSenderOnL1(alice, address(onL1), 0, abi.encodeCall(Diary.write, (8)));
        lane.noteLogs(recordedLogs());

        assertEq(relayToL2().length, 1, "what was sent in setUp");
        assertEq(relayToL1().length, 0);
        assertEq(onL2.length(), 2);
        assertEq(onL1.length(), 1);

        lane.noteLogs(recordedLogs());
        assertEq(relayToL2().length + relayToL1().length, 0);
    }

    function test_AChainIdThatATestHasSetIsTheSendersAndStays() public {
        vm.chainId(lane.L1_CHAIN_ID());
        _assertDelivered(relayToL2()[0], _sentInSetUp);
        assertEq(_entry(onL2, 0).chainId, lane.L2_CHAIN_ID());
        assertEq(this.chainId(), lane.L1_CHAIN_ID());
    }

    function chainId() external view returns (uint256) {
        return block.chainid;
    }

    function test_LogsWithoutTopicsDoNoHarm() public {
        assembly {
            log0(0, 0)
            log0(0, 0)
        }
        assertEq(relayToL2().length, 1);
    }
}

/// forge-config: default.isolate = true
contract CheatcodesIsolatedTest is CheatcodesTest {}

/// forge-config: default.isolate = false
contract CheatcodesInOneTransactionTest is CheatcodesTest {}
