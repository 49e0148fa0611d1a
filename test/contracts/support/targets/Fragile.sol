// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Reverts with what it is told until it is repaired, then counts its calls and keeps their value.
contract Fragile {
    bool public isRepaired;
    uint256 public count;
    bytes private _revertData;

    constructor(bytes memory revertData) {
        _revertData = revertData;
    }

    function repair() external {
        isRepaired = true;
    }

    fallback() external payable {
        if (isRepaired) {
            ++count;
            return;
        }
        bytes memory revertData = _revertData;
        assembly ("memory-safe") {
            revert(add(revertData, 0x20), mload(revertData))
        }
    }
}
