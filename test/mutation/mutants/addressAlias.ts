import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const addressAlias: MutatedSource = {
  source: 'contracts/libraries/AddressAlias.sol',
  mutants: [
    {
      rule: 'an alias is another address',
      find: 'address(uint160(l1Address) + OFFSET);',
      replace: 'address(uint160(l1Address));',
      killedBy: 'libraries/AddressAlias.t.sol: test_AliasIsShifted',
    },
    {
      rule: 'an alias wraps around',
      find: '        unchecked {\n            l2Address',
      replace: '        {\n            l2Address',
      killedBy: 'libraries/AddressAlias.t.sol: test_AliasWrapsAround',
    },
    {
      rule: 'an alias can be undone',
      find: 'address(uint160(l2Address) - OFFSET);',
      replace: 'address(uint160(l2Address));',
      killedBy: 'libraries/AddressAlias.t.sol: testFuzz_UndoRevertsTheAlias',
    },
    {
      rule: "the offset is Optimism's",
      find: '0x1111000000000000000000000000000000001111',
      replace: '0x1111000000000000000000000000000000001112',
      killedBy: 'libraries/AddressAlias.t.sol: test_AliasIsShifted',
    },
    {
      rule: 'the origin is an account',
      find: 'if (msg.sender == tx.origin) return true;',
      replace: '',
      killedBy: 'libraries/AddressAlias.t.sol: test_OriginIsAnAccount',
    },
    {
      rule: 'a delegated account is an account',
      find: 'return code.length == 23 && bytes3(code) == 0xef0100;',
      replace: 'return false;',
      killedBy: 'libraries/AddressAlias.t.sol: test_DelegatedAccountIsAnAccount',
    },
    {
      rule: 'a contract as long as a delegation is no account',
      find: 'return code.length == 23 && bytes3(code) == 0xef0100;',
      replace: 'return code.length == 23;',
      killedBy: 'libraries/AddressAlias.t.sol: test_ContractOfTheDelegationsLengthIsNoAccount',
    },
    {
      rule: 'a contract in construction is no account',
      find: 'return code.length == 23 && bytes3(code) == 0xef0100;',
      replace: 'return code.length == 0 || (code.length == 23 && bytes3(code) == 0xef0100);',
      killedBy: 'libraries/AddressAlias.t.sol: test_ContractInConstructionIsNoAccount',
    },
    {
      rule: 'the queue does not alias an EIP-7702 account',
      find: 'return code.length == 23 && bytes3(code) == 0xef0100;',
      replace: 'return false;',
      killedBy: 'L1/CanonicalTransactionChain.t.sol: test_DoesNotAliasAnEip7702Account',
    },
  ],
};
