// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RLP} from "xdm/contracts/libraries/RLP.sol";

/// @notice The RLP reader behind calls, so that its input is calldata and its errors can be expected.
contract RLPHarness {
    using RLP for bytes;

    function list(bytes calldata input, uint256 offset) external pure returns (uint256 start, uint256 end) {
        return input.list(offset);
    }

    function string_(bytes calldata input, uint256 offset) external pure returns (uint256 start, uint256 end) {
        return input.string_(offset);
    }

    function item(bytes calldata input, uint256 offset)
        external
        pure
        returns (bool isList, uint256 start, uint256 end)
    {
        return input.item(offset);
    }

    /// @dev Reads from a part of the input: what follows the part is there, and must not be used.
    function itemWithin(bytes calldata input, uint256 length)
        external
        pure
        returns (bool isList, uint256 start, uint256 end)
    {
        return RLP.item(input[:length], 0);
    }

    function byteAt(bytes calldata input, uint256 offset) external pure returns (uint256) {
        return input.byteAt(offset);
    }

    function wordAt(bytes calldata input, uint256 offset) external pure returns (bytes32) {
        return input.wordAt(offset);
    }

    function hash(bytes calldata input, uint256 start, uint256 end) external pure returns (bytes32) {
        return input.hash(start, end);
    }
}
