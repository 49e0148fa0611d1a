import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

/** Of the path that a leaf or an extension has. */
export const merkleTriePath: MutatedSource = {
  source: 'contracts/libraries/MerkleTrie.sol',
  mutants: [
    {
      rule: 'a path may be of odd length',
      find: 'bool isOdd = prefix & 0x10 != 0;',
      replace: 'bool isOdd = false;',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfOddPath',
    },
    {
      rule: 'a path may be of even length',
      find: 'bool isOdd = prefix & 0x10 != 0;',
      replace: 'bool isOdd = true;',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfEvenPath',
    },
    {
      rule: 'an extension is no leaf',
      find: 'isLeaf = prefix & 0x20 != 0;',
      replace: 'isLeaf = true;',
      killedBy: 'libraries/MerkleTrie.t.sol: test_ExtensionsOfEvenAndOddPath',
    },
    {
      rule: 'a leaf is no extension',
      find: 'isLeaf = prefix & 0x20 != 0;',
      replace: 'isLeaf = false;',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfEvenPath',
    },
    {
      rule: 'an odd path begins with any nibble',
      find: '(!isOdd && prefix & 0x0f != 0)',
      replace: '(prefix & 0x0f != 0)',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfOddPath',
    },
    {
      rule: 'an even path is padded',
      find: '(!isOdd && prefix & 0x0f != 0)',
      replace: '(!isOdd)',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfEvenPath',
    },
    {
      rule: 'an odd path has a nibble more',
      find: '(isOdd ? 1 : 0)',
      replace: '0',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfOddPath',
    },
    {
      rule: 'a leaf may have no path',
      find: 'if (!isLeaf && length == 0) revert',
      replace: 'if (length == 0) revert',
      killedBy: 'libraries/MerkleTrieInlined.t.sol: test_ValueOfAnInlinedBranch',
    },
    {
      rule: 'an extension may have a path',
      find: 'if (!isLeaf && length == 0) revert',
      replace: 'if (!isLeaf) revert',
      killedBy: 'libraries/MerkleTrie.t.sol: test_ExtensionsOfEvenAndOddPath',
    },
    {
      rule: 'an extension may be shorter than the key',
      find: '(isLeaf && length < nibbles)',
      replace: 'length < nibbles',
      killedBy: 'libraries/MerkleTrie.t.sol: test_ExtensionsOfEvenAndOddPath',
    },
    {
      rule: 'a leaf may be as long as the key',
      find: '(isLeaf && length < nibbles)',
      replace: 'isLeaf',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfEvenPath',
    },
    {
      rule: 'a path of odd length starts in the middle of its first byte',
      find: 'isOdd ? path.wordAt(0) << 4 : path.wordAt(1)',
      replace: 'path.wordAt(1)',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfOddPath',
    },
    {
      rule: 'a path of even length starts with its second byte',
      find: 'isOdd ? path.wordAt(0) << 4 : path.wordAt(1)',
      replace: 'path.wordAt(0) << 4',
      killedBy: 'libraries/MerkleTrie.t.sol: test_LeafOfEvenPath',
    },
  ],
};
