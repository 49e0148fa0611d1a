import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const storageProof: MutatedSource = {
  source: 'contracts/libraries/StorageProof.sol',
  mutants: [
    {
      rule: 'nothing follows the proof',
      find: 'if (rest.length != 0) revert StorageProof_TrailingBytes(rest.length);',
      replace: '',
      killedBy: 'libraries/StorageProof.t.sol: testFuzz_NothingFollowsTheProof',
    },
    {
      rule: 'the account is the one asked for',
      find: 'keccak256(abi.encodePacked(account))',
      replace: 'keccak256(abi.encodePacked(address(0xacc)))',
      killedBy: 'libraries/StorageProof.t.sol: test_OtherAccountIsNotFound',
    },
    {
      rule: 'the slot is the one asked for',
      find: 'keccak256(abi.encodePacked(slot))',
      replace: 'keccak256(abi.encodePacked(uint256(0x5107)))',
      killedBy: 'libraries/StorageProof.t.sol: test_OtherSlotIsNotFound',
    },
    {
      rule: "the account's third field is a hash",
      find: 'if (accountValue.byteAt(offset) != 0xa0 || accountValue',
      replace: 'if (accountValue',
      killedBy: 'libraries/StorageProof.t.sol: test_ThirdFieldOfAnAccountIsAHash',
    },
    {
      rule: "the account's fourth field is a hash",
      find: ' || accountValue.byteAt(offset + 33) != 0xa0 ||',
      replace: ' ||',
      killedBy: 'libraries/StorageProof.t.sol: test_FourthFieldOfAnAccountIsAHash',
    },
    {
      rule: 'an account has four fields',
      find: ' || offset + 66 != end) {',
      replace: ') {',
      killedBy: 'libraries/StorageProof.t.sol: test_AccountHasFourFields',
    },
    {
      rule: 'nothing follows the account',
      find: 'if (end != accountValue.length) revert StorageProof_TrailingBytes(accountValue.length - end);',
      replace: '',
      killedBy: 'libraries/StorageProof.t.sol: test_NothingFollowsTheAccount',
    },
    {
      rule: 'the storage root is the third field',
      find: 'return accountValue.wordAt(offset + 1);',
      replace: 'return accountValue.wordAt(offset + 34);',
      killedBy: 'libraries/StorageProof.t.sol: testFuzz_ValueOfTheSlotIsReadUnderTheStateRoot',
    },
    {
      rule: 'the account is a list',
      find: '(uint256 offset, uint256 end) = accountValue.list(0);',
      replace: '(, uint256 offset, uint256 end) = accountValue.item(0);',
      killedBy: 'libraries/StorageProof.t.sol: test_AccountIsAList',
    },
    {
      rule: 'the nonce is a string',
      find: '        (, offset) = accountValue.string_(offset);\n        (, offset) = accountValue.string_(offset);',
      replace: '        (,, offset) = accountValue.item(offset);\n        (, offset) = accountValue.string_(offset);',
      killedBy: 'libraries/StorageProof.t.sol: test_NonceAndBalanceAreStrings',
    },
    {
      rule: 'the balance is a string',
      find: '        (, offset) = accountValue.string_(offset);\n        (, offset) = accountValue.string_(offset);',
      replace: '        (, offset) = accountValue.string_(offset);\n        (,, offset) = accountValue.item(offset);',
      killedBy: 'libraries/StorageProof.t.sol: test_NonceAndBalanceAreStrings',
    },
    {
      rule: 'nothing follows the value',
      find: 'if (end != slotValue.length || length == 0',
      replace: 'if (length == 0',
      killedBy: 'libraries/StorageProof.t.sol: test_NothingFollowsTheValue',
    },
    {
      rule: 'zero is not stored',
      find: ' || length == 0 || length > 32 || slotValue.byteAt(start) == 0) {',
      replace: ' || length > 32) {',
      killedBy: 'libraries/StorageProof.t.sol: test_ZeroIsNotStored',
    },
    {
      rule: 'a value has at most 32 bytes',
      find: ' || length > 32 ||',
      replace: ' ||',
      killedBy: 'libraries/StorageProof.t.sol: test_ValueHasAtMost32Bytes',
    },
    {
      rule: 'a value has no leading zeros',
      find: ' || slotValue.byteAt(start) == 0) {',
      replace: ') {',
      killedBy: 'libraries/StorageProof.t.sol: test_ValueHasNoLeadingZeros',
    },
    {
      rule: 'a value is a string',
      find: '(uint256 start, uint256 end) = slotValue.string_(0);',
      replace: '(, uint256 start, uint256 end) = slotValue.item(0);',
      killedBy: 'libraries/StorageProof.t.sol: test_ValueIsAString',
    },
    {
      rule: 'the value is all of its bytes',
      find: '>> (256 - 8 * length);',
      replace: '>> (248 - 8 * length);',
      killedBy: 'libraries/StorageProof.t.sol: test_ValuesOfAllLengthsAreRead',
    },
    {
      rule: 'a value has bytes',
      find: ' || length == 0 || length',
      replace: ' || length',
      killedBy: 'libraries/StorageProof.t.sol: test_WhatFollowsInCalldataIsNotTheValue',
    },
  ],
};
