// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test, stdError} from "forge-std/Test.sol";

import {Delivery, DeliveryStatus, PackedDelivery} from "xdm/contracts/types/Delivery.sol";

/// @dev The caller is part of what is recorded.
contract Recording {
    function attempted(PackedDelivery delivery, DeliveryStatus status) external view returns (PackedDelivery) {
        return delivery.attempted(status);
    }

    function unpack(PackedDelivery delivery) external pure returns (Delivery memory) {
        return delivery.unpack();
    }
}

contract DeliveryTest is Test {
    Recording private recording;

    function setUp() public {
        recording = new Recording();
    }

    function test_NothingIsRememberedAtFirst() public pure {
        Delivery memory delivery = PackedDelivery.wrap(0).unpack();
        assertEq(uint8(delivery.status), uint8(DeliveryStatus.Unattempted));
        assertEq(delivery.relayer, address(0));
        assertEq(delivery.attempts, 0);
        assertEq(delivery.blockNumber, 0);
    }

    function testFuzz_UnpacksWhatIsPacked(uint256 seed) public pure {
        Delivery memory delivery = _random(seed);
        PackedDelivery packed = _pack(delivery);
        assertEq(abi.encode(packed.unpack()), abi.encode(delivery));
        assertEq(uint8(packed.status()), uint8(delivery.status));
    }

    function testFuzz_AttemptIsRecorded(uint256 seed, address relayer, uint64 blockNumber, bool succeeds) public {
        Delivery memory before = _random(seed);
        before.attempts = uint24(bound(before.attempts, 0, type(uint24).max - 1));
        DeliveryStatus status = succeeds ? DeliveryStatus.Relayed : DeliveryStatus.Failed;
        Delivery memory delivery = _attempt(before, relayer, blockNumber, status);
        assertEq(uint8(delivery.status), uint8(status));
        assertEq(delivery.relayer, relayer);
        assertEq(delivery.attempts, before.attempts + 1);
        assertEq(delivery.blockNumber, blockNumber);
    }

    function testFuzz_AttemptsStayAtTheirMaximum(uint256 seed, address relayer, uint64 blockNumber) public {
        Delivery memory before = _random(seed);
        before.attempts = type(uint24).max;
        Delivery memory delivery = _attempt(before, relayer, blockNumber, DeliveryStatus.Relayed);
        assertEq(delivery.attempts, type(uint24).max);
        assertEq(uint8(delivery.status), uint8(DeliveryStatus.Relayed));
        assertEq(delivery.relayer, relayer);
        assertEq(delivery.blockNumber, blockNumber);
    }

    function test_LastAttemptThatIsCounted() public {
        Delivery memory before = Delivery(DeliveryStatus.Failed, address(1), type(uint24).max - 1, 1);
        assertEq(_attempt(before, address(2), 2, DeliveryStatus.Failed).attempts, type(uint24).max);
    }

    function testFuzz_FailedChangesTheStatusOnly(uint256 seed) public pure {
        Delivery memory delivery = _random(seed);
        PackedDelivery packed = _pack(delivery).failed();
        delivery.status = DeliveryStatus.Failed;
        assertEq(PackedDelivery.unwrap(packed), PackedDelivery.unwrap(_pack(delivery)));
    }

    function test_UnknownStatusIsNotRead() public {
        vm.expectRevert(stdError.enumConversionError);
        recording.unpack(PackedDelivery.wrap(3));
    }

    /// @dev The fuzzer would give the enum values that it does not have.
    function _random(uint256 seed) private pure returns (Delivery memory) {
        return Delivery({
            status: DeliveryStatus(seed % 3),
            relayer: address(uint160(seed >> 8)),
            attempts: uint24(seed >> 168),
            blockNumber: uint64(seed >> 192)
        });
    }

    function _attempt(Delivery memory before, address relayer, uint64 blockNumber, DeliveryStatus status)
        private
        returns (Delivery memory)
    {
        vm.roll(blockNumber);
        vm.prank(relayer);
        return recording.attempted(_pack(before), status).unpack();
    }

    /// @dev The layout by its definition: from the lowest bits up, without gaps.
    function _pack(Delivery memory delivery) private pure returns (PackedDelivery) {
        return PackedDelivery.wrap(
            uint256(
                bytes32(
                    abi.encodePacked(delivery.blockNumber, delivery.attempts, delivery.relayer, uint8(delivery.status))
                )
            )
        );
    }
}
