// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

/// @notice Builds RLP headers as Ethereum's chains have them.
library HeaderBuilder {
    struct Template {
        bytes32 parentHash;
        bytes32 stateRoot;
        bytes32 receiptsRoot;
        uint256 number;
        uint256 timestamp;
        bytes extraData;
        /// @dev Fields after the extra data: 2 at first, 8 since Prague.
        uint256 rest;
    }

    function encode(Template memory template) internal pure returns (bytes memory) {
        return RLPEncoder.encode(fields(template));
    }

    /// @notice The encoded fields, for tests to spoil.
    function fields(Template memory template) internal pure returns (bytes[] memory items) {
        items = new bytes[](13 + template.rest);
        items[0] = RLPEncoder.encode(template.parentHash);
        items[1] = RLPEncoder.encode(keccak256(hex"c0"));
        items[2] = RLPEncoder.encode(address(0xfee));
        items[3] = RLPEncoder.encode(template.stateRoot);
        items[4] = RLPEncoder.encode(keccak256("transactions"));
        items[5] = RLPEncoder.encode(template.receiptsRoot);
        items[6] = RLPEncoder.encode(new bytes(256));
        items[7] = RLPEncoder.encode(uint256(0));
        items[8] = RLPEncoder.encode(template.number);
        items[9] = RLPEncoder.encode(uint256(36_000_000));
        items[10] = RLPEncoder.encode(uint256(21_000));
        items[11] = RLPEncoder.encode(template.timestamp);
        items[12] = RLPEncoder.encode(template.extraData);
        for (uint256 i = 13; i < items.length; ++i) {
            // Hashes and numbers take turns there.
            items[i] = i % 2 == 1 ? RLPEncoder.encode(keccak256(abi.encode(i))) : RLPEncoder.encode(i);
        }
    }

    /// @notice Headers of blocks from `newest` down, each the parent of the one before it, one right after the other.
    /// @param count How many, at least one, and none below the first block.
    function chain(Template memory newest, uint256 count) internal pure returns (bytes[] memory headers) {
        headers = new bytes[](count);
        Template memory template = newest;
        uint256 number = newest.number;
        template.parentHash = keccak256("before the oldest");
        for (uint256 i = count; i > 0; --i) {
            template.number = number + 1 - i;
            headers[i - 1] = encode(template);
            template.parentHash = keccak256(headers[i - 1]);
        }
    }

    function pack(bytes[] memory headers) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < headers.length; ++i) {
            packed = bytes.concat(packed, headers[i]);
        }
    }
}
