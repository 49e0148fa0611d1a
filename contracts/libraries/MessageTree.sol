// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Message tree
/// @notice Append-only Merkle tree over the passer's keys, of the smallest height that holds them. L2 appends to it at a
/// cost that does not grow; L1 computes its root from what L2 committed to, and from proofs of leaves.
/// @dev Its shape is RFC 6962's: a parent for each pair of neighbours on a level, and the last node of a level that has
/// no neighbour stands on the next one as it is. So nothing is padded, and `count` says which nodes there are.
///
/// A leaf is keccak256(key), a parent keccak256(left, right): 32 bytes against 64, so neither is taken for the other.
///
/// A **peak** is the root of a complete subtree: a tree has one for each set bit of `count`, the largest to the left.
/// L2 keeps peaks, not roots: to compute the root it would have to read all of them for each leaf. Instead it commits to them
/// by a chain that grows by the newest alone:
///
///     commitment(0) = 0
///     commitment(count) = keccak256(abi.encode(count, commitment(count without its lowest set bit), smallest peak))
library MessageTree {
    /// @notice Levels a tree can have, so that it holds 2^64 - 1 leaves. No chain sends as many messages; levels that
    /// are not there yet cost nothing.
    uint256 internal constant MAX_HEIGHT = 64;

    /// @notice What L2 keeps of the tree: by level, the newest peak and the commitment that it was the smallest peak of.
    /// @dev An older entry of a level is not read again: where a bit of `count` is set, its level's entry is the newest.
    struct Frontier {
        bytes32[MAX_HEIGHT] commitments;
        bytes32[MAX_HEIGHT] peaks;
    }

    /// @notice Thrown when a tree would have no leaf, or more than 2^64 - 1.
    error MessageTree_CountOutOfBounds(uint256 count);

    /// @notice Thrown when there are not as many peaks as set bits in `count`.
    error MessageTree_PeakCount(uint256 given, uint256 expected);

    /// @notice Thrown when a leaf's index is not below the number of leaves.
    error MessageTree_IndexOutOfBounds(uint256 index, uint256 count);

    /// @notice Thrown when indices do not ascend strictly.
    error MessageTree_IndicesNotAscending(uint256 previous, uint256 next);

    /// @notice Thrown when a proof has more siblings, or fewer, than there are on its leaves' way to the root.
    error MessageTree_SiblingCount(uint256 given, uint256 used);

    // --------------------------------------------------------------------------------------------------- appending

    /// @notice Appends a key as the leaf of the given index, which must be the number of leaves so far.
    /// @dev Two slots are written; on average, two are read: one peak for each trailing one of the index, and the
    /// commitment before the new peak.
    function append(Frontier storage frontier, uint256 index, bytes32 key) internal {
        // Levels are below 64 as long as the index is below 2^64 - 1; the arrays' bounds are checked.
        unchecked {
            bytes32 peak = leafOf(key);
            uint256 level;
            for (; (index >> level) & 1 == 1; ++level) {
                peak = Hashes.efficientKeccak256(frontier.peaks[level], peak);
            }
            frontier.peaks[level] = peak;

            uint256 rest = index >> level;
            bytes32 previous;
            if (rest != 0) {
                uint256 next = level + 1;
                while ((index >> next) & 1 == 0) ++next;
                previous = frontier.commitments[next];
            }
            frontier.commitments[level] = _commit(index + 1, previous, peak);
        }
    }

    /// @notice The peaks of a tree of `count` leaves, from the left: what `rootOf` takes.
    function peaksOf(Frontier storage frontier, uint256 count) internal view returns (bytes32[] memory peaks) {
        peaks = new bytes32[](_numberOfPeaks(count));
        uint256 place = peaks.length;
        for (uint256 level = 0; place != 0; ++level) {
            if ((count >> level) & 1 == 1) peaks[--place] = frontier.peaks[level];
        }
    }

    // ---------------------------------------------------------------------------------------------------- verifying

    /// @notice The level of a tree's smallest peak: where L2 keeps its commitment.
    function commitmentLevel(uint256 count) internal pure returns (uint256) {
        if (count == 0 || count >> MAX_HEIGHT != 0) revert MessageTree_CountOutOfBounds(count);
        // Of the lowest set bit.
        unchecked {
            return Math.log2(count & (0 - count));
        }
    }

    /// @notice The commitment to a tree's peaks.
    /// @param count Number of leaves.
    /// @param peaks From the left.
    function commitmentOf(uint256 count, bytes32[] memory peaks) internal pure returns (bytes32 commitment) {
        uint256 expected = _numberOfPeaks(count);
        if (peaks.length != expected) revert MessageTree_PeakCount(peaks.length, expected);
        uint256 covered;
        for (uint256 i = 0; i < peaks.length; ++i) {
            covered += 1 << Math.log2(count - covered);
            commitment = _commit(covered, commitment, peaks[i]);
        }
    }

    /// @notice The root of the tree that has these peaks, at least one.
    function rootOf(bytes32[] memory peaks) internal pure returns (bytes32 root) {
        uint256 i = peaks.length - 1;
        root = peaks[i];
        while (i > 0) {
            root = Hashes.efficientKeccak256(peaks[--i], root);
        }
    }

    /// @notice The root of a tree of `count` leaves that holds `leaf` at `index` beside the given siblings.
    /// @param siblings From the leaf upwards, where there is one.
    function rootByPath(bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32 root)
    {
        if (index >= count) revert MessageTree_IndexOutOfBounds(index, count);
        uint256 used;
        // Solidity would check the bounds of `siblings` at each. Beyond them some other word of calldata is read: their
        // number shows it.
        assembly ("memory-safe") {
            root := leaf
            let next := siblings.offset
            let last := sub(count, 1)
            // Left of the tree's right edge each node has a sibling.
            for {} xor(index, last) { next := add(next, 0x20) } {
                let place := shl(5, and(index, 1))
                mstore(place, root)
                mstore(xor(place, 0x20), calldataload(next))
                root := keccak256(0x00, 0x40)
                index := shr(1, index)
                last := shr(1, last)
            }
            // On it, right nodes alone have one.
            for {} index { index := shr(1, index) } {
                if and(index, 1) {
                    mstore(0x00, calldataload(next))
                    mstore(0x20, root)
                    root := keccak256(0x00, 0x40)
                    next := add(next, 0x20)
                }
            }
            used := shr(5, sub(next, siblings.offset))
        }
        if (used != siblings.length) revert MessageTree_SiblingCount(siblings.length, used);
    }

    /// @notice The root of a tree of `count` leaves that holds all of `nodes` at `indices` beside the given siblings.
    /// @param nodes The leaves, at least one. Overwritten.
    /// @param indices As many indices, strictly ascending. Overwritten.
    /// @param siblings Those that do not follow from the leaves: level by level upwards, each level from the left.
    function rootByMultiproof(
        bytes32[] memory nodes,
        uint256[] memory indices,
        uint256 count,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32) {
        uint256 length = nodes.length;
        uint256 used;
        _checkIndices(indices, count);
        // Places are below the number of leaves, which are in memory. Checking their bounds at each access would cost a message
        // whose leaf is far from the others up to 2,800 gas. `count` is not zero, for an index is below it.
        unchecked {
            for (uint256 last = count - 1; last != 0; last >>= 1) {
                uint256 parents;
                for (uint256 i = 0; i < length; ++i) {
                    (bytes32 node, uint256 index) = (_nodeAt(nodes, i), _indexAt(indices, i));
                    if (index & 1 == 1) {
                        node = Hashes.efficientKeccak256(_sibling(siblings, used++), node);
                    } else if (i + 1 != length && _indexAt(indices, i + 1) == index + 1) {
                        node = Hashes.efficientKeccak256(node, _nodeAt(nodes, ++i));
                    } else if (index != last) {
                        node = Hashes.efficientKeccak256(node, _sibling(siblings, used++));
                    }
                    _set(nodes, indices, parents++, node, index >> 1);
                }
                length = parents;
            }
        }
        if (used != siblings.length) revert MessageTree_SiblingCount(siblings.length, used);
        return nodes[0];
    }

    /// @notice A key's leaf.
    function leafOf(bytes32 key) internal pure returns (bytes32 leaf) {
        // Solidity would allocate memory for the 32 bytes.
        assembly ("memory-safe") {
            mstore(0x00, key)
            leaf := keccak256(0x00, 0x20)
        }
    }

    function _commit(uint256 count, bytes32 previous, bytes32 peak) private pure returns (bytes32) {
        return keccak256(abi.encode(count, previous, peak));
    }

    function _numberOfPeaks(uint256 count) private pure returns (uint256 number) {
        for (; count != 0; count &= count - 1) {
            ++number;
        }
    }

    function _checkIndices(uint256[] memory indices, uint256 count) private pure {
        uint256 previous = indices[0];
        for (uint256 i = 1; i < indices.length; ++i) {
            uint256 next = indices[i];
            if (next <= previous) revert MessageTree_IndicesNotAscending(previous, next);
            previous = next;
        }
        if (previous >= count) revert MessageTree_IndexOutOfBounds(previous, count);
    }

    function _nodeAt(bytes32[] memory nodes, uint256 place) private pure returns (bytes32 node) {
        assembly ("memory-safe") {
            node := mload(add(nodes, add(0x20, shl(5, place))))
        }
    }

    function _indexAt(uint256[] memory indices, uint256 place) private pure returns (uint256 index) {
        assembly ("memory-safe") {
            index := mload(add(indices, add(0x20, shl(5, place))))
        }
    }

    /// @dev Writes both arrays at a place that both have.
    function _set(bytes32[] memory nodes, uint256[] memory indices, uint256 place, bytes32 node, uint256 index)
        private
        pure
    {
        assembly ("memory-safe") {
            let offset := add(0x20, shl(5, place))
            mstore(add(nodes, offset), node)
            mstore(add(indices, offset), index)
        }
    }

    /// @dev A sibling, or some word of calldata if there are not so many: that is found out at the end, by their number.
    function _sibling(bytes32[] calldata siblings, uint256 place) private pure returns (bytes32 sibling) {
        // Solidity's access would check the bounds at each.
        assembly ("memory-safe") {
            sibling := calldataload(add(siblings.offset, shl(5, place)))
        }
    }
}
