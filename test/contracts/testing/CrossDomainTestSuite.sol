// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Diary} from "../support/targets/Diary.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice A diary on each side, and an account that writes into them.
abstract contract CrossDomainTestSuite is CrossDomainTest {
    address internal immutable alice = makeAddr("alice");

    Diary internal onL1;
    Diary internal onL2;

    function setUp() public virtual {
        onL1 = new Diary(l1Messenger);
        onL2 = new Diary(l2Messenger);
        vm.deal(alice, 100 ether);
    }

    function _writeOnL2(uint256 word) internal returns (bytes32 messageHash) {
        return _send(l1Messenger, address(onL2), abi.encodeCall(Diary.write, (word)), 0);
    }

    function _writeOnL1(uint256 word) internal returns (bytes32 messageHash) {
        return _send(l2Messenger, address(onL1), abi.encodeCall(Diary.write, (word)), 0);
    }

    function _send(ICrossDomainMessenger messenger, address target, bytes memory data, uint256 value)
        internal
        returns (bytes32 messageHash)
    {
        vm.prank(alice);
        return messenger.sendMessage{value: value}(target, data, 200_000);
    }

    function _entry(Diary diary, uint256 index) internal view returns (Diary.Entry memory entry) {
        (entry.word, entry.sender, entry.origin, entry.chainId, entry.value) = diary.entries(index);
    }

    function _assertDelivered(Attempt memory attempt, bytes32 messageHash) internal pure {
        assertEq(attempt.messageHash, messageHash);
        assertTrue(attempt.success);
        assertEq(attempt.reason, "");
    }

    function _assertFailed(Attempt memory attempt, bytes32 messageHash, bytes memory reason) internal pure {
        assertEq(attempt.messageHash, messageHash);
        assertFalse(attempt.success);
        assertEq(attempt.reason, reason);
    }
}
