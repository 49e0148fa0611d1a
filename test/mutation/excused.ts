import type { Excuse } from '../../tools/mutation/find-unbroken.ts';

const MERKLE_TRIE = 'contracts/libraries/MerkleTrie.sol';

/** The guards that no mutant breaks, and why nobody could observe the mistake. */
export const EXCUSED: readonly Excuse[] = [
  {
    source: MERKLE_TRIE,
    at: 'switch sub(end, items)',
    reason: 'whether a full branch is read in one stride or item by item shows in its gas alone',
  },
  {
    source: MERKLE_TRIE,
    at: 'if and(gt(end, items), eq(and(byte(0, calldataload(items)), 0xdf), 0x80)) {',
    reason: 'what it keeps from being read as a branch has other items or another end, which is looked at, too',
  },
  {
    source: MERKLE_TRIE,
    at: 'if (second < node.end) {',
    reason: 'beyond the end of its node no third item ends there, and then 17 are looked for, with the same error',
  },
  {
    source: MERKLE_TRIE,
    at: 'length != 0 &&',
    reason: 'a shift by 256 bits leaves nothing to differ',
  },
  {
    source: 'contracts/libraries/AddressAlias.sol',
    at: 'code.length == 23',
    reason: 'no other code begins with 0xef (EIP-3541), and neither chains nor anvil and forge take any that does',
  },
  {
    source: 'contracts/L1/L1CrossDomainMessenger.sol',
    at: '// What the key is made of is not used any more, either.\n            Memory.unsafeSetFreeMemoryPointer(free);',
    reason: 'memory that is not used again costs gas and nothing else',
  },
  {
    source: 'contracts/omnichain/libraries/SSZ.sol',
    at: 'if iszero(staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20)) { revert(0, 0) }',
    reason: 'it fails where there are less than 86 gas, and the 64th of them that is left ends the call as well',
  },
  {
    source: 'contracts/omnichain/OmnichainReceiving.sol',
    at: 'delete _failedRoutes[fromChain][orderId];',
    reason:
      'a route is read for an order that has failed, and then it was written anew: what is left of others costs gas alone',
  },
];
