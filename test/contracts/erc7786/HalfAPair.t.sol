// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDeployedGateway} from "../support/GatewayPair.sol";
import {GatewayTest} from "../support/GatewayTest.sol";
import {Inbox} from "../support/crosschain/Inbox.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice What is sent by the first gateway of a pair while the second one does not stand yet.
contract HalfAPairTest is GatewayTest {
    address private immutable later = makeAddr("gateway to come");

    IDeployedGateway private early;
    Inbox private inbox;

    function setUp() public override {
        super.setUp();
        inbox = new Inbox();
        vm.chainId(L1_CHAIN_ID);
        early = _createGateway(l1Messenger, later);
        vm.chainId(L2_CHAIN_ID);
    }

    function test_AMessageThatComesBeforeTheOtherGatewayWaitsForIt() public {
        _send(early, _onL2(address(inbox)), "payload", 0);
        Attempt memory attempt = _relayOneToL2();
        _assertFailed(
            attempt, abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetHasNoCode.selector, later)
        );

        deployCodeTo("CrossDomainGateway.sol:CrossDomainGateway", abi.encode(l2Messenger, early), later);

        assertTrue(replayOnL2(attempt.messageHash).success);
        assertEq(inbox.count(), 1);
    }

    /// @dev A limit, of which docs/erc7786.md warns: to the messenger, value for an account without code is a transfer.
    function test_ValueThatComesBeforeTheOtherGatewayIsNotReceived() public {
        _send(early, _onL2(address(inbox)), "payload", 1 ether);

        assertTrue(_relayOneToL2().success);

        assertEq(later.balance, 1 ether);
        assertEq(inbox.count(), 0);
    }
}
