// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm} from "forge-std/Vm.sol";

/// @title Test block
/// @notice Builds the block that a log would be in: one of a single transaction with this log alone, as
/// {ReceiptProof} reads it.
library TestBlock {
    /// @dev Blocks are numbered from here on: all of their numbers have three bytes.
    uint24 internal constant FIRST = 0x800000;

    /// @notice The block's hash, and the proof of its log, whose index is 0.
    /// @param number Number of the block, not below `FIRST`.
    /// @param log The log.
    /// @return blockHash The hash.
    /// @return proof What a service takes.
    function prove(uint24 number, Vm.Log memory log) internal pure returns (bytes32 blockHash, bytes memory proof) {
        // The receipt is the only one of the trie: a leaf, whose path is the key 0x80, an even number of nibbles.
        bytes memory leaf = _list(bytes.concat(_string(hex"2080"), _string(_receipt(log))));
        bytes memory header = _header(number, keccak256(leaf));
        return (keccak256(header), bytes.concat(header, hex"80", leaf));
    }

    /// @dev Without what comes after the extra data, and with nothing where the services do not look.
    function _header(uint24 number, bytes32 receiptsRoot) private pure returns (bytes memory) {
        bytes memory none = _word(0);
        bytes memory before = bytes.concat(none, none, hex"94", bytes20(0), none, none, _word(receiptsRoot));
        bytes memory rest = bytes.concat(hex"8083", bytes3(number), hex"80808080");
        return _list(bytes.concat(before, _string(new bytes(256)), rest));
    }

    /// @dev Of EIP-1559's type: success, 21,000 gas, no bloom filter.
    function _receipt(Vm.Log memory log) private pure returns (bytes memory) {
        bytes memory logs = _list(_log(log));
        return bytes.concat(hex"02", _list(bytes.concat(hex"01825208", _string(new bytes(256)), logs)));
    }

    function _log(Vm.Log memory log) private pure returns (bytes memory) {
        bytes memory topics;
        for (uint256 i = 0; i < log.topics.length; ++i) {
            topics = bytes.concat(topics, _word(log.topics[i]));
        }
        return _list(bytes.concat(hex"94", bytes20(log.emitter), _list(topics), _string(log.data)));
    }

    function _word(bytes32 word) private pure returns (bytes memory) {
        return bytes.concat(hex"a0", word);
    }

    /// @dev Of two bytes at the least.
    function _string(bytes memory content) private pure returns (bytes memory) {
        return bytes.concat(_prefix(0x80, content.length), content);
    }

    function _list(bytes memory items) private pure returns (bytes memory) {
        return bytes.concat(_prefix(0xc0, items.length), items);
    }

    /// @dev RLP's: the length, or behind the length of the length.
    function _prefix(uint8 kind, uint256 length) private pure returns (bytes memory) {
        if (length < 56) return abi.encodePacked(uint8(kind + length));
        if (length < 1 << 8) return abi.encodePacked(kind + 56, uint8(length));
        if (length < 1 << 16) return abi.encodePacked(kind + 57, uint16(length));
        return abi.encodePacked(kind + 58, uint24(length));
    }
}
