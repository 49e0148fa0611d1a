// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CallOutcome} from "../../libraries/SafeCall.sol";
import {Order} from "../types/Order.sol";

/// @title Omnichain relay service
/// @notice The service of the relay chain. Messages between other chains pass through it: what it has a proof of it emits
/// again, with the same source chain, sender and order id.
///
/// A message with `relay` set has its target here. What the target returns, `abi.encode(bytes)` of an encoded {MessageData}
/// with the same gas limit, goes on to the destination in its place, as a message of the sender: whoever sets `relay` lets
/// the target say what is called in its name. A target that returns anything else has failed, and what it has done is
/// undone.
interface IOmnichainRelayService {
    /// @notice Thrown when an account calls what the service calls itself.
    /// @param caller The account.
    error OmnichainRelayService_NotSelf(address caller);

    /// @notice The reason of a failure: what the target returned is not `abi.encode(bytes)`, or is longer than a message
    /// may be.
    /// @param length Bytes that it returned.
    error OmnichainRelayService_MalformedAnswer(uint256 length);

    /// @notice The reason of a failure: what the target returned asks for a target on the relay chain again.
    error OmnichainRelayService_RelayedAgain();

    /// @notice The reason of a failure: what the target returned asks for another gas limit than the message that was
    /// paid for.
    /// @param expected The message's gas limit.
    /// @param actual The one that was returned.
    error OmnichainRelayService_GasLimitChanged(uint256 expected, uint256 actual);

    /// @notice Calls the target of a message that goes on afterwards, in a call of its own that can be undone. Only for the
    /// service itself; reverts with `OmnichainRelayService_NotSelf` otherwise.
    ///
    /// Reverts where what the target returned does not go on, always with an error that says so. Never with what the
    /// target reverted with: a revert without data is one for want of gas.
    /// @param order The order.
    /// @param mostGas Most gas the target gets, not below the message's gas limit.
    /// @return outcome Whether the target was called, and took it.
    /// @return data The first bytes of what the target reverted with, or the message data that goes on.
    function executeRelayed(Order calldata order, uint256 mostGas)
        external
        returns (CallOutcome outcome, bytes memory data);
}
