import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const ssz: MutatedSource = {
  source: 'contracts/omnichain/libraries/SSZ.sol',
  mutants: [
    {
      rule: 'a branch is as long as its node is high',
      find: 'if (siblings.length != height) revert SSZ_BranchLength(siblings.length, height);',
      replace: '',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_RevertWhen_ABranchHasAnotherLength',
    },
    {
      rule: 'a branch of two is as long as its nodes are high',
      find: 'if (siblings.length != expected) revert SSZ_BranchLength(siblings.length, expected);',
      replace: '',
      killedBy: 'omnichain/libraries/SSZ.t.sol: test_RevertWhen_ABranchOfTwoHasAnotherLength',
    },
    {
      rule: 'left and right are not interchangeable',
      find: 'index & 1 == 0 ? hash',
      replace: 'index & 1 == 1 ? hash',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_ANodeIsProven',
    },
    {
      rule: "every level's side follows from the index",
      find: '            index >>= 1;\n',
      replace: '',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_ANodeIsProven',
    },
    {
      rule: 'where two nodes meet, the side follows from the first',
      find: '_parent(a, first >> apart, b)',
      replace: 'hash(a, b)',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_TwoNodesAreProven',
    },
    {
      rule: "a number's lowest byte comes first",
      find: 'return bytes32(((v >> 32) | (v << 32)) << 192);',
      replace: 'return bytes32(uint256(value) << 192);',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_ANumbersLowestByteComesFirst',
    },
    {
      rule: 'two nodes are climbed from until they meet',
      find: 'level < apart; ++level',
      replace: 'level < 1; ++level',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_TwoNodesAreProven',
    },
    {
      rule: 'a tree is as high as its index',
      find: 'while (index >> height > 1)',
      replace: 'while (index >> height > 2)',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_ANodeIsProven',
    },
    {
      rule: 'each sibling is climbed by',
      find: 'i < siblings.length; ++i',
      replace: 'i < start + 1; ++i',
      killedBy: 'omnichain/libraries/SSZ.t.sol: testFuzz_ANodeIsProven',
    },
  ],
};
