// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Uses up all the gas it gets but what it takes to revert with a long reason.
contract Exhauster {
    fallback() external payable {
        while (gasleft() > 600) {}
        assembly ("memory-safe") {
            revert(0x80, 1000)
        }
    }
}
