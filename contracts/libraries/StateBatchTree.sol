// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @title State-batch tree
/// @notice Merkle tree over the state roots of a batch, by the rule of OVM 1.0.
/// @dev Leaves are the roots themselves; a parent is keccak256(left, right); a missing node on level d is d times
/// hashed with itself, from keccak256(bytes32(0)); the tree is of the smallest height that holds its leaves, so a
/// single leaf is its own root. Leaves and inner nodes are not told apart by their hashes: the length of a path is
/// bound to the number of leaves instead.
library StateBatchTree {
    /// @notice Most leaves a tree may have.
    uint256 internal constant MAX_SIZE = 65_536;

    /// @notice Thrown when a tree would have more than 65,536 leaves, or none.
    error StateBatchTree_SizeOutOfBounds(uint256 size);

    /// @notice Thrown when a leaf's index is not below the number of leaves.
    error StateBatchTree_IndexOutOfBounds(uint256 index, uint256 size);

    /// @notice Thrown when a path is not as long as the tree is high.
    error StateBatchTree_PathLength(uint256 length, uint256 height);

    /// @notice The root of the tree of `size` leaves that holds `leaf` at `index` beside the given siblings.
    /// @param siblings From the leaf upwards.
    function computeRoot(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32 root)
    {
        uint256 height = heightOf(size);
        if (index >= size) revert StateBatchTree_IndexOutOfBounds(index, size);
        if (siblings.length != height) revert StateBatchTree_PathLength(siblings.length, height);

        root = leaf;
        for (uint256 level = 0; level < height; ++level) {
            bytes32 sibling = siblings[level];
            root = index & 1 == 1 ? Hashes.efficientKeccak256(sibling, root) : Hashes.efficientKeccak256(root, sibling);
            index >>= 1;
        }
    }

    /// @notice The smallest height of a binary tree that holds `size` leaves.
    function heightOf(uint256 size) internal pure returns (uint256 height) {
        if (size == 0 || size > MAX_SIZE) revert StateBatchTree_SizeOutOfBounds(size);
        while ((1 << height) < size) ++height;
    }
}
