// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice How a message reaches its target.
enum MessageType {
    /// @dev The payload is the call's data.
    Calldata,
    /// @dev The payload goes to `mapoExecute` of the target.
    Message
}

/// @notice What an application asks for: `abi.encode` of this struct, and of nothing else, is the `messageData` that it
/// gives to the service.
struct MessageData {
    /// @dev Whether the target is on the relay chain, and what it returns goes on to the destination.
    bool relay;
    MessageType msgType;
    /// @dev The target's address, 20 bytes.
    bytes target;
    bytes payload;
    /// @dev Gas the target is promised at least, on each chain where there is one.
    uint256 gasLimit;
    /// @dev Zero: no value crosses.
    uint256 value;
}
