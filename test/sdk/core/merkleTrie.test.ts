import { verifyMerkleProof } from '@ethereumjs/mpt';
import fc from 'fast-check';
import {
  concat,
  dataLength,
  encodeRlp,
  getBytes,
  hexlify,
  isCallException,
  keccak256,
  zeroPadBytes,
  type Contract,
  type RlpStructuredDataish,
} from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { XdmError } from '../../../sdk/core/errors.ts';
import { PackedNodes } from '../../../sdk/core/merkleTrie.ts';
import * as arbitrary from '../../support/arbitraries.ts';
import { deployArtifact, startChain, type Chain } from '../../support/chain.ts';
import { entries, mutation, proofOf, trieOf } from '../../support/tries.ts';
import { describeVectors, readVectors } from '../../support/vectors.ts';

/** What the nodes prove, all of them being needed for it; undefined where they prove nothing. Nothing else is thrown. */
function read(nodes: string, root: string, key: string): string | undefined {
  try {
    const packed = new PackedNodes(nodes);
    const value = packed.readValue(root, key);
    return packed.isAtEnd ? value : undefined;
  } catch (error) {
    if (error instanceof XdmError && error.code === 'proof-invalid') return undefined;
    throw error;
  }
}

describe('packed nodes', () => {
  test('prove what a trie holds, be its inlined nodes repeated or not', async () => {
    let inlined = 0;
    const property = fc.asyncProperty(entries(0, 40), fc.nat(), async (map, choice) => {
      const [key, value] = [...map][choice % map.size]!;
      const trie = await trieOf(map);
      const nodes = await proofOf(trie, key);
      const hashed = nodes.filter((node, index) => index === 0 || dataLength(node) >= 32);
      inlined += nodes.length - hashed.length;

      expect(new PackedNodes(concat(nodes)).rootHash()).toBe(hexlify(trie.root()));
      expect(read(concat(nodes), hexlify(trie.root()), key)).toBe(hexlify(value));
      expect(read(concat(hashed), hexlify(trie.root()), key)).toBe(hexlify(value));
      expect(
        await verifyMerkleProof(
          getBytes(key),
          nodes.map((node) => getBytes(node)),
        ),
      ).toEqual(value);
    });
    await fc.assert(property, { numRuns: 100 });
    expect(inlined).toBeGreaterThan(0);
  });

  test('prove nothing of a key that is not in the trie', async () => {
    const property = fc.asyncProperty(entries(0, 40), arbitrary.bytes32, async (map, key) => {
      const trie = await trieOf(map);
      const packed = new PackedNodes(concat(await proofOf(trie, key)));
      expect(() => packed.readValue(hexlify(trie.root()), key)).toThrow('the key is not in the trie');
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('prove nothing else when they are changed', async () => {
    let rejected = 0;
    const property = fc.asyncProperty(entries(0, 40), fc.nat(), mutation, async (map, choice, mutate) => {
      const [key, value] = [...map][choice % map.size]!;
      const trie = await trieOf(map);
      const found = read(concat(mutate(await proofOf(trie, key))), hexlify(trie.root()), key);
      expect([hexlify(value), undefined]).toContain(found);
      rejected += found === undefined ? 1 : 0;
    });
    await fc.assert(property, { numRuns: 300 });
    expect(rejected).toBeGreaterThan(200);
  });

  test.each([
    ['nothing', '0x', 'it ends where another node must follow'],
    ['no hex', 'nonsense', 'it is not a hex string of whole bytes'],
    ['half a byte', '0xc', 'it is not a hex string of whole bytes'],
    ['a string', '0x8180', 'no node starts at byte 0'],
    ['a node cut short', '0xc281', 'the node at byte 0 is cut short'],
    ['a header cut short', '0xf9', 'the node at byte 0 is cut short'],
    ['a node longer than any number', `0xff${'ff'.repeat(8)}`, 'the node at byte 0 is cut short'],
    ['an empty node', '0xc0', 'a node is malformed'],
  ])('that are %s are refused', (_, nodes, reason) => {
    const root = nodes.startsWith('0xc0') ? keccak256(nodes) : `0x${'11'.repeat(32)}`;
    const act = (): string => new PackedNodes(nodes).readValue(root, `0x${'22'.repeat(32)}`);
    expect(act).toThrow(`the storage proof does not hold: ${reason}`);
  });

  test('of a trie without keys prove that the key is not there', () => {
    const empty = new PackedNodes('0x80');
    expect(empty.rootHash()).toBe(keccak256('0x80'));
    expect(() => empty.readValue(empty.rootHash(), `0x${'22'.repeat(32)}`)).toThrow('the key is not in the trie');
    expect(() => new PackedNodes('0x').readValue(keccak256('0x80'), '0x22')).toThrow('the key is not in the trie');
  });
});

describe('packed nodes are read as the contract reads them', () => {
  let chain: Chain;
  let harness: Contract;
  beforeAll(async () => {
    chain = await startChain(900);
    harness = await deployArtifact('MerkleTrieHarness', chain.account(0));
  });
  afterAll(async () => await chain.stop());

  async function readOnChain(nodes: string, root: string, key: string): Promise<string | undefined> {
    try {
      const padded = zeroPadBytes(key, 32);
      const [value, rest] = await harness.getFunction('get').staticCall(nodes, root, padded, 2 * dataLength(key));
      return rest === '0x' ? value : undefined;
    } catch (error) {
      if (isCallException(error)) return undefined;
      throw error;
    }
  }

  test('whatever is done to a proof', async () => {
    const property = fc.asyncProperty(entries(0, 40), fc.nat(), mutation, async (map, choice, mutate) => {
      const key = [...map.keys()][choice % map.size]!;
      const trie = await trieOf(map);
      const nodes = concat(mutate(await proofOf(trie, key)));
      expect(read(nodes, hexlify(trie.root()), key)).toBe(await readOnChain(nodes, hexlify(trie.root()), key));
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('a list beside the path that is none inside is passed by', async () => {
    const leaf = ['0x31', `0x${'77'.repeat(40)}`];
    const child = encodeRlp(leaf);
    // Two bytes, of which the first announces what the second need not be announced for.
    const beside = '0xc28101';
    const items = [encodeRlp(keccak256(child)), beside, ...Array.from({ length: 15 }, () => '0x80')];
    const branch = concat(['0xf3', ...items]);
    expect(dataLength(branch)).toBe(1 + 33 + 3 + 15);
    const nodes = concat([branch, child]);
    expect(await readOnChain(nodes, keccak256(branch), '0x01')).toBe(leaf[1]);
    expect(read(nodes, keccak256(branch), '0x01')).toBe(leaf[1]);
  });

  test('whatever the nodes are whose hashes fit', async () => {
    const key = '0x1234';
    const digits = fc.constantFrom(
      '0x',
      '0x00',
      '0x20',
      '0x11',
      '0x31',
      '0x1f',
      '0x201234',
      '0x001234',
      '0x3234',
      '0x41',
    );
    const word = fc.oneof(
      { weight: 3, arbitrary: digits },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 34 }).map((bytes) => hexlify(bytes)) },
    );
    const { item } = fc.letrec<{ item: RlpStructuredDataish; node: RlpStructuredDataish }>((tie) => ({
      item: fc.oneof({ depthSize: 'small' }, word, tie('node')),
      node: fc.oneof(
        fc.tuple(digits, tie('item')),
        fc.array(tie('item'), { maxLength: 3 }),
        fc.array(tie('item'), { minLength: 17, maxLength: 17 }),
      ),
    }));
    const leaf: fc.Arbitrary<RlpStructuredDataish> = fc.tuple(
      fc.constantFrom('0x201234', '0x3234'),
      fc.constantFrom('0x', '0x01', `0x${'77'.repeat(40)}`),
    );
    const above = fc.constantFrom<(child: string) => RlpStructuredDataish>(
      (child) => child,
      (child) => ['0x11', child],
      (child) => ['0x00', child],
      (child) => ['0x', child],
      (child) => Array.from({ length: 17 }, (_, index) => (index === 1 ? child : '0x')),
      (child) => Array.from({ length: 18 }, () => child),
    );
    let proven = 0;
    const property = fc.asyncProperty(fc.oneof(item, leaf), above, async (last, wrap) => {
      const bottom = encodeRlp(last);
      const parent = wrap(keccak256(bottom));
      const packed = typeof parent === 'string' ? [bottom] : [encodeRlp(parent), bottom];
      const found = await readOnChain(concat(packed), keccak256(packed[0]!), key);
      proven += found === undefined ? 0 : 1;
      expect(read(concat(packed), keccak256(packed[0]!), key)).toBe(found);
    });
    await fc.assert(property, { numRuns: 600 });
    expect(proven).toBeGreaterThan(5);
  });
});

interface ProofVector {
  readonly name: string;
  readonly root: string;
  readonly key: string;
  readonly proof: readonly string[];
  readonly value?: string;
  readonly valid: boolean;
}

describeVectors('the vectors of trie proofs', () => {
  test.each([
    ["Optimism's", 'optimism-merkle-trie-get', 21, 10],
    ["OpenZeppelin's malformed ones", 'openzeppelin-malformed-proofs', 12, 0],
  ])('%s are read as they say', (_, file, count, valid) => {
    const vectors = readVectors(`trie/${file}.json`) as ProofVector[] | { cases: ProofVector[] };
    const cases = 'cases' in vectors ? vectors.cases : vectors;
    expect(cases).toHaveLength(count);
    expect(cases.filter((vector) => vector.valid)).toHaveLength(valid);
    for (const vector of cases) {
      const found = read(concat(vector.proof), vector.root, vector.key);
      expect({ name: vector.name, found }).toEqual({
        name: vector.name,
        found: vector.valid ? vector.value : undefined,
      });
    }
  });
});
