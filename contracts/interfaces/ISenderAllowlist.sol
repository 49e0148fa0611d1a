// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Sender allowlist
/// @notice Says which accounts may send messages from L2, on a lane that was deployed with one.
interface ISenderAllowlist {
    /// @notice A sender was put on the list or taken off it.
    event SenderAllowed(address indexed sender, bool allowed);

    /// @notice Puts a sender on the list or takes it off. Only the owner.
    function setAllowed(address sender, bool allowed) external;

    /// @notice Whether an account may send.
    function isAllowed(address sender) external view returns (bool);
}
