// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Builds message trees and their proofs from the keys, the plain way: by the recursion of RFC 6962, section 2.1,
/// with nothing in common with the library but the definition.
library MessageTreeBuilder {
    /// @notice Root of the tree over the keys.
    function rootOf(bytes32[] memory keys) internal pure returns (bytes32) {
        return _root(keys, 0, keys.length);
    }

    /// @notice Roots of the complete subtrees, from the left.
    function peaksOf(bytes32[] memory keys) internal pure returns (bytes32[] memory peaks) {
        uint256 start;
        while (start < keys.length) {
            uint256 size = 1;
            while (2 * size <= keys.length - start) size *= 2;
            peaks = _append(peaks, _root(keys, start, start + size));
            start += size;
        }
    }

    /// @notice Siblings of a leaf, from below.
    function pathOf(bytes32[] memory keys, uint256 index) internal pure returns (bytes32[] memory) {
        return _path(keys, 0, keys.length, index);
    }

    /// @notice Siblings that do not follow from the leaves at the indices: by level from below, on each from the left.
    function multiproofOf(bytes32[] memory keys, uint256[] memory indices)
        internal
        pure
        returns (bytes32[] memory siblings)
    {
        for (uint256 size = 1; size < keys.length; size *= 2) {
            for (uint256 start = 0; start < keys.length; start += size) {
                uint256 neighbour = (start / size) % 2 == 0 ? start + size : start - size;
                if (_holdsAny(indices, neighbour, size) && !_holdsAny(indices, start, size)) {
                    siblings = _append(siblings, _root(keys, start, _min(start + size, keys.length)));
                }
            }
        }
    }

    function _root(bytes32[] memory keys, uint256 start, uint256 end) private pure returns (bytes32) {
        if (end - start == 1) return _hash(keys[start], 0, 32);
        uint256 middle = start + _split(end - start);
        return _hash(_root(keys, start, middle), _root(keys, middle, end), 64);
    }

    /// @dev Hash of the first bytes of two words: large trees are built without allocating memory for each node.
    function _hash(bytes32 first, bytes32 second, uint256 length) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0x00, first)
            mstore(0x20, second)
            result := keccak256(0x00, length)
        }
    }

    function _path(bytes32[] memory keys, uint256 start, uint256 end, uint256 index)
        private
        pure
        returns (bytes32[] memory)
    {
        if (end - start == 1) return new bytes32[](0);
        uint256 middle = start + _split(end - start);
        return index < middle
            ? _append(_path(keys, start, middle, index), _root(keys, middle, end))
            : _append(_path(keys, middle, end, index), _root(keys, start, middle));
    }

    /// @dev The largest power of two below the size.
    function _split(uint256 size) private pure returns (uint256 left) {
        left = 1;
        while (2 * left < size) left *= 2;
    }

    function _holdsAny(uint256[] memory indices, uint256 start, uint256 size) private pure returns (bool) {
        for (uint256 i = 0; i < indices.length; ++i) {
            if (indices[i] >= start && indices[i] < start + size) return true;
        }
        return false;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _append(bytes32[] memory list, bytes32 item) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = item;
    }
}
