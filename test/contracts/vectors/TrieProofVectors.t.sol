// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {VectorTest} from "../support/VectorTest.sol";

/// @notice Proofs that Optimism's and OpenZeppelin's verifiers are tested with.
contract TrieProofVectorsTest is VectorTest {
    MerkleTrieHarness private trie;

    function setUp() public {
        trie = new MerkleTrieHarness();
    }

    function test_OptimismsProofs() public {
        string memory json = _readVectors("trie/optimism-merkle-trie-get.json");
        uint256 valid;
        uint256 count;
        for (; vm.keyExistsJson(json, _at(count)); ++count) {
            string memory path = _at(count);
            (bool accepted, bytes memory value) = _get(json, path);
            bool isValid = vm.parseJsonBool(json, string.concat(path, ".valid"));
            assertEq(accepted, isValid, vm.parseJsonString(json, string.concat(path, ".name")));
            if (!isValid) continue;
            assertEq(value, vm.parseJsonBytes(json, string.concat(path, ".value")));
            ++valid;
        }
        assertEq(count, 21);
        assertEq(valid, 10);
    }

    function test_OpenZeppelinsMalformedProofs() public {
        string memory json = _readVectors("trie/openzeppelin-malformed-proofs.json");
        uint256 count;
        for (; vm.keyExistsJson(json, string.concat(".cases", _brackets(count))); ++count) {
            string memory path = string.concat(".cases", _brackets(count));
            (bool accepted,) = _get(json, path);
            assertFalse(accepted, vm.parseJsonString(json, string.concat(path, ".name")));
        }
        assertEq(count, 12);
    }

    /// @dev Bytes after the proof count as rejected: whoever reads a single proof refuses them.
    function _get(string memory json, string memory path) private view returns (bool accepted, bytes memory value) {
        bytes memory proof = TrieBuilder.pack(vm.parseJsonBytesArray(json, string.concat(path, ".proof")));
        bytes32 root = vm.parseJsonBytes32(json, string.concat(path, ".root"));
        bytes memory key = vm.parseJsonBytes(json, string.concat(path, ".key"));
        try trie.get(proof, root, bytes32(key), 2 * key.length) returns (bytes memory found, bytes memory rest) {
            (accepted, value) = (rest.length == 0, found);
        } catch {}
    }

    function _at(uint256 i) private pure returns (string memory) {
        return string.concat("$", _brackets(i));
    }

    function _brackets(uint256 i) private pure returns (string memory) {
        return string.concat("[", vm.toString(i), "]");
    }
}
