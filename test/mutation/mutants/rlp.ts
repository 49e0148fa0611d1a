import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const rlp: MutatedSource = {
  source: 'contracts/libraries/RLP.sol',
  mutants: [
    {
      rule: 'an item lies within the input',
      find: 'if (end > input.length) revert RLP_OutOfBounds(end, input.length);',
      replace: '',
      killedBy: 'libraries/RLP.t.sol: test_ContentMustLieWithinTheInput',
    },
  ],
};
