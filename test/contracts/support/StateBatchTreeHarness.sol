// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";

/// @notice The state-batch tree behind calls, so that paths are calldata and errors can be expected.
contract StateBatchTreeHarness {
    function computeRoot(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata siblings)
        external
        pure
        returns (bytes32)
    {
        return StateBatchTree.computeRoot(leaf, index, size, siblings);
    }

    function heightOf(uint256 size) external pure returns (uint256) {
        return StateBatchTree.heightOf(size);
    }
}
