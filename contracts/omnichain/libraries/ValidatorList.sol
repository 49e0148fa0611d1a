// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {RLP} from "../../libraries/RLP.sol";
import {ISealedHeaderLightClient} from "../interfaces/ISealedHeaderLightClient.sol";

/// @title Validator list
/// @notice Reads an RLP list of addresses in place. Stored is its hash only: a header brings the list along.
library ValidatorList {
    using RLP for bytes;

    /// @dev An address with its prefix.
    uint256 private constant ITEM = 21;

    /// @dev As many as have a bit in a word.
    uint256 internal constant MOST = 256;

    /// @notice The addresses with their prefixes. An address that is listed twice counts as two validators, as two keys of
    /// one owner would.
    function parse(bytes calldata list) internal pure returns (bytes calldata items) {
        (uint256 start, uint256 end) = list.list(0);
        items = list[start:end];
        if (items.length == 0 || items.length % ITEM != 0 || items.length > MOST * ITEM) {
            revert ISealedHeaderLightClient.SealedHeaderLightClient_MalformedValidators(list.length);
        }
        for (uint256 offset = 0; offset < items.length; offset += ITEM) {
            if (items.byteAt(offset) != 0x94) {
                revert ISealedHeaderLightClient.SealedHeaderLightClient_MalformedValidators(list.length);
            }
        }
    }

    /// @notice How many there are.
    function count(bytes calldata items) internal pure returns (uint256) {
        return items.length / ITEM;
    }

    /// @notice How many of them make a quorum: two thirds, rounded up.
    function quorum(bytes calldata items) internal pure returns (uint256) {
        return (2 * count(items) + 2) / 3;
    }

    /// @notice Position of a validator.
    /// @param from Where to look first. Seals are often in the list's order, and the next one is right there.
    /// @return position `count(items)` if it is not there.
    function find(bytes calldata items, address validator, uint256 from) internal pure returns (uint256 position) {
        uint256 length = count(items);
        position = from;
        // Positions are at most 256.
        unchecked {
            for (uint256 i = 0; i < length; ++i) {
                if (position >= length) position = 0;
                if (address(bytes20(items.wordAt(position * ITEM + 1))) == validator) return position;
                ++position;
            }
        }
        return length;
    }

    /// @notice The RLP list.
    function encode(address[] memory validators) internal pure returns (bytes memory) {
        bytes[] memory items = new bytes[](validators.length);
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = RLPEncoder.encode(validators[i]);
        }
        return RLPEncoder.encode(items);
    }
}
