// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {TrieNodes} from "../support/TrieNodes.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";

/// @notice Branches of hashed and missing children, which the verifier takes by a shorter way: each test holds it to
/// what the plain way would say. All proofs are a branch and a leaf, for keys of three nibbles.
contract MerkleTrieBranchTest is Test {
    bytes private constant VALUE = "a value that makes the leaf longer than a hash";
    uint256 private constant NIBBLES = 3;

    MerkleTrieHarness private trie;
    bytes private leaf;

    function setUp() public {
        trie = new MerkleTrieHarness();
        leaf = TrieNodes.leaf(hex"20ab", VALUE);
    }

    // -------------------------------------------------------------------------------------------------- right nodes

    /// @dev Up to seven children have a header of one or two bytes, eight and more one of three.
    function test_ChildIsFoundAmongAnyNumberOfChildren() public view {
        for (uint256 count = 0; count < 16; ++count) {
            for (uint256 index = 0; index < 16; ++index) {
                bytes[] memory items = TrieNodes.hashedItems(count);
                items[index] = TrieNodes.hashed(leaf);
                _assertFound(items, index);
            }
        }
    }

    function test_HeadersOfBothLengthsAreRead() public view {
        bytes[] memory items = TrieNodes.hashedItems(1);
        items[15] = TrieNodes.hashed(leaf);
        assertEq(bytes2(TrieNodes.branch(items)), bytes2(0xf851));
        _assertFound(items, 15);

        items = TrieNodes.hashedItems(6);
        items[15] = TrieNodes.hashed(leaf);
        assertEq(bytes2(TrieNodes.branch(items)), bytes2(0xf8f1));
        _assertFound(items, 15);

        items = TrieNodes.hashedItems(7);
        items[15] = TrieNodes.hashed(leaf);
        assertEq(bytes3(TrieNodes.branch(items)), bytes3(0xf90111));
        _assertFound(items, 15);
    }

    function test_ChildOfAFullBranchIsFound() public view {
        for (uint256 index = 0; index < 16; ++index) {
            bytes[] memory items = TrieNodes.hashedItems(16);
            items[index] = TrieNodes.hashed(leaf);
            assertEq(bytes3(TrieNodes.branch(items)), bytes3(0xf90211));
            _assertFound(items, index);
        }
    }

    function test_ValueOfTheBranchIsPassedBy() public view {
        bytes[5] memory values = [
            bytes(hex"05"),
            abi.encodePacked(hex"a0", keccak256("value")),
            abi.encodePacked(hex"9f", bytes31(keccak256("value"))),
            abi.encodePacked(hex"a1", keccak256("value"), hex"ff"),
            bytes.concat(hex"b840", bytes32(0), bytes32(0))
        ];
        for (uint256 i = 0; i < values.length; ++i) {
            for (uint256 index = 0; index < 16; ++index) {
                for (uint256 count = 0; count <= 16; count += 4) {
                    bytes[] memory items = TrieNodes.hashedItems(count);
                    items[index] = TrieNodes.hashed(leaf);
                    items[16] = values[i];
                    _assertFound(items, index);
                }
            }
        }
    }

    /// @dev A missing child and a value of 32 bytes: as long as a full branch, but the children after the missing one
    /// stand elsewhere. The leaf's hash ends in 0xa0, so that a fixed stride would take that for a child's prefix.
    function test_BranchAsLongAsAFullOneIsReadItemByItem() public view {
        (bytes memory node, bytes memory value) = _leafWhoseHashEndsIn0xa0();
        for (uint256 missing = 0; missing < 16; ++missing) {
            for (uint256 index = 0; index < 16; ++index) {
                if (index == missing) continue;
                bytes[] memory items = TrieNodes.hashedItems(16);
                items[missing] = TrieNodes.NONE;
                items[index] = TrieNodes.hashed(node);
                items[16] = abi.encodePacked(hex"a0", bytes31(keccak256("value")), hex"80");
                bytes memory branch = TrieNodes.branch(items);
                assertEq(bytes3(branch), bytes3(0xf90211));
                (bytes memory found,) = trie.get(bytes.concat(branch, node), keccak256(branch), _key(index), NIBBLES);
                assertEq(found, value);
            }
        }
    }

    /// @dev Its value is the key's, though a child stands at zero, which is what follows a key in its word.
    function test_KeyThatEndsAtABranchIsNotLookedForAmongItsChildren() public view {
        bytes[] memory items = TrieNodes.hashedItems(16);
        items[16] = abi.encodePacked(hex"a0", keccak256("value"));
        bytes memory lower = TrieNodes.branch(items);
        items = TrieNodes.hashedItems(16);
        items[9] = TrieNodes.hashed(lower);
        bytes memory upper = TrieNodes.branch(items);
        (bytes memory value,) = trie.get(bytes.concat(upper, lower), keccak256(upper), hex"90", 1);
        assertEq(value, abi.encode(keccak256("value")));
    }

    function test_InlinedSiblingIsPassedBy() public view {
        for (uint256 count = 0; count <= 16; count += 4) {
            for (uint256 index = 1; index < 16; ++index) {
                for (uint256 inlined = 0; inlined < index; ++inlined) {
                    bytes[] memory items = TrieNodes.hashedItems(count);
                    items[index] = TrieNodes.hashed(leaf);
                    items[inlined] = TrieNodes.leaf(hex"20cd", hex"01");
                    _assertFound(items, index);
                }
            }
        }
    }

    function test_InlinedChildIsFound() public view {
        for (uint256 index = 0; index < 16; ++index) {
            bytes[] memory items = TrieNodes.hashedItems(12);
            items[index] = TrieNodes.leaf(hex"20ab", hex"01");
            bytes memory branch = TrieNodes.branch(items);
            (bytes memory value, bytes memory rest) = trie.get(branch, keccak256(branch), _key(index), NIBBLES);
            assertEq(value, hex"01");
            assertEq(rest, "");
        }
    }

    // ------------------------------------------------------------------------------------------------ missing child

    function test_MissingChildIsNotFound() public {
        for (uint256 count = 2; count < 16; ++count) {
            bytes[] memory items = TrieNodes.hashedItems(count);
            for (uint256 index = count; index < 16; ++index) {
                _assertRejected(TrieNodes.branch(items), index, _keyNotFound());
            }
        }
    }

    function test_MissingChildOfABranchAsLongAsAFullOneIsNotFound() public {
        for (uint256 index = 0; index < 16; ++index) {
            bytes[] memory items = TrieNodes.hashedItems(16);
            items[index] = TrieNodes.NONE;
            items[16] = TrieNodes.filler();
            _assertRejected(TrieNodes.branch(items), index, _keyNotFound());
        }
    }

    // ---------------------------------------------------------------------------------------------- malformed nodes

    function test_BranchHas17ItemsAndNoMore() public {
        for (uint256 count = 0; count < 16; ++count) {
            for (uint256 index = 0; index < 16; ++index) {
                bytes[] memory items = TrieNodes.hashedItems(count);
                items[index] = TrieNodes.hashed(leaf);
                bytes memory payload = TrieNodes.concat(items);
                bytes memory longer = TrieNodes.list(bytes.concat(payload, TrieNodes.NONE));
                _assertRejected(longer, index, _malformedNode());
                longer = TrieNodes.list(bytes.concat(payload, TrieNodes.filler()));
                _assertRejected(longer, index, _malformedNode());
            }
        }
    }

    /// @dev The node's last item is missing, and what follows in the proof would do for it.
    function test_BranchHas17ItemsAndNoFewer() public {
        for (uint256 count = 3; count < 16; ++count) {
            for (uint256 index = 0; index < 16; ++index) {
                bytes[] memory items = TrieNodes.hashedItems(count);
                items[index] = TrieNodes.hashed(leaf);
                items[16] = "";
                bytes memory shorter = TrieNodes.branch(items);
                bytes memory proof = bytes.concat(shorter, TrieNodes.NONE, leaf);
                vm.expectRevert(_malformedNode());
                trie.get(proof, keccak256(shorter), _key(index), NIBBLES);
            }
        }
    }

    function test_LowestByteSkipsNothing() public {
        _assertSkipsNothing(0x00);
    }

    function test_HighestByteThatIsItsOwnItemSkipsNothing() public {
        _assertSkipsNothing(0x7f);
    }

    function test_EmptyListSkipsNothing() public {
        _assertSkipsNothing(0xc0);
    }

    function test_ListSkipsItsContentOnly() public {
        _assertSkipsNothing(0xe0);
    }

    /// @dev After 16 hashes the last byte of a full branch must be the empty value, not some other item's prefix.
    function test_FullBranchEndsWithItsValue() public {
        bytes[] memory items = TrieNodes.hashedItems(16);
        items[7] = TrieNodes.hashed(leaf);
        items[16] = hex"82";
        bytes memory branch = TrieNodes.branch(items);
        assertEq(bytes3(branch), bytes3(0xf90211));
        _assertRejected(branch, 7, _malformedNode());
    }

    function test_HeaderMustBeCanonical() public {
        bytes memory payload = TrieNodes.concat(_itemsOf(0));
        assertEq(payload.length, 49);
        _assertRejected(bytes.concat(hex"f831", payload), 15, _notCanonical(0xf8));
        _assertRejected(bytes.concat(hex"f90031", payload), 15, _notCanonical(0xf9));

        payload = TrieNodes.concat(_itemsOf(2));
        assertEq(payload.length, 113);
        _assertRejected(bytes.concat(hex"f90071", payload), 15, _notCanonical(0xf9));

        payload = TrieNodes.concat(_itemsOf(6));
        assertEq(payload.length, 241);
        _assertRejected(bytes.concat(hex"f900f1", payload), 15, _notCanonical(0xf9));
        _assertRejected(bytes.concat(hex"fa0000f1", payload), 15, _notCanonical(0xfa));

        payload = TrieNodes.concat(_itemsOf(7));
        assertEq(payload.length, 273);
        _assertRejected(bytes.concat(hex"fa000111", payload), 15, _notCanonical(0xfa));
    }

    /// @dev The items would fill what the first of the two bytes says.
    function test_ALengthOfTwoBytesIsReadWhole() public {
        bytes memory branch = bytes.concat(hex"f971", TrieNodes.concat(_itemsOf(2)));
        uint256 length = branch.length + leaf.length;
        _assertRejected(branch, 15, abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, 3 + 0x71a0, length));
    }

    function test_NodeMustBeAList() public {
        _assertRejected(bytes.concat(hex"b871", TrieNodes.concat(_itemsOf(2))), 15, _unexpectedType(0xb8));
        _assertRejected(bytes.concat(hex"b90111", TrieNodes.concat(_itemsOf(7))), 15, _unexpectedType(0xb9));
        _assertRejected(bytes.concat(hex"7871", TrieNodes.concat(_itemsOf(2))), 15, _unexpectedType(0x78));
        _assertRejected(bytes.concat(hex"790111", TrieNodes.concat(_itemsOf(7))), 15, _unexpectedType(0x79));
    }

    // ------------------------------------------------------------------------------------------ hashes and the proof

    function test_BranchMustHaveTheExpectedHash() public {
        for (uint256 count = 2; count <= 16; ++count) {
            bytes memory branch = TrieNodes.branch(TrieNodes.hashedItems(count));
            vm.expectRevert(_nodeMismatch(keccak256("another root"), keccak256(branch)));
            trie.get(bytes.concat(branch, leaf), keccak256("another root"), _key(0), NIBBLES);
        }
    }

    function test_NextNodeMustBeTheChild() public {
        for (uint256 index = 0; index < 16; ++index) {
            bytes[] memory items = TrieNodes.hashedItems(16);
            items[index] = abi.encodePacked(hex"a0", keccak256(abi.encode(index)));
            _assertRejected(
                TrieNodes.branch(items), index, _nodeMismatch(keccak256(abi.encode(index)), keccak256(leaf))
            );
        }
    }

    function test_ProofMustGoOnAfterTheBranch() public {
        bytes memory branch = TrieNodes.branch(_itemsOf(16));
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_ProofTooShort.selector));
        trie.get(branch, keccak256(branch), _key(15), NIBBLES);
    }

    /// @dev The bytes that complete the branch are there, right after the proof.
    function test_BranchMustLieWithinTheProof() public {
        for (uint256 count = 2; count <= 16; count += 2) {
            bytes memory branch = TrieNodes.branch(_itemsOf(count));
            bytes memory data = bytes.concat(hex"f8", branch, leaf);
            uint256 end = branch.length;
            vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, branch.length, end - 1));
            trie.getWithin(data, 1, end, keccak256(branch), _key(15), NIBBLES);

            vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_ProofTooShort.selector));
            trie.getWithin(data, 1, end + 1, keccak256(branch), _key(15), NIBBLES);

            (bytes memory value,) = trie.getWithin(data, 1, data.length, keccak256(branch), _key(15), NIBBLES);
            assertEq(value, VALUE);
        }
    }

    function test_BranchAfterBranchUsesTheNextNibble() public view {
        // A branch with an inlined leaf: the long way goes on where the short one ends.
        bytes[] memory items = TrieNodes.hashedItems(2);
        items[0xb] = TrieNodes.leaf(hex"20", hex"01");
        bytes memory lower = TrieNodes.branch(items);
        for (uint256 count = 2; count <= 16; count += 7) {
            items = TrieNodes.hashedItems(count);
            items[0xa] = TrieNodes.hashed(lower);
            bytes memory upper = TrieNodes.branch(items);
            items = TrieNodes.hashedItems(count);
            items[0x3] = TrieNodes.hashed(upper);
            bytes memory root = TrieNodes.branch(items);
            (bytes memory value, bytes memory rest) =
                trie.get(bytes.concat(root, upper, lower, "rest"), keccak256(root), bytes32(bytes2(0x3ab0)), NIBBLES);
            assertEq(value, hex"01");
            assertEq(rest, "rest");
        }
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    function _assertFound(bytes[] memory items, uint256 index) private view {
        bytes memory branch = TrieNodes.branch(items);
        (bytes memory value, bytes memory rest) =
            trie.get(bytes.concat(branch, leaf, "rest"), keccak256(branch), _key(index), NIBBLES);
        assertEq(value, VALUE);
        assertEq(rest, "rest");
    }

    function _assertRejected(bytes memory branch, uint256 index, bytes memory expected) private {
        vm.expectRevert(expected);
        trie.get(bytes.concat(branch, leaf), keccak256(branch), _key(index), NIBBLES);
    }

    /// @dev The prefix is followed by as many bytes as a reader would skip that knew hashes and missing children only:
    /// that reader would see 17 items where there are more.
    function _assertSkipsNothing(bytes1 prefix) private {
        for (uint256 place = 0; place <= 16; ++place) {
            for (uint256 index = 0; index < 16; ++index) {
                if (index == place) continue;
                bytes[] memory items = TrieNodes.hashedItems(8);
                items[index] = TrieNodes.hashed(leaf);
                items[place] = _skippedFrom(prefix);
                _assertRejected(TrieNodes.branch(items), index, _malformedNode());
            }
        }
    }

    /// @dev A branch with the leaf at 15 and hashes on the first places.
    function _itemsOf(uint256 count) private view returns (bytes[] memory items) {
        items = TrieNodes.hashedItems(count);
        items[15] = TrieNodes.hashed(leaf);
    }

    /// @dev As many bytes after the prefix as it has above 0x80, modulo 256; each is an item of its own.
    function _skippedFrom(bytes1 prefix) private pure returns (bytes memory skipped) {
        skipped = new bytes(1 + uint256(uint8(prefix ^ 0x80)));
        skipped[0] = prefix;
        for (uint256 i = 1; i < skipped.length; ++i) {
            skipped[i] = 0x80;
        }
    }

    function _leafWhoseHashEndsIn0xa0() private pure returns (bytes memory node, bytes memory value) {
        for (uint256 i = 0; uint8(uint256(keccak256(node))) != 0xa0; ++i) {
            value = abi.encode("value", i);
            node = TrieNodes.leaf(hex"20ab", value);
        }
    }

    function _key(uint256 index) private pure returns (bytes32) {
        return bytes32(index << 252 | 0xab << 244);
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

    function _notCanonical(uint256 prefix) private pure returns (bytes memory) {
        return abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, prefix);
    }

    function _unexpectedType(uint256 prefix) private pure returns (bytes memory) {
        return abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, prefix);
    }
}
