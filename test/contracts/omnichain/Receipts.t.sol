// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {RawTarget} from "../support/omnichain/RawTarget.sol";
import {ReceiptBuilder} from "../support/omnichain/ReceiptBuilder.sol";
import {ReceiptProof} from "xdm/contracts/omnichain/libraries/ReceiptProof.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice Messages in receipts of every kind, and in odd company.
contract ReceiptsTest is OmnichainTest {
    Leg private leg;

    function setUp() public override {
        super.setUp();
        leg = _send(A, RELAY, _message(RELAY, "hello"));
    }

    function test_EveryTypeOfReceiptIsRead() public {
        uint8[6] memory types = [0, 1, 2, 3, 4, 0x7e];
        for (uint256 i = 0; i < types.length; ++i) {
            receiptType = types[i];
            leg = _send(A, RELAY, _message(RELAY, "hello"));
            _deliver(RELAY, leg);
        }
        assertEq(counterparts[RELAY].count(), types.length);
    }

    function test_RevertWhen_TheTypeOfTheReceiptIsUnknown() public {
        uint8[3] memory types = [5, 0x7d, 0x7f];
        for (uint256 i = 0; i < types.length; ++i) {
            receiptType = types[i];
            leg = _send(A, RELAY, _message(RELAY, "hello"));
            vm.expectRevert(abi.encodeWithSelector(ReceiptProof.ReceiptProof_UnknownType.selector, types[i]));
            _deliver(RELAY, leg);
        }
    }

    function test_AMessageIsReadAtEveryPlaceOfABlock() public {
        uint256[6] memory places = [uint256(0), 1, 127, 128, 129, 139];
        blockSize = 140;
        for (uint256 i = 0; i < places.length; ++i) {
            place = places[i];
            leg = _send(A, RELAY, _message(RELAY, "hello"));
            _deliver(RELAY, leg);
        }
        assertEq(counterparts[RELAY].count(), places.length);
    }

    function test_ATransactionAloneInItsBlockIsRead() public {
        (blockSize, place) = (1, 0);
        leg = _send(A, RELAY, _message(RELAY, "hello"));
        _deliver(RELAY, leg);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_ManyLogsOfOthersDoNoHarm() public {
        Vm.Log[] memory logs = new Vm.Log[](300);
        for (uint256 i = 0; i < logs.length; ++i) {
            logs[i] = ReceiptBuilder.transfer(i)[0];
            if (i % 5 == 1) logs[i].topics = new bytes32[](i % 3);
            if (i % 5 == 2) logs[i].data = new bytes(i % 100);
        }
        logs[200] = _messageLog(A, A, RELAY, leg)[0];
        // What another contract says in the service's words.
        logs[100] = _messageLog(A, A, RELAY, _describe(A, RELAY, _message(RELAY, "forged")))[0];
        logs[100].emitter = alice;
        leg = _legOf(A, RELAY, logs);
        vm.chainId(RELAY);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_AReceiptAsLargeAsATransactionCarriesIsRead() public {
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = ReceiptBuilder.transfer(0)[0];
        logs[0].data = new bytes(60_000);
        RawTarget target = new RawTarget();
        target.allow(services[RELAY], A, address(counterparts[A]));
        leg = _describe(A, RELAY, _messageTo(address(target), new bytes(65_536 - 0x140)));
        logs[1] = _messageLog(A, A, RELAY, leg)[0];
        leg = _legOf(A, RELAY, logs);
        _deliver(RELAY, leg);
        assertEq(target.count(), 1);
    }

    function test_AReceiptOfSeveralMessagesIsDeliveredAtOnce() public {
        Vm.Log[] memory logs = new Vm.Log[](3);
        logs[0] = _messageLog(A, A, RELAY, _describe(A, RELAY, _message(RELAY, "one")))[0];
        logs[1] = _messageLog(A, A, B, _describe(A, B, _message(B, "two")))[0];
        logs[2] = _messageLog(A, A, RELAY, _describe(A, RELAY, _message(RELAY, "three")))[0];
        leg = _legOf(A, RELAY, logs);
        leg.logIndex = 2;
        _deliver(RELAY, leg);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 2);
        Leg memory second = _describe(A, B, _message(B, "two"));
        _assertStatus(RELAY, A, second, DeliveryStatus.Relayed);
    }

    function test_AFailureDoesNotHoldUpTheOthers() public {
        RawTarget refusing = new RawTarget();
        refusing.allow(services[RELAY], A, address(counterparts[A]));
        refusing.refuse("no");
        Leg memory failing = _describe(A, RELAY, _messageTo(address(refusing), ""));
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = _messageLog(A, A, RELAY, failing)[0];
        logs[1] = _messageLog(A, A, RELAY, leg)[0];
        Leg memory both = _legOf(A, RELAY, logs);
        services[RELAY].transferIn(A, both.proof);
        _assertStatus(RELAY, A, failing, DeliveryStatus.Failed);
        _assertStatus(RELAY, A, leg, DeliveryStatus.Relayed);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_AReceiptWithMessagesToSeveralChainsIsDeliveredOnEach() public {
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = _messageLog(RELAY, RELAY, A, _describe(RELAY, A, _message(A, "to A")))[0];
        logs[1] = _messageLog(RELAY, RELAY, B, _describe(RELAY, B, _message(B, "to B")))[0];
        leg = _legOf(RELAY, B, logs);
        _finalize(A, RELAY, leg.blockNumber, keccak256(leg.parts.header));
        for (uint256 chainId = A; chainId <= B; chainId += 2) {
            vm.chainId(chainId);
            services[chainId].transferIn(RELAY, leg.proof);
            assertEq(counterparts[chainId].count(), 1);
        }
    }

    function test_TheStateOfAnOrderIsAsked() public {
        (bool exists, bool verifiable, uint256 kind) = services[RELAY].getOrderStatus(A, leg.blockNumber, leg.orderId);
        assertFalse(exists);
        assertTrue(verifiable);
        assertEq(kind, uint256(clients[RELAY][A].kind()));
        (, verifiable,) = services[RELAY].getOrderStatus(A, leg.blockNumber + 1, leg.orderId);
        assertFalse(verifiable);

        // On B, a block of the relay chain shows what A sent.
        Leg memory onward = _forward(_send(A, B, _message(B, "hello")), B);
        _deliver(B, onward);
        (exists, verifiable,) = services[B].getOrderStatus(A, onward.blockNumber, onward.orderId);
        assertTrue(exists && verifiable);

        _freeze(RELAY, A);
        (, verifiable,) = services[RELAY].getOrderStatus(A, leg.blockNumber, leg.orderId);
        assertFalse(verifiable);
    }
}
