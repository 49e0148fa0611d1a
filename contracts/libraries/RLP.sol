// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title RLP reader
/// @notice Reads items in place, from calldata. Strict: only the canonical encoding of a value is accepted.
/// @dev Ethereum yellow paper, appendix B.
library RLP {
    /// @notice Thrown when an item is longer than the bytes that hold it.
    error RLP_OutOfBounds(uint256 length, uint256 available);

    /// @notice Thrown when an item could be encoded shorter, as `prefix` shows.
    error RLP_NotCanonical(uint8 prefix);

    /// @notice Thrown when a list stands where a string must, or the other way round.
    error RLP_UnexpectedType(uint8 prefix);

    /// @notice Splits off the first item, header included.
    function takeItem(bytes calldata input) internal pure returns (bytes calldata item, bytes calldata rest) {
        uint256 length = itemLength(input, 0);
        return (input[:length], input[length:]);
    }

    /// @notice Content of a string item that fills `item`.
    function stringPayload(bytes calldata item) internal pure returns (bytes calldata) {
        if (isList(item)) revert RLP_UnexpectedType(uint8(item[0]));
        return _payload(item);
    }

    /// @notice Content of a list item that fills `item`: its items, one after the other.
    function listPayload(bytes calldata item) internal pure returns (bytes calldata) {
        if (!isList(item)) revert RLP_UnexpectedType(uint8(item[0]));
        return _payload(item);
    }

    /// @notice Whether the item is a list. An empty input is no item.
    function isList(bytes calldata item) internal pure returns (bool) {
        if (item.length == 0) revert RLP_OutOfBounds(1, 0);
        return uint8(item[0]) >= 0xc0;
    }

    /// @notice Length of the item that starts at `offset`, header included; it lies within the input.
    function itemLength(bytes calldata input, uint256 offset) internal pure returns (uint256) {
        (uint256 header, uint256 length) = _measure(input, offset);
        return header + length;
    }

    function _payload(bytes calldata item) private pure returns (bytes calldata) {
        (uint256 header, uint256 length) = _measure(item, 0);
        if (header + length != item.length) revert RLP_OutOfBounds(header + length, item.length);
        return item[header:];
    }

    /// @dev Lengths of an item's header and payload, checked to lie within the input.
    function _measure(bytes calldata input, uint256 offset) private pure returns (uint256 header, uint256 length) {
        if (offset >= input.length) revert RLP_OutOfBounds(offset + 1, input.length);
        // No sum below can overflow: offsets are below the length of calldata, lengths of items below 2^64.
        unchecked {
            uint8 prefix = uint8(input[offset]);
            if (prefix < 0x80) return (0, 1);

            // Up to 55: the payload's length. Above: 55 plus the number of bytes that hold the length.
            length = prefix < 0xc0 ? prefix - 0x80 : prefix - 0xc0;
            header = 1;
            if (length > 55) (header, length) = _measureLong(input, offset, length - 55);

            uint256 end = offset + header + length;
            if (end > input.length) revert RLP_OutOfBounds(end, input.length);
            if (prefix == 0x81 && uint8(input[offset + 1]) < 0x80) revert RLP_NotCanonical(prefix);
        }
    }

    /// @dev As above, for a length that takes `lengthBytes` bytes of its own, 1 to 8.
    function _measureLong(bytes calldata input, uint256 offset, uint256 lengthBytes)
        private
        pure
        returns (uint256 header, uint256 length)
    {
        unchecked {
            header = 1 + lengthBytes;
            if (offset + header > input.length) revert RLP_OutOfBounds(offset + header, input.length);
            length = uint256(bytes32(input[offset + 1:offset + header])) >> (256 - 8 * lengthBytes);
            if (length <= 55 || input[offset + 1] == 0) revert RLP_NotCanonical(uint8(input[offset]));
        }
    }
}
