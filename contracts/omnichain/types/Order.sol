// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ENVELOPE_VERSION, Envelope} from "./Envelope.sol";

/// @notice A message on its way, as the events show it.
struct Order {
    /// @dev Chain id of the chain where it was sent first.
    uint256 fromChain;
    /// @dev Chain id of its destination.
    uint256 toChain;
    /// @dev Its order id.
    bytes32 id;
    /// @dev Who sent it there.
    address sender;
    /// @dev The envelope, encoded.
    bytes callData;
}

using {computeId, fromAddress, routeHash} for Order global;

/// @notice The id that the order must have: it binds where the message comes from, where it goes, who sent it and what it
/// was when it was sent.
/// @param sourceService The service where it was sent first.
/// @param envelope The order's envelope.
function computeId(Order memory order, address sourceService, Envelope memory envelope) pure returns (bytes32) {
    return keccak256(
        abi.encode(
            ENVELOPE_VERSION,
            order.fromChain,
            sourceService,
            order.toChain,
            envelope.destinationService,
            envelope.nonce,
            fromAddress(order),
            envelope.originalHash
        )
    );
}

/// @notice The sender as the events have it.
function fromAddress(Order memory order) pure returns (bytes memory) {
    return abi.encodePacked(order.sender);
}

/// @notice What a failed order is remembered by beside its id, which does not bind what a target on the relay chain has
/// made of the message.
function routeHash(Order memory order) pure returns (bytes32) {
    return keccak256(abi.encode(order.toChain, fromAddress(order), order.callData));
}
