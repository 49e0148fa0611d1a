// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Diary} from "../support/targets/Diary.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {CrossDomainTestSuite} from "./CrossDomainTestSuite.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice Calls in the name of an account on the other chain.
abstract contract ImpersonationTest is CrossDomainTestSuite {
    function test_CallsATargetOnL2AsASenderOnL1() public {
        impersonateRemoteSenderOnL2(address(onL1), address(onL2), 3 wei, abi.encodeCall(Diary.write, (7)));
        assertEq(_entry(onL2, 0).sender, address(onL1));
        assertEq(_entry(onL2, 0).chainId, lane.L2_CHAIN_ID());
        assertEq(_entry(onL2, 0).value, 3);
        assertEq(address(onL1).balance, 0);
    }

    function test_CallsATargetOnL1AsASenderOnL2() public {
        impersonateRemoteSenderOnL1(address(onL2), address(onL1), 3 wei, abi.encodeCall(Diary.write, (7)));
        assertEq(_entry(onL1, 0).sender, address(onL2));
        assertEq(_entry(onL1, 0).chainId, lane.L1_CHAIN_ID());
        assertEq(_entry(onL1, 0).value, 3);
        assertEq(address(onL2).balance, 0);
    }

    function test_NobodyIsImpersonatedAfterwards() public {
        impersonateRemoteSenderOnL2(address(onL1), address(onL2), 0, abi.encodeCall(Diary.write, (7)));
        vm.expectRevert(ICrossDomainMessenger.CrossDomainMessenger_NoMessageInDelivery.selector);
        l2Messenger.xDomainMessageSender();
    }

    function test_EventsOfTheTargetCanBeExpected() public {
        vm.expectEmit(address(onL2));
        emit Diary.Written(7);
        impersonateRemoteSenderOnL2(alice, address(onL2), 0, abi.encodeCall(Diary.write, (7)));
    }

    function test_RevertWhen_TheTargetReverts() public {
        onL2.setFull(true);
        onL1.setFull(true);
        uint256 chainId = block.chainid;
        vm.expectRevert(abi.encodeWithSelector(Diary.Diary_Full.selector, 7));
        impersonateRemoteSenderOnL2(alice, address(onL2), 0, abi.encodeCall(Diary.write, (7)));
        vm.expectRevert(abi.encodeWithSelector(Diary.Diary_Full.selector, 8));
        impersonateRemoteSenderOnL1(alice, address(onL1), 0, abi.encodeCall(Diary.write, (8)));
        assertEq(block.chainid, chainId);
        assertEq(relayToL2().length + relayToL1().length, 0);
    }

    function test_WhatIsSentAfterARevertIsRelayed() public {
        onL2.setFull(true);
        onL1.setFull(true);
        vm.expectRevert(abi.encodeWithSelector(Diary.Diary_Full.selector, 7));
        impersonateRemoteSenderOnL2(alice, address(onL2), 0, abi.encodeCall(Diary.write, (7)));
        vm.expectRevert(abi.encodeWithSelector(Diary.Diary_Full.selector, 8));
        impersonateRemoteSenderOnL1(alice, address(onL1), 0, abi.encodeCall(Diary.write, (8)));
        onL2.setFull(false);
        onL1.setFull(false);

        bytes32 toL2 = _writeOnL2(9);
        bytes32 toL1 = _writeOnL1(10);
        _assertDelivered(relayToL2()[0], toL2);
        _assertDelivered(relayToL1()[0], toL1);
        assertEq(_entry(onL2, 0).word, 9);
        assertEq(_entry(onL1, 0).word, 10);
    }

    function test_WhatIsSentBetweenTwoRevertsIsRelayed() public {
        onL1.setFull(true);
        for (uint256 word = 1; word <= 3; ++word) {
            vm.expectRevert(abi.encodeWithSelector(Diary.Diary_Full.selector, word));
            impersonateRemoteSenderOnL1(alice, address(onL1), 0, abi.encodeCall(Diary.write, (word)));
            _writeOnL1(word + 10);
        }
        onL1.setFull(false);

        assertEq(relayToL1().length, 3);
        assertEq(_entry(onL1, 0).word, 11);
        assertEq(_entry(onL1, 2).word, 13);
    }

    function test_RevertWhen_TheTargetRevertsAtLength_With256BytesOfIt() public {
        bytes memory reason = new bytes(300);
        for (uint256 i = 0; i < 256; ++i) {
            reason[i] = bytes1(uint8(i));
        }
        Fragile fragile = new Fragile(reason);
        assembly ("memory-safe") {
            mstore(reason, 256)
        }
        vm.expectRevert(reason);
        impersonateRemoteSenderOnL2(alice, address(fragile), 0, hex"01");
    }

    function test_LeavesWhatIsPendingInItsPlace() public {
        (bytes32 up, bytes32 down) = (_writeOnL2(1), _writeOnL1(2));
        impersonateRemoteSenderOnL2(alice, address(onL2), 0, abi.encodeCall(Diary.write, (3)));
        impersonateRemoteSenderOnL1(alice, address(onL1), 0, abi.encodeCall(Diary.write, (4)));
        assertEq(onL1.length(), 1);
        assertEq(onL2.length(), 1);

        _assertDelivered(relayToL2()[0], up);
        _assertDelivered(relayToL1()[0], down);
        assertEq(onL1.length(), 2);
        assertEq(onL2.length(), 2);
    }

    function test_ARevertLosesNothingThatIsPending() public {
        (bytes32 up, bytes32 down) = (_writeOnL2(1), _writeOnL1(2));
        onL2.setFull(true);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert();
            impersonateRemoteSenderOnL2(alice, address(onL2), 0, abi.encodeCall(Diary.write, (3)));
        }
        onL2.setFull(false);
        _assertDelivered(relayToL2()[0], up);
        _assertDelivered(relayToL1()[0], down);
    }
}

/// forge-config: default.isolate = true
contract ImpersonationIsolatedTest is ImpersonationTest {}

/// forge-config: default.isolate = false
contract ImpersonationInOneTransactionTest is ImpersonationTest {}
