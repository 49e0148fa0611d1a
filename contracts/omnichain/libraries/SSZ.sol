// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title SSZ
/// @notice Merkle trees of Ethereum's consensus layer: binary, of sha256, over chunks of 32 bytes.
/// @dev A node is named by its generalised index: 1 is the root, and the children of `i` are `2i` and `2i + 1`. Whoever
/// gives one makes sure that it is not zero.
library SSZ {
    /// @dev Root of two chunks of zeros.
    bytes32 private constant ZERO_PAIR = 0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b;

    /// @notice Thrown when a branch has not as many siblings as its place in the tree asks for.
    error SSZ_BranchLength(uint256 length, uint256 expected);

    /// @notice Root of the tree that holds a node at an index.
    /// @param siblings From the node upwards.
    function rootOf(bytes32 node, uint256 index, bytes32[] memory siblings) internal view returns (bytes32) {
        uint256 height = log2(index);
        if (siblings.length != height) revert SSZ_BranchLength(siblings.length, height);
        return _climb(node, index, siblings, 0);
    }

    /// @notice Root of the tree that holds two nodes.
    /// @dev What the nodes have in common of their way to the root is given, and hashed, once.
    /// @param nodes The nodes.
    /// @param indices Their indices: two that differ, of one height.
    /// @param siblings From the nodes upwards: up to where they meet, on each level the first node's and the second's.
    function rootOfTwo(bytes32[2] memory nodes, uint256[2] memory indices, bytes32[] memory siblings)
        internal
        view
        returns (bytes32)
    {
        (uint256 first, uint256 second) = (indices[0], indices[1]);
        uint256 apart = log2(first ^ second);
        uint256 expected = log2(first) - 1 + apart;
        if (siblings.length != expected) revert SSZ_BranchLength(siblings.length, expected);

        (bytes32 a, bytes32 b) = (nodes[0], nodes[1]);
        for (uint256 level = 0; level < apart; ++level) {
            a = _parent(a, first >> level, siblings[2 * level]);
            b = _parent(b, second >> level, siblings[2 * level + 1]);
        }
        return _climb(_parent(a, first >> apart, b), first >> apart + 1, siblings, 2 * apart);
    }

    /// @notice Root of a container of five fields.
    function rootOfFive(bytes32[5] memory fields) internal view returns (bytes32) {
        bytes32 left = hash(hash(fields[0], fields[1]), hash(fields[2], fields[3]));
        return hash(left, hash(hash(fields[4], 0), ZERO_PAIR));
    }

    /// @notice Hash of two chunks.
    /// @dev In scratch space: Solidity's sha256 would allocate memory for each. A proof takes some 70 of them.
    function hash(bytes32 left, bytes32 right) internal view returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            // It fails only when the gas is used up.
            if iszero(staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20)) { revert(0, 0) }
            result := mload(0x00)
        }
    }

    /// @notice The chunk of a number: its lowest byte first.
    function chunk(uint64 value) internal pure returns (bytes32) {
        unchecked {
            uint256 v = value;
            v = ((v & 0xff00ff00ff00ff00) >> 8) | ((v & 0x00ff00ff00ff00ff) << 8);
            v = ((v & 0xffff0000ffff0000) >> 16) | ((v & 0x0000ffff0000ffff) << 16);
            return bytes32(((v >> 32) | (v << 32)) << 192);
        }
    }

    /// @notice Height of the tree that an index stands at the bottom of: the position of its highest bit.
    function log2(uint256 index) internal pure returns (uint256 height) {
        while (index >> height > 1) ++height;
    }

    /// @dev Root over the siblings from the one at `start`, as many as the index is high.
    function _climb(bytes32 node, uint256 index, bytes32[] memory siblings, uint256 start)
        private
        view
        returns (bytes32)
    {
        for (uint256 i = start; i < siblings.length; ++i) {
            node = _parent(node, index, siblings[i]);
            index >>= 1;
        }
        return node;
    }

    function _parent(bytes32 node, uint256 index, bytes32 sibling) private view returns (bytes32) {
        return index & 1 == 0 ? hash(node, sibling) : hash(sibling, node);
    }
}
