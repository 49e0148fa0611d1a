// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {GasEater} from "../support/targets/GasEater.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Delivery, DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Delivery on L1 of messages whose proofs hold.
contract RelayTest is LaneTest {
    Recorder private recorder;
    address private immutable bob = makeAddr("bob");

    function setUp() public override {
        super.setUp();
        recorder = new Recorder(l1Messenger);
        // Other messages, before and after, make a trie of the passer's storage.
        for (uint256 i = 0; i < 6; ++i) {
            _sendFromL2(bob, bob, abi.encode(i), 0, 0);
        }
        vm.deal(address(l1Messenger), 10 ether);
    }

    // ----------------------------------------------------------------------------------------------------- success

    function test_CallsTheTargetAsItsSender() public {
        Message memory message = _sendFromL2(alice, address(recorder), _record(), 200_000, 1 ether);
        MessageProof memory proof = _finalizedProof(message);

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.RelayedMessage(message.hash());
        vm.prank(bob);
        assertTrue(l1Messenger.relayMessage(message, proof));

        assertEq(recorder.sender(), alice);
        assertEq(recorder.count(), 1);
        assertEq(address(recorder).balance, 1 ether);
        assertEq(address(l1Messenger).balance, 9 ether);
        assertTrue(l1Messenger.successfulMessages(message.hash()));
        Delivery memory delivery = l1Messenger.delivery(message.hash());
        assertEq(uint8(delivery.status), uint8(DeliveryStatus.Relayed));
        assertEq(delivery.relayer, bob);
        assertEq(delivery.attempts, 1);
        assertEq(delivery.blockNumber, vm.getBlockNumber());
    }

    function test_RelaysManyMessagesInAnyOrder() public {
        Message[5] memory messages;
        for (uint256 i = 0; i < messages.length; ++i) {
            messages[i] = _sendFromL2(alice, address(recorder), _record(), 200_000, 0);
        }
        for (uint256 i = messages.length; i > 0; --i) {
            assertTrue(l1Messenger.relayMessage(messages[i - 1], _finalizedProof(messages[i - 1])));
        }
        assertEq(recorder.count(), 5);
    }

    function test_DeliversValueToATargetWithoutCode() public {
        address nobody = makeAddr("nobody");
        Message memory message = _sendFromL2(alice, nobody, hex"01", 0, 1 ether);

        assertTrue(l1Messenger.relayMessage(message, _finalizedProof(message)));

        assertEq(nobody.balance, 1 ether);
    }

    function test_PaysTheLastWeiOfTheVault() public {
        address nobody = makeAddr("nobody");
        Message memory message = _sendFromL2(alice, nobody, "", 0, 10 ether);

        assertTrue(l1Messenger.relayMessage(message, _finalizedProof(message)));

        assertEq(nobody.balance, 10 ether);
        assertEq(address(l1Messenger).balance, 0);
    }

    function test_RevertWhen_TheMessageWasRelayed() public {
        Message memory message = _sendFromL2(alice, address(recorder), _record(), 200_000, 0);
        MessageProof memory proof = _finalizedProof(message);
        l1Messenger.relayMessage(message, proof);

        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_AlreadyRelayed.selector, message.hash())
        );
        l1Messenger.relayMessage(message, proof);
        assertEq(recorder.count(), 1);
    }

    // ----------------------------------------------------------------------------------------------------- failure

    function test_RecordsAFailureAndDeliversAfterTheTargetIsRepaired() public {
        Fragile fragile = new Fragile("broken");
        Message memory message = _sendFromL2(alice, address(fragile), hex"01", 100_000, 1 ether);
        MessageProof memory proof = _finalizedProof(message);

        for (uint256 attempt = 1; attempt < 4; ++attempt) {
            vm.expectEmit(address(l1Messenger));
            emit ICrossDomainMessenger.FailedRelayedMessage(message.hash());
            vm.expectEmit(address(l1Messenger));
            emit ICrossDomainMessenger.FailureReason(message.hash(), "broken");
            assertFalse(l1Messenger.relayMessage(message, proof));
            assertTrue(l1Messenger.failedMessages(message.hash()));
            assertFalse(l1Messenger.successfulMessages(message.hash()));
            assertEq(l1Messenger.delivery(message.hash()).attempts, attempt);
            assertEq(address(l1Messenger).balance, 10 ether);
        }

        fragile.repair();
        assertTrue(l1Messenger.relayMessage(message, proof));
        assertEq(address(fragile).balance, 1 ether);
        assertFalse(l1Messenger.failedMessages(message.hash()));
        assertTrue(l1Messenger.successfulMessages(message.hash()));
    }

    function test_RecordsAFailureWhenTheTargetHasNoCode() public {
        Message memory message = _sendFromL2(alice, makeAddr("nobody"), hex"01", 0, 0);
        MessageProof memory proof = _finalizedProof(message);

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.FailureReason(
            message.hash(),
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetHasNoCode.selector, message.target)
        );
        assertFalse(l1Messenger.relayMessage(message, proof));
    }

    function test_RecordsAFailureWhenTheVaultDoesNotCoverTheValue() public {
        Message memory message = _sendFromL2(alice, address(recorder), _record(), 200_000, 11 ether);
        MessageProof memory proof = _finalizedProof(message);

        vm.expectEmit(address(l1Messenger));
        emit ICrossDomainMessenger.FailureReason(
            message.hash(),
            abi.encodeWithSelector(
                ICrossDomainMessenger.CrossDomainMessenger_InsufficientBalance.selector, 10 ether, 11 ether
            )
        );
        assertFalse(l1Messenger.relayMessage(message, proof));

        vm.deal(address(l1Messenger), 11 ether);
        assertTrue(l1Messenger.relayMessage(message, proof));
    }

    function test_RevertWhen_TheTargetIsRefused() public {
        address[5] memory refused =
            [address(l1Messenger), address(l2Messenger), address(ctc), address(scc), address(container)];
        for (uint256 i = 0; i < refused.length; ++i) {
            // The L2 messenger does not let it be sent: another version of it would.
            Message memory message = Message(i, alice, refused[i], 0, 0, hex"01");
            _passAsL2Messenger(message);
            MessageProof memory proof = _finalizedProof(message);

            vm.expectRevert(
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
            l1Messenger.relayMessage(message, proof);
            assertFalse(l1Messenger.relayedMessages(message.hash()));
        }
    }

    // --------------------------------------------------------------------------------------------------------- gas

    function test_TargetGetsAllTheGasThatIsLeft() public {
        address probe = address(new GasProbe());
        Message memory message = _sendFromL2(alice, probe, hex"01", 50_000, 0);

        l1Messenger.relayMessage{gas: 5_000_000}(message, _finalizedProof(message));

        assertGt(uint256(vm.load(probe, 0)), 4_500_000);
    }

    function test_TheTargetGetsItsGasLimitOrNothingIsConsumed() public {
        address probe = address(new GasProbe());
        uint256 started;
        Message memory message = _sendFromL2(alice, probe, hex"01", 1_000_000, 1);
        MessageProof memory proof = _finalizedProof(message);
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < 400; ++i) {
            try l1Messenger.relayMessage{gas: 1_000_000 + 499 * i}(message, proof) returns (bool success) {
                assertTrue(success);
                ++started;
                assertGe(uint256(vm.load(probe, 0)) + 2, 1_000_000, "promise");
            } catch (bytes memory reason) {
                assertEq(bytes4(reason), ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
                assertFalse(l1Messenger.relayedMessages(message.hash()), "nothing consumed");
                assertEq(uint256(vm.load(probe, bytes32(uint256(1)))), 0);
            }
            vm.revertToState(snapshot);
        }
        assertGt(started, 10);
        assertLt(started, 390);
    }

    function test_RecordsAFailureWhenTheTargetEatsAllGas() public {
        Message memory message = _sendFromL2(alice, address(new GasEater()), hex"01", 1_000_000, 0);

        assertFalse(l1Messenger.relayMessage{gas: 2_000_000}(message, _finalizedProof(message)));

        assertTrue(l1Messenger.failedMessages(message.hash()));
    }

    function test_RevertWhen_TheGasLimitIsBeyondAnyGas() public {
        uint256[2] memory limits = [uint256(type(uint64).max), type(uint256).max];
        for (uint256 i = 0; i < limits.length; ++i) {
            Message memory message = Message(i, alice, address(recorder), 0, limits[i], _record());
            _passAsL2Messenger(message);
            MessageProof memory proof = _finalizedProof(message);

            vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
            l1Messenger.relayMessage(message, proof);
        }
    }

    function _passAsL2Messenger(Message memory message) private {
        bytes32 messageHash = message.hash();
        bytes32 key = l2Messenger.messageKey(messageHash);
        vm.prank(address(l2Messenger));
        passer.passMessage(key);
        _recordPassed(messageHash);
    }

    function _record() private pure returns (bytes memory) {
        return abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
    }
}
