// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title RLP reader
/// @notice Reads items in place, from calldata. Strict: only the canonical encoding of a value is accepted.
/// @dev Ethereum yellow paper, appendix B. Items are given by their offset in the input.
library RLP {
    /// @notice Thrown when an item is longer than the bytes that hold it.
    error RLP_OutOfBounds(uint256 end, uint256 length);

    /// @notice Thrown when an item could be encoded shorter, as `prefix` shows.
    error RLP_NotCanonical(uint256 prefix);

    /// @notice Thrown when a list stands where a string must, or the other way round.
    error RLP_UnexpectedType(uint256 prefix);

    /// @notice Where a list's items start and end.
    function list(bytes calldata input, uint256 offset) internal pure returns (uint256 start, uint256 end) {
        bool isList;
        (isList, start, end) = item(input, offset);
        if (!isList) revert RLP_UnexpectedType(byteAt(input, offset));
    }

    /// @notice Where a string's content starts and ends.
    function string_(bytes calldata input, uint256 offset) internal pure returns (uint256 start, uint256 end) {
        bool isList;
        (isList, start, end) = item(input, offset);
        if (isList) revert RLP_UnexpectedType(byteAt(input, offset));
    }

    /// @notice Where an item's content starts, and where the item ends; both lie within the input.
    function item(bytes calldata input, uint256 offset)
        internal
        pure
        returns (bool isList, uint256 start, uint256 end)
    {
        if (offset >= input.length) {
            revert RLP_OutOfBounds(offset + 1, input.length);
        }
        // Nothing below can overflow: offsets are below the length of calldata, lengths of items below 2^64.
        unchecked {
            uint256 prefix = byteAt(input, offset);
            if (prefix < 0x80) return (false, offset, offset + 1);

            isList = prefix >= 0xc0;
            start = offset + 1;
            // Up to 55 it is the content's length. Above, it is 55 plus the number of bytes that hold the length.
            uint256 length = prefix & 0x3f;
            if (length > 55) (start, length) = _longHeader(input, start, length - 55);

            end = start + length;
            if (end > input.length) revert RLP_OutOfBounds(end, input.length);
            if (prefix == 0x81 && byteAt(input, start) < 0x80) revert RLP_NotCanonical(prefix);
        }
    }

    /// @notice The byte at `offset`, or some byte of calldata if it is beyond the input: callers check the bounds.
    /// @dev Solidity's access would check them at each byte.
    function byteAt(bytes calldata input, uint256 offset) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, calldataload(add(input.offset, offset)))
        }
    }

    /// @notice The 32 bytes from `offset`; as above.
    function wordAt(bytes calldata input, uint256 offset) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := calldataload(add(input.offset, offset))
        }
    }

    /// @notice Hash of the bytes from `start` to `end`, which must lie within the input.
    /// @dev Solidity would allocate memory for each.
    function hash(bytes calldata input, uint256 start, uint256 end) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let length := sub(end, start)
            calldatacopy(free, add(input.offset, start), length)
            result := keccak256(free, length)
        }
    }

    /// @dev Reads a length that takes `lengthBytes` bytes, 1 to 8, from `offset`.
    function _longHeader(bytes calldata input, uint256 offset, uint256 lengthBytes)
        private
        pure
        returns (uint256 start, uint256 length)
    {
        unchecked {
            start = offset + lengthBytes;
            if (start > input.length) revert RLP_OutOfBounds(start, input.length);
            length = uint256(wordAt(input, offset)) >> (256 - 8 * lengthBytes);
            if (length <= 55 || byteAt(input, offset) == 0) revert RLP_NotCanonical(byteAt(input, offset - 1));
        }
    }
}
