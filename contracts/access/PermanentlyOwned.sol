// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Permanently owned
/// @notice Two-step ownership that can be handed over and not given up: a contract without an owner could not replace
/// a lost role, nor end a pause.
abstract contract PermanentlyOwned is Ownable2Step {
    /// @notice Thrown when the owner tries to give up ownership.
    error PermanentlyOwned_NotRenounceable();

    constructor(address initialOwner) Ownable(initialOwner) {}

    /// @notice Always reverts.
    function renounceOwnership() public pure override {
        revert PermanentlyOwned_NotRenounceable();
    }
}
