import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const messageTreeLoops: MutatedSource = {
  source: 'contracts/libraries/MessageTree.sol',
  mutants: [
    {
      rule: 'a leaf joins all peaks of its way up',
      find: '(index >> level) & 1 == 1; ++level',
      replace: '(index >> level) & 3 == 1; ++level',
      killedBy: 'libraries/MessageTree.t.sol: test_PeaksAndCommitmentsOfEverySmallTree',
    },
    {
      rule: 'all peaks are given',
      find: 'place != 0; ++level',
      replace: 'place > 1; ++level',
      killedBy: 'libraries/MessageTree.t.sol: test_PeaksAndCommitmentsOfEverySmallTree',
    },
    {
      rule: 'the commitment holds all peaks',
      find: 'for (uint256 i = 0; i < peaks.length; ++i) {',
      replace: 'for (uint256 i = 0; i < 1; ++i) {',
      killedBy: 'libraries/MessageTree.t.sol: test_PeaksAndCommitmentsOfEverySmallTree',
    },
    {
      rule: 'the root is of all peaks',
      find: 'while (i > 0) {',
      replace: 'while (i > 1) {',
      killedBy: 'libraries/MessageTree.t.sol: test_RootsAndCommitmentsOfLargeTrees',
    },
    {
      rule: 'a node on the right edge has no right sibling',
      find: 'for {} xor(index, last) {',
      replace: 'for {} last {',
      killedBy: 'libraries/MessageTree.t.sol: test_EveryLeafOfEverySmallTreeIsProven',
    },
    {
      rule: 'a path goes on along the right edge',
      find: 'for {} index {',
      replace: 'for {} 0 {',
      killedBy: 'libraries/MessageTree.t.sol: test_EveryLeafOfEverySmallTreeIsProven',
    },
    {
      rule: 'all nodes of a level are climbed from',
      find: 'i < length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'libraries/MessageTreeMultiproof.t.sol: test_EverySetOfLeavesOfEverySmallTreeIsProven',
    },
    {
      rule: 'a batch is climbed up to the root',
      find: 'last != 0; last >>= 1',
      replace: 'last > 1; last >>= 1',
      killedBy: 'libraries/MessageTreeMultiproof.t.sol: test_EverySetOfLeavesOfEverySmallTreeIsProven',
    },
    {
      rule: 'each set bit is a peak',
      find: 'for (; count != 0; count',
      replace: 'for (; count > 1; count',
      killedBy: 'libraries/MessageTree.t.sol: test_PeaksAndCommitmentsOfEverySmallTree',
    },
    {
      rule: 'each index is compared',
      find: 'i < indices.length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'libraries/MessageTreeMultiproof.t.sol: test_RevertWhen_IndicesDoNotAscend',
    },
  ],
};
