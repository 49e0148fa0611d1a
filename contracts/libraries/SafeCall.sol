// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Message} from "../types/Message.sol";

/// @notice How a call ended.
enum CallOutcome {
    /// @dev Not made: the gas left would not have kept the promise.
    NotStarted,
    Failed,
    Succeeded
}

/// @title Safe call
/// @notice Calls a message's target with a promise of gas, and survives whatever the target does.
library SafeCall {
    /// @notice Gas a CALL without value may cost its caller: a cold target (2,600), a cold EIP-7702 delegate of it
    /// (2,600), and the instructions between reading the gas left and the CALL.
    uint256 internal constant CALL_OVERHEAD = 2 * 2600 + 300;

    /// @notice Gas that value adds: the transfer (9,000) and an account that does not exist yet (25,000).
    uint256 internal constant VALUE_OVERHEAD = 9000 + 25_000;

    /// @notice Gas kept back to record the outcome: clearing the sender and the guard, rewriting a storage slot that
    /// was written before in the same transaction, copying the reason, and two events, measured at under 8,000
    /// together; the 2,300 that EIP-2200 wants left when a slot is written; and a margin.
    uint256 internal constant RESERVED_GAS = 12_000;

    /// @notice Most bytes of a target's revert data that are read. Reading is what the caller pays for.
    uint256 internal constant MAX_REASON_LENGTH = 256;

    /// @notice Calls the target with all the gas but what is reserved, or with `most` if that is less, where it is at least
    /// the message's gas limit.
    /// @param message The message.
    /// @param most Most gas the target gets; not below the message's gas limit.
    /// @return outcome How it ended.
    /// @return reason The first bytes of the target's revert data if it failed.
    function tryCall(Message memory message, uint256 most) internal returns (CallOutcome outcome, bytes memory reason) {
        (address target, uint256 value, uint256 gasLimit) = (message.target, message.value, message.gasLimit);
        bytes memory data = message.data;
        uint256 overhead = callOverhead(value);

        // From here to the CALL nothing may happen that the overhead does not count.
        uint256 forwarded = gasToForward(gasleft(), overhead);
        if (forwarded == 0 || forwarded < gasLimit) return (CallOutcome.NotStarted, reason);
        if (forwarded > most) forwarded = most;
        bool success;
        // Solidity's call would copy all of the return data to memory, at the caller's cost.
        assembly ("memory-safe") {
            success := call(forwarded, target, value, add(data, 0x20), mload(data), 0, 0)
        }

        return success ? (CallOutcome.Succeeded, reason) : (CallOutcome.Failed, _returnData());
    }

    /// @notice Gas the CALL itself may cost, at most.
    function callOverhead(uint256 value) internal pure returns (uint256) {
        return value == 0 ? CALL_OVERHEAD : CALL_OVERHEAD + VALUE_OVERHEAD;
    }

    /// @notice Gas a target can get from a caller that has `available` left: 63/64 of what the CALL leaves (EIP-150),
    /// and never what is reserved. Zero if nothing is left for it.
    function gasToForward(uint256 available, uint256 overhead) internal pure returns (uint256) {
        if (available <= overhead + RESERVED_GAS) return 0;
        // What is subtracted is smaller, by the line before.
        unchecked {
            uint256 remaining = available - overhead;
            uint256 allowed = remaining - remaining / 64;
            uint256 unreserved = remaining - RESERVED_GAS;
            return allowed < unreserved ? allowed : unreserved;
        }
    }

    /// @notice Gas a caller must have left so that `gasToForward` is at least `gasLimit`.
    function gasToHave(uint256 gasLimit, uint256 overhead) internal pure returns (uint256) {
        // remaining - floor(remaining / 64) >= gasLimit holds from remaining = ceil(64 / 63 * gasLimit) on.
        uint256 forAllowed = gasLimit + (gasLimit + 62) / 63;
        uint256 forUnreserved = gasLimit + RESERVED_GAS;
        return overhead + (forAllowed > forUnreserved ? forAllowed : forUnreserved);
    }

    /// @dev The first bytes of what the last call returned.
    function _returnData() private pure returns (bytes memory data) {
        // As above: only this much may be copied, whatever the target returned.
        assembly ("memory-safe") {
            let length := returndatasize()
            if gt(length, MAX_REASON_LENGTH) { length := MAX_REASON_LENGTH }
            data := mload(0x40)
            mstore(data, length)
            returndatacopy(add(data, 0x20), 0, length)
            mstore(0x40, and(add(add(data, 0x3f), length), not(0x1f)))
        }
    }
}
