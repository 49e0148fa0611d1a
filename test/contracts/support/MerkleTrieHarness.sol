// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";

/// @notice The verifier of trie proofs behind calls, so that proofs are calldata and errors can be expected.
contract MerkleTrieHarness {
    function get(bytes calldata proof, bytes32 root, bytes32 key, uint256 nibbles)
        external
        pure
        returns (bytes memory value, bytes memory rest)
    {
        return MerkleTrie.get(proof, root, key, nibbles);
    }

    /// @dev Reads a part of the bytes: what stands before and after it is there, and must not be used.
    function getWithin(bytes calldata data, uint256 start, uint256 end, bytes32 root, bytes32 key, uint256 nibbles)
        external
        pure
        returns (bytes memory value, bytes memory rest)
    {
        return MerkleTrie.get(data[start:end], root, key, nibbles);
    }
}
