// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {TrieNodes} from "../support/TrieNodes.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";

/// @notice Nodes that have the right hash and are none of a valid trie: a hash that a parent names says who wrote the
/// node, not that it means something.
contract MerkleTrieMalformedTest is Test {
    bytes private constant VALUE = "a value that makes the node longer than a hash";

    MerkleTrieHarness private trie;

    function setUp() public {
        trie = new MerkleTrieHarness();
    }

    // ------------------------------------------------------------------------------------------------------- items

    function test_NodeHasTwoOr17Items() public {
        _assertMalformed(hex"c180");
        _assertMalformed(hex"c120");
        _assertMalformed(hex"c3200102");
        for (uint256 count = 3; count <= 40; ++count) {
            if (count == 17) continue;
            bytes memory payload = new bytes(count);
            for (uint256 i = 0; i < count; ++i) {
                payload[i] = 0x80;
            }
            _assertMalformed(TrieNodes.list(payload));
        }
    }

    /// @dev What follows in the proof does not stand in for missing items.
    function test_NodeOfNoItemsIsMalformed() public {
        bytes memory items = TrieNodes.concat(TrieNodes.hashedItems(0));
        vm.expectRevert(_malformedNode());
        trie.get(bytes.concat(hex"c0", items, items), keccak256(hex"c0"), hex"ab", 2);
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, 4, 3));
        trie.get(bytes.concat(hex"c0", hex"2080"), keccak256(hex"c0"), hex"ab", 2);
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, 2, 1));
        trie.get(hex"c0", keccak256(hex"c0"), hex"ab", 2);
    }

    function test_BytesAfterTheValueAreMalformed() public {
        bytes memory payload = bytes.concat(hex"8220ab", hex"8401020304");
        _assertMalformed(TrieNodes.list(bytes.concat(payload, hex"00")));
        _assertMalformed(TrieNodes.list(bytes.concat(payload, hex"80")));
        _assertMalformed(TrieNodes.list(bytes.concat(payload, payload)));
    }

    /// @dev Items are bounded by their node, not by the proof.
    function test_ItemsEndWithTheirNode() public {
        // The value reaches one byte beyond the list.
        _assertMalformed(hex"c78220ab84010203");
        // The path does.
        _assertMalformed(hex"c28220");
    }

    function test_PathIsNotAList() public {
        _assertMalformed(TrieNodes.pair(hex"c220ab", hex"8401020304"));
    }

    // -------------------------------------------------------------------------------------------------------- paths

    function test_PathHasAPrefix() public {
        _assertMalformed(TrieNodes.leaf("", VALUE));
        // What follows looks like the prefix of a leaf or an extension.
        _assertMalformed(TrieNodes.pair(TrieNodes.NONE, hex"20"));
        _assertMalformed(TrieNodes.pair(TrieNodes.NONE, hex"00"));
    }

    function test_PathHasAtMost64Nibbles() public {
        bytes memory node = TrieNodes.leaf(abi.encodePacked(hex"20", new bytes(33)), VALUE);
        vm.expectRevert(_malformedNode());
        trie.get(node, keccak256(node), 0, 64);

        // 65 nibbles still fit the bytes of a path; no key has as many.
        node = TrieNodes.leaf(abi.encodePacked(hex"30", new bytes(32)), VALUE);
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyNotFound.selector));
        trie.get(node, keccak256(node), 0, 64);
    }

    function test_PrefixSaysLeafOrExtension() public {
        for (uint256 prefix = 0x40; prefix < 0x100; ++prefix) {
            _assertMalformed(TrieNodes.leaf(abi.encodePacked(uint8(prefix), hex"ab"), VALUE));
        }
    }

    function test_NibbleThatPadsAnEvenPathIsZero() public {
        for (uint256 nibble = 1; nibble < 16; ++nibble) {
            _assertMalformed(TrieNodes.leaf(abi.encodePacked(uint8(0x20 + nibble), hex"ab"), VALUE));
            _assertMalformed(
                TrieNodes.extension(abi.encodePacked(uint8(nibble), hex"ab"), TrieNodes.leaf(hex"20", "v"))
            );
        }
    }

    // ----------------------------------------------------------------------------------------------------- children

    function test_ChildIsAHashOrANode() public {
        _assertMalformedChild(hex"00");
        _assertMalformedChild(hex"7f");
        _assertMalformedChild(hex"8180");
        _assertMalformedChild(abi.encodePacked(hex"9f", bytes31(keccak256("child"))));
        _assertMalformedChild(abi.encodePacked(hex"a1", keccak256("child"), hex"00"));
        _assertMalformedChild(abi.encodePacked(hex"b838", new bytes(56)));
    }

    function test_NodeOf32BytesOrMoreIsNotInlined() public {
        bytes memory child = TrieNodes.leaf(hex"20cd", new bytes(27));
        assertEq(child.length, 32);
        _assertMalformedChild(child);
        _assertMalformedChild(TrieNodes.leaf(hex"20cd", new bytes(28)));
        _assertMalformedChild(TrieNodes.leaf(hex"20cd", new bytes(60)));
    }

    function test_NodeOf31BytesIsInlined() public view {
        bytes memory child = TrieNodes.leaf(hex"20cd", new bytes(26));
        assertEq(child.length, 31);
        bytes memory node = TrieNodes.extension(hex"00ab", child);
        (bytes memory value,) = trie.get(node, keccak256(node), hex"abcd", 4);
        assertEq(value, new bytes(26));
    }

    function test_NodeBelow32BytesIsNotNamedByItsHash() public {
        bytes memory child = TrieNodes.leaf(hex"20cd", new bytes(26));
        assertEq(child.length, 31);
        _assertMalformedChild(TrieNodes.hashed(child), child);
        bytes[] memory items = TrieNodes.hashedItems(16);
        items[0xa] = TrieNodes.hashed(TrieNodes.leaf(hex"3bcd", new bytes(26)));
        bytes memory node = TrieNodes.branch(items);
        vm.expectRevert(_malformedNode());
        trie.get(bytes.concat(node, TrieNodes.leaf(hex"3bcd", new bytes(26))), keccak256(node), hex"abcd", 4);
    }

    function test_NodeOf32BytesIsNamedByItsHash() public view {
        bytes memory child = TrieNodes.leaf(hex"20cd", new bytes(27));
        bytes memory node = TrieNodes.extension(hex"00ab", TrieNodes.hashed(child));
        (bytes memory value,) = trie.get(bytes.concat(node, child), keccak256(node), hex"abcd", 4);
        assertEq(value, new bytes(27));
    }

    function test_RootOfAnyLengthIsNamedByItsHash() public view {
        bytes memory node = TrieNodes.leaf(hex"20ab", "v");
        assertEq(node.length, 5);
        (bytes memory value,) = trie.get(node, keccak256(node), hex"ab", 2);
        assertEq(value, "v");
    }

    // ------------------------------------------------------------------------------------------------------- headers

    function test_HeaderMustBeCanonical() public {
        bytes memory payload = bytes.concat(hex"8220ab", hex"8401020304");
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, 0xf8));
        this.get(abi.encodePacked(hex"f8", uint8(payload.length), payload));
        payload = bytes.concat(hex"8220ab", hex"b838", new bytes(56));
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, 0xf9));
        this.get(abi.encodePacked(hex"f9", uint16(payload.length), payload));
    }

    function test_ValueMustBeCanonical() public {
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, 0x81));
        this.get(TrieNodes.pair(hex"8220ab", hex"8101"));
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, 0xb8));
        this.get(TrieNodes.pair(hex"8220ab", hex"b80401020304"));
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function get(bytes memory node) external view {
        trie.get(node, keccak256(node), hex"ab", 2);
    }

    /// @dev Also where the proof goes on with what might complete the node.
    function _assertMalformed(bytes memory node) private {
        bytes memory proof = bytes.concat(node, TrieNodes.concat(TrieNodes.hashedItems(8)));
        vm.expectRevert(_malformedNode());
        trie.get(proof, keccak256(node), hex"ab", 2);
    }

    function _assertMalformedChild(bytes memory child) private {
        _assertMalformedChild(child, child);
    }

    /// @dev The child of an extension, of a branch, and of a branch too long for the short way.
    function _assertMalformedChild(bytes memory child, bytes memory next) private {
        bytes memory node = TrieNodes.extension(hex"00ab", child);
        vm.expectRevert(_malformedNode());
        trie.get(bytes.concat(node, next), keccak256(node), hex"abcd", 4);

        node = TrieNodes.branchWith(0xb, child);
        vm.expectRevert(_malformedNode());
        trie.get(bytes.concat(node, next), keccak256(node), hex"bcd0", 3);

        bytes[] memory items = TrieNodes.hashedItems(16);
        items[0xb] = child;
        node = TrieNodes.branch(items);
        vm.expectRevert(_malformedNode());
        trie.get(bytes.concat(node, next), keccak256(node), hex"bcd0", 3);
    }

    function _malformedNode() private pure returns (bytes memory) {
        return abi.encodeWithSelector(MerkleTrie.MerkleTrie_MalformedNode.selector);
    }
}
