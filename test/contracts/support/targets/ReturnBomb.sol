// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Reverts with as much data as it can pay for, at most 300,000 bytes.
contract ReturnBomb {
    fallback() external payable {
        assembly ("memory-safe") {
            revert(0x80, 300000)
        }
    }
}
