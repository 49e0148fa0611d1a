// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import { RLP } from "./RLP.sol";

/// @title Merkle-Patricia trie
/// @notice Verifies inclusion proofs whose nodes are packed: RLP nodes from the root down, one right after the other.
/// @dev Ethereum yellow paper, appendix D. Nothing is read from a node before its hash has been compared with the one
/// its parent names, the root's with the trusted root.
library MerkleTrie {
    using RLP for bytes;

    /// @dev Nibbles of a hashed key, as account and storage tries use.
    uint256 internal constant HASHED_KEY_NIBBLES = 64;

    /// @notice Thrown when a node is not the one its parent (or the trusted root) names.
    error MerkleTrie_NodeMismatch(bytes32 expected, bytes32 actual);

    /// @notice Thrown when the proof ends where another node must follow.
    error MerkleTrie_ProofTooShort();

    /// @notice Thrown when the trie holds no value at the key.
    error MerkleTrie_KeyNotFound();

    /// @notice Thrown when a node has the right hash and is not a node of a valid trie.
    error MerkleTrie_MalformedNode();

    /// @notice Thrown when the key has no nibble or more than 64.
    error MerkleTrie_KeyLength(uint256 nibbles);

    /// @notice The value stored at a key.
    /// @param proof The packed nodes; more bytes may follow.
    /// @param root Hash of the trie's root node, trusted.
    /// @param key The key, left-aligned.
    /// @param nibbles Length of the key in nibbles, 1 to 64.
    /// @return value The value, never empty.
    /// @return rest What follows the proof.
    function get(bytes calldata proof, bytes32 root, bytes32 key, uint256 nibbles)
        internal
        pure
        returns (bytes calldata value, bytes calldata rest)
    {
        if (nibbles == 0 || nibbles > 64) revert MerkleTrie_KeyLength(nibbles);
        bytes calldata node;
        (node, rest) = _takeNode(proof, root);
        (bool isValue, uint256 consumed, bytes calldata item) = _select(node, key, nibbles);
        while (!isValue) {
            key <<= 4 * consumed;
            nibbles -= consumed;
            (node, rest) = _descend(item, rest);
            (isValue, consumed, item) = _select(node, key, nibbles);
        }

        value = item.stringPayload();
        if (value.length == 0) revert MerkleTrie_KeyNotFound();
    }

    /// @dev Splits off the next node, which must have the given hash.
    function _takeNode(bytes calldata proof, bytes32 expected)
        private
        pure
        returns (bytes calldata node, bytes calldata rest)
    {
        if (proof.length == 0) revert MerkleTrie_ProofTooShort();
        (node, rest) = proof.takeItem();
        bytes32 actual = keccak256(node);
        if (actual != expected) revert MerkleTrie_NodeMismatch(expected, actual);
    }

    /// @dev What a node holds for the rest of a key: the value, or the child to go on with and the nibbles used up.
    function _select(bytes calldata node, bytes32 key, uint256 nibbles)
        private
        pure
        returns (bool isValue, uint256 consumed, bytes calldata item)
    {
        bytes calldata items = node.listPayload();
        uint256 second = items.itemLength(0);
        uint256 end = second + items.itemLength(second);
        if (end == items.length) {
            (isValue, consumed) = _matchPath(items[:second], key, nibbles);
            item = items[second:];
        } else if (nibbles == 0) {
            (isValue, item) = (true, _branchItem(items, 16));
        } else {
            (consumed, item) = (1, _branchItem(items, uint256(key) >> 252));
        }
    }

    /// @dev Item of a branch, 0 to 15 its children, 16 its value. A branch has 17 items, no more and no fewer.
    function _branchItem(bytes calldata items, uint256 index) private pure returns (bytes calldata item) {
        uint256 start;
        uint256 end;
        uint256 offset;
        // The loop is most of what a proof costs. Nothing in it can overflow: offsets stay within calldata.
        unchecked {
            for (uint256 i = 0; i < 17; ++i) {
                uint256 next = offset + _childLength(items, offset);
                if (i == index) (start, end) = (offset, next);
                offset = next;
            }
        }
        if (offset != items.length) revert MerkleTrie_MalformedNode();
        return items[start:end];
    }

    /// @dev Length of a branch's item, with a short way for what nearly all of them are: a hash, or nothing.
    function _childLength(bytes calldata items, uint256 offset) private pure returns (uint256) {
        if (offset >= items.length) revert MerkleTrie_MalformedNode();
        bytes1 prefix = items[offset];
        if (prefix == 0xa0) return 33;
        if (prefix == 0x80) return 1;
        return items.itemLength(offset);
    }

    /// @dev Compares the whole path of a leaf or an extension with the key. The path is hex-prefix encoded: the first
    /// nibble says leaf (2) and odd length (1); with an even length a zero nibble follows.
    function _matchPath(bytes calldata pathItem, bytes32 key, uint256 nibbles)
        private
        pure
        returns (bool isLeaf, uint256 length)
    {
        bytes calldata path = pathItem.stringPayload();
        if (path.length == 0 || path.length > 33) revert MerkleTrie_MalformedNode();
        uint256 prefix = uint8(path[0]);
        bool isOdd = prefix & 0x10 != 0;
        isLeaf = prefix & 0x20 != 0;
        if (prefix >= 0x40 || (!isOdd && prefix & 0x0f != 0)) revert MerkleTrie_MalformedNode();

        length = 2 * (path.length - 1) + (isOdd ? 1 : 0);
        if (!isLeaf && length == 0) revert MerkleTrie_MalformedNode();
        if (length > nibbles || (isLeaf && length < nibbles)) revert MerkleTrie_KeyNotFound();

        bytes32 expected = isOdd ? bytes32(path) << 4 : bytes32(path[1:]);
        if (length != 0 && (key ^ expected) >> (256 - 4 * length) != 0) revert MerkleTrie_KeyNotFound();
    }

    /// @dev The node a child item stands for. A node of 32 bytes or more is named by its hash and comes next in the
    /// proof. A shorter one is the item itself; some nodes' `eth_getProof` repeats it in the proof, others do not, so
    /// a repetition is skipped.
    function _descend(bytes calldata child, bytes calldata proof)
        private
        pure
        returns (bytes calldata node, bytes calldata rest)
    {
        if (child.isList()) {
            if (child.length >= 32) revert MerkleTrie_MalformedNode();
            bool isRepeated = proof.length >= child.length && keccak256(proof[:child.length]) == keccak256(child);
            return (child, isRepeated ? proof[child.length:] : proof);
        }
        bytes calldata nodeHash = child.stringPayload();
        if (nodeHash.length == 0) revert MerkleTrie_KeyNotFound();
        if (nodeHash.length != 32) revert MerkleTrie_MalformedNode();
        return _takeNode(proof, bytes32(nodeHash));
    }
}
