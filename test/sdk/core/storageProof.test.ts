import { createMerkleProof, createMPT, verifyMerkleProof } from '@ethereumjs/mpt';
import fc from 'fast-check';
import { concat, getBytes, hexlify, keccak256, toBeHex, toBigInt } from 'ethers';
import { describe, expect, test } from 'vitest';

import { packStorageProof } from '../../../sdk/core/storageProof.ts';

type Trie = Awaited<ReturnType<typeof createMPT>>;

/** Length of the RLP list that starts the bytes. */
function listLength(bytes: Uint8Array): number {
  const prefix = bytes[0]!;
  if (prefix <= 0xf7) return 1 + prefix - 0xc0;
  const lengthLength = prefix - 0xf7;
  return 1 + lengthLength + Number(toBigInt(bytes.slice(1, 1 + lengthLength)));
}

/** The nodes of a packed proof: each is an RLP list, which says where it ends. */
function unpack(packed: string): Uint8Array[] {
  const nodes: Uint8Array[] = [];
  let rest = getBytes(packed);
  while (rest.length > 0) {
    nodes.push(rest.slice(0, listLength(rest)));
    rest = rest.slice(listLength(rest));
  }
  return nodes;
}

async function trieOf(entries: ReadonlyMap<string, Uint8Array>): Promise<Trie> {
  const trie = await createMPT();
  for (const [key, value] of entries) await trie.put(getBytes(key), value);
  return trie;
}

async function proofOf(trie: Trie, key: string): Promise<string[]> {
  return (await createMerkleProof(trie, getBytes(key))).map((node) => hexlify(node));
}

/** A trie whose values have as many bytes as given, and sometimes keys that share all but their last bytes. */
const entries = (minLength: number, maxLength: number): fc.Arbitrary<Map<string, Uint8Array>> => {
  const key = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes)),
    fc.integer({ min: 0, max: 0xffff }).map((end) => concat([`0x${'ab'.repeat(30)}`, toBeHex(end, 2)])),
  );
  const value = fc.uint8Array({ minLength, maxLength }).map((bytes) => Uint8Array.of(1, ...bytes));
  return fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 40 }).map((pairs) => new Map(pairs));
};

describe('a packed storage proof', () => {
  test('has the nodes that are named by their hash, in order, and they prove the value', async () => {
    let inlined = 0;
    // An account has more than 70 bytes, and so has the node that holds it; a flag has one.
    const property = fc.asyncProperty(entries(70, 80), entries(0, 33), fc.nat(), async (accounts, slots, choice) => {
      const [account] = [...accounts][choice % accounts.size]!;
      const [slot, value] = [...slots][choice % slots.size]!;
      const storageTrie = await trieOf(slots);
      const accountProof = await proofOf(await trieOf(accounts), account);
      const storageProof = await proofOf(storageTrie, slot);

      const nodes = unpack(packStorageProof(accountProof, storageProof));
      const storageNodes = nodes.slice(accountProof.length);
      inlined += storageProof.length - storageNodes.length;

      expect(nodes.slice(0, accountProof.length).map((node) => hexlify(node))).toEqual(accountProof);
      expect(keccak256(storageNodes[0]!)).toBe(hexlify(storageTrie.root()));
      for (const [index, node] of storageNodes.slice(1).entries()) {
        expect(hexlify(storageNodes[index]!)).toContain(keccak256(node).slice(2));
      }
      expect(await verifyMerkleProof(getBytes(slot), storageNodes)).toEqual(value);
    });
    await fc.assert(property, { numRuns: 100 });
    expect(inlined).toBeGreaterThan(0);
  });
});
