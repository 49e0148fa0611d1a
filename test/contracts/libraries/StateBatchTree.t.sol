// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {StateBatchTreeHarness} from "../support/StateBatchTreeHarness.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";

contract StateBatchTreeTest is Test {
    StateBatchTreeHarness private tree;

    function setUp() public {
        tree = new StateBatchTreeHarness();
    }

    // ------------------------------------------------------------------------------------------------------- height

    function test_HeightIsTheSmallestThatHoldsTheLeaves() public view {
        assertEq(tree.heightOf(1), 0);
        assertEq(tree.heightOf(2), 1);
        assertEq(tree.heightOf(3), 2);
        for (uint256 k = 2; k <= 16; ++k) {
            assertEq(tree.heightOf((1 << k) - 1), k);
            assertEq(tree.heightOf(1 << k), k);
            if (k != 16) assertEq(tree.heightOf((1 << k) + 1), k + 1);
        }
    }

    function testFuzz_HeightIsTheSmallestThatHoldsTheLeaves(uint256 size) public view {
        size = bound(size, 2, StateBatchTree.MAX_SIZE);
        uint256 height = tree.heightOf(size);
        assertGe(1 << height, size);
        assertLt(1 << (height - 1), size);
    }

    function test_TreeWithoutLeavesHasNoHeight() public {
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, 0));
        tree.heightOf(0);
    }

    function testFuzz_TreeOfMoreThan65536LeavesHasNoHeight(uint256 size) public {
        size = bound(size, 65_537, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, size));
        tree.heightOf(size);
    }

    // -------------------------------------------------------------------------------------------------- right paths

    function test_SingleLeafIsItsOwnRoot() public view {
        assertEq(tree.computeRoot(keccak256("leaf"), 0, 1, new bytes32[](0)), keccak256("leaf"));
    }

    function test_ThirdLeafIsPairedWithTheMissingOne() public view {
        bytes32[] memory siblings = new bytes32[](2);
        siblings[0] = keccak256(abi.encode(uint256(0)));
        siblings[1] = keccak256(abi.encode(keccak256("a"), keccak256("b")));
        assertEq(
            tree.computeRoot(keccak256("c"), 2, 3, siblings),
            keccak256(abi.encode(siblings[1], keccak256(abi.encode(keccak256("c"), siblings[0]))))
        );
    }

    function test_EveryLeafOfEverySmallTreeIsProven() public view {
        for (uint256 size = 1; size <= 33; ++size) {
            bytes32[] memory leaves = _leaves(size, 0);
            for (uint256 index = 0; index < size; ++index) {
                _assertProven(leaves, index);
            }
        }
    }

    function testFuzz_LeafIsProven(uint256 size, uint256 index, uint256 seed) public view {
        size = bound(size, 1, 300);
        _assertProven(_leaves(size, seed), bound(index, 0, size - 1));
    }

    function test_LargestTreeIsProven() public view {
        bytes32[] memory leaves = new bytes32[](StateBatchTree.MAX_SIZE);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = bytes32(i + 1);
        }
        _assertProven(leaves, 0xa5c3);
    }

    // -------------------------------------------------------------------------------------------------- wrong paths

    function test_EmptyAndOversizedTreesProveNothing() public {
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, 0));
        tree.computeRoot(keccak256("leaf"), 0, 0, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, 65_537));
        tree.computeRoot(keccak256("leaf"), 0, 65_537, new bytes32[](17));
    }

    function testFuzz_IndexMustBeBelowTheSize(uint256 size, uint256 index) public {
        size = bound(size, 1, StateBatchTree.MAX_SIZE);
        index = bound(index, size, type(uint256).max);
        bytes32[] memory siblings = new bytes32[](tree.heightOf(size));
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_IndexOutOfBounds.selector, index, size));
        tree.computeRoot(keccak256("leaf"), index, size, siblings);
    }

    function testFuzz_PathMustBeAsLongAsTheTreeIsHigh(uint256 size, uint256 length) public {
        size = bound(size, 1, StateBatchTree.MAX_SIZE);
        length = bound(length, 0, 40);
        uint256 height = tree.heightOf(size);
        vm.assume(length != height);
        vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_PathLength.selector, length, height));
        tree.computeRoot(keccak256("leaf"), 0, size, new bytes32[](length));
    }

    /// @dev The padding's own path leads to the root; its index gives it away.
    function test_PaddingLeafCannotBeProven() public {
        bytes32 missing = keccak256(abi.encode(uint256(0)));
        for (uint256 size = 3; size <= 9; ++size) {
            bytes32[] memory leaves = _leaves(size, 0);
            bytes32[] memory padded = new bytes32[](1 << tree.heightOf(size));
            for (uint256 i = 0; i < padded.length; ++i) {
                padded[i] = i < size ? leaves[i] : missing;
            }
            for (uint256 index = size; index < padded.length; ++index) {
                bytes32[] memory siblings = StateBatchBuilder.siblingsOf(padded, index);
                if (padded.length == size + 1) {
                    // On the lowest level the padding is the missing leaf itself, so both trees are the same.
                    assertEq(
                        tree.computeRoot(missing, index, padded.length, siblings), StateBatchBuilder.rootOf(leaves)
                    );
                }
                vm.expectRevert(
                    abi.encodeWithSelector(StateBatchTree.StateBatchTree_IndexOutOfBounds.selector, index, size)
                );
                tree.computeRoot(missing, index, size, siblings);
            }
        }
    }

    function test_InnerNodeCannotBeProvenAsALeaf() public {
        bytes32[] memory leaves = _leaves(13, 0);
        bytes32[] memory path = StateBatchBuilder.siblingsOf(leaves, 6);
        bytes32 node = leaves[6];
        for (uint256 level = 1; level <= 4; ++level) {
            bool isRight = (6 >> (level - 1)) & 1 == 1;
            node = isRight ? keccak256(abi.encode(path[level - 1], node)) : keccak256(abi.encode(node, path[level - 1]));
            bytes32[] memory shorter = new bytes32[](4 - level);
            for (uint256 i = 0; i < shorter.length; ++i) {
                shorter[i] = path[level + i];
            }
            vm.expectRevert(
                abi.encodeWithSelector(StateBatchTree.StateBatchTree_PathLength.selector, shorter.length, 4)
            );
            tree.computeRoot(node, 6 >> level, 13, shorter);
        }
        assertEq(node, StateBatchBuilder.rootOf(leaves));
    }

    function testFuzz_AnythingWrongGivesAnotherRoot(uint256 size, uint256 index, uint256 wrongIndex, uint256 level)
        public
        view
    {
        size = bound(size, 2, 100);
        index = bound(index, 0, size - 1);
        wrongIndex = bound(wrongIndex, 0, size - 1);
        bytes32[] memory leaves = _leaves(size, 0);
        bytes32 root = StateBatchBuilder.rootOf(leaves);
        bytes32[] memory siblings = StateBatchBuilder.siblingsOf(leaves, index);
        if (wrongIndex != index) {
            assertNotEq(tree.computeRoot(leaves[index], wrongIndex, size, siblings), root, "index");
            assertNotEq(tree.computeRoot(leaves[wrongIndex], index, size, siblings), root, "leaf");
        }
        level = bound(level, 0, siblings.length - 1);
        siblings[level] = ~siblings[level];
        assertNotEq(tree.computeRoot(leaves[index], index, size, siblings), root, "sibling");
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    function _assertProven(bytes32[] memory leaves, uint256 index) private view {
        bytes32[] memory siblings = StateBatchBuilder.siblingsOf(leaves, index);
        assertEq(
            tree.computeRoot(leaves[index], index, leaves.length, siblings), StateBatchBuilder.rootOf(leaves), "root"
        );
    }

    function _leaves(uint256 size, uint256 seed) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }
}
