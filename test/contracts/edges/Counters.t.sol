// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {stdError} from "forge-std/StdError.sol";

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Nonces whose counter is at its end. The counters that number messages end long before a nonce's, of 240 bits, does:
/// at 64 bits, which nobody lives to see. So no counter grows into the version, nor is one given twice.
contract CounterEdgesTest is MessageTreeTest {
    uint256 private constant VERSION = uint256(1) << 240;
    uint256 private constant LAST_OF_NONCE = (uint256(1) << 240) - 1;

    /// @dev Slot of the queue's length, in its lowest 64 bits.
    bytes32 private constant QUEUE_LENGTH_SLOT = bytes32(uint256(1));

    /// @dev Counts its calls.
    Fragile private target;

    function setUp() public override {
        super.setUp();
        target = new Fragile("");
        target.repair();
    }

    // ------------------------------------------------------------------------------------------------------- sending

    function test_L1SendsUpToTheLastIndexOfTheQueueAndNoFurther() public {
        _setQueueLength(type(uint64).max - 1);
        Message memory message = _sendFromL1(alice, address(target), "", 100_000, 0);
        assertEq(message.nonce, VERSION | (type(uint64).max - 1));
        assertTrue(_deliverDeposit(message, _baseGas(message)));
        assertEq(target.count(), 1);

        assertEq(ctc.getQueueLength(), type(uint64).max);
        vm.expectRevert(stdError.arithmeticError);
        l1Messenger.sendMessage(address(target), "", 100_000);
        vm.expectRevert(stdError.arithmeticError);
        ctc.enqueue(address(target), 100_000, "");
        assertEq(ctc.getQueueLength(), type(uint64).max);
    }

    function test_L2SendsUpToTheLastLeafOfTheTreeAndNoFurther() public {
        _setMessageCount(type(uint64).max - 1);
        Message memory message = _sendFromL2(alice, address(target), "", 100_000, 0);
        assertEq(message.nonce, VERSION | (type(uint64).max - 1));
        MessageProof memory proof = _finalizedProof(message);
        assertTrue(l1Messenger.relayMessage(message, proof));

        assertEq(passer.messageCount(), type(uint64).max);
        vm.expectRevert(stdError.indexOOBError);
        l2Messenger.sendMessage(address(target), "", 100_000);
        assertEq(passer.messageCount(), type(uint64).max);
    }

    /// @dev If the count ever came so far: the next would have another version, or the first message's nonce.
    function test_L2SendsNothingWhereANoncesCounterEnds() public {
        uint256[3] memory counts = [LAST_OF_NONCE, LAST_OF_NONCE + 1, type(uint256).max];
        for (uint256 i = 0; i < counts.length; ++i) {
            _setMessageCount(counts[i]);
            vm.expectRevert(stdError.indexOOBError);
            l2Messenger.sendMessage(address(target), "", 100_000);
            assertEq(passer.messageCount(), counts[i]);
        }
    }

    // ---------------------------------------------------------------------------------------------------- delivering

    function test_L2DeliversAMessageWhateverItsNonceIs() public {
        uint256[4] memory nonces = _nonces();
        for (uint256 i = 0; i < nonces.length; ++i) {
            Message memory message = Message(nonces[i], alice, address(target), 0, 100_000, "");
            assertTrue(_deliverDeposit(message, _baseGas(message)));
            assertTrue(l2Messenger.successfulMessages(message.hash()));
            assertEq(target.count(), i + 1);
        }
    }

    function test_L1DeliversAMessageWhateverItsNonceIs() public {
        uint256[4] memory nonces = _nonces();
        for (uint256 i = 0; i < nonces.length; ++i) {
            Message memory message = _pass(nonces[i]);
            MessageProof memory proof = _finalizedProof(message);
            assertTrue(l1Messenger.relayMessage(message, proof));
            assertEq(target.count(), i + 1);
        }
    }

    /// @dev In the tree a message has the place that its counter names.
    function test_RevertWhen_TheTreeHasNoPlaceForTheCounter() public {
        Message memory message = _pass(VERSION | LAST_OF_NONCE);
        _proveRoot();
        bytes memory outOfBounds =
            abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, LAST_OF_NONCE, 1);
        vm.expectRevert(outOfBounds);
        l1Messenger.relayMessageByPath(message, 1, new bytes32[](0));
        vm.expectRevert(outOfBounds);
        l1Messenger.relayMessages(_only(message), 1, new bytes32[](0));
    }

    /// @dev A message that the L2 messenger has not come to yet.
    function _pass(uint256 nonce) private returns (Message memory message) {
        message = Message(nonce, alice, address(target), 0, 100_000, "");
        bytes32 messageHash = message.hash();
        bytes32 key = l2Messenger.messageKey(messageHash);
        vm.prank(address(l2Messenger));
        passer.passMessage(key);
        _recordPassed(messageHash);
    }

    /// @dev The last two counters of this version, the first of the next one, and the largest nonce there is.
    function _nonces() private pure returns (uint256[4] memory) {
        return [VERSION | (LAST_OF_NONCE - 1), VERSION | LAST_OF_NONCE, VERSION + LAST_OF_NONCE + 1, type(uint256).max];
    }

    function _setQueueLength(uint64 length) private {
        vm.store(address(ctc), QUEUE_LENGTH_SLOT, bytes32(uint256(length)));
        assertEq(ctc.getQueueLength(), length);
    }

    function _setMessageCount(uint256 count) private {
        vm.store(address(passer), bytes32(COUNT_SLOT), bytes32(count));
        assertEq(passer.messageCount(), count);
    }
}
