// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SSZ} from "xdm/contracts/omnichain/libraries/SSZ.sol";

/// @notice Gives tests the library's functions that revert.
contract SSZHarness {
    function rootOf(bytes32 node, uint256 index, bytes32[] memory siblings) external view returns (bytes32) {
        return SSZ.rootOf(node, index, siblings);
    }

    function rootOfTwo(bytes32[2] memory nodes, uint256[2] memory indices, bytes32[] memory siblings)
        external
        view
        returns (bytes32)
    {
        return SSZ.rootOfTwo(nodes, indices, siblings);
    }
}
