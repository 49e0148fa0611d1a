// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GatewayTest} from "../support/GatewayTest.sol";
import {Inbox} from "../support/crosschain/Inbox.sol";
import {Exhauster} from "../support/targets/Exhauster.sol";
import {ReturnBomb} from "../support/targets/ReturnBomb.sol";
import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

contract GatewayReceivingTest is GatewayTest {
    Inbox private inbox;

    function setUp() public override {
        super.setUp();
        inbox = new Inbox();
    }

    function test_ReceivesOnL2WhatWasSentOnL1() public {
        uint256 nonce = l1Messenger.messageNonce();
        _sendFromL1(address(inbox), "payload", 1 ether);
        relayToL2();

        Inbox.Receipt memory receipt = inbox.receipt(0);
        assertEq(receipt.gateway, address(l2Gateway));
        assertEq(receipt.receiveId, keccak256(abi.encode(L1_CHAIN_ID, l1Gateway, nonce)));
        assertEq(receipt.sender, _onL1(alice));
        assertEq(receipt.payload, "payload");
        assertEq(receipt.value, 1 ether);
        assertEq(address(inbox).balance, 1 ether);
    }

    function test_ReceivesOnL1WhatWasSentOnL2() public {
        uint256 nonce = l2Messenger.messageNonce();
        _sendFromL2(address(inbox), "payload", 1 ether);
        relayToL1();

        Inbox.Receipt memory receipt = inbox.receipt(0);
        assertEq(receipt.gateway, address(l1Gateway));
        assertEq(receipt.receiveId, keccak256(abi.encode(L2_CHAIN_ID, l2Gateway, nonce)));
        assertEq(receipt.sender, _onL2(alice));
        assertEq(receipt.payload, "payload");
        assertEq(receipt.value, 1 ether);
        assertEq(address(inbox).balance, 1 ether);
    }

    function test_EqualMessagesAreReceivedUnderIdsOfTheirOwn() public {
        for (uint256 i = 0; i < 2; ++i) {
            _sendFromL1(address(inbox), "payload", 0);
            _sendFromL2(address(inbox), "payload", 0);
        }
        relayToL2();
        relayToL1();

        assertEq(inbox.count(), 4);
        for (uint256 i = 0; i < 4; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                assertNotEq(inbox.receipt(i).receiveId, inbox.receipt(j).receiveId);
            }
        }
    }

    function test_ReceivesTheLargestPayloadBothWays() public {
        bytes memory payload = new bytes(99_808);
        HashingInbox hashing = new HashingInbox();
        _sendFromL1(address(hashing), payload, 0);
        assertTrue(_relayOneToL2().success);
        assertEq(hashing.hashOfLast(), keccak256(payload));

        payload[99_807] = 0x01;
        _sendFromL2(address(hashing), payload, 0);
        assertTrue(_relayOneToL1().success);
        assertEq(hashing.hashOfLast(), keccak256(payload));
    }

    // ---------------------------------------------------------------------------------------------------- failures

    function test_AWrongAnswerFailsTheDeliveryWhichCanBeTriedAgain() public {
        inbox.setAnswer(0x12345678);
        bytes memory reason = abi.encodeWithSelector(
            ICrossDomainGateway.CrossDomainGateway_NotReceived.selector, inbox, bytes4(0x12345678)
        );
        _sendFromL1(address(inbox), "payload", 1 ether);
        Attempt memory onL2 = _relayOneToL2();
        _assertFailed(onL2, reason);
        _sendFromL2(address(inbox), "payload", 1 ether);
        Attempt memory onL1 = _relayOneToL1();
        _assertFailed(onL1, reason);
        assertEq(inbox.count(), 0);
        assertEq(address(inbox).balance, 0);

        inbox.setAnswer(Inbox.receiveMessage.selector);

        assertTrue(replayOnL2(onL2.messageHash).success);
        assertTrue(replayOnL1(onL1.messageHash).success);
        assertEq(inbox.count(), 2);
        assertEq(address(inbox).balance, 2 ether);
    }

    function test_ARecipientWithoutCodeFailsTheDeliveryUntilItHasSome() public {
        address nobody = makeAddr("nobody yet");
        _sendFromL1(nobody, "payload", 1 ether);
        Attempt memory attempt = _relayOneToL2();
        _assertFailed(
            attempt, abi.encodeWithSelector(ICrossDomainGateway.CrossDomainGateway_RecipientHasNoCode.selector, nobody)
        );
        assertEq(nobody.balance, 0);

        deployCodeTo("Inbox.sol:Inbox", nobody);

        assertTrue(replayOnL2(attempt.messageHash).success);
        assertEq(nobody.balance, 1 ether);
    }

    function test_ARecipientThatDelegatesToNoCodeFailsTheDelivery() public {
        address account = makeAddr("EIP-7702 account");
        vm.etch(account, abi.encodePacked(hex"ef0100", makeAddr("no delegate")));
        _sendFromL1(account, "payload", 0);

        _assertFailed(_relayOneToL2(), "");
    }

    function test_AnAnswerThatIsTooShortFailsTheDelivery() public {
        // Returns the four bytes alone: mstore(0, selector << 224), return(0, 4).
        address terse = makeAddr("terse");
        vm.etch(terse, hex"632432ef2660e01b5f5260045ff3");
        _sendFromL1(terse, "payload", 0);

        _assertFailed(_relayOneToL2(), "");
    }

    function test_TheRecipientsReasonIsTheMessages() public {
        Grumbler grumbler = new Grumbler();
        _sendFromL2(address(grumbler), "payload", 0);
        _assertFailed(_relayOneToL1(), abi.encodeWithSelector(Grumbler.NotToday.selector, uint256(7)));
    }

    function test_AFailureDoesNotHoldUpTheOthers() public {
        address[3] memory recipients = [address(new Exhauster()), address(new ReturnBomb()), address(inbox)];
        for (uint256 i = 0; i < recipients.length; ++i) {
            _sendFromL1(recipients[i], "payload", 0);
            _sendFromL2(recipients[i], "payload", 0);
        }
        Attempt[] memory onL2 = relayToL2();
        Attempt[] memory onL1 = relayToL1();

        for (uint256 i = 0; i < recipients.length; ++i) {
            assertEq(onL2[i].success, recipients[i] == address(inbox));
            assertEq(onL1[i].success, recipients[i] == address(inbox));
        }
    }

    function test_NothingIsLeftInAGateway() public {
        _sendFromL1(address(inbox), "payload", 1 ether);
        relayToL2();
        _sendFromL2(address(inbox), "payload", 1 ether);
        relayToL1();
        assertEq(address(l1Gateway).balance + address(l2Gateway).balance, 0);

        vm.prank(alice);
        (bool success,) = address(l1Gateway).call{value: 1}("");
        assertFalse(success);
    }
}

/// @notice Keeps the hash of what it receives: the payload itself would cost 22,100 gas a word.
contract HashingInbox is Inbox {
    bytes32 public hashOfLast;

    function receiveMessage(bytes32, bytes calldata, bytes calldata payload) public payable override returns (bytes4) {
        hashOfLast = keccak256(payload);
        return Inbox.receiveMessage.selector;
    }
}

contract Grumbler is Inbox {
    error NotToday(uint256 value);

    function receiveMessage(bytes32, bytes calldata, bytes calldata) public payable override returns (bytes4) {
        revert NotToday(7);
    }
}
