// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

/// @notice Builds Merkle-Patricia tries and proofs from their entries, the plain way: from the definition, top down,
/// with nothing in common with the verifier but the definition.
library TrieBuilder {
    struct Entry {
        /// @dev One nibble a byte.
        bytes path;
        bytes value;
    }

    struct Proof {
        bytes32 root;
        bytes[] nodes;
    }

    /// @dev The nodes on the way to one key, as they are found.
    struct Trail {
        bytes path;
        bytes[] nodes;
        uint256 length;
    }

    function entry(bytes memory key, bytes memory value) internal pure returns (Entry memory) {
        return Entry(toNibbles(key), value);
    }

    function hashedEntry(bytes memory key, bytes memory value) internal pure returns (Entry memory) {
        return entry(abi.encodePacked(keccak256(key)), value);
    }

    function rootOf(Entry[] memory entries) internal pure returns (bytes32) {
        return prove(entries, "").root;
    }

    /// @notice The root, and the nodes from the root towards the key; a node that is inlined in its parent is listed
    /// as well, as go-ethereum does not and other clients do.
    function prove(Entry[] memory entries, bytes memory key) internal pure returns (Proof memory) {
        Trail memory trail = Trail(toNibbles(key), new bytes[](65), 0);
        if (entries.length == 0) return Proof(keccak256(hex"80"), new bytes[](0));
        bytes memory node = _build(entries, 0, trail, key.length != 0);
        bytes[] memory nodes = new bytes[](trail.length);
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = trail.nodes[i];
        }
        return Proof(keccak256(node), nodes);
    }

    /// @notice The same proof without the nodes that are inlined in their parents.
    function withoutInlined(bytes[] memory nodes) internal pure returns (bytes[] memory kept) {
        uint256 count;
        while (count < nodes.length && (count == 0 || nodes[count].length >= 32)) ++count;
        kept = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            kept[i] = nodes[i];
        }
    }

    function pack(bytes[] memory nodes) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < nodes.length; ++i) {
            packed = bytes.concat(packed, nodes[i]);
        }
    }

    function toNibbles(bytes memory key) internal pure returns (bytes memory nibbles) {
        nibbles = new bytes(2 * key.length);
        for (uint256 i = 0; i < key.length; ++i) {
            nibbles[2 * i] = key[i] >> 4;
            nibbles[2 * i + 1] = key[i] & 0x0f;
        }
    }

    /// @dev The node over entries that share the first `depth` nibbles.
    function _build(Entry[] memory entries, uint256 depth, Trail memory trail, bool onTrail)
        private
        pure
        returns (bytes memory node)
    {
        uint256 place = trail.length;
        if (onTrail) ++trail.length;

        uint256 shared = _sharedNibbles(entries, depth);
        if (entries.length == 1) {
            node = _list(_hexPrefix(entries[0].path, depth, shared, true), RLPEncoder.encode(entries[0].value));
        } else if (shared != 0) {
            bool follows = onTrail && _agree(trail.path, entries[0].path, depth, shared);
            bytes memory child = _build(entries, depth + shared, trail, follows);
            node = _list(_hexPrefix(entries[0].path, depth, shared, false), _nameOf(child));
        } else {
            node = _branch(entries, depth, trail, onTrail);
        }

        if (onTrail) trail.nodes[place] = node;
    }

    function _branch(Entry[] memory entries, uint256 depth, Trail memory trail, bool onTrail)
        private
        pure
        returns (bytes memory)
    {
        bytes[] memory items = new bytes[](17);
        for (uint256 nibble = 0; nibble < 16; ++nibble) {
            Entry[] memory below = _below(entries, depth, nibble);
            bool follows = onTrail && trail.path.length > depth && uint8(trail.path[depth]) == nibble;
            items[nibble] = below.length == 0 ? bytes(hex"80") : _nameOf(_build(below, depth + 1, trail, follows));
        }
        items[16] = hex"80";
        for (uint256 i = 0; i < entries.length; ++i) {
            if (entries[i].path.length == depth) items[16] = RLPEncoder.encode(entries[i].value);
        }
        return RLPEncoder.encode(items);
    }

    function _below(Entry[] memory entries, uint256 depth, uint256 nibble) private pure returns (Entry[] memory below) {
        below = new Entry[](entries.length);
        uint256 count;
        for (uint256 i = 0; i < entries.length; ++i) {
            if (entries[i].path.length > depth && uint8(entries[i].path[depth]) == nibble) below[count++] = entries[i];
        }
        assembly {
            mstore(below, count)
        }
    }

    function _sharedNibbles(Entry[] memory entries, uint256 depth) private pure returns (uint256 shared) {
        shared = entries[0].path.length - depth;
        for (uint256 i = 1; i < entries.length; ++i) {
            uint256 same;
            while (same < shared && _agree(entries[i].path, entries[0].path, depth + same, 1)) ++same;
            shared = same;
        }
    }

    function _agree(bytes memory a, bytes memory b, uint256 from, uint256 length) private pure returns (bool) {
        if (a.length < from + length || b.length < from + length) return false;
        for (uint256 i = from; i < from + length; ++i) {
            if (a[i] != b[i]) return false;
        }
        return true;
    }

    function _hexPrefix(bytes memory path, uint256 from, uint256 length, bool isLeaf)
        private
        pure
        returns (bytes memory)
    {
        uint8 flag = isLeaf ? 2 : 0;
        bytes memory encoded = new bytes(length / 2 + 1);
        bool isOdd = length % 2 == 1;
        encoded[0] = isOdd ? bytes1(((flag + 1) << 4) | uint8(path[from])) : bytes1(flag << 4);
        uint256 place = 1;
        for (uint256 i = isOdd ? 1 : 0; i < length; i += 2) {
            encoded[place++] = path[from + i] << 4 | path[from + i + 1];
        }
        return RLPEncoder.encode(encoded);
    }

    /// @dev How a parent names a child: by its hash, or by the child itself if that is shorter.
    function _nameOf(bytes memory node) private pure returns (bytes memory) {
        return node.length < 32 ? node : RLPEncoder.encode(abi.encodePacked(keccak256(node)));
    }

    function _list(bytes memory first, bytes memory second) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](2);
        (items[0], items[1]) = (first, second);
        return RLPEncoder.encode(items);
    }
}
