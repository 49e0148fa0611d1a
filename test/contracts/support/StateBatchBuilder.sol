// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice Builds state-batch trees from their leaves, level by level.
library StateBatchBuilder {
    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        bytes32 missing = keccak256(abi.encode(bytes32(0)));
        while (level.length > 1) {
            (level, missing) = _parents(level, missing);
        }
        return level[0];
    }

    function siblingsOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory level = leaves;
        bytes32 missing = keccak256(abi.encode(bytes32(0)));
        while (level.length > 1) {
            siblings = _append(siblings, (index ^ 1) < level.length ? level[index ^ 1] : missing);
            (level, missing) = _parents(level, missing);
            index /= 2;
        }
    }

    function _parents(bytes32[] memory level, bytes32 missing)
        private
        pure
        returns (bytes32[] memory parents, bytes32 missingParent)
    {
        parents = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < parents.length; ++i) {
            bytes32 right = 2 * i + 1 < level.length ? level[2 * i + 1] : missing;
            // `abi.encode` would take memory for each, which a tree of 65,536 leaves does not have.
            parents[i] = Hashes.efficientKeccak256(level[2 * i], right);
        }
        missingParent = keccak256(abi.encode(missing, missing));
    }

    function _append(bytes32[] memory list, bytes32 item) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = item;
    }
}
