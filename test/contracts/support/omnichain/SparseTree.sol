// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice SSZ trees in which a few nodes are given and all others follow from a salt.
library SparseTree {
    struct Node {
        /// @dev Generalised index.
        uint256 index;
        bytes32 value;
    }

    struct Tree {
        /// @dev None is above another.
        Node[] nodes;
        bytes32 salt;
    }

    function root(Tree memory tree) internal pure returns (bytes32) {
        return valueAt(tree, 1);
    }

    /// @notice A node, whether it is given, above a given one, or neither.
    function valueAt(Tree memory tree, uint256 index) internal pure returns (bytes32) {
        bool isAbove;
        for (uint256 i = 0; i < tree.nodes.length; ++i) {
            uint256 given = tree.nodes[i].index;
            if (given == index) return tree.nodes[i].value;
            while (given > index) given >>= 1;
            isAbove = isAbove || given == index;
        }
        if (!isAbove) return keccak256(abi.encode(tree.salt, index));
        return sha256(abi.encode(valueAt(tree, 2 * index), valueAt(tree, 2 * index + 1)));
    }

    /// @notice Siblings from a node upwards.
    function branch(Tree memory tree, uint256 index) internal pure returns (bytes32[] memory siblings) {
        siblings = new bytes32[](heightOf(index));
        for (uint256 i = 0; i < siblings.length; ++i) {
            siblings[i] = valueAt(tree, (index >> i) ^ 1);
        }
    }

    /// @notice Siblings from two nodes of one height upwards: of each in turn, until they meet.
    function branchOfTwo(Tree memory tree, uint256 first, uint256 second)
        internal
        pure
        returns (bytes32[] memory siblings)
    {
        siblings = new bytes32[](2 * heightOf(first));
        uint256 length;
        while (first ^ second > 1) {
            siblings[length++] = valueAt(tree, first ^ 1);
            siblings[length++] = valueAt(tree, second ^ 1);
            (first, second) = (first >> 1, second >> 1);
        }
        for (uint256 index = first >> 1; index > 1; index >>= 1) {
            siblings[length++] = valueAt(tree, index ^ 1);
        }
        assembly ("memory-safe") {
            mstore(siblings, length)
        }
    }

    function heightOf(uint256 index) internal pure returns (uint256 height) {
        while (index > 1) {
            index >>= 1;
            ++height;
        }
    }
}
