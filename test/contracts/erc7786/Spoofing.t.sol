// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {IDeployedGateway} from "../support/GatewayPair.sol";
import {GatewayTest} from "../support/GatewayTest.sol";
import {Inbox} from "../support/crosschain/Inbox.sol";
import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";
import {Attempt, TestLane} from "xdm/contracts/testing/TestLane.sol";

/// @notice Nobody makes a gateway say what its counterpart was not told.
contract GatewaySpoofingTest is GatewayTest {
    Inbox private inbox;

    function setUp() public override {
        super.setUp();
        inbox = new Inbox();
    }

    function test_RevertWhen_TheCallerIsNotTheMessenger() public {
        address[4] memory callers = [alice, address(l1Gateway), address(l2Gateway), address(l1Messenger)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, callers[i])
            );
            vm.prank(callers[i]);
            l2Gateway.deliver(0, alice, address(inbox), "forged");
        }
    }

    function test_AMessageToAGatewayFromAnotherAccountIsNotDelivered() public {
        vm.startPrank(alice);
        l1Messenger.sendMessage(address(l2Gateway), _forged(), 1_000_000);
        l2Messenger.sendMessage(address(l1Gateway), _forged(), 1_000_000);
        vm.stopPrank();

        _assertFailed(_relayOneToL2(), _notCounterpart(alice, address(l1Gateway)));
        _assertFailed(_relayOneToL1(), _notCounterpart(alice, address(l2Gateway)));
        assertEq(inbox.count(), 0);
    }

    function test_ATransactionOfTheQueueIsNotTheMessenger() public {
        // Sent as the L1 gateway would be, were it to enqueue; the sender on L2 is its alias.
        address aliased = AddressAlias.applyL1ToL2Alias(address(l1Gateway));
        vm.expectRevert(abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, aliased));
        vm.prank(aliased);
        l2Gateway.deliver(0, alice, address(inbox), "forged");
    }

    function test_AnotherGatewayOfTheLaneIsNotTheCounterpart() public {
        vm.chainId(L1_CHAIN_ID);
        IDeployedGateway other = _createGateway(l1Messenger, address(l2Gateway));
        _send(other, _onL2(address(inbox)), "forged", 0);

        _assertFailed(_relayOneToL2(), _notCounterpart(address(other), address(l1Gateway)));
        assertEq(inbox.count(), 0);
    }

    function test_AGatewayOfAnotherLaneIsNotTheCounterpart() public {
        TestLane otherLane = new TestLane();
        vm.chainId(L1_CHAIN_ID);
        IDeployedGateway other = _createGateway(otherLane.l1Messenger(), address(l2Gateway));
        _send(other, _onL2(address(inbox)), "forged", 0);

        Attempt[] memory attempts = otherLane.relayToL2();
        _assertFailed(
            attempts[0],
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, otherLane.l2Messenger())
        );
        assertEq(inbox.count(), 0);
    }

    /// @dev All that anybody can have a gateway call is `receiveMessage`: the contracts of the lane do not have it.
    function test_TheMessengersReceiveNothing() public {
        _sendFromL1(address(l1Messenger), "payload", 0);
        _assertFailed(_relayOneToL2(), "");
        _sendFromL1(address(l1Gateway), "payload", 0);
        _assertFailed(_relayOneToL2(), "");
    }

    /// @dev Everybody can have the messenger call the gateway: what it would send would be in nobody's name.
    function test_TheMessengerIsNoSender() public {
        bytes memory send = abi.encodeCall(l2Gateway.sendMessage, (_onL1(address(inbox)), "forged", noAttributes));
        vm.prank(alice);
        l1Messenger.sendMessage(address(l2Gateway), send, 1_000_000);
        _assertFailed(
            _relayOneToL2(),
            abi.encodeWithSelector(ICrossDomainGateway.CrossDomainGateway_SenderRefused.selector, l2Messenger)
        );

        send = abi.encodeCall(l1Gateway.sendMessage, (_onL2(address(inbox)), "forged", noAttributes));
        vm.prank(alice);
        l2Messenger.sendMessage(address(l1Gateway), send, 1_000_000);
        _assertFailed(
            _relayOneToL1(),
            abi.encodeWithSelector(ICrossDomainGateway.CrossDomainGateway_SenderRefused.selector, l1Messenger)
        );
    }

    // -------------------------------------------------------------------------------------------------- re-entering

    function test_AMessageCanBeSentWhileOneIsReceived() public {
        Replier replier = new Replier(l2Gateway, _onL1(address(inbox)));
        _sendFromL1(address(replier), "question", 1 ether);
        assertTrue(_relayOneToL2().success);
        assertTrue(_relayOneToL1().success);

        assertEq(inbox.receipt(0).sender, _onL2(address(replier)));
        assertEq(inbox.receipt(0).payload, "question");
        assertEq(inbox.receipt(0).value, 1 ether);
    }

    function test_ARecipientCannotDeliverInTheCounterpartsName() public {
        Forger forger = new Forger(address(l2Gateway), _forged());
        _sendFromL1(address(forger), "payload", 0);

        _assertFailed(
            _relayOneToL2(), abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, forger)
        );
    }

    function test_ARecipientCannotHaveAnotherMessageDelivered() public {
        inbox.setAnswer(0);
        _sendFromL1(address(inbox), "failed", 0);
        Attempt memory failed = _relayOneToL2();
        assertFalse(failed.success);
        inbox.setAnswer(Inbox.receiveMessage.selector);
        Forger forger = new Forger(address(l2Messenger), _replayOfLastSent());
        _sendFromL1(address(forger), "payload", 0);

        _assertFailed(_relayOneToL2(), abi.encodeWithSignature("ReentrancyGuardReentrantCall()"));
        assertEq(inbox.count(), 0);
        // The call was that message's: alone, it is delivered.
        forger.call();
        assertEq(inbox.count(), 1);
    }

    /// @dev What makes the L2 messenger deliver the L1 gateway's last message again.
    function _replayOfLastSent() private returns (bytes memory call) {
        Vm.Log[] memory logs = recordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ICrossDomainMessenger.SentMessage.selector) continue;
            (address sender, bytes memory message, uint256 nonce, uint256 gasLimit) =
                abi.decode(logs[i].data, (address, bytes, uint256, uint256));
            call = abi.encodeCall(l2Messenger.relayMessage, (nonce, sender, address(l2Gateway), 0, gasLimit, message));
        }
    }

    function _forged() private view returns (bytes memory) {
        return abi.encodeCall(ICrossDomainGateway.deliver, (0, alice, address(inbox), "forged"));
    }

    function _notCounterpart(address sender, address counterpart) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotCounterpart.selector, sender, counterpart);
    }
}

/// @notice Answers what it receives with a message of its own, with the value that came.
contract Replier is Inbox {
    IDeployedGateway private immutable GATEWAY;
    bytes private _recipient;

    constructor(IDeployedGateway gateway, bytes memory recipient) {
        (GATEWAY, _recipient) = (gateway, recipient);
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata payload) public payable override returns (bytes4) {
        GATEWAY.sendMessage{value: msg.value}(_recipient, payload, new bytes[](0));
        return Inbox.receiveMessage.selector;
    }
}

/// @notice Makes a call while it receives, and fails as it does.
contract Forger is Inbox {
    address private immutable TARGET;
    bytes private _data;

    constructor(address target, bytes memory data) {
        (TARGET, _data) = (target, data);
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) public payable override returns (bytes4) {
        call();
        return Inbox.receiveMessage.selector;
    }

    function call() public {
        (bool success, bytes memory reason) = TARGET.call(_data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
