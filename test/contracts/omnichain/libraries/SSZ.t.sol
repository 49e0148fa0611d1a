// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {SSZHarness} from "../../support/omnichain/SSZHarness.sol";
import {SparseTree} from "../../support/omnichain/SparseTree.sol";
import {SSZ} from "xdm/contracts/omnichain/libraries/SSZ.sol";

contract SSZTest is Test {
    using SparseTree for SparseTree.Tree;

    SSZHarness private ssz;

    function setUp() public {
        ssz = new SSZHarness();
    }

    function testFuzz_HashIsSha256(bytes32 left, bytes32 right) public view {
        assertEq(SSZ.hash(left, right), sha256(abi.encode(left, right)));
    }

    function testFuzz_ANumbersLowestByteComesFirst(uint64 value) public pure {
        bytes memory bytesOfIt = abi.encodePacked(SSZ.chunk(value));
        for (uint256 i = 0; i < 32; ++i) {
            assertEq(uint8(bytesOfIt[i]), i < 8 ? uint8(value >> 8 * i) : 0);
        }
    }

    function testFuzz_ANodeIsProven(bytes32 node, uint256 index, bytes32 salt) public view {
        index = bound(index, 1, 1 << 12);
        SparseTree.Tree memory tree = _tree(index, node, salt);
        assertEq(ssz.rootOf(node, index, tree.branch(index)), tree.root());
    }

    function testFuzz_TwoNodesAreProven(uint256 height, uint256 first, uint256 second, bytes32 salt) public view {
        height = bound(height, 1, 10);
        first = bound(first, 1 << height, (2 << height) - 1);
        second = bound(second, 1 << height, (2 << height) - 1);
        vm.assume(first != second);
        SparseTree.Tree memory tree = _tree(first, "first", salt);
        SparseTree.Node memory node = tree.nodes[0];
        tree.nodes = new SparseTree.Node[](2);
        (tree.nodes[0], tree.nodes[1]) = (node, SparseTree.Node(second, "second"));
        bytes32[] memory siblings = tree.branchOfTwo(first, second);
        assertEq(ssz.rootOfTwo([bytes32("first"), "second"], [first, second], siblings), tree.root());
    }

    function testFuzz_RevertWhen_ABranchHasAnotherLength(uint256 index, uint256 length) public {
        index = bound(index, 1, 1 << 12);
        length = bound(length, 0, 20);
        uint256 height = SparseTree.heightOf(index);
        vm.assume(length != height);
        vm.expectRevert(abi.encodeWithSelector(SSZ.SSZ_BranchLength.selector, length, height));
        ssz.rootOf(0, index, new bytes32[](length));
    }

    function test_RevertWhen_ABranchOfTwoHasAnotherLength() public {
        // 22 and 28 meet at the root: three siblings each.
        vm.expectRevert(abi.encodeWithSelector(SSZ.SSZ_BranchLength.selector, 5, 6));
        ssz.rootOfTwo([bytes32(0), 0], [uint256(22), 28], new bytes32[](5));
        vm.expectRevert(abi.encodeWithSelector(SSZ.SSZ_BranchLength.selector, 7, 6));
        ssz.rootOfTwo([bytes32(0), 0], [uint256(22), 28], new bytes32[](7));
    }

    function _tree(uint256 index, bytes32 node, bytes32 salt) private pure returns (SparseTree.Tree memory tree) {
        tree.nodes = new SparseTree.Node[](1);
        tree.nodes[0] = SparseTree.Node(index, node);
        tree.salt = salt;
    }
}
