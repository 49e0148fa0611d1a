// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {StateBatchTreeHarness} from "../support/StateBatchTreeHarness.sol";
import {VectorTest} from "../support/VectorTest.sol";

contract StateBatchVectorsTest is VectorTest {
    StateBatchTreeHarness private tree;

    function setUp() public {
        tree = new StateBatchTreeHarness();
    }

    function test_TreesHaveTheRootsAndSiblings() public {
        string memory json = _readVectors("merkle/state-batch-trees.json");
        uint256 trees;
        uint256 proofs;
        for (; vm.keyExistsJson(json, _tree(trees, "")); ++trees) {
            bytes32[] memory leaves = _leaves(vm.parseJsonUint(json, _tree(trees, ".n")));
            bytes32 root = vm.parseJsonBytes32(json, _tree(trees, ".root"));
            assertEq(StateBatchBuilder.rootOf(leaves), root);
            for (uint256 i = 0; i < leaves.length; ++i) {
                bytes32[] memory path = StateBatchBuilder.siblingsOf(leaves, i);
                assertEq(tree.computeRoot(leaves[i], i, leaves.length, path), root);
            }
            for (uint256 i = 0; vm.keyExistsJson(json, _proof(trees, i, "")); ++i) {
                uint256 index = vm.parseJsonUint(json, _proof(trees, i, ".index"));
                bytes32[] memory siblings = vm.parseJsonBytes32Array(json, _proof(trees, i, ".siblings"));
                assertEq(tree.computeRoot(leaves[index], index, leaves.length, siblings), root);
                assertEq(
                    keccak256(abi.encode(StateBatchBuilder.siblingsOf(leaves, index))), keccak256(abi.encode(siblings))
                );
                ++proofs;
            }
        }
        assertEq(trees, 15);
        assertEq(proofs, 54);
    }

    function _leaves(uint256 size) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(i));
        }
    }

    function _tree(uint256 i, string memory part) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]", part);
    }

    function _proof(uint256 i, uint256 j, string memory part) private pure returns (string memory) {
        return _tree(i, string.concat(".proofs[", vm.toString(j), "]", part));
    }
}
