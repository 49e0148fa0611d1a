// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Sender allowlist
/// @notice Says which accounts may send messages from L2, on a lane that was deployed with one.
interface ISenderAllowlist {
    /// @notice A sender was put on the list or taken off it.
    /// @param sender The account.
    /// @param allowed Whether it may send from now on.
    event SenderAllowed(address indexed sender, bool allowed);

    /// @notice Puts a sender on the list or takes it off. Only the owner.
    /// @param sender The account.
    /// @param allowed True to put it on the list, false to take it off.
    function setAllowed(address sender, bool allowed) external;

    /// @notice Whether an account may send.
    /// @param sender The account.
    /// @return True if it is on the list.
    function isAllowed(address sender) external view returns (bool);
}
