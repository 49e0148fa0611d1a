import { createMerkleProof, createMPT } from '@ethereumjs/mpt';
import fc from 'fast-check';
import { concat, getBytes, hexlify, toBeHex } from 'ethers';

/** A Merkle-Patricia trie that is not ours. */
export type Trie = Awaited<ReturnType<typeof createMPT>>;

/** Builds the trie of what the map holds; keys are hex. */
export async function trieOf(map: ReadonlyMap<string, Uint8Array>): Promise<Trie> {
  const trie = await createMPT();
  for (const [key, value] of map) await trie.put(getBytes(key), value);
  return trie;
}

/** The nodes from the root down that prove what stands at the key, hex; inlined nodes are repeated. */
export async function proofOf(trie: Trie, key: string): Promise<string[]> {
  return (await createMerkleProof(trie, getBytes(key))).map((node) => hexlify(node));
}

/** A trie whose values have as many bytes as given and one more, and sometimes keys that share all but their last bytes. */
export function entries(minLength: number, maxLength: number): fc.Arbitrary<Map<string, Uint8Array>> {
  const key = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes)),
    fc.integer({ min: 0, max: 0xffff }).map((end) => concat([`0x${'ab'.repeat(30)}`, toBeHex(end, 2)])),
  );
  const value = fc.uint8Array({ minLength, maxLength }).map((bytes) => Uint8Array.of(1, ...bytes));
  return fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 40 }).map((pairs) => new Map(pairs));
}

/** Something done to a proof's nodes that leaves other nodes, most often. */
export const mutation: fc.Arbitrary<(nodes: readonly string[]) => string[]> = fc
  .tuple(
    fc.constantFrom('flip', 'cut', 'insert', 'drop', 'repeat', 'swap', 'append'),
    fc.nat(),
    fc.nat(),
    fc.integer({ min: 1, max: 255 }),
  )
  .map(([kind, which, where, byte]) => (nodes) => {
    const at = which % nodes.length;
    const bytes = getBytes(nodes[at]!);
    const position = where % bytes.length;
    const withNode = (...replacement: Uint8Array[]): string[] =>
      nodes.toSpliced(at, 1, ...replacement.map((node) => hexlify(node)));
    const before = bytes.slice(0, position);
    switch (kind) {
      case 'flip':
        return withNode(Uint8Array.of(...before, bytes[position]! ^ byte, ...bytes.slice(position + 1)));
      case 'cut':
        return withNode(Uint8Array.of(...before, ...bytes.slice(position + 1)));
      case 'insert':
        return withNode(Uint8Array.of(...before, byte, ...bytes.slice(position)));
      case 'drop':
        return withNode();
      case 'repeat':
        return withNode(bytes, bytes);
      case 'swap':
        return nodes.toSpliced(at, 1, nodes[where % nodes.length]!).toSpliced(where % nodes.length, 1, nodes[at]!);
      default:
        return [...nodes, toBeHex(byte, 1)];
    }
  });
