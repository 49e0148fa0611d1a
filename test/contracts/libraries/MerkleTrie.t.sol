// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {TrieNodes} from "../support/TrieNodes.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";

/// @notice Single nodes and short chains of them, each valid or broken in one way. Keys are written as nibbles, left
/// aligned: 0xabc0 of three nibbles is the key a, b, c.
contract MerkleTrieTest is Test {
    bytes private constant VALUE = "a value that makes the node longer than a hash";

    MerkleTrieHarness private trie;

    function setUp() public {
        trie = new MerkleTrieHarness();
    }

    // --------------------------------------------------------------------------------------------------- the key

    function test_KeyHasNibbles() public {
        bytes memory node = TrieNodes.leaf(hex"20", VALUE);
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyLength.selector, 0));
        trie.get(node, keccak256(node), 0, 0);
    }

    function testFuzz_KeyHasAtMost64Nibbles(uint256 nibbles) public {
        nibbles = bound(nibbles, 65, type(uint256).max);
        bytes memory node = TrieNodes.leaf(abi.encodePacked(hex"20", bytes32(0)), VALUE);
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyLength.selector, nibbles));
        trie.get(node, keccak256(node), 0, nibbles);
    }

    function test_KeyOf64NibblesIsFound() public view {
        bytes32 key = keccak256("key");
        _assertFound(TrieNodes.leaf(abi.encodePacked(hex"20", key), VALUE), key, 64, VALUE);
    }

    /// @dev The path is compared to its last nibble: none of the 64 is left out.
    function test_EveryNibbleOfTheKeyIsCompared() public {
        bytes32 key = keccak256("key");
        bytes memory node = TrieNodes.leaf(abi.encodePacked(hex"20", key), VALUE);
        for (uint256 i = 0; i < 64; ++i) {
            _assertRejected(node, key ^ bytes32(1 << (4 * i)), 64, _keyNotFound());
        }
    }

    // ------------------------------------------------------------------------------------------------------- leaves

    function test_LeafOfEvenPath() public view {
        _assertFound(TrieNodes.leaf(hex"20abcd", "v"), hex"abcd", 4, "v");
    }

    function test_LeafOfOddPath() public view {
        _assertFound(TrieNodes.leaf(hex"3abc", "v"), hex"abc0", 3, "v");
    }

    function test_LeafOfASingleNibble() public view {
        _assertFound(TrieNodes.leaf(hex"3a", VALUE), hex"a0", 1, VALUE);
    }

    function test_LeafOfAnotherPathIsNotFound() public {
        _assertRejected(TrieNodes.leaf(hex"20abcd", "v"), hex"abce", 4, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"20abcd", "v"), hex"1bcd", 4, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"3abc", "v"), hex"bbc0", 3, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"3abc", "v"), hex"abd0", 3, _keyNotFound());
    }

    function test_LeafOfALongerOrShorterPathIsNotFound() public {
        _assertRejected(TrieNodes.leaf(hex"20abcd", "v"), hex"abc0", 3, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"20abcd", "v"), hex"abcd00", 5, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"3abc", "v"), hex"ab", 2, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"3abc", "v"), hex"abc0", 4, _keyNotFound());
        _assertRejected(TrieNodes.leaf(hex"20", "v"), hex"00", 1, _keyNotFound());
    }

    function test_LeafWithoutValueIsNotFound() public {
        _assertRejected(TrieNodes.leaf(hex"20abcd", ""), hex"abcd", 4, _keyNotFound());
    }

    function test_ValueOfALeafIsAString() public {
        bytes memory node = TrieNodes.pair(hex"8320abcd", hex"c101");
        _assertRejected(node, hex"abcd", 4, abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xc1));
    }

    // --------------------------------------------------------------------------------------------------- extensions

    function test_ExtensionsOfEvenAndOddPath() public view {
        bytes memory branch = _branchWithValues();
        bytes memory even = TrieNodes.extension(hex"00abcd", TrieNodes.hashed(branch));
        _assertFound(bytes.concat(even, branch), keccak256(even), hex"abcd", 4, "value of the branch");
        bytes memory odd = TrieNodes.extension(hex"1a", TrieNodes.hashed(even));
        _assertFound(bytes.concat(odd, even, branch), keccak256(odd), hex"aabcd0", 5, "value of the branch");
        _assertFound(bytes.concat(odd, even, branch), keccak256(odd), hex"aabcd5e0", 7, "child of the branch");
    }

    function test_ExtensionOfAnotherPathIsNotFound() public {
        bytes memory node = TrieNodes.extension(hex"00abcd", TrieNodes.hashed(_branchWithValues()));
        _assertRejected(node, hex"abce5e", 6, _keyNotFound());
        _assertRejected(node, hex"bbcd5e", 6, _keyNotFound());
        node = TrieNodes.extension(hex"1abc", TrieNodes.hashed(_branchWithValues()));
        _assertRejected(node, hex"abd5e0", 5, _keyNotFound());
        _assertRejected(node, hex"bbc5e0", 5, _keyNotFound());
    }

    function test_ExtensionBeyondTheKeyIsNotFound() public {
        bytes memory node = TrieNodes.extension(hex"00abcd", TrieNodes.hashed(_branchWithValues()));
        _assertRejected(node, hex"abc0", 3, _keyNotFound());
        _assertRejected(node, hex"ab", 2, _keyNotFound());
    }

    /// @dev What follows a key in its word is no part of it.
    function test_PathOfZerosBeyondTheKeyIsNotFound() public {
        _assertRejected(TrieNodes.leaf(hex"20abc0", "v"), hex"abc0", 3, _keyNotFound());
        bytes memory node = TrieNodes.extension(hex"00abc0", TrieNodes.hashed(_branchWithValues()));
        _assertRejected(node, hex"abc0", 3, _keyNotFound());
    }

    function test_ExtensionToNothingIsNotFound() public {
        _assertRejected(TrieNodes.extension(hex"00ab", TrieNodes.NONE), hex"abcd", 4, _keyNotFound());
    }

    function test_ExtensionHasAPath() public {
        bytes memory node = TrieNodes.extension(hex"00", TrieNodes.hashed(_branchWithValues()));
        _assertRejected(node, hex"abcd", 4, _malformedNode());
    }

    /// @dev An extension is not a leaf that ends at its child.
    function test_ChildOfAnExtensionIsNotAValue() public {
        bytes memory node = TrieNodes.extension(hex"00abcd", hex"83010203");
        _assertRejected(node, hex"abcd", 4, _malformedNode());
    }

    // ----------------------------------------------------------------------------------------------------- branches

    function test_BranchHoldsTheValueOfTheKeyThatEndsThere() public view {
        bytes memory lower = _branchWithValues();
        bytes memory upper = TrieNodes.branchWith(9, TrieNodes.hashed(lower));
        _assertFound(bytes.concat(upper, lower), keccak256(upper), hex"90", 1, "value of the branch");
        _assertFound(bytes.concat(upper, lower), keccak256(upper), hex"95e0", 3, "child of the branch");
    }

    function test_BranchWithoutValueIsNotFound() public {
        bytes memory lower = TrieNodes.branch(TrieNodes.hashedItems(3));
        bytes memory upper = TrieNodes.branchWith(9, TrieNodes.hashed(lower));
        _assertRejected(bytes.concat(upper, lower), keccak256(upper), hex"90", 1, _keyNotFound());
    }

    function test_ValueOfABranchIsAString() public {
        bytes[] memory items = TrieNodes.hashedItems(2);
        items[16] = hex"c101";
        bytes memory lower = TrieNodes.branch(items);
        bytes memory upper = TrieNodes.branchWith(9, TrieNodes.hashed(lower));
        bytes memory expected = abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xc1);
        _assertRejected(bytes.concat(upper, lower), keccak256(upper), hex"90", 1, expected);
    }

    function test_MissingChildIsNotFound() public {
        for (uint256 nibble = 0; nibble < 16; ++nibble) {
            if (nibble == 5) continue;
            _assertRejected(_branchWithValues(), bytes32(nibble << 252), 2, _keyNotFound());
        }
    }

    /// @dev Lengths around which the header changes its form.
    function test_BranchesOfAllHeadersAreRead() public view {
        uint256[6] memory lengths = [uint256(55), 56, 57, 255, 256, 257];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes[] memory items = TrieNodes.noItems();
            items[5] = TrieNodes.leaf(hex"3e", "v");
            // 15 missing children, the leaf's four bytes, and the header of a value of up to 55 bytes or above.
            uint256 others = 15 + items[5].length;
            uint256 length = lengths[i] - others;
            items[16] = length <= 56
                ? abi.encodePacked(uint8(0x80 + length - 1), new bytes(length - 1))
                : abi.encodePacked(hex"b8", uint8(length - 2), new bytes(length - 2));
            assertEq(TrieNodes.concat(items).length, lengths[i]);
            _assertFound(TrieNodes.branch(items), hex"5e", 2, "v");
        }
    }

    // ---------------------------------------------------------------------------------------------- hashes and ends

    function test_RootMustBeTheTrustedOne() public {
        bytes memory node = TrieNodes.leaf(hex"20abcd", VALUE);
        _assertRejected(node, keccak256("root"), hex"abcd", 4, _nodeMismatch(keccak256("root"), keccak256(node)));
        _assertRejected(node, 0, hex"abcd", 4, _nodeMismatch(0, keccak256(node)));
    }

    function test_NextNodeMustBeTheOneNamed() public {
        bytes memory branch = _branchWithValues();
        bytes memory node = TrieNodes.extension(hex"00abcd", TrieNodes.hashed(branch));
        bytes memory other = TrieNodes.leaf(hex"355e", VALUE);
        _assertRejected(
            bytes.concat(node, other),
            keccak256(node),
            hex"abcd5e",
            6,
            _nodeMismatch(keccak256(branch), keccak256(other))
        );
    }

    function test_EmptyProofProvesNothing() public {
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_ProofTooShort.selector));
        trie.get("", 0, hex"ab", 2);
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_ProofTooShort.selector));
        trie.get("", keccak256(""), hex"ab", 2);
    }

    function test_EmptyTrieHoldsNothing() public {
        bytes memory expected = abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0x80);
        _assertRejected(hex"80", keccak256(hex"80"), hex"ab", 2, expected);
    }

    function test_ProofMustGoOnToTheValue() public {
        bytes memory node = TrieNodes.extension(hex"00abcd", TrieNodes.hashed(_branchWithValues()));
        _assertRejected(node, hex"abcd", 4, abi.encodeWithSelector(MerkleTrie.MerkleTrie_ProofTooShort.selector));
    }

    /// @dev The bytes that complete the node are there, right after the proof.
    function test_NodeMustLieWithinTheProof() public {
        bytes memory node = TrieNodes.leaf(hex"20abcd", VALUE);
        for (uint256 length = 1; length < node.length; ++length) {
            vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, node.length, length));
            trie.getWithin(node, 0, length, keccak256(node), hex"abcd", 4);
        }
    }

    function testFuzz_WhatFollowsTheProofIsGivenBack(bytes memory before, bytes memory rest) public view {
        bytes memory branch = _branchWithValues();
        bytes memory node = TrieNodes.extension(hex"00abcd", TrieNodes.hashed(branch));
        bytes memory data = bytes.concat(before, node, branch, rest, "beyond");
        (bytes memory value, bytes memory actualRest) =
            trie.getWithin(data, before.length, data.length - 6, keccak256(node), hex"abcd", 4);
        assertEq(value, "value of the branch");
        assertEq(actualRest, rest);
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    /// @dev Holds one value itself and another at the nibbles 5, e.
    function _branchWithValues() private pure returns (bytes memory) {
        bytes[] memory items = TrieNodes.noItems();
        items[5] = TrieNodes.leaf(hex"3e", "child of the branch");
        items[16] = abi.encodePacked(uint8(0x80 + 19), "value of the branch");
        return TrieNodes.branch(items);
    }

    function _assertFound(bytes memory node, bytes32 key, uint256 nibbles, bytes memory expected) private view {
        _assertFound(node, keccak256(node), key, nibbles, expected);
    }

    function _assertFound(bytes memory proof, bytes32 root, bytes32 key, uint256 nibbles, bytes memory expected)
        private
        view
    {
        (bytes memory value, bytes memory rest) = trie.get(proof, root, key, nibbles);
        assertEq(value, expected);
        assertEq(rest, "");
    }

    function _assertRejected(bytes memory node, bytes32 key, uint256 nibbles, bytes memory expected) private {
        _assertRejected(node, keccak256(node), key, nibbles, expected);
    }

    function _assertRejected(bytes memory proof, bytes32 root, bytes32 key, uint256 nibbles, bytes memory expected)
        private
    {
        vm.expectRevert(expected);
        trie.get(proof, root, key, nibbles);
    }

    function _keyNotFound() private pure returns (bytes memory) {
        return abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyNotFound.selector);
    }

    function _malformedNode() private pure returns (bytes memory) {
        return abi.encodeWithSelector(MerkleTrie.MerkleTrie_MalformedNode.selector);
    }

    function _nodeMismatch(bytes32 expected, bytes32 actual) private pure returns (bytes memory) {
        return abi.encodeWithSelector(MerkleTrie.MerkleTrie_NodeMismatch.selector, expected, actual);
    }
}
