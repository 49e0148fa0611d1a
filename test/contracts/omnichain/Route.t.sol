// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Counterpart} from "../support/omnichain/Counterpart.sol";
import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice Messages between all the chains, of both types.
contract RouteTest is OmnichainTest {
    function test_AMessageGoesFromAToBOverTheRelayChain() public {
        Leg memory first = _send(A, B, _message(B, "hello"));
        Leg memory second = _forward(first, B);
        _deliver(B, second);

        assertEq(second.orderId, first.orderId);
        assertEq(second.callData, first.callData);
        assertEq(second.fromAddress, first.fromAddress);
        _assertReceived(A, B, first, "hello");
    }

    function test_AMessageGoesFromAToTheRelayChain() public {
        Leg memory leg = _send(A, RELAY, _message(RELAY, "hello"));
        _deliver(RELAY, leg);
        _assertReceived(A, RELAY, leg, "hello");
    }

    function test_AMessageGoesFromTheRelayChainToB() public {
        Leg memory leg = _send(RELAY, B, _message(B, "hello"));
        _deliver(B, leg);
        _assertReceived(RELAY, B, leg, "hello");
    }

    function test_ACallGoesFromAToBOverTheRelayChain() public {
        Leg memory leg = _forward(_send(A, B, _call(B, "called")), B);
        _deliver(B, leg);
        assertEq(counterparts[B].count(), 1);
        assertEq(counterparts[B].lastMessage(), "called");
    }

    function test_ATargetOnTheRelayChainSaysWhatGoesOn() public {
        MessageData memory message = _message(RELAY, "question");
        message.relay = true;
        counterparts[RELAY].answer(abi.encode(_message(B, "answer")));

        Leg memory first = _send(A, B, message);
        Leg memory second = _forward(first, B);
        assertEq(second.orderId, first.orderId);
        assertEq(counterparts[RELAY].lastMessage(), "question");

        _deliver(B, second);
        _assertReceived(A, B, first, "answer");
    }

    function _assertReceived(uint256 fromChain, uint256 onChain, Leg memory leg, bytes memory message) private view {
        Counterpart counterpart = counterparts[onChain];
        assertEq(counterpart.count(), 1);
        assertEq(counterpart.lastMessage(), message);
        OmnichainEnabled.Origin memory origin = counterpart.lastOrigin();
        assertEq(origin.fromChain, fromChain);
        assertEq(origin.toChain, onChain);
        assertEq(origin.sender, address(counterparts[fromChain]));
        assertEq(origin.orderId, leg.orderId);
        _assertStatus(onChain, fromChain, leg, DeliveryStatus.Relayed);
    }
}
