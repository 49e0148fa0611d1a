// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Strict ABI
/// @notice Reads `abi.encode`d data of which there is one encoding only. Solidity's decoder takes others as well: offsets
/// that point elsewhere, bytes that nothing points to. Two encodings of one message would have two hashes.
/// @dev The callers' layouts end with a `bytes` field, so that all the others stand at fixed places. Nothing is copied: what
/// is returned lies within the data.
library StrictABI {
    /// @notice The word at `offset`. What lies behind the data is anything.
    function word(bytes memory data, uint256 offset) internal pure returns (uint256 value) {
        // Solidity has no way to read a word of bytes in memory.
        assembly ("memory-safe") {
            value := mload(add(add(data, 0x20), offset))
        }
    }

    /// @notice The `bytes` that start with their length at `offset`, within the data.
    function inner(bytes memory data, uint256 offset) internal pure returns (bytes memory result) {
        // What is encoded and what is in memory have the same form.
        assembly ("memory-safe") {
            result := add(add(data, 0x20), offset)
        }
    }

    /// @notice Whether `bytes` start at `offset` and end, padded with zeros, where the data ends.
    function endsWithBytes(bytes memory data, uint256 offset) internal pure returns (bool) {
        uint256 length = word(data, offset);
        // No length fits that stands behind the data, whatever is read there.
        if (length > data.length || data.length != offset + 32 + (length + 31) / 32 * 32) return false;
        // The last word, without what belongs to the bytes.
        return length % 32 == 0 || word(data, data.length - 32) << (8 * (length % 32)) == 0;
    }
}
