// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Delivery, DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Delivery on L1 of many messages by one proof.
contract RelayMessagesTest is MessageTreeTest {
    // --------------------------------------------------------------------------------------------------- delivery

    function test_DeliversAllInTheirOrder() public {
        OrderKeeper keeper = new OrderKeeper();
        Message[] memory messages = new Message[](7);
        for (uint256 i = 0; i < 7; ++i) {
            messages[i] = _sendFromL2(alice, address(keeper), abi.encode(i), 100_000, i);
        }
        _proveRoot();

        vm.prank(alice);
        assertEq(_relayAll(messages), 7);

        assertEq(keeper.count(), 7);
        for (uint256 i = 0; i < 7; ++i) {
            assertEq(keeper.received(i), abi.encode(i));
            Delivery memory delivery = l1Messenger.delivery(messages[i].hash());
            assertEq(uint8(delivery.status), uint8(DeliveryStatus.Relayed));
            assertEq(delivery.relayer, alice);
            assertEq(delivery.attempts, 1);
            assertEq(delivery.blockNumber, vm.getBlockNumber());
        }
        assertEq(address(keeper).balance, 21);
        assertEq(address(l1Messenger).balance, 10 ether - 21);
    }

    function test_DeliversSomeMessagesOfALargerTree() public {
        Message[] memory all = _sendRecords(21);
        Message[] memory some = new Message[](4);
        (some[0], some[1], some[2], some[3]) = (all[2], all[3], all[11], all[20]);
        _proveRoot();

        assertEq(_relayAll(some), 4);

        assertEq(recorder.count(), 4);
        assertTrue(l1Messenger.successfulMessages(all[11].hash()));
        assertFalse(l1Messenger.relayedMessages(all[10].hash()));
    }

    function testFuzz_DeliversAnySetOfMessagesOnce(uint256 count, uint256 first, uint256 second) public {
        count = bound(count, 1, 24);
        Message[] memory all = _sendRecords(count);
        _proveRoot();
        first = bound(first, 1, (1 << count) - 1);
        second = bound(second, 1, (1 << count) - 1);

        _relayAll(_chosen(all, first));
        _relayAll(_chosen(all, second));

        uint256 delivered;
        for (uint256 i = 0; i < count; ++i) {
            bool isChosen = ((first | second) >> i) & 1 == 1;
            assertEq(l1Messenger.successfulMessages(all[i].hash()), isChosen);
            assertEq(l1Messenger.delivery(all[i].hash()).attempts, isChosen ? 1 : 0);
            if (isChosen) ++delivered;
        }
        assertEq(recorder.count(), delivered);
    }

    function test_DeliversOneMessage() public {
        Message[] memory all = _sendRecords(5);
        _proveRoot();

        assertEq(_relayAll(_only(all[4])), 1);
        assertEq(recorder.count(), 1);
    }

    /// @dev Whoever reads events cannot tell a batch from single relays.
    function test_EmitsWhatSingleRelaysEmit() public {
        address fragile = address(new Fragile("broken"));
        Message[] memory messages = new Message[](3);
        messages[0] = _sendRecord();
        messages[1] = _sendTo(fragile, 100_000);
        messages[2] = _sendRecord();
        _proveRoot();

        uint256 snapshot = vm.snapshotState();
        vm.recordLogs();
        for (uint256 i = 0; i < 3; ++i) {
            _relayByPath(messages[i]);
        }
        Vm.Log[] memory single = vm.getRecordedLogs();
        vm.revertToState(snapshot);
        vm.recordLogs();
        _relayAll(messages);
        Vm.Log[] memory batch = vm.getRecordedLogs();

        assertEq(batch.length, 4);
        assertEq(abi.encode(batch), abi.encode(single));
    }

    // --------------------------------------------------------------------------------------- what does not go well

    function test_AFailureDoesNotHoldUpTheOthers() public {
        Fragile fragile = new Fragile("broken");
        Message[] memory messages = new Message[](3);
        messages[0] = _sendFromL2(alice, address(fragile), hex"01", 100_000, 1 ether);
        messages[1] = _sendRecord();
        messages[2] = _sendTo(makeAddr("nobody"), 100_000);
        _proveRoot();

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.FailureReason(messages[0].hash(), "broken");
        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.RelayedMessage(messages[1].hash());
        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.FailureReason(
            messages[2].hash(),
            abi.encodeWithSelector(
                ICrossDomainMessenger.CrossDomainMessenger_TargetHasNoCode.selector, messages[2].target
            )
        );
        assertEq(_relayAll(messages), 3);

        assertTrue(l1Messenger.failedMessages(messages[0].hash()));
        assertTrue(l1Messenger.successfulMessages(messages[1].hash()));
        assertTrue(l1Messenger.failedMessages(messages[2].hash()));
        assertEq(address(l1Messenger).balance, 10 ether);
    }

    function test_AFailureIsTriedAgain() public {
        Fragile fragile = new Fragile("broken");
        Message[] memory messages = new Message[](2);
        messages[0] = _sendTo(address(fragile), 100_000);
        messages[1] = _sendRecord();
        _proveRoot();
        _relayAll(messages);
        assertEq(_relayAll(messages), 2);
        assertEq(l1Messenger.delivery(messages[0].hash()).attempts, 2);

        fragile.repair();
        assertEq(_relayAll(messages), 2);

        assertTrue(l1Messenger.successfulMessages(messages[0].hash()));
        assertEq(l1Messenger.delivery(messages[0].hash()).attempts, 3);
        assertEq(fragile.count(), 1);
        assertEq(recorder.count(), 1);
    }

    function test_ARefusedTargetIsRecordedAsFailed() public {
        address[5] memory refused =
            [address(l1Messenger), address(l2Messenger), address(ctc), address(scc), address(container)];
        Message[] memory messages = new Message[](6);
        for (uint256 i = 0; i < refused.length; ++i) {
            messages[i] = _sendAsL2Messenger(refused[i], 100_000);
        }
        messages[5] = _sendRecord();
        _proveRoot();

        for (uint256 i = 0; i < refused.length; ++i) {
            vm.expectEmit(address(l1Messenger));
            emit ICrossDomainMessenger.FailedRelayedMessage(messages[i].hash());
            vm.expectEmit(address(l1Messenger));
            emit ICrossDomainMessenger.FailureReason(
                messages[i].hash(),
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
        }
        assertEq(_relayAll(messages), 6);

        assertTrue(l1Messenger.failedMessages(messages[0].hash()));
        assertEq(recorder.count(), 1);
        // And again: it counts as another attempt.
        assertEq(_relayAll(messages), 6);
        assertEq(l1Messenger.delivery(messages[0].hash()).attempts, 2);
        assertEq(recorder.count(), 1);
    }

    /// @dev The vault's balance is what the items before have left of it.
    function test_AnItemThatTheVaultDoesNotCoverFails() public {
        Message[] memory messages = new Message[](3);
        messages[0] = _sendFromL2(alice, makeAddr("first"), "", 0, 6 ether);
        messages[1] = _sendFromL2(alice, makeAddr("second"), "", 0, 5 ether);
        messages[2] = _sendFromL2(alice, makeAddr("third"), "", 0, 4 ether);
        _proveRoot();

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.FailureReason(
            messages[1].hash(),
            abi.encodeWithSelector(
                ICrossDomainMessenger.CrossDomainMessenger_InsufficientBalance.selector, 4 ether, 5 ether
            )
        );
        assertEq(_relayAll(messages), 3);

        assertEq(makeAddr("first").balance, 6 ether);
        assertEq(makeAddr("second").balance, 0);
        assertEq(makeAddr("third").balance, 4 ether);
        assertEq(address(l1Messenger).balance, 0);
    }

    /// @dev The sender is each message's own, and nobody's in between and afterwards.
    function test_EachTargetSeesItsOwnSender() public {
        Message[] memory messages = new Message[](3);
        address[3] memory senders = [alice, makeAddr("bob"), makeAddr("carol")];
        SenderKeeper keeper = new SenderKeeper(l1Messenger);
        for (uint256 i = 0; i < 3; ++i) {
            messages[i] = _sendFromL2(senders[i], address(keeper), hex"01", 100_000, 0);
        }
        _proveRoot();

        keeper.relayAndAsk(abi.encodeCall(l1Messenger.relayMessages, (messages, 3, _siblingsOf(messages))));

        for (uint256 i = 0; i < 3; ++i) {
            assertEq(keeper.senders(i), senders[i]);
        }
    }

    // --------------------------------------------------------------------------------------------- what was relayed

    function test_SkipsWhatWasRelayedByAnyRoute() public {
        Message[] memory messages = _sendRecords(6);
        _proveRoot();
        MessageProof memory proof = _finalizedProof(messages[0]);
        l1Messenger.relayMessage(messages[0], proof);
        _relayByPath(messages[2]);
        _relayAll(_slice(messages, 4, 5));
        assertEq(recorder.count(), 3);

        vm.recordLogs();
        assertEq(_relayAll(messages), 6);

        assertEq(vm.getRecordedLogs().length, 3, "one event for each of the three others");
        assertEq(recorder.count(), 6);
        for (uint256 i = 0; i < 6; ++i) {
            assertEq(l1Messenger.delivery(messages[i].hash()).attempts, 1);
        }
    }

    /// @dev Somebody else was faster: nothing is left to do, and nothing is wrong.
    function test_ABatchOfRelayedMessagesDoesNothing() public {
        Message[] memory messages = _sendRecords(5);
        _proveRoot();
        _relayAll(messages);

        vm.recordLogs();
        assertEq(_relayAll(messages), 5);

        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(recorder.count(), 5);
    }

    function test_RevertWhen_AMessageOfABatchIsRelayedAlone() public {
        Message[] memory messages = _sendRecords(3);
        _proveRoot();
        _relayAll(messages);
        bytes32[] memory path = _pathOf(messages[1]);
        MessageProof memory proof = _finalizedProof(messages[1]);
        bytes memory alreadyRelayed = abi.encodeWithSelector(
            ICrossDomainMessenger.CrossDomainMessenger_AlreadyRelayed.selector, messages[1].hash()
        );

        vm.expectRevert(alreadyRelayed);
        l1Messenger.relayMessageByPath(messages[1], 3, path);
        vm.expectRevert(alreadyRelayed);
        l1Messenger.relayMessage(messages[1], proof);
    }

    // ------------------------------------------------------------------------------------------------------- pause

    function test_RevertWhen_Paused() public {
        Message[] memory messages = _sendRecords(3);
        _proveRoot();
        bytes32[] memory siblings = _siblingsOf(messages);
        vm.prank(guardian);
        l1Messenger.pause();

        vm.expectRevert(abi.encodeWithSignature("EnforcedPause()"));
        l1Messenger.relayMessages(messages, 3, siblings);

        vm.prank(owner);
        l1Messenger.unpause();
        assertEq(l1Messenger.relayMessages(messages, 3, siblings), 3);
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    /// @dev The messages at the places of the set bits.
    function _chosen(Message[] memory all, uint256 set) private pure returns (Message[] memory chosen) {
        chosen = new Message[](all.length);
        uint256 length;
        for (uint256 i = 0; i < all.length; ++i) {
            if ((set >> i) & 1 == 1) chosen[length++] = all[i];
        }
        return _slice(chosen, 0, length);
    }
}

/// @notice Keeps the calldata of its calls, in their order.
contract OrderKeeper {
    bytes[] private _received;

    function count() external view returns (uint256) {
        return _received.length;
    }

    function received(uint256 index) external view returns (bytes memory) {
        return _received[index];
    }

    fallback() external payable {
        _received.push(msg.data);
    }
}

/// @notice Keeps the senders it is called for; relays, and requires that there is no sender afterwards.
contract SenderKeeper {
    ICrossDomainMessenger private immutable MESSENGER;
    address[] public senders;

    constructor(ICrossDomainMessenger messenger) {
        MESSENGER = messenger;
    }

    function relayAndAsk(bytes calldata relay) external {
        (bool success,) = address(MESSENGER).call(relay);
        require(success, "relay");
        try MESSENGER.xDomainMessageSender() returns (address) {
            revert("there is a sender");
        } catch (bytes memory reason) {
            require(bytes4(reason) == ICrossDomainMessenger.CrossDomainMessenger_NoMessageInDelivery.selector, "error");
        }
    }

    fallback() external {
        senders.push(MESSENGER.xDomainMessageSender());
    }
}
