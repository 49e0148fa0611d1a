// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";

/// @notice The message tree behind calls, so that siblings are calldata and errors can be expected.
contract MessageTreeHarness {
    using MessageTree for MessageTree.Frontier;

    MessageTree.Frontier private _frontier;
    uint256 private _count;

    function append(bytes32 key) external {
        _frontier.append(_count++, key);
    }

    function peaksOf(uint256 count) external view returns (bytes32[] memory) {
        return _frontier.peaksOf(count);
    }

    function storedCommitment(uint256 level) external view returns (bytes32) {
        return _frontier.commitments[level];
    }

    function commitmentLevel(uint256 count) external pure returns (uint256) {
        return MessageTree.commitmentLevel(count);
    }

    function commitmentOf(uint256 count, bytes32[] calldata peaks) external pure returns (bytes32) {
        return MessageTree.commitmentOf(count, peaks);
    }

    function rootOf(bytes32[] calldata peaks) external pure returns (bytes32) {
        return MessageTree.rootOf(peaks);
    }

    function rootByPath(bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata siblings)
        external
        pure
        returns (bytes32)
    {
        return MessageTree.rootByPath(leaf, index, count, siblings);
    }

    function rootByMultiproof(
        bytes32[] calldata leaves,
        uint256[] calldata indices,
        uint256 count,
        bytes32[] calldata siblings
    ) external pure returns (bytes32) {
        return MessageTree.rootByMultiproof(leaves, indices, count, siblings);
    }
}
