import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const merkleTrieBranch: MutatedSource = {
  source: 'contracts/libraries/MerkleTrie.sol',
  mutants: [
    {
      rule: 'a branch has the hash its parent names',
      find: 'if eq(keccak256(free, sub(end, start)), expected) {',
      replace: 'if 1 {',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchMustHaveTheExpectedHash',
    },
  ],
};
