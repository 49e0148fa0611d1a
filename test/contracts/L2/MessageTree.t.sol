// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {IL2ToL1MessagePasser} from "xdm/contracts/interfaces/IL2ToL1MessagePasser.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice The tree that the passer keeps of what was sent from L2.
contract PasserTreeTest is LaneTest {
    function test_IsEmptyBeforeTheFirstMessage() public view {
        (uint256 count, bytes32[] memory peaks) = passer.treePeaks();
        assertEq(count, 0);
        assertEq(peaks.length, 0);
        for (uint256 slot = COUNT_SLOT; slot < PEAKS_SLOT + MessageTree.MAX_HEIGHT; ++slot) {
            assertEq(vm.load(address(passer), bytes32(slot)), 0);
        }
    }

    function test_AMessagesIndexIsTheCounterOfItsNonce() public {
        for (uint256 i = 0; i < 10; ++i) {
            Message memory message = _sendFromL2(alice, makeAddr("target"), abi.encode(i), 0, 0);
            assertEq(uint240(message.nonce), i);
            assertEq(treeKeys[i], l2Messenger.messageKey(message.hash()));
            assertEq(passer.messageCount(), i + 1);
        }
        (uint256 count, bytes32[] memory peaks) = passer.treePeaks();
        assertEq(count, 10);
        assertEq(peaks, MessageTreeBuilder.peaksOf(treeKeys));
    }

    /// @dev What L1 verifies: the commitment to the tree of `count` messages stands in slot 2 + the place of the lowest
    /// set bit of `count`.
    function test_TheCommitmentStandsInItsSlot() public {
        uint256[20] memory levels = [uint256(0), 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0, 4, 0, 1, 0, 2];
        for (uint256 i = 0; i < levels.length; ++i) {
            _sendFromL2(alice, makeAddr("target"), abi.encode(i), 0, 0);
            bytes32 stored = vm.load(address(passer), bytes32(2 + levels[i]));
            assertEq(stored, MessageTree.commitmentOf(i + 1, MessageTreeBuilder.peaksOf(treeKeys)));
        }
    }

    /// @dev The peak of level n stands in slot 66 + n.
    function test_PeaksStandInTheirSlots() public {
        for (uint256 i = 0; i < 5; ++i) {
            _sendFromL2(alice, makeAddr("target"), abi.encode(i), 0, 0);
        }
        bytes32[] memory peaks = MessageTreeBuilder.peaksOf(treeKeys);
        assertEq(vm.load(address(passer), bytes32(uint256(66 + 2))), peaks[0]);
        assertEq(vm.load(address(passer), bytes32(uint256(66))), peaks[1]);
    }

    function test_RevertWhen_AnyoneElseAppends() public {
        _sendFromL2(alice, makeAddr("target"), "", 0, 0);
        address[2] memory callers = [alice, address(l1Messenger)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IL2ToL1MessagePasser.L2ToL1MessagePasser_NotMessenger.selector, callers[i])
            );
            passer.passMessage("forged");
        }
        (uint256 count,) = passer.treePeaks();
        assertEq(count, 1);
    }

    /// @dev The same content, sent twice, is two messages, and two leaves.
    function test_TheSameContentIsTwoLeaves() public {
        _sendFromL2(alice, makeAddr("target"), "same", 0, 0);
        _sendFromL2(alice, makeAddr("target"), "same", 0, 0);

        assertNotEq(treeKeys[0], treeKeys[1]);
        (, bytes32[] memory peaks) = passer.treePeaks();
        assertEq(peaks, MessageTreeBuilder.peaksOf(treeKeys));
    }
}
