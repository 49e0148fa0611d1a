// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BlockHeader, Header} from "xdm/contracts/omnichain/libraries/BlockHeader.sol";
import {HeaderLayout} from "xdm/contracts/omnichain/types/HeaderLayout.sol";

/// @notice The reader of headers behind calls, so that headers are calldata and errors can be expected.
contract BlockHeaderHarness {
    function read(bytes calldata header, HeaderLayout positions)
        external
        pure
        returns (bytes32 blockHash, Header memory fields)
    {
        return BlockHeader.read(header, positions);
    }

    function link(bytes calldata headers, uint256 offset)
        external
        pure
        returns (bytes32 blockHash, bytes32 parentHash, uint256 end)
    {
        return BlockHeader.link(headers, offset);
    }
}
