// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleTrieHarness} from "./MerkleTrieHarness.sol";
import {StorageProofHarness} from "./StorageProofHarness.sol";

/// @notice Verifies many proofs in one call, each in a call of its own, so that a refused one does not end the batch.
contract ProofBatch {
    struct TrieProof {
        bytes nodes;
        bytes32 root;
        bytes32 key;
        uint256 nibbles;
    }

    struct SlotProof {
        bytes nodes;
        address account;
        bytes32 slot;
    }

    /// @dev What was answered where it `holds`, and what was thrown where it does not.
    struct Verdict {
        bool holds;
        bytes answer;
    }

    MerkleTrieHarness private immutable TRIE = new MerkleTrieHarness();
    StorageProofHarness private immutable STORAGE = new StorageProofHarness();

    /// @return verdicts The answers are a value and what follows its proof, as `abi.encode` writes them.
    function get(TrieProof[] calldata proofs) external view returns (Verdict[] memory verdicts) {
        verdicts = new Verdict[](proofs.length);
        for (uint256 i = 0; i < proofs.length; ++i) {
            TrieProof calldata each = proofs[i];
            bytes memory data = abi.encodeCall(TRIE.get, (each.nodes, each.root, each.key, each.nibbles));
            (verdicts[i].holds, verdicts[i].answer) = address(TRIE).staticcall(data);
        }
    }

    /// @return verdicts The answers are a state root and a value, as `abi.encode` writes them.
    function read(SlotProof[] calldata proofs) external view returns (Verdict[] memory verdicts) {
        verdicts = new Verdict[](proofs.length);
        for (uint256 i = 0; i < proofs.length; ++i) {
            SlotProof calldata each = proofs[i];
            bytes memory data = abi.encodeCall(STORAGE.read, (each.nodes, each.account, each.slot));
            (verdicts[i].holds, verdicts[i].answer) = address(STORAGE).staticcall(data);
        }
    }
}
