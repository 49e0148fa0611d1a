import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const rlp: MutatedSource = {
  source: 'contracts/libraries/RLP.sol',
  mutants: [
    {
      rule: 'a list is no string',
      find: 'if (isList) revert RLP_UnexpectedType(byteAt(input, offset));',
      replace: '',
      killedBy: 'libraries/RLP.t.sol: test_ListIsNotAString',
    },
    {
      rule: 'a string is no list',
      find: 'if (!isList) revert RLP_UnexpectedType(byteAt(input, offset));',
      replace: '',
      killedBy: 'libraries/RLP.t.sol: test_StringIsNotAList',
    },
    {
      rule: 'nothing is read beyond the input',
      find: 'if (offset >= input.length) {',
      replace: 'if (false) {',
      killedBy: 'libraries/RLP.t.sol: test_NothingIsReadBeyondTheInput',
    },
    {
      rule: 'nothing is read at the end of the input',
      find: 'if (offset >= input.length) {',
      replace: 'if (offset > input.length) {',
      killedBy: 'libraries/RLP.t.sol: test_NothingIsReadBeyondTheInput',
    },
    {
      rule: 'an item lies within the input',
      find: 'if (end > input.length) revert RLP_OutOfBounds(end, input.length);',
      replace: '',
      killedBy: 'libraries/RLP.t.sol: test_ContentMustLieWithinTheInput',
    },
    {
      rule: 'an item may end with the input',
      find: 'if (end > input.length) revert',
      replace: 'if (end >= input.length) revert',
      killedBy: 'libraries/RLP.t.sol: test_ShortFormHoldsUpTo55Bytes',
    },
    {
      rule: 'a byte below 0x80 is its own encoding',
      find: 'if (prefix == 0x81 && byteAt(input, start) < 0x80) revert RLP_NotCanonical(prefix);',
      replace: '',
      killedBy: 'libraries/RLP.t.sol: test_ByteBelow0x80HasNoPrefix',
    },
    {
      rule: 'a byte from 0x80 on has a prefix',
      find: 'if (prefix == 0x81 && byteAt(input, start) < 0x80) revert',
      replace: 'if (prefix == 0x81 && byteAt(input, start) <= 0x80) revert',
      killedBy: 'libraries/RLP.t.sol: test_ByteFrom0x80OnHasAPrefix',
    },
    {
      rule: '0x80 is the empty string',
      find: 'if (prefix < 0x80) return',
      replace: 'if (prefix <= 0x80) return',
      killedBy: 'libraries/RLP.t.sol: test_EmptyStringAndEmptyListHaveNoContent',
    },
    {
      rule: '0xc0 is a list',
      find: 'isList = prefix >= 0xc0;',
      replace: 'isList = prefix > 0xc0;',
      killedBy: 'libraries/RLP.t.sol: test_EmptyStringAndEmptyListHaveNoContent',
    },
    {
      rule: '55 bytes have the short form',
      find: 'if (length > 55) (start',
      replace: 'if (length >= 55) (start',
      killedBy: 'libraries/RLP.t.sol: test_ShortFormHoldsUpTo55Bytes',
    },
    {
      rule: 'the length lies within the input',
      find: 'if (start > input.length) revert RLP_OutOfBounds(start, input.length);',
      replace: '',
      killedBy: 'libraries/RLP.t.sol: test_LengthMustLieWithinTheInput',
    },
    {
      rule: 'the long form is not for short content',
      find: 'if (length <= 55 || byteAt',
      replace: 'if (byteAt',
      killedBy: 'libraries/RLP.t.sol: test_LongFormIsNotForShortContent',
    },
    {
      rule: '55 bytes are short content',
      find: 'if (length <= 55 || byteAt',
      replace: 'if (length < 55 || byteAt',
      killedBy: 'libraries/RLP.t.sol: test_LongFormIsNotForShortContent',
    },
    {
      rule: 'a length has no leading zeros',
      find: 'if (length <= 55 || byteAt(input, offset) == 0) revert',
      replace: 'if (length <= 55) revert',
      killedBy: 'libraries/RLP.t.sol: test_LengthHasNoLeadingZeros',
    },
    {
      rule: 'a length is all of its bytes',
      find: '>> (256 - 8 * lengthBytes);',
      replace: '>> 248;',
      killedBy: 'libraries/RLP.t.sol: test_LongFormTakesMoreBytesOfLengthFrom256BytesOn',
    },
    {
      rule: 'only a single byte is its own encoding',
      find: 'if (prefix == 0x81 && byteAt(input, start) < 0x80) revert',
      replace: 'if (byteAt(input, start) < 0x80) revert',
      killedBy: 'libraries/RLP.t.sol: test_ListOfOneByteIsCanonical',
    },
  ],
};
