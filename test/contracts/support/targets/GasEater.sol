// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Uses up all the gas it gets.
contract GasEater {
    fallback() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }
}
