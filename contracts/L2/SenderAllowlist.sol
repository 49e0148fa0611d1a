// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {ISenderAllowlist} from "../interfaces/ISenderAllowlist.sol";

/// @title Sender allowlist
/// @dev See {ISenderAllowlist}.
contract SenderAllowlist is ISenderAllowlist, PermanentlyOwned {
    /// @inheritdoc ISenderAllowlist
    mapping(address sender => bool allowed) public isAllowed;

    constructor(address initialOwner) PermanentlyOwned(initialOwner) {}

    /// @inheritdoc ISenderAllowlist
    function setAllowed(address sender, bool allowed) external onlyOwner {
        isAllowed[sender] = allowed;

        emit SenderAllowed(sender, allowed);
    }
}
