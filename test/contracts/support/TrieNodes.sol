// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

/// @notice Single trie nodes, also such as no trie has: the items are given as they are encoded.
library TrieNodes {
    bytes internal constant NONE = hex"80";

    /// @param path With its hex prefix, as bytes.
    function leaf(bytes memory path, bytes memory value) internal pure returns (bytes memory) {
        return pair(RLPEncoder.encode(path), RLPEncoder.encode(value));
    }

    function extension(bytes memory path, bytes memory child) internal pure returns (bytes memory) {
        return pair(RLPEncoder.encode(path), child);
    }

    function pair(bytes memory first, bytes memory second) internal pure returns (bytes memory) {
        return list(bytes.concat(first, second));
    }

    /// @notice The items of a branch without children and value.
    function noItems() internal pure returns (bytes[] memory items) {
        items = new bytes[](17);
        for (uint256 i = 0; i < 17; ++i) {
            items[i] = NONE;
        }
    }

    /// @notice The items of a branch with hashed children on its first places.
    function hashedItems(uint256 count) internal pure returns (bytes[] memory items) {
        items = noItems();
        for (uint256 i = 0; i < count; ++i) {
            items[i] = filler();
        }
    }

    /// @notice A child of which only the hash is known. Read from a wrong place, it still looks like a hash.
    function filler() internal pure returns (bytes memory) {
        return abi.encodePacked(hex"a0", bytes32(0xa0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0));
    }

    /// @notice A branch of which only one child is there.
    function branchWith(uint256 index, bytes memory child) internal pure returns (bytes memory) {
        bytes[] memory items = noItems();
        items[index] = child;
        return branch(items);
    }

    /// @dev Of any number of items.
    function branch(bytes[] memory items) internal pure returns (bytes memory) {
        return list(concat(items));
    }

    function concat(bytes[] memory items) internal pure returns (bytes memory payload) {
        for (uint256 i = 0; i < items.length; ++i) {
            payload = bytes.concat(payload, items[i]);
        }
    }

    function list(bytes memory payload) internal pure returns (bytes memory) {
        bytes[] memory items = new bytes[](1);
        items[0] = payload;
        return RLPEncoder.encode(items);
    }

    /// @notice How a parent names a node of 32 bytes or more.
    function hashed(bytes memory node) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"a0", keccak256(node));
    }
}
