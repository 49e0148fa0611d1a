import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const stateBatchTree: MutatedSource = {
  source: 'contracts/libraries/StateBatchTree.sol',
  mutants: [
    {
      rule: 'the index is inside the batch',
      find: 'if (index >= size) revert StateBatchTree_IndexOutOfBounds(index, size);',
      replace: '',
      killedBy: 'libraries/StateBatchTree.t.sol: testFuzz_IndexMustBeBelowTheSize',
    },
    {
      rule: 'the size is no index',
      find: 'if (index >= size) revert',
      replace: 'if (index > size) revert',
      killedBy: 'libraries/StateBatchTree.t.sol: testFuzz_IndexMustBeBelowTheSize',
    },
    {
      rule: 'no padding leaf is proven',
      find: 'if (index >= size) revert StateBatchTree_IndexOutOfBounds(index, size);',
      replace: '',
      killedBy: 'peers/Proofs.t.sol: test_APaddingLeafIsNotProven',
    },
    {
      rule: 'the path is as long as the tree is high',
      find: 'if (siblings.length != height) revert StateBatchTree_PathLength(siblings.length, height);',
      replace: '',
      killedBy: 'libraries/StateBatchTree.t.sol: testFuzz_PathMustBeAsLongAsTheTreeIsHigh',
    },
    {
      rule: 'no inner node is taken for a leaf',
      find: 'uint256 height = heightOf(size);\n        if (index >= size) revert StateBatchTree_IndexOutOfBounds(index, size);\n        if (siblings.length != height) revert StateBatchTree_PathLength(siblings.length, height);',
      replace:
        'uint256 height = siblings.length;\n        if (index >= size) revert StateBatchTree_IndexOutOfBounds(index, size);',
      killedBy: 'peers/Proofs.t.sol: test_AnInnerNodeIsNoLeaf',
    },
    {
      rule: 'left and right are not interchangeable',
      find: 'index & 1 == 1 ? Hashes',
      replace: 'index & 1 == 0 ? Hashes',
      killedBy: 'libraries/StateBatchTree.t.sol: testFuzz_LeafIsProven',
    },
    {
      rule: "every level's side follows from the index",
      find: '            index >>= 1;\n',
      replace: '',
      killedBy: 'libraries/StateBatchTree.t.sol: testFuzz_LeafIsProven',
    },
    {
      rule: 'an empty tree has no height',
      find: 'if (size == 0 || size > MAX_SIZE) revert',
      replace: 'if (size > MAX_SIZE) revert',
      killedBy: 'libraries/StateBatchTree.t.sol: test_TreeWithoutLeavesHasNoHeight',
    },
    {
      rule: 'a tree has a largest size',
      find: 'if (size == 0 || size > MAX_SIZE) revert',
      replace: 'if (size == 0) revert',
      killedBy: 'libraries/StateBatchTree.t.sol: testFuzz_TreeOfMoreThan65536LeavesHasNoHeight',
    },
    {
      rule: 'a tree may have the largest size',
      find: 'if (size == 0 || size > MAX_SIZE) revert',
      replace: 'if (size == 0 || size >= MAX_SIZE) revert',
      killedBy: 'libraries/StateBatchTree.t.sol: test_LargestTreeIsProven',
    },
    {
      rule: 'the height is the smallest',
      find: 'while ((1 << height) < size) ++height;',
      replace: 'while ((1 << height) <= size) ++height;',
      killedBy: 'libraries/StateBatchTree.t.sol: test_HeightIsTheSmallestThatHoldsTheLeaves',
    },
    {
      rule: "a proof's path is as long as the tree is high",
      find: 'if (siblings.length != height) revert StateBatchTree_PathLength(siblings.length, height);',
      replace: '',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_ThePathIsTooShortOrTooLong',
    },
    {
      rule: "a proof's index is inside the batch",
      find: 'if (index >= size) revert StateBatchTree_IndexOutOfBounds(index, size);',
      replace: '',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_TheIndexIsOutsideTheBatch',
    },
    {
      rule: 'a path is climbed up to the root',
      find: 'level < height; ++level',
      replace: 'level < 1; ++level',
      killedBy: 'libraries/StateBatchTree.t.sol: test_EveryLeafOfEverySmallTreeIsProven',
    },
  ],
};
