// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {DeliveryStatus} from "../types/Delivery.sol";
import {ICrossDomainMessenger} from "./ICrossDomainMessenger.sol";

/// @title L2 cross-domain messenger
/// @notice Sends by recording messages with the passer; delivers what the aliased L1 messenger brings.
interface IL2CrossDomainMessenger is ICrossDomainMessenger {
    /// @notice Thrown when anyone but the aliased L1 messenger relays a message that is not recorded as failed.
    /// @param messageHash The message hash.
    /// @param caller Account that called.
    /// @param status Of the message: anything but `Failed`.
    error L2CrossDomainMessenger_NotReplayable(bytes32 messageHash, address caller, DeliveryStatus status);

    /// @notice Thrown when a first delivery does not bring the message's value: no deposit of the queue.
    /// @param sent Wei the call brought.
    /// @param expected Wei of the message.
    error L2CrossDomainMessenger_ValueMismatch(uint256 sent, uint256 expected);

    /// @notice Thrown when value is sent with a message that has a record here: its own value arrived before.
    /// @param sent Wei the call brought.
    error L2CrossDomainMessenger_UnexpectedValue(uint256 sent);

    /// @notice Thrown when the lane has an allowlist and the sender is not on it.
    /// @param sender Account that tried to send.
    error L2CrossDomainMessenger_SenderNotAllowed(address sender);

    /// @notice Delivers a message from L1.
    ///
    /// Called by the aliased L1 messenger, it is the first delivery and does not revert for anything the message or its
    /// target does: a target that reverts or is refused, or too little gas, is recorded as a failure. A message that
    /// has a record is ignored, but its value, if it brings any, is refused.
    ///
    /// Called by anyone else, it tries a failed message again, with the value that arrived the first time; it reverts,
    /// with nothing consumed, when the gas left cannot keep the promise to the target.
    /// @param nonce Version and counter.
    /// @param sender Account that sent the message on L1.
    /// @param target Account to call.
    /// @param value Wei that go with the call.
    /// @param minGasLimit Gas the target gets at least.
    /// @param message Calldata of the call.
    function relayMessage(
        uint256 nonce,
        address sender,
        address target,
        uint256 value,
        uint256 minGasLimit,
        bytes calldata message
    ) external payable;

    /// @notice The outbox that records messages to L1.
    /// @return Address on L2.
    function messagePasser() external view returns (address);

    /// @notice The contract that says who may send to L1; zero where everyone may.
    /// @return Address on L2, or zero.
    function senderAllowlist() external view returns (address);
}
