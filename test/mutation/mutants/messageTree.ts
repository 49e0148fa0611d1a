import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const messageTree: MutatedSource = {
  source: 'contracts/libraries/MessageTree.sol',
  mutants: [
    {
      rule: 'no index is larger than the tree',
      find: 'if (index >= count) revert MessageTree_IndexOutOfBounds(index, count);',
      replace: '',
      killedBy: 'peers/Proofs.t.sol: test_AnIndexLargerThanTheTreeProvesNothing',
    },
    {
      rule: 'a short path proves nothing',
      find: '            for {} xor(index, last) { next := add(next, 0x20) } {',
      replace:
        '            for {} and(lt(next, add(siblings.offset, shl(5, siblings.length))), xor(index, last)) { next := add(next, 0x20) } {',
      killedBy: 'peers/Proofs.t.sol: test_AShortPathProvesNothing',
    },
    {
      rule: 'a leaf is not proven twice in one proof',
      find: 'if (next <= previous) revert',
      replace: 'if (next < previous) revert',
      killedBy: 'peers/Proofs.t.sol: test_ALeafCannotBeProvenTwiceInOneProof',
    },
  ],
};
