// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RLP} from "../../libraries/RLP.sol";
import {HeaderLayout} from "../types/HeaderLayout.sol";

/// @notice What is read of a block's header.
struct Header {
    bytes32 parentHash;
    bytes32 stateRoot;
    bytes32 receiptsRoot;
    uint256 number;
    /// @dev Seconds.
    uint256 timestamp;
    /// @dev Where the item `extraData` starts in the header, and where it ends.
    uint256 extraDataStart;
    uint256 extraDataEnd;
}

/// @title Block header
/// @notice Reads fields of an RLP header. Forks append fields, so that whatever follows the last one that is read is left
/// alone; the header's hash covers it.
/// @dev Nothing here says that a header is a block's: the caller compares its hash with one that it trusts.
library BlockHeader {
    using RLP for bytes;

    /// @notice Thrown when bytes follow the header.
    error BlockHeader_TrailingBytes(uint256 length);

    /// @notice Thrown when a field is not what stands at its position, counted from zero, in a header.
    error BlockHeader_MalformedField(uint256 position);

    /// @dev A hash with its prefix.
    uint256 private constant HASH_ITEM = 33;

    /// @notice The header's hash, and its fields.
    function read(bytes calldata header, HeaderLayout positions)
        internal
        pure
        returns (bytes32 blockHash, Header memory fields)
    {
        (uint256 offset, uint256 end) = header.list(0);
        if (end != header.length) revert BlockHeader_TrailingBytes(header.length - end);
        blockHash = header.hash(0, end);

        // One more than there are fields to read: where the last one ends.
        uint256[] memory starts = new uint256[](positions.extraData() + 2);
        for (uint256 i = 0; i < starts.length; ++i) {
            starts[i] = offset;
            // The header ends with its list, so that a field that is missing is out of bounds.
            if (i + 1 < starts.length) (, offset) = header.string_(offset);
        }
        fields.parentHash = _hashAt(header, starts, 0);
        fields.stateRoot = _hashAt(header, starts, positions.stateRoot());
        fields.receiptsRoot = _hashAt(header, starts, positions.receiptsRoot());
        fields.number = _uint64At(header, starts, positions.number());
        fields.timestamp = _uint64At(header, starts, positions.timestamp());
        (fields.extraDataStart, fields.extraDataEnd) = (starts[positions.extraData()], offset);
    }

    /// @notice Hash of the header that starts at `offset`, the hash of its parent, and where the header ends.
    function link(bytes calldata headers, uint256 offset)
        internal
        pure
        returns (bytes32 blockHash, bytes32 parentHash, uint256 end)
    {
        uint256 start;
        (start, end) = headers.list(offset);
        blockHash = headers.hash(offset, end);
        if (headers.byteAt(start) != 0xa0 || start + HASH_ITEM > end) revert BlockHeader_MalformedField(0);
        parentHash = headers.wordAt(start + 1);
    }

    function _hashAt(bytes calldata header, uint256[] memory starts, uint256 position) private pure returns (bytes32) {
        uint256 start = starts[position];
        if (starts[position + 1] - start != HASH_ITEM) revert BlockHeader_MalformedField(position);
        return header.wordAt(start + 1);
    }

    /// @dev Zero is the empty string, and no number has leading zeros. Numbers of blocks and seconds fit into 64 bits.
    function _uint64At(bytes calldata header, uint256[] memory starts, uint256 position)
        private
        pure
        returns (uint256)
    {
        (uint256 start, uint256 end) = header.string_(starts[position]);
        uint256 length = end - start;
        if (length == 0) return 0;
        if (length > 8 || header.byteAt(start) == 0) revert BlockHeader_MalformedField(position);
        return uint256(header.wordAt(start)) >> (256 - 8 * length);
    }
}
