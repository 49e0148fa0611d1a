// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {IOptimismMessenger, OptimismApplication} from "../support/OptimismApplication.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice An application that knows nothing but Optimism's messengers runs on both sides of a lane, and what follows its messages
/// by Optimism's events and hash follows them here.
contract OptimismApplicationTest is CrossDomainTest {
    uint32 private constant GAS_LIMIT = 100_000;

    address private immutable alice = makeAddr("alice");

    OptimismApplication private onL1;
    OptimismApplication private onL2;

    function setUp() public {
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        onL1 = new OptimismApplication(IOptimismMessenger(address(l1Messenger)), second);
        onL2 = new OptimismApplication(IOptimismMessenger(address(l2Messenger)), address(onL1));
        vm.deal(address(this), 10 ether);
    }

    function test_PaysItsCounterpartBothWays() public {
        onL1.pay{value: 3 ether}(alice, GAS_LIMIT);
        assertTrue(relayToL2()[0].success);
        assertEq(onL2.credit(alice), 3 ether);
        assertEq(address(onL2).balance, 3 ether);

        onL2.pay{value: 1 ether}(alice, GAS_LIMIT);
        assertTrue(relayToL1()[0].success);
        assertEq(onL1.credit(alice), 1 ether);
        assertEq(address(onL1).balance, 1 ether);
    }

    function test_HearsNobodyElse() public {
        bytes memory payment = abi.encodeCall(OptimismApplication.receivePayment, (alice));
        vm.expectRevert(OptimismApplication.NotCounterpart.selector);
        onL1.receivePayment(alice);
        l1Messenger.sendMessage{value: 1}(address(onL2), payment, GAS_LIMIT);
        l2Messenger.sendMessage{value: 1}(address(onL1), payment, GAS_LIMIT);

        _assertFailed(relayToL2()[0], OptimismApplication.NotCounterpart.selector);
        _assertFailed(relayToL1()[0], OptimismApplication.NotCounterpart.selector);
        assertEq(onL1.credit(alice) + onL2.credit(alice), 0);
    }

    function test_AMessageIsFollowedByItsEventsFromL1() public {
        onL1.pay{value: 3 ether}(alice, GAS_LIMIT);
        bytes32 messageHash = _hashBySentEvents(address(l1Messenger), onL1, 3 ether);
        relayToL2();

        assertEq(_hashIn(recordedLogs(), address(l2Messenger), "RelayedMessage(bytes32)"), messageHash);
    }

    function test_AMessageIsFollowedByItsEventsFromL2() public {
        onL2.pay{value: 1 ether}(alice, GAS_LIMIT);
        bytes32 messageHash = _hashBySentEvents(address(l2Messenger), onL2, 1 ether);
        relayToL1();

        assertEq(_hashIn(recordedLogs(), address(l1Messenger), "RelayedMessage(bytes32)"), messageHash);
    }

    function test_AFailureIsFollowedByItsEventsBothWays() public {
        onL1.setOpen(false);
        onL2.setOpen(false);
        onL1.pay{value: 3 ether}(alice, GAS_LIMIT);
        bytes32 up = _hashBySentEvents(address(l1Messenger), onL1, 3 ether);
        relayToL2();
        assertEq(_hashIn(recordedLogs(), address(l2Messenger), "FailedRelayedMessage(bytes32)"), up);
        onL2.pay{value: 1 ether}(alice, GAS_LIMIT);
        bytes32 down = _hashBySentEvents(address(l2Messenger), onL2, 1 ether);
        relayToL1();
        assertEq(_hashIn(recordedLogs(), address(l1Messenger), "FailedRelayedMessage(bytes32)"), down);

        onL1.setOpen(true);
        onL2.setOpen(true);
        replayOnL2(up);
        assertEq(_hashIn(recordedLogs(), address(l2Messenger), "RelayedMessage(bytes32)"), up);
        replayOnL1(down);
        assertEq(_hashIn(recordedLogs(), address(l1Messenger), "RelayedMessage(bytes32)"), down);
        assertEq(onL2.credit(alice), 3 ether);
        assertEq(onL1.credit(alice), 1 ether);
    }

    function test_NoSenderIsToldOutsideOfADelivery() public {
        IOptimismMessenger messenger = onL1.messenger();
        vm.expectRevert(ICrossDomainMessenger.CrossDomainMessenger_NoMessageInDelivery.selector);
        messenger.xDomainMessageSender();
    }

    // ------------------------------------------------------------------------------------------ what follows messages

    /// @dev Version 1 of Optimism's message hash, of nothing but what the events say.
    function _hashBySentEvents(address messenger, OptimismApplication sender, uint256 value) private returns (bytes32) {
        Vm.Log[] memory logs = recordedLogs();
        Vm.Log memory sent = _logIn(logs, messenger, "SentMessage(address,address,bytes,uint256,uint256)");
        (address from, bytes memory message, uint256 nonce, uint256 gasLimit) =
            abi.decode(sent.data, (address, bytes, uint256, uint256));
        Vm.Log memory extension = _logIn(logs, messenger, "SentMessageExtension1(address,uint256)");
        address target = address(uint160(uint256(sent.topics[1])));
        assertEq(from, address(sender));
        assertEq(extension.topics[1], bytes32(uint256(uint160(from))));
        assertEq(target, sender.counterpart());
        assertEq(message, abi.encodeCall(OptimismApplication.receivePayment, (alice)));
        assertEq(nonce >> 240, 1);
        assertEq(gasLimit, GAS_LIMIT);
        assertEq(abi.decode(extension.data, (uint256)), value);
        return keccak256(
            abi.encodeWithSignature(
                "relayMessage(uint256,address,address,uint256,uint256,bytes)",
                nonce,
                from,
                target,
                value,
                gasLimit,
                message
            )
        );
    }

    function _hashIn(Vm.Log[] memory logs, address messenger, string memory signature) private pure returns (bytes32) {
        return _logIn(logs, messenger, signature).topics[1];
    }

    /// @dev The only one of its kind.
    function _logIn(Vm.Log[] memory logs, address emitter, string memory signature)
        private
        pure
        returns (Vm.Log memory found)
    {
        uint256 count;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != emitter || logs[i].topics[0] != keccak256(bytes(signature))) continue;
            found = logs[i];
            ++count;
        }
        assertEq(count, 1, signature);
    }

    function _assertFailed(Attempt memory attempt, bytes4 reason) private pure {
        assertFalse(attempt.success);
        assertEq(attempt.reason, abi.encodePacked(reason));
    }
}
