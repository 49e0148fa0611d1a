// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";
import {Delivery, DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Anyone may try a failed message again on L2.
contract ReplayTest is LaneTest {
    Fragile private fragile;
    Message private message;
    address private immutable bob = makeAddr("bob");

    function setUp() public override {
        super.setUp();
        fragile = new Fragile("broken");
        message = _sendFromL1(alice, address(fragile), hex"aabb", 100_000, 2 ether);
        _deliverDeposit(message, _baseGas(message));
    }

    function test_DeliversAFailedMessageAfterItsTargetIsRepaired() public {
        fragile.repair();
        vm.roll(77);

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.RelayedMessage(message.hash());
        vm.prank(bob);
        _relay(message);

        assertTrue(l2Messenger.successfulMessages(message.hash()));
        assertFalse(l2Messenger.failedMessages(message.hash()));
        assertEq(address(fragile).balance, 2 ether);
        assertEq(address(l2Messenger).balance, 0);
        Delivery memory delivery = l2Messenger.delivery(message.hash());
        assertEq(delivery.relayer, bob);
        assertEq(delivery.attempts, 2);
        assertEq(delivery.blockNumber, 77);
    }

    function test_CanFailAnyNumberOfTimes() public {
        for (uint256 i = 2; i < 6; ++i) {
            vm.prank(bob);
            _relay(message);
            assertTrue(l2Messenger.failedMessages(message.hash()));
            assertEq(l2Messenger.delivery(message.hash()).attempts, i);
            assertEq(l2Messenger.delivery(message.hash()).relayer, bob);
            assertEq(address(l2Messenger).balance, 2 ether);
        }
    }

    function test_RevertWhen_TheMessageWasDelivered() public {
        fragile.repair();
        _relay(message);

        vm.expectRevert(
            abi.encodeWithSelector(
                IL2CrossDomainMessenger.L2CrossDomainMessenger_NotReplayable.selector,
                message.hash(),
                address(this),
                DeliveryStatus.Relayed
            )
        );
        _relay(message);
        assertEq(fragile.count(), 1);
    }

    function test_RevertWhen_ValueIsSentAlong() public {
        fragile.repair();
        vm.deal(bob, 2 ether);

        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IL2CrossDomainMessenger.L2CrossDomainMessenger_UnexpectedValue.selector, 2 ether)
        );
        _relayWithValue(message, 2 ether);
    }

    function test_RevertWhen_AnyFieldDiffers() public {
        fragile.repair();
        Message[7] memory changed;
        for (uint256 i = 0; i < changed.length; ++i) {
            changed[i] = message;
        }
        changed[0].nonce ^= 1;
        changed[1].sender = bob;
        changed[2].target = bob;
        changed[3].value = 1 ether;
        changed[4].gasLimit = 99_999;
        changed[5].data = hex"aabc";
        changed[6].nonce ^= 1 << 240;

        for (uint256 i = 0; i < changed.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IL2CrossDomainMessenger.L2CrossDomainMessenger_NotReplayable.selector,
                    changed[i].hash(),
                    address(this),
                    DeliveryStatus.Unattempted
                )
            );
            _relay(changed[i]);
        }
    }

    /// @dev The hash is taken of the calldata as it is: another encoding of the same message is another message.
    function test_RevertWhen_TheEncodingIsNotCanonical() public {
        fragile.repair();

        (bool success, bytes memory returned) = address(l2Messenger).call(bytes.concat(message.encode(), hex"00"));

        assertFalse(success);
        assertEq(bytes4(returned), IL2CrossDomainMessenger.L2CrossDomainMessenger_NotReplayable.selector);
        assertEq(fragile.count(), 0);
    }
}
