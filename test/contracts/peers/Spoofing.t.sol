// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {Caller} from "../support/targets/Caller.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {ICanonicalTransactionChain} from "xdm/contracts/interfaces/ICanonicalTransactionChain.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Spoofing bugs of shipped messengers, none of which may be repeated.
contract SpoofingBugsTest is MessageTreeTest {
    /// @dev "An L1-to-L2 message whose target is the message passer" would forge an L2-to-L1 message.
    function test_AMessageWhoseTargetIsThePasserForgesNothing() public {
        bytes32 key = keccak256("forged");
        Message memory message =
            Message(0, alice, address(passer), 0, 500_000, abi.encodeCall(passer.passMessage, (key)));

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertFalse(passer.sentMessages(key));
        assertEq(passer.messageCount(), 0);
        assertTrue(l2Messenger.failedMessages(message.hash()));
    }

    /// @dev "Target = the messenger itself": it could deliver with itself as caller.
    function test_AMessageWhoseTargetIsTheMessengerItselfIsNotDelivered() public {
        Message memory inner = Message(1, address(l1Messenger), alice, 0, 0, "");
        Message memory message = Message(0, alice, address(l2Messenger), 0, 500_000, inner.encode());

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.FailureReason(
            message.hash(),
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, message.target)
        );
        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(l2Messenger.failedMessages(message.hash()));
        assertFalse(l2Messenger.relayedMessages(inner.hash()));
    }

    /// @dev "Target = a privileged contract": the queue takes minting deposits from the messenger.
    function test_AMessageToTheQueueMintsNothing() public {
        bytes memory mint = abi.encodeCall(ctc.enqueueMessage, (100 ether, 100 ether, 1_000_000, ""));
        Message memory message = Message(0, alice, address(ctc), 0, 500_000, mint);
        bytes32 key = l2Messenger.messageKey(message.hash());
        vm.prank(address(l2Messenger));
        passer.passMessage(key);
        _recordPassed(message.hash());
        MessageProof memory proof = _finalizedProof(message);

        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, address(ctc))
        );
        l1Messenger.relayMessage(message, proof);

        assertEq(ctc.getQueueLength(), 0);
    }

    /// @dev "A messenger that holds roles": a message cannot use any.
    function test_TheMessengersHoldNoRole() public view {
        address[2] memory messengers = [address(l1Messenger), address(l2Messenger)];
        for (uint256 i = 0; i < 2; ++i) {
            assertTrue(scc.owner() != messengers[i]);
            assertTrue(scc.proposer() != messengers[i]);
            assertTrue(scc.challenger() != messengers[i]);
            assertTrue(l1Messenger.owner() != messengers[i]);
            assertTrue(l1Messenger.guardian() != messengers[i]);
        }
    }

    /// @dev "A chain id missing from hash, replay key and sender check": a message of another lane has another key.
    function test_TheKeyBindsChainsAndMessengers() public {
        bytes32 messageHash = keccak256("message");
        bytes32 key = l1Messenger.messageKey(messageHash);
        address[2] memory others = [makeAddr("other L1 messenger"), makeAddr("other L2 messenger")];
        assertEq(key, _key(messageHash, address(l2Messenger), L2_CHAIN_ID, L1_CHAIN_ID, address(l1Messenger)));
        assertTrue(key != _key(messageHash, others[1], L2_CHAIN_ID, L1_CHAIN_ID, address(l1Messenger)));
        assertTrue(key != _key(messageHash, address(l2Messenger), 902, L1_CHAIN_ID, address(l1Messenger)));
        assertTrue(key != _key(messageHash, address(l2Messenger), L2_CHAIN_ID, 1, address(l1Messenger)));
        assertTrue(key != _key(messageHash, address(l2Messenger), L2_CHAIN_ID, L1_CHAIN_ID, others[0]));
    }

    /// @dev A message that another lane's passer recorded, at the same address, is no message of this lane.
    function test_AMessageOfAnotherLaneIsNotRelayed() public {
        Message memory message = Message(0, alice, makeAddr("target"), 0, 0, "");
        bytes32 foreignKey = _key(message.hash(), address(l2Messenger), 902, L1_CHAIN_ID, address(l1Messenger));
        passerStorage.push(TrieBuilder.hashedEntry(abi.encode(keccak256(abi.encode(foreignKey, uint256(0)))), hex"01"));
        MessageProof memory proof = _finalizedProof(message);

        vm.expectRevert(MerkleTrie.MerkleTrie_KeyNotFound.selector);
        l1Messenger.relayMessage(message, proof);
    }

    /// @dev Should the other lane's messages stand in the very tree that this one's passer keeps.
    function test_AMessageOfAnotherLaneIsNotRelayedByItsPath() public {
        Message memory message = Message(uint256(1) << 240, alice, makeAddr("target"), 0, 0, "");
        bytes32[4] memory foreign = [
            _key(message.hash(), address(l1Messenger), L2_CHAIN_ID, L1_CHAIN_ID, address(l1Messenger)),
            _key(message.hash(), address(l2Messenger), 902, L1_CHAIN_ID, address(l1Messenger)),
            _key(message.hash(), address(l2Messenger), L2_CHAIN_ID, 902, address(l1Messenger)),
            _key(message.hash(), address(l2Messenger), L2_CHAIN_ID, L1_CHAIN_ID, address(l2Messenger))
        ];
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < foreign.length; ++i) {
            vm.prank(address(l2Messenger));
            passer.passMessage(foreign[i]);
            _proveRoot();

            vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector);
            l1Messenger.relayMessageByPath(message, 1, new bytes32[](0));
            vm.expectPartialRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_MessageRootMismatch.selector);
            l1Messenger.relayMessages(_only(message), 1, new bytes32[](0));
            vm.revertToState(snapshot);
        }
    }

    /// @dev A message sent on one side says nothing about the same message on the other.
    function test_AMessageSentOnL1IsNotRelayedOnL1() public {
        Message memory message = _sendFromL1(alice, makeAddr("target"), "", 0, 0);
        MessageProof memory proof = _finalizedProof(message);

        vm.expectRevert(MerkleTrie.MerkleTrie_KeyNotFound.selector);
        l1Messenger.relayMessage(message, proof);
    }

    /// @dev Whoever enqueues directly arrives as himself, not as the L1 messenger.
    function test_ADirectDepositIsNotTheMessengers() public {
        Recorder onL2 = new Recorder(l2Messenger);
        Message memory forged = Message(0, address(1), address(onL2), 0, 100_000, "");
        bytes memory enqueue = abi.encodeCall(ctc.enqueue, (address(l2Messenger), _baseGas(forged), forged.encode()));
        Caller contractOnL1 = new Caller();
        contractOnL1.prepare(address(ctc), enqueue);

        _expectNoDelivery(forged, _depositorOf(address(ctc), enqueue));
        _expectNoDelivery(forged, _depositorOf(address(contractOnL1), ""));
        assertEq(onL2.count(), 0);
    }

    /// @dev The sender on L2 of what a call of alice's enqueues.
    function _depositorOf(address target, bytes memory data) private returns (address) {
        vm.recordLogs();
        vm.prank(alice, alice);
        (bool success,) = target.call(data);
        assertTrue(success);
        Vm.Log memory deposit = vm.getRecordedLogs()[0];
        assertEq(deposit.topics[0], ICanonicalTransactionChain.TransactionDeposited.selector);
        return address(uint160(uint256(deposit.topics[1])));
    }

    function _expectNoDelivery(Message memory forged, address from) private {
        vm.prank(from, from);
        vm.expectRevert(
            abi.encodeWithSelector(
                IL2CrossDomainMessenger.L2CrossDomainMessenger_NotReplayable.selector,
                forged.hash(),
                from,
                DeliveryStatus.Unattempted
            )
        );
        _relay(forged);
    }

    /// @dev "EIP-7702 accounts mistaken for contracts": the sender of a message is the account itself.
    function test_AnEip7702AccountSendsAsItself() public {
        Recorder onL2 = new Recorder(l2Messenger);
        vm.etch(alice, abi.encodePacked(hex"ef0100", makeAddr("wallet code")));
        bytes memory data = abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
        Message memory message = _sendFromL1(alice, address(onL2), data, 200_000, 0);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertEq(onL2.sender(), alice);
    }

    function _key(bytes32 messageHash, address l2, uint256 l2ChainId, uint256 l1ChainId, address l1)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(messageHash, l2, l2ChainId, l1ChainId, l1));
    }
}
