import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const blockHeader: MutatedSource = {
  source: 'contracts/omnichain/libraries/BlockHeader.sol',
  mutants: [
    {
      rule: 'nothing follows the header',
      find: 'if (end != header.length) revert BlockHeader_TrailingBytes(header.length - end);',
      replace: '',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: testFuzz_RevertWhen_BytesFollow',
    },
    {
      rule: 'no field is a list',
      find: '(, offset) = header.string_(offset);',
      replace: '(,, offset) = header.item(offset);',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_RevertWhen_AFieldIsAList',
    },
    {
      rule: 'a hash has 32 bytes',
      find: 'if (starts[position + 1] - start != HASH_ITEM) revert BlockHeader_MalformedField(position);',
      replace: '',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_RevertWhen_AHashHasAnotherLength',
    },
    {
      rule: 'numbers have no more than 64 bits',
      find: 'if (length > 8 || header',
      replace: 'if (header',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_RevertWhen_ANumberHasLeadingZerosOrMoreThan64Bits',
    },
    {
      rule: 'numbers have no leading zeros',
      find: 'if (length > 8 || header.byteAt(start) == 0) revert',
      replace: 'if (length > 8) revert',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_RevertWhen_ANumberHasLeadingZerosOrMoreThan64Bits',
    },
    {
      rule: 'zero is a number',
      find: 'if (length == 0) return 0;',
      replace: 'if (length == 0) revert BlockHeader_MalformedField(position);',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: testFuzz_FieldsAreReadWhateverFollowsThem',
    },
    {
      rule: 'the parent is a hash',
      find: 'if (headers.byteAt(start) != 0xa0 || start',
      replace: 'if (start',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_RevertWhen_TheParentOfALinkIsNoHash',
    },
    {
      rule: 'the parent lies within its header',
      find: ' || start + HASH_ITEM > end) revert',
      replace: ') revert',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_RevertWhen_TheParentOfALinkIsNoHash',
    },
    {
      rule: 'a header may end with its extra data',
      find: 'if (i + 1 < starts.length) (,',
      replace: '(,',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_HeaderThatEndsWithItsExtraDataIsRead',
    },
    {
      rule: 'what follows a zero is no part of it',
      find: 'if (length == 0) return 0;',
      replace: '',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: test_ZeroIsANumberWhateverFollowsIt',
    },
    {
      rule: 'each field is looked for',
      find: 'i < starts.length; ++i',
      replace: 'i < 9; ++i',
      killedBy: 'omnichain/libraries/BlockHeader.t.sol: testFuzz_FieldsAreReadWhateverFollowsThem',
    },
  ],
};
