// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Delivery on L1 of single messages by their paths in a proven tree, and each way in which a path is refused.
contract RelayByPathTest is MessageTreeTest {
    Message[] private messages;

    /// @dev A tree of 13: peaks of 8, 4 and 1.
    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 13; ++i) {
            messages.push(_sendRecord());
        }
        _proveRoot();
    }

    // ---------------------------------------------------------------------------------------------------- delivery

    function test_DeliversEachMessageOfTheTree() public {
        for (uint256 i = messages.length; i > 0; --i) {
            Message memory message = messages[i - 1];
            vm.expectEmit(address(l1Messenger));
            emit ICrossDomainMessenger.RelayedMessage(message.hash());
            assertTrue(_relayByPath(message));
            assertTrue(l1Messenger.successfulMessages(message.hash()));
        }
        assertEq(recorder.count(), 13);
        assertEq(recorder.sender(), alice);
    }

    function test_DeliversByAnyProvenTreeThatHoldsTheMessage() public {
        bytes32[] memory earlier = _pathOf(messages[11]);
        _sendRecords(4);
        _proveRoot();

        assertTrue(l1Messenger.relayMessageByPath(messages[11], 13, earlier));
        assertTrue(l1Messenger.relayMessageByPath(messages[12], 17, _pathOf(messages[12])));
    }

    function test_DeliversTheOnlyMessageOfATreeByAnEmptyPath() public {
        super.setUp();
        delete treeKeys;
        delete passerStorage;
        Message memory message = _sendRecord();
        _proveRoot();

        assertTrue(l1Messenger.relayMessageByPath(message, 1, new bytes32[](0)));
    }

    function test_DeliversWithValue() public {
        Message memory message = _sendFromL2(alice, makeAddr("nobody"), "", 0, 1 ether);
        _proveRoot();

        assertTrue(_relayByPath(message));

        assertEq(makeAddr("nobody").balance, 1 ether);
        assertEq(address(l1Messenger).balance, 9 ether);
    }

    function test_TargetGetsAllTheGasThatIsLeft() public {
        address probe = address(new GasProbe());
        Message memory message = _sendTo(probe, 50_000);
        _proveRoot();

        l1Messenger.relayMessageByPath{gas: 5_000_000}(message, 14, _pathOf(message));

        assertGt(uint256(vm.load(probe, 0)), 4_500_000);
    }

    function test_RecordsAFailureAndDeliversAfterTheTargetIsRepaired() public {
        Fragile fragile = new Fragile("broken");
        Message memory message = _sendTo(address(fragile), 100_000);
        _proveRoot();

        for (uint256 attempt = 1; attempt < 4; ++attempt) {
            vm.expectEmit(address(l1Messenger));
            emit ICrossDomainMessenger.FailureReason(message.hash(), "broken");
            assertFalse(_relayByPath(message));
            assertEq(l1Messenger.delivery(message.hash()).attempts, attempt);
        }
        fragile.repair();
        assertTrue(_relayByPath(message));
    }

    // ---------------------------------------------------------------------------------------------- what is refused

    function test_RevertWhen_TheMessageWasRelayed() public {
        _relayByPath(messages[3]);

        _expectAlreadyRelayed(messages[3]);
        _relayByPath(messages[3]);
    }

    /// @dev By another tree as well.
    function test_RevertWhen_TheMessageWasRelayedByAnotherTree() public {
        _relayByPath(messages[3]);
        _sendRecord();
        _proveRoot();

        _expectAlreadyRelayed(messages[3]);
        _relayByPath(messages[3]);
    }

    function test_RevertWhen_TheMessageWasRelayedByAProof() public {
        MessageProof memory proof = _finalizedProof(messages[3]);
        l1Messenger.relayMessage(messages[3], proof);
        _expectAlreadyRelayed(messages[3]);
        _relayByPath(messages[3]);

        _relayByPath(messages[4]);
        proof = _finalizedProof(messages[4]);
        _expectAlreadyRelayed(messages[4]);
        l1Messenger.relayMessage(messages[4], proof);
        assertEq(recorder.count(), 2);
    }

    function test_RevertWhen_TheTargetIsRefused() public {
        address[5] memory refused =
            [address(l1Messenger), address(l2Messenger), address(ctc), address(scc), address(container)];
        for (uint256 i = 0; i < refused.length; ++i) {
            Message memory message = _sendAsL2Messenger(refused[i], 0);
            _proveRoot();
            bytes32[] memory path = _pathOf(message);

            vm.expectRevert(
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
            l1Messenger.relayMessageByPath(message, treeKeys.length, path);
            assertFalse(l1Messenger.relayedMessages(message.hash()));
        }
    }

    function test_RevertWhen_TheGasLeftCannotKeepThePromise() public {
        Message memory message = _sendTo(address(new GasProbe()), 1_000_000);
        _proveRoot();
        bytes32[] memory path = _pathOf(message);

        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
        l1Messenger.relayMessageByPath{gas: 1_000_000}(message, 14, path);
        assertFalse(l1Messenger.relayedMessages(message.hash()));
        assertTrue(l1Messenger.relayMessageByPath(message, 14, path));
    }

    function test_RevertWhen_Paused() public {
        bytes32[] memory path = _pathOf(messages[3]);
        vm.prank(guardian);
        l1Messenger.pause();
        vm.expectRevert(abi.encodeWithSignature("EnforcedPause()"));
        l1Messenger.relayMessageByPath(messages[3], 13, path);

        vm.prank(owner);
        l1Messenger.unpause();
        assertTrue(_relayByPath(messages[3]));
    }

    // ----------------------------------------------------------------------------------------------- forged paths

    function test_RevertWhen_TheRootWasNotProven() public {
        Message memory message = _sendRecord();
        uint256[3] memory counts = [uint256(14), 15, type(uint256).max];
        for (uint256 i = 0; i < counts.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootNotProven.selector, counts[i]
                )
            );
            l1Messenger.relayMessageByPath(message, counts[i], new bytes32[](_heightAt(13, counts[i])));
        }
    }

    /// @dev Siblings are chosen by the relayer; with zero ones, or any, they lead to another root than the proven one.
    function test_RevertWhen_TheMessageIsNotInTheTree() public {
        bytes32[] memory path = _pathOf(messages[3]);
        Message memory forged = messages[3];
        forged.sender = makeAddr("mallory");
        _expectMismatch();
        l1Messenger.relayMessageByPath(forged, 13, path);

        for (uint256 field = 0; field < 4; ++field) {
            forged = messages[3];
            if (field == 0) forged.target = makeAddr("mallory");
            if (field == 1) forged.value = 1;
            if (field == 2) forged.gasLimit -= 1;
            if (field == 3) forged.data = bytes.concat(forged.data, hex"00");
            _expectMismatch();
            l1Messenger.relayMessageByPath(forged, 13, path);
        }
    }

    /// @dev The index is the nonce's counter, which the message hash binds: with another one the message is another.
    function test_RevertWhen_TheNonceIsAnother() public {
        for (uint256 i = 0; i < 13; ++i) {
            if (i == 3) continue;
            Message memory forged = messages[3];
            forged.nonce = (uint256(1) << 240) | i;
            bytes32[] memory path = _pathOf(forged);
            _expectMismatch();
            l1Messenger.relayMessageByPath(forged, 13, path);
        }
    }

    /// @dev The version is no part of the index, but of the message.
    function test_RevertWhen_TheVersionIsAnother() public {
        Message memory forged = messages[3];
        forged.nonce ^= uint256(3) << 240;
        bytes32[] memory path = _pathOf(messages[3]);

        _expectMismatch();
        l1Messenger.relayMessageByPath(forged, 13, path);
    }

    function test_RevertWhen_ThePathIsAnothers() public {
        for (uint256 i = 0; i < 8; ++i) {
            if (i == 3) continue;
            bytes32[] memory path = _pathOf(messages[i]);
            _expectMismatch();
            l1Messenger.relayMessageByPath(messages[3], 13, path);
        }
    }

    function test_RevertWhen_SiblingsAreSwapped() public {
        for (uint256 i = 0; i < 3; ++i) {
            bytes32[] memory path = _pathOf(messages[3]);
            (path[i], path[i + 1]) = (path[i + 1], path[i]);
            _expectMismatch();
            l1Messenger.relayMessageByPath(messages[3], 13, path);
        }
    }

    function test_RevertWhen_ThePathIsShorterOrLonger() public {
        for (uint256 length = 0; length < 20; ++length) {
            if (length == 4) continue;
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_SiblingCount.selector, length, 4));
            l1Messenger.relayMessageByPath(messages[3], 13, new bytes32[](length));
        }
    }

    /// @dev A message that is sent later, in a tree that is too small for it: there is nothing behind the last leaf.
    function test_RevertWhen_TheIndexIsOutsideTheTree() public {
        Message memory later = _sendRecord();
        for (uint256 count = 0; count <= 13; count += 13) {
            vm.expectRevert(
                abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, uint256(13), count)
            );
            l1Messenger.relayMessageByPath(later, count, _pathOf(messages[12]));
        }
        later.nonce = type(uint240).max;
        vm.expectRevert(
            abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, type(uint240).max, uint256(13))
        );
        l1Messenger.relayMessageByPath(later, 13, _pathOf(messages[12]));
    }

    /// @dev With 11 and 15 leaves, say, the path of message 3 is as long as with 13, so that it leads to the same root. But
    /// that is no root of such a tree.
    function test_RevertWhen_TheCountIsAnotherWithTheSamePathLength() public {
        bytes32[] memory path = _pathOf(messages[3]);
        for (uint256 count = 9; count <= 16; ++count) {
            if (count == 13) continue;
            vm.expectRevert(
                abi.encodeWithSelector(
                    IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootNotProven.selector, count
                )
            );
            l1Messenger.relayMessageByPath(messages[3], count, path);
        }
        // Where the other one is proven as well, its root is another.
        _sendRecord();
        _proveRoot();
        bytes32 root = MessageTreeBuilder.rootOf(treeKeys);
        vm.expectRevert(
            abi.encodeWithSelector(
                IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector,
                14,
                root,
                l1Messenger.messageRoots(13)
            )
        );
        l1Messenger.relayMessageByPath(messages[3], 14, path);
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    function _expectAlreadyRelayed(Message memory message) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_AlreadyRelayed.selector, message.hash())
        );
    }

    function _expectMismatch() private {
        vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector);
    }

    /// @dev Length of a leaf's path, from the library's own rule.
    function _heightAt(uint256 index, uint256 count) private pure returns (uint256 height) {
        for (uint256 last = count - 1; last != 0; last >>= 1) {
            if (index & 1 == 1 || index != last) ++height;
            index >>= 1;
        }
    }
}
