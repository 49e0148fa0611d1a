// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Makes several calls to one contract in one transaction.
contract Batcher {
    function callAll(address target, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success,) = target.call(calls[i]);
            require(success);
        }
    }
}
