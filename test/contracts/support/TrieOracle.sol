// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

/// @notice OpenZeppelin's verifier of trie proofs behind a call, so that its errors can be caught.
contract TrieOracle {
    function get(bytes[] memory proof, bytes32 root, bytes memory key) external pure returns (bytes memory value) {
        return TrieProof.traverse(root, key, proof);
    }
}
