// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice What surrounds a message's data on its way: `callData` of the events.
struct Envelope {
    /// @dev `ENVELOPE_VERSION`, or `RELAYED_VERSION` behind a target on the relay chain.
    uint256 version;
    /// @dev The only service that delivers the message.
    address destinationService;
    /// @dev Counter of the service where it was sent.
    uint256 nonce;
    /// @dev `abi.encode` of a {MessageData}.
    bytes messageData;
    /// @dev Hash of the message data as it was sent: of what is here or, in version 2, of what the target on the relay
    /// chain has put something else in the place of.
    bytes32 originalHash;
}

/// @dev `abi.encode(version, destinationService, nonce, messageData)`.
uint256 constant ENVELOPE_VERSION = 1;

/// @dev `abi.encode(version, destinationService, nonce, messageData, originalHash)`.
uint256 constant RELAYED_VERSION = 2;
