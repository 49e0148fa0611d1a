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
    {
      rule: 'a branch lies within the proof',
      find: 'if and(iszero(iszero(item)), iszero(gt(end, add(proof.offset, proof.length)))) {',
      replace: 'if iszero(iszero(item)) {',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchMustLieWithinTheProof',
    },
    {
      rule: "a branch's header is canonical",
      find: 'if and(eq(or(byte(0, header), 1), 0xf9), gt(length, add(55, mul(isLong, 200)))) {',
      replace: 'if eq(or(byte(0, header), 1), 0xf9) {',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_HeaderMustBeCanonical',
    },
    {
      rule: "a branch's header of two bytes is canonical",
      find: 'gt(length, add(55, mul(isLong, 200)))',
      replace: 'gt(length, 55)',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_HeaderMustBeCanonical',
    },
    {
      rule: 'a branch is a list',
      find: 'if and(eq(or(byte(0, header), 1), 0xf9), gt',
      replace: 'if and(gt(byte(0, header), 0), gt',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_NodeMustBeAList',
    },
    {
      rule: 'a full branch has hashes only',
      find: 'if iszero(skipAll(items)) { item := add(items, mul(index, 33)) }',
      replace: 'item := add(items, mul(index, 33))',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchAsLongAsAFullOneIsReadItemByItem',
    },
    {
      rule: 'a full branch ends with its value',
      find: 'kinds := or(byte(0, kinds), xor(byte(0, calldataload(from)), 0x80))',
      replace: 'kinds := byte(0, kinds)',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_FullBranchEndsWithItsValue',
    },
    {
      rule: 'each child of a full branch is a hash',
      find: 'let d := xor(calldataload(add(from, 99)), shl(248, 0xa0))',
      replace: 'let d := 0',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchAsLongAsAFullOneIsReadItemByItem',
    },
    {
      rule: "the child of a full branch is the key's",
      find: 'item := add(items, mul(index, 33))',
      replace: 'item := items',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_ChildOfAFullBranchIsFound',
    },
    {
      rule: "a branch's items fill it",
      find: 'let isBranch := and(eq(last, end), iszero(and(or(before, kinds), not(0x20))))',
      replace: 'let isBranch := and(iszero(gt(last, end)), iszero(and(or(before, kinds), not(0x20))))',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchHas17ItemsAndNoMore',
    },
    {
      rule: 'a branch has all of its items',
      find: 'let isBranch := and(eq(last, end), iszero(and(or(before, kinds), not(0x20))))',
      replace: 'let isBranch := iszero(and(or(before, kinds), not(0x20)))',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchHas17ItemsAndNoFewer',
    },
    {
      rule: 'items of other kinds are not skipped by their prefix',
      find: 'let isBranch := and(eq(last, end), iszero(and(or(before, kinds), not(0x20))))',
      replace: 'let isBranch := eq(last, end)',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_HighestByteThatIsItsOwnItemSkipsNothing',
    },
    {
      rule: 'items before the child are of the two kinds',
      find: 'iszero(and(or(before, kinds), not(0x20)))',
      replace: 'iszero(and(kinds, not(0x20)))',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_EmptyListSkipsNothing',
    },
    {
      rule: 'items after the child are of the two kinds',
      find: 'iszero(and(or(before, kinds), not(0x20)))',
      replace: 'iszero(and(before, not(0x20)))',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_ListSkipsItsContentOnly',
    },
    {
      rule: 'a missing child is not gone to',
      find: 'if and(isBranch, eq(byte(0, calldataload(at)), 0xa0)) { item := at }',
      replace: 'if isBranch { item := at }',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_MissingChildIsNotFound',
    },
    {
      rule: 'no byte of a proof may differ',
      find: 'if eq(keccak256(free, sub(end, start)), expected) {',
      replace: 'if 1 {',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_AnyByteOfTheProofIsChanged',
    },
    {
      rule: 'what is no branch is not gone through',
      find: 'if and(isBranch, eq(byte(0, calldataload(at)), 0xa0)) { item := at }',
      replace: 'if eq(byte(0, calldataload(at)), 0xa0) { item := at }',
      killedBy: 'libraries/MerkleTrieBranch.t.sol: test_BranchHas17ItemsAndNoMore',
    },
    {
      rule: 'a node of another kind takes the long way',
      find: 'if and(iszero(iszero(item)), iszero(gt(end, add(proof.offset, proof.length)))) {',
      replace: 'if and(1, iszero(gt(end, add(proof.offset, proof.length)))) {',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfEvenPath',
    },
  ],
};
