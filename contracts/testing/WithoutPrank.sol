// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {VmSafe} from "forge-std/Vm.sol";

/// @title Without prank
/// @notice For bases of Forge tests whose functions call a lane, which no test means to call as somebody else.
abstract contract WithoutPrank is Test {
    /// @dev Relays as nobody's prank. One of a single call ends with the relay by itself.
    modifier withoutPrank() {
        (VmSafe.CallerMode mode, address sender, address origin) = vm.readCallers();
        bool isStarted = mode == VmSafe.CallerMode.RecurrentPrank;
        if (isStarted) vm.stopPrank();
        _;
        if (isStarted) vm.startPrank(sender, origin);
    }
}
