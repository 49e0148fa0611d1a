// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {MessageTreeHarness} from "../support/MessageTreeHarness.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";

/// @notice Appending, and the roots that follow from peaks and paths, against trees that are built from their definition.
contract MessageTreeLibraryTest is Test {
    using MessageTree for MessageTree.Frontier;

    MessageTree.Frontier private frontier;
    MessageTreeHarness private tree;

    function setUp() public {
        tree = new MessageTreeHarness();
    }

    // --------------------------------------------------------------------------------------------------- appending

    function test_PeaksAndCommitmentsOfEverySmallTree() public {
        bytes32[] memory all = _keys(66);
        for (uint256 count = 1; count <= all.length; ++count) {
            frontier.append(count - 1, all[count - 1]);
            _checkFrontier(_slice(all, 0, count));
        }
    }

    /// @dev At 1, 2, 3, and about each power of two.
    function test_RootsAndCommitmentsOfLargeTrees() public {
        bytes32[] memory keys = _keys(65_537);
        for (uint256 count = 1; count <= 65_537; ++count) {
            frontier.append(count - 1, keys[count - 1]);
            if (count & (count - 1) == 0 || count & (count + 1) == 0 || (count - 1) & (count - 2) == 0) {
                _shorten(keys, count);
                bytes32[] memory peaks = frontier.peaksOf(count);
                assertEq(MessageTree.rootOf(peaks), MessageTreeBuilder.rootOf(keys), "root");
                bytes32 stored = frontier.commitments[MessageTree.commitmentLevel(count)];
                assertEq(stored, MessageTree.commitmentOf(count, peaks), "commitment");
                _shorten(keys, 65_537);
            }
        }
    }

    function test_ATreeOfOneLeafIsItsLeaf() public {
        frontier.append(0, "key");

        assertEq(MessageTree.rootOf(frontier.peaksOf(1)), keccak256(abi.encodePacked(bytes32("key"))));
    }

    /// @dev Spelled out: five leaves, the last without neighbours.
    function test_ANodeWithoutNeighbourStandsOnTheNextLevelAsItIs() public {
        bytes32[5] memory leaves;
        for (uint256 i = 0; i < 5; ++i) {
            frontier.append(i, bytes32(i));
            leaves[i] = keccak256(abi.encodePacked(bytes32(i)));
        }
        bytes32 left = _pair(_pair(leaves[0], leaves[1]), _pair(leaves[2], leaves[3]));

        assertEq(MessageTree.rootOf(frontier.peaksOf(5)), _pair(left, leaves[4]));
        bytes32 before = keccak256(abi.encode(uint256(4), bytes32(0), left));
        assertEq(frontier.commitments[0], keccak256(abi.encode(uint256(5), before, leaves[4])));
    }

    /// @dev Two slots are written, and as many are read as the index has trailing ones, and one more.
    function test_AnAppendReadsAndWritesFewSlots() public {
        for (uint256 i = 0; i < 64; ++i) {
            vm.record();
            tree.append(bytes32(i));
            (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(tree));
            uint256 ones;
            while ((i >> ones) & 1 == 1) ++ones;
            bool hasRest = i >> ones != 0;
            // Each write is recorded as a read as well; the harness reads and writes its own count.
            assertEq(writes.length, 3, "writes");
            assertEq(reads.length, writes.length + 1 + ones + (hasRest ? 1 : 0), "reads");
        }
    }

    /// @dev The last level there is: a tree of 2^63 leaves has its peak there, and one of 2^64 - 1 all of them.
    function test_TheLastLevelIsUsed() public {
        frontier.append((1 << 63) - 1, "key");
        assertNotEq(frontier.peaks[63], 0);
        assertEq(MessageTree.commitmentLevel(1 << 63), 63);
        assertEq(frontier.peaksOf(type(uint64).max).length, 64);
    }

    // ----------------------------------------------------------------------------------------------- from the peaks

    function test_TheCommitmentBindsCountAndPeaks() public view {
        bytes32[] memory all = _keys(21);
        bytes32[] memory peaks = MessageTreeBuilder.peaksOf(all);
        bytes32 commitment = tree.commitmentOf(21, peaks);

        // Other counts with as many peaks, one of them with the same lowest bit.
        assertNotEq(tree.commitmentOf(25, peaks), commitment);
        assertNotEq(tree.commitmentOf(22, peaks), commitment);
        for (uint256 i = 0; i < peaks.length; ++i) {
            bytes32[] memory changed = MessageTreeBuilder.peaksOf(all);
            changed[i] = ~changed[i];
            assertNotEq(tree.commitmentOf(21, changed), commitment);
        }
        (peaks[0], peaks[1]) = (peaks[1], peaks[0]);
        assertNotEq(tree.commitmentOf(21, peaks), commitment);
    }

    function test_RevertWhen_ThereAreMoreOrFewerPeaks() public {
        for (uint256 given = 0; given < 6; ++given) {
            if (given == 3) continue;
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_PeakCount.selector, given, 3));
            tree.commitmentOf(21, new bytes32[](given));
        }
    }

    function test_RevertWhen_TheCountHasNoCommitment() public {
        uint256[3] memory counts = [uint256(0), 1 << 64, type(uint256).max];
        for (uint256 i = 0; i < counts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_CountOutOfBounds.selector, counts[i]));
            tree.commitmentLevel(counts[i]);
        }
        assertEq(tree.commitmentLevel(type(uint64).max), 0);
        for (uint256 level = 0; level < 64; ++level) {
            assertEq(tree.commitmentLevel(1 << level), level);
            assertEq(tree.commitmentLevel(uint64(type(uint256).max << level)), level);
        }
    }

    // ------------------------------------------------------------------------------------------------------- paths

    function test_EveryLeafOfEverySmallTreeIsProven() public view {
        for (uint256 count = 1; count <= 33; ++count) {
            bytes32[] memory keys = _keys(count);
            bytes32 root = MessageTreeBuilder.rootOf(keys);
            for (uint256 index = 0; index < count; ++index) {
                bytes32[] memory path = MessageTreeBuilder.pathOf(keys, index);
                assertEq(tree.rootByPath(_leaf(keys[index]), index, count, path), root);
            }
        }
    }

    function testFuzz_ALeafIsProven(uint256 count, uint256 index) public view {
        count = bound(count, 1, 200);
        index = bound(index, 0, count - 1);
        bytes32[] memory keys = _keys(count);
        bytes32[] memory path = MessageTreeBuilder.pathOf(keys, index);

        assertEq(tree.rootByPath(_leaf(keys[index]), index, count, path), MessageTreeBuilder.rootOf(keys));
    }

    function test_LeavesOfLargeTreesAreProven() public view {
        bytes32[] memory keys = _keys(65_537);
        for (uint256 count = 65_537; count >= 65_535; --count) {
            _shorten(keys, count);
            bytes32 root = MessageTreeBuilder.rootOf(keys);
            uint256[2] memory indices = [uint256(0x5a3c), count - 1];
            for (uint256 i = 0; i < indices.length; ++i) {
                bytes32[] memory path = MessageTreeBuilder.pathOf(keys, indices[i]);
                assertLe(path.length, count > 65_536 ? 17 : 16);
                assertEq(tree.rootByPath(_leaf(keys[indices[i]]), indices[i], count, path), root);
            }
        }
    }

    function testFuzz_RevertWhen_TheIndexIsNotInTheTree(uint256 count, uint256 index) public {
        index = bound(index, count, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, index, count));
        tree.rootByPath("leaf", index, count, new bytes32[](3));
    }

    function test_RevertWhen_TheIndexIsTheCount() public {
        for (uint256 count = 0; count < 16; ++count) {
            vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_IndexOutOfBounds.selector, count, count));
            tree.rootByPath("leaf", count, count, new bytes32[](3));
        }
    }

    function testFuzz_RevertWhen_ThePathIsShorterOrLonger(uint256 count, uint256 index, uint256 length) public {
        count = bound(count, 1, 200);
        index = bound(index, 0, count - 1);
        uint256 height = MessageTreeBuilder.pathOf(_keys(count), index).length;
        length = bound(length, 0, 20);
        vm.assume(length != height);

        vm.expectRevert(abi.encodeWithSelector(MessageTree.MessageTree_SiblingCount.selector, length, height));
        tree.rootByPath("leaf", index, count, new bytes32[](length));
    }

    function testFuzz_AnythingWrongGivesAnotherRoot(uint256 count, uint256 index, uint256 other, uint256 level)
        public
        view
    {
        count = bound(count, 2, 100);
        index = bound(index, 0, count - 1);
        other = bound(other, 0, count - 1);
        bytes32[] memory keys = _keys(count);
        bytes32 root = MessageTreeBuilder.rootOf(keys);
        bytes32[] memory path = MessageTreeBuilder.pathOf(keys, index);
        if (other != index) {
            assertNotEq(tree.rootByPath(_leaf(keys[other]), index, count, path), root, "leaf");
            assertFalse(_leadsTo(root, _leaf(keys[index]), other, count, path), "index");
        }
        level = bound(level, 0, path.length - 1);
        (path[level], path[(level + 1) % path.length]) = (path[(level + 1) % path.length], path[level]);
        if (path.length > 1) assertNotEq(tree.rootByPath(_leaf(keys[index]), index, count, path), root, "swapped");
        path = MessageTreeBuilder.pathOf(keys, index);
        path[level] = ~path[level];
        assertNotEq(tree.rootByPath(_leaf(keys[index]), index, count, path), root, "sibling");
    }

    /// @dev Every inner node, with every end of the path of a leaf below it, at every place.
    function test_AnInnerNodeIsNoLeaf() public view {
        for (uint256 count = 2; count <= 9; ++count) {
            for (uint256 size = 2; size < 2 * count; size *= 2) {
                for (uint256 start = 0; start + size / 2 < count; start += size) {
                    _checkInnerNode(_keys(count), start, start + size < count ? start + size : count);
                }
            }
        }
    }

    function _checkInnerNode(bytes32[] memory keys, uint256 start, uint256 end) private view {
        bytes32 root = MessageTreeBuilder.rootOf(keys);
        bytes32 inner = MessageTreeBuilder.rootOf(_slice(keys, start, end));
        bytes32[] memory path = MessageTreeBuilder.pathOf(keys, start);
        for (uint256 from = 0; from <= path.length; ++from) {
            for (uint256 place = 0; place < keys.length; ++place) {
                assertFalse(_leadsTo(root, inner, place, keys.length, _from(path, from)));
            }
        }
    }

    /// @dev Leaves are hashes of 32 bytes, parents of 64: no key has a parent, or two children, for its leaf.
    function test_LeavesAndParentsHaveDomainsOfTheirOwn() public pure {
        bytes32 left = MessageTree.leafOf("left");
        bytes32 parent = keccak256(abi.encodePacked(left, MessageTree.leafOf("right")));

        assertEq(left, keccak256(abi.encodePacked(bytes32("left"))));
        assertNotEq(MessageTree.leafOf(parent), parent);
        assertNotEq(MessageTree.leafOf(left), left);
    }

    /// @dev Behind the last leaf there is nothing: not zero, not zero's hash, not the last leaf again.
    function test_NothingStandsBehindTheLastLeaf() public view {
        for (uint256 count = 1; count <= 16; ++count) {
            bytes32[] memory keys = _keys(count);
            bytes32 root = MessageTreeBuilder.rootOf(keys);
            bytes32[3] memory paddings = [bytes32(0), MessageTree.leafOf(0), _leaf(keys[count - 1])];
            for (uint256 i = 0; i < paddings.length; ++i) {
                for (uint256 index = count; index <= count + 2; ++index) {
                    bytes32[] memory path = MessageTreeBuilder.pathOf(keys, count - 1);
                    assertFalse(_leadsTo(root, paddings[i], index, count, path));
                    assertFalse(_leadsTo(root, paddings[i], index, count, _from(path, 1)));
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    function _checkFrontier(bytes32[] memory keys) private view {
        uint256 count = keys.length;
        bytes32[] memory peaks = frontier.peaksOf(count);
        assertEq(peaks, MessageTreeBuilder.peaksOf(keys), "peaks");
        assertEq(MessageTree.rootOf(peaks), MessageTreeBuilder.rootOf(keys), "root");
        bytes32 stored = frontier.commitments[MessageTree.commitmentLevel(count)];
        assertEq(stored, MessageTree.commitmentOf(count, peaks), "commitment");
    }

    function _leadsTo(bytes32 root, bytes32 leaf, uint256 index, uint256 count, bytes32[] memory path)
        private
        view
        returns (bool)
    {
        try tree.rootByPath(leaf, index, count, path) returns (bytes32 computed) {
            return computed == root;
        } catch {
            return false;
        }
    }

    function _from(bytes32[] memory path, uint256 start) private pure returns (bytes32[] memory) {
        return _slice(path, start < path.length ? start : path.length, path.length);
    }

    function _leaf(bytes32 key) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(key));
    }

    function _pair(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(left, right));
    }

    function _keys(uint256 count) private pure returns (bytes32[] memory keys) {
        keys = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            keys[i] = bytes32(~i);
        }
    }

    function _shorten(bytes32[] memory list, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }

    function _slice(bytes32[] memory list, uint256 start, uint256 end) private pure returns (bytes32[] memory part) {
        part = new bytes32[](end - start);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = list[start + i];
        }
    }
}
