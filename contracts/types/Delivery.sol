// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice What became of a message on its destination chain.
/// @dev A message is in exactly one state. Only `Unattempted -> Failed`, `Unattempted -> Relayed` and
/// `Failed -> Relayed` happen; `Relayed` is final.
enum DeliveryStatus {
    Unattempted,
    Failed,
    Relayed
}

/// @notice All that the destination remembers of a message.
struct Delivery {
    DeliveryStatus status;
    /// @dev Who sent the latest attempt's transaction or call; on L2 the aliased L1 messenger for the first delivery.
    address relayer;
    /// @dev Attempts so far; stays at its maximum once there.
    uint24 attempts;
    /// @dev Block of the latest attempt.
    uint64 blockNumber;
}

/// @notice A delivery in one storage slot, from the lowest bits: status (8), relayer (160), attempts (24), block (64).
/// @dev Solidity reads and writes a packed struct field by field; this way a slot is read once and written once, which
/// saves 800 gas a message.
type PackedDelivery is uint256;

using {status, unpack, attempted, failed} for PackedDelivery global;

uint256 constant RELAYER_OFFSET = 8;
uint256 constant ATTEMPTS_OFFSET = 168;
uint256 constant BLOCK_NUMBER_OFFSET = 192;

function status(PackedDelivery delivery) pure returns (DeliveryStatus) {
    return DeliveryStatus(uint8(PackedDelivery.unwrap(delivery)));
}

function unpack(PackedDelivery delivery) pure returns (Delivery memory) {
    uint256 packed = PackedDelivery.unwrap(delivery);
    return Delivery({
        status: status(delivery),
        relayer: address(uint160(packed >> RELAYER_OFFSET)),
        attempts: uint24(packed >> ATTEMPTS_OFFSET),
        blockNumber: uint64(packed >> BLOCK_NUMBER_OFFSET)
    });
}

/// @notice The record after one more attempt, by the caller in this block.
function attempted(PackedDelivery delivery, DeliveryStatus newStatus) view returns (PackedDelivery) {
    uint256 attempts = uint24(PackedDelivery.unwrap(delivery) >> ATTEMPTS_OFFSET);
    if (attempts != type(uint24).max) ++attempts;
    return PackedDelivery.wrap(
        uint256(newStatus) | uint256(uint160(msg.sender)) << RELAYER_OFFSET | attempts << ATTEMPTS_OFFSET
            | uint256(uint64(block.number)) << BLOCK_NUMBER_OFFSET
    );
}

/// @notice The record of the same attempt as a failed one.
function failed(PackedDelivery delivery) pure returns (PackedDelivery) {
    uint256 packed = PackedDelivery.unwrap(delivery);
    return PackedDelivery.wrap((packed & ~uint256(type(uint8).max)) | uint256(DeliveryStatus.Failed));
}
