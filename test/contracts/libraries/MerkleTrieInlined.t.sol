// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {TrieNodes} from "../support/TrieNodes.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";

/// @notice Nodes below 32 bytes stand in their parents. Clients differ on whether a proof repeats them, and both must
/// be read: a valid proof that is refused locks what it proves.
contract MerkleTrieInlinedTest is Test {
    MerkleTrieHarness private trie;

    /// @dev An extension of a, b that holds a branch that holds two leaves: 5, e and 6, all below 32 bytes.
    bytes private leaf;
    bytes private branch;
    bytes private extension;
    bytes32 private root;

    function setUp() public {
        trie = new MerkleTrieHarness();
        leaf = TrieNodes.leaf(hex"3e", hex"07");
        bytes[] memory items = TrieNodes.noItems();
        items[5] = leaf;
        items[6] = TrieNodes.leaf(hex"20", hex"08");
        branch = TrieNodes.branch(items);
        extension = TrieNodes.extension(hex"00ab", branch);
        root = keccak256(extension);
        assertLt(branch.length, 32);
    }

    function test_NodesMayBeOmitted() public view {
        _assertFound(extension, "");
    }

    function test_NodesMayBeRepeated() public view {
        _assertFound(bytes.concat(extension, branch, leaf), "");
    }

    function test_LastNodesMayBeOmitted() public view {
        _assertFound(bytes.concat(extension, branch), "");
    }

    function test_WhatFollowsOmittedNodesIsGivenBack() public view {
        _assertFound(bytes.concat(extension, "rest"), "rest");
        _assertFound(bytes.concat(extension, hex"c0"), hex"c0");
        _assertFound(bytes.concat(extension, new bytes(100)), new bytes(100));
    }

    function test_WhatFollowsRepeatedNodesIsGivenBack() public view {
        _assertFound(bytes.concat(extension, branch, leaf, "rest"), "rest");
        _assertFound(bytes.concat(extension, branch, "rest"), "rest");
    }

    function test_NodeIsSkippedOnceOnly() public view {
        _assertFound(bytes.concat(extension, branch, leaf, leaf), leaf);
        _assertFound(bytes.concat(extension, branch, branch), branch);
        _assertFound(bytes.concat(extension, extension), extension);
    }

    function test_OtherNodeIsNotSkipped() public view {
        bytes memory other = TrieNodes.leaf(hex"3e", hex"09");
        _assertFound(bytes.concat(extension, branch, other), other);
    }

    /// @dev The bytes that would repeat the node are there, but the proof ends within them.
    function test_RepetitionMustLieWithinTheProof() public view {
        bytes memory data = bytes.concat(extension, branch);
        for (uint256 length = extension.length; length < data.length; ++length) {
            (bytes memory value, bytes memory rest) = trie.getWithin(data, 0, length, root, hex"ab5e", 4);
            assertEq(value, hex"07");
            assertEq(rest.length, length - extension.length);
        }
    }

    function test_LeafInAHashedBranch() public view {
        bytes[] memory items = TrieNodes.hashedItems(4);
        items[5] = leaf;
        bytes memory hashed = TrieNodes.branch(items);
        bytes memory node = TrieNodes.extension(hex"00ab", TrieNodes.hashed(hashed));
        bytes memory proof = bytes.concat(node, hashed);
        for (uint256 repeated = 0; repeated < 2; ++repeated) {
            (bytes memory value, bytes memory rest) = trie.get(proof, keccak256(node), hex"ab5e", 4);
            assertEq(value, hex"07");
            assertEq(rest, "");
            proof = bytes.concat(proof, leaf);
        }
    }

    function test_ValueOfAnInlinedBranch() public view {
        bytes[] memory items = TrieNodes.noItems();
        items[3] = TrieNodes.leaf(hex"20", hex"01");
        items[16] = "v";
        bytes memory inlined = TrieNodes.branch(items);
        bytes memory node = TrieNodes.extension(hex"00ab", inlined);
        (bytes memory value,) = trie.get(node, keccak256(node), hex"ab", 2);
        assertEq(value, "v");
        (value,) = trie.get(bytes.concat(node, inlined), keccak256(node), hex"ab30", 3);
        assertEq(value, hex"01");
    }

    function test_OtherKeysAreNotFound() public {
        bytes32[4] memory keys = [bytes32(hex"ab5d"), hex"ab4e", hex"ac5e", hex"ab60"];
        for (uint256 i = 0; i < keys.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyNotFound.selector));
            trie.get(extension, root, keys[i], 4);
        }
        (bytes memory value,) = trie.get(extension, root, hex"ab60", 3);
        assertEq(value, hex"08");
    }

    function _assertFound(bytes memory proof, bytes memory expectedRest) private view {
        (bytes memory value, bytes memory rest) = trie.get(proof, root, hex"ab5e", 4);
        assertEq(value, hex"07");
        assertEq(rest, expectedRest);
    }
}
