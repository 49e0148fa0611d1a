// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RLP} from "./RLP.sol";

/// @title Merkle-Patricia trie
/// @notice Verifies inclusion proofs whose nodes are packed: RLP nodes from the root down, one right after the other.
/// @dev Ethereum yellow paper, appendix D. Nothing is read from a node before its hash has been compared with the one
/// its parent names, the root's with the trusted root.
///
/// Nodes, items and values are given by their offsets in the proof.
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

    /// @dev An authenticated node: where its items start and end, and where the proof goes on after it.
    struct Node {
        uint256 items;
        uint256 end;
        uint256 next;
    }

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
        Node memory node;
        (node.next, root, key, nibbles) = _stepDownFar(proof, root, key, nibbles);
        _enter(node, proof, root);
        uint256 item = _find(node, proof, key, nibbles);

        (uint256 start, uint256 end) = proof.string_(item);
        if (start == end) revert MerkleTrie_KeyNotFound();
        return (proof[start:end], proof[node.next:]);
    }

    /// @dev The value item at the key, from an authenticated node on.
    function _find(Node memory node, bytes calldata proof, bytes32 key, uint256 nibbles)
        private
        pure
        returns (uint256 item)
    {
        while (true) {
            bool isValue;
            uint256 consumed;
            (isValue, consumed, item) = _select(node, proof, key, nibbles);
            if (isValue) return item;
            (key, nibbles) = (key << (4 * consumed), nibbles - consumed);
            _descend(node, proof, item);
        }
    }

    /// @dev Takes the short way as long as it is one: where it ends, the hash of the node there, and what is left of the
    /// key.
    function _stepDownFar(bytes calldata proof, bytes32 root, bytes32 key, uint256 nibbles)
        private
        pure
        returns (uint256 offset, bytes32 nodeHash, bytes32 keyLeft, uint256 nibblesLeft)
    {
        (nodeHash, keyLeft, nibblesLeft) = (root, key, nibbles);
        while (nibblesLeft > 0) {
            (bytes32 child, uint256 next) = _stepDown(proof, offset, nodeHash, uint256(keyLeft) >> 252);
            if (next == 0) break;
            // Not zero, by the line above.
            unchecked {
                --nibblesLeft;
            }
            (nodeHash, offset, keyLeft) = (child, next, keyLeft << 4);
        }
    }

    /// @dev The short way through what nearly all of a proof consists of: a branch whose children are all named by hash
    /// or missing, and whose value, if there is any, is as long as a hash. Does what `_enter`, `_select` and `_descend` do for such a node, in 1,400 gas
    /// instead of 8,000. Where the node is of any other kind, or wrong, `next` is zero and the long way must be taken
    /// from the same place.
    /// @param index The child to go to, 0 to 15.
    /// @return child The child's hash.
    /// @return next Where the proof goes on.
    function _stepDown(bytes calldata proof, uint256 offset, bytes32 expected, uint256 index)
        private
        pure
        returns (bytes32 child, uint256 next)
    {
        (uint256 items, uint256 end) = _longListAt(proof, offset);
        uint256 item = _hashedChild(items, end, index);
        assembly ("memory-safe") {
            // The node must lie within the proof, and be the one that is named.
            if and(iszero(iszero(item)), iszero(gt(end, add(proof.offset, proof.length)))) {
                let start := add(proof.offset, offset)
                let free := mload(0x40)
                calldatacopy(free, start, sub(end, start))
                if eq(keccak256(free, sub(end, start)), expected) {
                    child := calldataload(add(item, 1))
                    next := sub(end, proof.offset)
                }
            }
        }
    }

    /// @dev Where the items of a list of 56 bytes or more start and end in calldata. Where there is none, or more than 64 KiB of
    /// it, the end is zero. It may lie beyond the proof.
    function _longListAt(bytes calldata proof, uint256 offset) private pure returns (uint256 items, uint256 end) {
        assembly ("memory-safe") {
            items := add(proof.offset, offset)
            // A list of 56 bytes or more (0xf8 and one byte of length), or of 256 or more (0xf9 and two).
            let header := calldataload(items)
            let isLong := eq(byte(0, header), 0xf9)
            let length := shr(sub(248, shl(3, isLong)), shl(8, header))
            if and(eq(or(byte(0, header), 1), 0xf9), gt(length, add(55, mul(isLong, 200)))) {
                items := add(items, add(2, isLong))
                end := add(items, length)
            }
        }
    }

    /// @dev A child's item in calldata, if all 17 items are of the two kinds and fill the node, and the child is a hash; zero
    /// otherwise.
    function _hashedChild(uint256 items, uint256 end, uint256 index) private pure returns (uint256 item) {
        assembly ("memory-safe") {
            // Where `count` items from `from` on end. An item of the two kinds takes one byte more than its prefix has
            // above 0x80. `kinds` gathers what the prefixes have above it: nothing but 0x20 if all are of the two kinds.
            function skip(from, count) -> to, kinds {
                to := from
                for {} gt(count, 3) { count := sub(count, 4) } {
                    let a := xor(byte(0, calldataload(to)), 0x80)
                    to := sub(to, not(a))
                    let b := xor(byte(0, calldataload(to)), 0x80)
                    to := sub(to, not(b))
                    let c := xor(byte(0, calldataload(to)), 0x80)
                    to := sub(to, not(c))
                    let d := xor(byte(0, calldataload(to)), 0x80)
                    to := sub(to, not(d))
                    kinds := or(kinds, or(or(a, b), or(c, d)))
                }
                for {} count { count := sub(count, 1) } {
                    let a := xor(byte(0, calldataload(to)), 0x80)
                    to := sub(to, not(a))
                    kinds := or(kinds, a)
                }
            }

            // The same for a branch with all its children, which takes 529 bytes: zero if they are all hashes, 33 bytes
            // each, and no value follows.
            function skipAll(from) -> kinds {
                for { let to := add(from, 528) } lt(from, to) { from := add(from, 132) } {
                    let a := xor(calldataload(from), shl(248, 0xa0))
                    let b := xor(calldataload(add(from, 33)), shl(248, 0xa0))
                    let c := xor(calldataload(add(from, 66)), shl(248, 0xa0))
                    let d := xor(calldataload(add(from, 99)), shl(248, 0xa0))
                    kinds := or(kinds, or(or(a, b), or(c, d)))
                }
                kinds := or(byte(0, kinds), xor(byte(0, calldataload(from)), 0x80))
            }

            switch sub(end, items)
            case 529 {
                if iszero(skipAll(items)) { item := add(items, mul(index, 33)) }
            }
            default {
                // The first item tells most leaves from branches.
                if and(gt(end, items), eq(and(byte(0, calldataload(items)), 0xdf), 0x80)) {
                    let at, before := skip(items, index)
                    let last, kinds := skip(at, sub(17, index))
                    let isBranch := and(eq(last, end), iszero(and(or(before, kinds), not(0x20))))
                    if and(isBranch, eq(byte(0, calldataload(at)), 0xa0)) { item := at }
                }
            }
        }
    }

    /// @dev Goes on to the next node of the proof, which must have the given hash. Below the root, only nodes of 32 bytes
    /// or more are named by their hashes.
    function _enter(Node memory node, bytes calldata proof, bytes32 expected) private pure {
        uint256 offset = node.next;
        if (offset == proof.length) revert MerkleTrie_ProofTooShort();
        (node.items, node.end) = proof.list(offset);
        node.next = node.end;
        bytes32 actual = proof.hash(offset, node.end);
        if (actual != expected) revert MerkleTrie_NodeMismatch(expected, actual);
        // A node ends after it starts.
        unchecked {
            if (node.end - offset < 32 && offset != 0) revert MerkleTrie_MalformedNode();
        }
    }

    /// @dev Goes on to the node that a child item stands for. A node of 32 bytes or more is named by its hash and comes
    /// next in the proof. A shorter one is the item itself; some nodes' `eth_getProof` repeats it in the proof, others
    /// do not, so a repetition is skipped.
    function _descend(Node memory node, bytes calldata proof, uint256 child) private pure {
        uint256 prefix = proof.byteAt(child);
        if (prefix == 0xa0) return _enter(node, proof, proof.wordAt(child + 1));
        if (prefix == 0x80) revert MerkleTrie_KeyNotFound();
        if (prefix < 0xc0) revert MerkleTrie_MalformedNode();

        (node.items, node.end) = proof.list(child);
        uint256 length = node.end - child;
        if (length >= 32) revert MerkleTrie_MalformedNode();
        uint256 next = node.next + length;
        if (next <= proof.length && proof.hash(child, node.end) == proof.hash(node.next, next)) node.next = next;
    }

    /// @dev What a node holds for the rest of a key: the value, or the child to go on with and the nibbles used up.
    function _select(Node memory node, bytes calldata proof, bytes32 key, uint256 nibbles)
        private
        pure
        returns (bool isValue, uint256 consumed, uint256 item)
    {
        (bool isList, uint256 start, uint256 second) = proof.item(node.items);
        if (second < node.end) {
            (,, uint256 third) = proof.item(second);
            if (third == node.end && !isList) {
                (isValue, consumed) = _matchPath(proof[start:second], key, nibbles);
                return (isValue, consumed, second);
            }
        }
        if (nibbles == 0) return (true, 0, _branchItem(node, proof, 16));
        return (false, 1, _branchItem(node, proof, uint256(key) >> 252));
    }

    /// @dev Item of a branch, 0 to 15 its children, 16 its value. A branch has 17 items, no more and no fewer.
    function _branchItem(Node memory node, bytes calldata proof, uint256 index) private pure returns (uint256 item) {
        uint256 offset = node.items;
        for (uint256 i = 0; i < 17; ++i) {
            if (i == index) item = offset;
            (,, offset) = proof.item(offset);
        }
        if (offset != node.end) revert MerkleTrie_MalformedNode();
    }

    /// @dev Compares the whole path of a leaf or an extension with the key. The path is hex-prefix encoded: the first
    /// nibble says leaf (2) and odd length (1); with an even length a zero nibble follows.
    function _matchPath(bytes calldata path, bytes32 key, uint256 nibbles)
        private
        pure
        returns (bool isLeaf, uint256 length)
    {
        if (path.length == 0 || path.length > 33) revert MerkleTrie_MalformedNode();
        uint256 prefix = path.byteAt(0);
        bool isOdd = prefix & 0x10 != 0;
        isLeaf = prefix & 0x20 != 0;
        if (prefix >= 0x40 || (!isOdd && prefix & 0x0f != 0)) revert MerkleTrie_MalformedNode();

        // At most 65 nibbles.
        unchecked {
            length = 2 * (path.length - 1) + (isOdd ? 1 : 0);
            if (!isLeaf && length == 0) revert MerkleTrie_MalformedNode();
            if (length > nibbles || (isLeaf && length < nibbles)) revert MerkleTrie_KeyNotFound();

            bytes32 expected = isOdd ? path.wordAt(0) << 4 : path.wordAt(1);
            if (length != 0 && (key ^ expected) >> (256 - 4 * length) != 0) revert MerkleTrie_KeyNotFound();
        }
    }
}
