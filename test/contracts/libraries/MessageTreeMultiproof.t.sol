// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeHarness} from "../support/MessageTreeHarness.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";

/// @notice Several leaves by one proof, against siblings that are gathered from the definition.
contract MessageTreeMultiproofTest is Test {
    MessageTreeHarness private tree;

    function setUp() public {
        tree = new MessageTreeHarness();
    }

    // ------------------------------------------------------------------------------------------------ right proofs

    /// @dev Each set of leaves of each tree of up to 7.
    function test_EverySetOfLeavesOfEverySmallTreeIsProven() public view {
        for (uint256 count = 1; count <= 7; ++count) {
            for (uint256 set = 1; set < 1 << count; ++set) {
                _assertProven(count, _indicesOf(set));
            }
        }
    }

    function testFuzz_ASetOfLeavesIsProven(uint256 count, uint256 set, uint256 stride) public view {
        count = bound(count, 1, 80);
        stride = bound(stride, 1, 3);
        uint256[] memory indices = new uint256[](count);
        uint256 length;
        for (uint256 i = 0; i < count; i += stride) {
            if ((set >> i) & 1 == 1) indices[length++] = i;
        }
        vm.assume(length != 0);
        _assertProven(count, _shortened(indices, length));
    }

    function testFuzz_NeighboursAreProven(uint256 count, uint256 start, uint256 length) public view {
        count = bound(count, 1, 100);
        start = bound(start, 0, count - 1);
        length = bound(length, 1, count - start);
        _assertProven(count, _range(start, length));
    }

    function test_AllLeavesNeedNoSibling() public view {
        uint256[6] memory counts = [uint256(1), 2, 3, 127, 128, 129];
        for (uint256 i = 0; i < counts.length; ++i) {
            uint256[] memory indices = _range(0, counts[i]);
            assertEq(MessageTreeBuilder.multiproofOf(_keys(counts[i]), indices).length, 0);
            _assertProven(counts[i], indices);
        }
    }

    function testFuzz_OneLeafNeedsItsPath(uint256 count, uint256 index) public view {
        count = bound(count, 1, 80);
        index = bound(index, 0, count - 1);
        bytes32[] memory keys = _keys(count);

        assertEq(
            MessageTreeBuilder.multiproofOf(keys, _range(index, 1)), MessageTreeBuilder.pathOf(keys, index), "siblings"
        );
        _assertProven(count, _range(index, 1));
    }

    // ------------------------------------------------------------------------------------------------ wrong proofs

    function test_RevertWhen_IndicesDoNotAscend() public {
        uint256[] memory indices = _range(3, 3);
        indices[1] = 3;
        _expectNotAscending(indices, 3, 3);
        indices[1] = 2;
        _expectNotAscending(indices, 3, 2);
        (indices[1], indices[2]) = (5, 4);
        _expectNotAscending(indices, 5, 4);
        indices[2] = 5;
        _expectNotAscending(indices, 5, 5);
    }

    function testFuzz_RevertWhen_AnIndexIsNotInTheTree(uint256 index) public {
        index = bound(index, 9, type(uint256).max);
        uint256[] memory indices = _range(7, 2);
        indices[1] = index;

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, index, 9));
        tree.rootByMultiproof(new bytes32[](2), indices, 9, new bytes32[](4));
    }

    function testFuzz_RevertWhen_ThereAreMoreOrFewerSiblings(uint256 count, uint256 set, uint256 length) public {
        count = bound(count, 1, 64);
        uint256[] memory indices = _indicesOf(bound(set, 1, (1 << count) - 1));
        bytes32[] memory leaves = _leavesAt(_keys(count), indices);
        uint256 used = MessageTreeBuilder.multiproofOf(_keys(count), indices).length;
        length = bound(length, 0, 40);
        vm.assume(length != used);

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_SiblingCount.selector, length, used));
        tree.rootByMultiproof(leaves, indices, count, new bytes32[](length));
    }

    /// @dev Another leaf or another sibling, two of either swapped, another index: nothing but the truth leads to the root.
    function testFuzz_AnythingWrongGivesAnotherRoot(uint256 count, uint256 set, uint256 seed) public view {
        count = bound(count, 2, 64);
        uint256[] memory indices = _indicesOf(bound(set, 1, (1 << count) - 1));
        bytes32[] memory keys = _keys(count);
        bytes32 root = MessageTreeBuilder.rootOf(keys);
        bytes32[] memory siblings = MessageTreeBuilder.multiproofOf(keys, indices);
        bytes32[] memory leaves = _leavesAt(keys, indices);

        uint256 place = seed % leaves.length;
        leaves[place] = ~leaves[place];
        assertNotEq(tree.rootByMultiproof(leaves, indices, count, siblings), root, "leaf");
        leaves = _leavesAt(keys, indices);
        if (leaves.length > 1) {
            uint256 next = (place + 1) % leaves.length;
            (leaves[place], leaves[next]) = (leaves[next], leaves[place]);
            assertNotEq(tree.rootByMultiproof(leaves, indices, count, siblings), root, "leaves swapped");
            leaves = _leavesAt(keys, indices);
        }
        uint256 last = indices.length - 1;
        if (indices[last] + 1 < count) {
            ++indices[last];
            assertFalse(_leadsTo(root, leaves, indices, count, siblings), "index");
            --indices[last];
        }
        if (siblings.length == 0) return;
        place = seed % siblings.length;
        if (siblings.length > 1) {
            uint256 next = (place + 1) % siblings.length;
            (siblings[place], siblings[next]) = (siblings[next], siblings[place]);
            assertNotEq(tree.rootByMultiproof(leaves, indices, count, siblings), root, "siblings swapped");
            (siblings[place], siblings[next]) = (siblings[next], siblings[place]);
        }
        siblings[place] = ~siblings[place];
        assertNotEq(tree.rootByMultiproof(leaves, indices, count, siblings), root, "sibling");
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    function _assertProven(uint256 count, uint256[] memory indices) private view {
        bytes32[] memory keys = _keys(count);
        bytes32[] memory siblings = MessageTreeBuilder.multiproofOf(keys, indices);
        assertEq(
            tree.rootByMultiproof(_leavesAt(keys, indices), indices, count, siblings), MessageTreeBuilder.rootOf(keys)
        );
    }

    function _leadsTo(
        bytes32 root,
        bytes32[] memory leaves,
        uint256[] memory indices,
        uint256 count,
        bytes32[] memory siblings
    ) private view returns (bool) {
        try tree.rootByMultiproof(leaves, indices, count, siblings) returns (bytes32 computed) {
            return computed == root;
        } catch {
            return false;
        }
    }

    function _expectNotAscending(uint256[] memory indices, uint256 previous, uint256 next) private {
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndicesNotAscending.selector, previous, next));
        tree.rootByMultiproof(new bytes32[](indices.length), indices, 9, new bytes32[](4));
    }

    function _leavesAt(bytes32[] memory keys, uint256[] memory indices) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](indices.length);
        for (uint256 i = 0; i < indices.length; ++i) {
            leaves[i] = keccak256(abi.encodePacked(keys[indices[i]]));
        }
    }

    /// @dev The places of a number's set bits.
    function _indicesOf(uint256 set) private pure returns (uint256[] memory) {
        uint256[] memory indices = new uint256[](256);
        uint256 length;
        for (uint256 i = 0; i < 256; ++i) {
            if ((set >> i) & 1 == 1) indices[length++] = i;
        }
        return _shortened(indices, length);
    }

    function _range(uint256 start, uint256 length) private pure returns (uint256[] memory indices) {
        indices = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            indices[i] = start + i;
        }
    }

    function _shortened(uint256[] memory list, uint256 length) private pure returns (uint256[] memory) {
        assembly ("memory-safe") {
            mstore(list, length)
        }
        return list;
    }

    function _keys(uint256 count) private pure returns (bytes32[] memory keys) {
        keys = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            keys[i] = bytes32(~i);
        }
    }
}
