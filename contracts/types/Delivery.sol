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

/// @notice All that the destination remembers of a message, in one storage slot.
struct Delivery {
    DeliveryStatus status;
    /// @dev Who sent the latest attempt's transaction or call; on L2 the aliased L1 messenger for the first delivery.
    address relayer;
    /// @dev Attempts so far; stays at its maximum once there.
    uint24 attempts;
    /// @dev Block of the latest attempt.
    uint64 blockNumber;
}
