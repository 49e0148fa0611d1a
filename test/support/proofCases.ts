import {
  concat,
  dataLength,
  dataSlice,
  decodeRlp,
  encodeRlp,
  getBytes,
  hexlify,
  keccak256,
  toBeHex,
  type RlpStructuredData,
} from 'ethers';

import { likelyByte, rearranged, rewritten, withBytesChanged, type Nodes } from './brokenTries.ts';
import type { Random } from './random.ts';
import { proofOf, trieOf } from './tries.ts';

/** Nodes that claim to prove what stands at a key. */
export interface TrieCase extends Nodes {
  readonly key: string;
}

/** Nodes that claim to prove what a slot of an account holds. */
export interface SlotCase {
  readonly account: string;
  readonly slot: string;
  readonly accountNodes: readonly string[];
  readonly slotNodes: readonly string[];
}

/** Cases on one random trie: sound proofs, and such to which one thing or several were done. */
export async function trieCases(count: number, random: Random): Promise<TrieCase[]> {
  const areHashed = random.chance(0.5);
  const map = areHashed ? hashedEntries(random) : shortEntries(random);
  const keys = [...map.keys()];
  const trie = await trieOf(map);
  const root = hexlify(trie.root());
  const cases: TrieCase[] = [];
  while (cases.length < count) {
    const key = random.pick(keys);
    const proof = await proofOf(trie, key);
    const authentic = random.chance(0.7) ? rewritten(proof, random) : { root, nodes: proof };
    const nodes = withoutSomeInlined(authentic.nodes, random);
    const asked = random.chance(0.1) ? otherKey(key, keys, random) : key;
    cases.push({ root: authentic.root, nodes: random.chance(0.6) ? nodes : rearranged(nodes, random), key: asked });
  }
  return cases;
}

/** Cases on one random state, in which one account has storage. */
export async function slotCases(count: number, random: Random): Promise<SlotCase[]> {
  const account = bytes(random, 20);
  const slot = bytes(random, 32);
  const slots = new Map(Array.from({ length: random.integer(0, 30) }, () => [bytes(random, 32), number(random)]));
  const storage = await trieOf(new Map([...slots, [keccak256(slot), number(random)]]));
  const storageProof = await proofOf(storage, keccak256(slot));
  const others = Array.from({ length: random.integer(0, 30) }, (): [string, Uint8Array] => [
    bytes(random, 32),
    getBytes(encodeRlp(fieldsOf(keccak256('0x80'), random))),
  ]);
  const state = await trieOf(new Map(others));
  const cases: SlotCase[] = [];
  while (cases.length < count) {
    const changed = random.chance(0.5) ? rewritten(storageProof, random).nodes : storageProof;
    const slotNodes = withoutSomeInlined(random.chance(0.8) ? changed : rearranged(changed, random), random);
    const fields = encodeRlp(fieldsOf(keccak256(changed[0]!), random));
    const value = getBytes(random.chance(0.2) ? brokenFields(fields, random) : fields);
    await state.put(getBytes(keccak256(account)), value.length === 0 ? Uint8Array.of(1) : value);
    const accountProof = await proofOf(state, keccak256(account));
    const accountNodes = random.chance(0.2) ? rewritten(accountProof, random).nodes : accountProof;
    const isMoved = random.chance(0.1);
    cases.push({ account, slot, accountNodes: isMoved ? rearranged(accountNodes, random) : accountNodes, slotNodes });
  }
  return cases;
}

/** As those of accounts and storage: of 32 bytes, some of which have all but their last in common. */
function hashedEntries(random: Random): Map<string, Uint8Array> {
  const start = bytes(random, 30);
  const longest = random.pick([2, 33, 110]);
  return new Map(
    Array.from({ length: random.integer(1, random.pick([3, 40, 200])) }, () => [
      random.chance(0.2) ? `${start}${toBeHex(random.integer(0, 0xffff), 2).slice(2)}` : bytes(random, 32),
      getBytes(bytes(random, random.integer(1, longest))),
    ]),
  );
}

/** Keys that others begin with, and nodes that their parents hold. */
function shortEntries(random: Random): Map<string, Uint8Array> {
  const longest = random.pick([2, 8, 40]);
  return new Map(
    Array.from({ length: random.integer(1, 30) }, () => {
      const key = Array.from({ length: random.integer(1, 3) }, () => random.pick([0x00, 0x01, 0x10, 0x11, 0x1f, 0xf0]));
      return [hexlify(Uint8Array.from(key)), getBytes(bytes(random, random.integer(1, longest)))];
    }),
  );
}

/** All, as some clients list them, or none, as others do, or any. */
function withoutSomeInlined(nodes: readonly string[], random: Random): string[] {
  const share = random.pick([0, 0.5, 1]);
  return nodes.filter((node, at) => at === 0 || node.length >= 2 + 2 * 32 || !random.chance(share));
}

function otherKey(key: string, keys: readonly string[], random: Random): string {
  const at = random.integer(2, key.length - 1);
  const shorter = dataSlice(key, 0, random.integer(1, getBytes(key).length));
  const longer = `${key}${key.slice(2)}`.slice(0, 66);
  const near = `${key.slice(0, at)}${random.integer(0, 15).toString(16)}${key.slice(at + 1)}`;
  return random.pick([random.pick(keys), shorter, longer, near]);
}

function fieldsOf(storageRoot: string, random: Random): string[] {
  return [
    random.pick(['0x', '0x01', '0x80', '0x0100']),
    bytes(random, random.integer(0, 12)),
    storageRoot,
    keccak256('0x'),
  ];
}

/** Mostly what a byte or an item makes of them; sometimes the prefixes of the two hashes, which are checked one by one. */
function brokenFields(fields: string, random: Random): string {
  const fromEnd = random.pick([33, 66]);
  const prefix = dataLength(fields) - fromEnd;
  const unlike = concat([dataSlice(fields, 0, prefix), likelyByte(random), dataSlice(fields, prefix + 1)]);
  return random.pick([withBytesChanged(fields, random), rewritten([fields], random).nodes[0]!, unlike]);
}

/** A slot's content as a storage trie has it, or nearly so. */
function number(random: Random): Uint8Array {
  const digits = bytes(random, random.pick([1, 1, 2, 31, 32]));
  const written = encodeRlp(random.chance(0.1) ? `0x00${digits.slice(2)}` : digits);
  return getBytes(random.chance(0.05) ? withBytesChanged(written, random) : written);
}

function bytes(random: Random, length: number): string {
  return hexlify(Uint8Array.from({ length }, () => random.integer(0, 255)));
}

/** The fields of an account, or the digits of a number, where the bytes are the one way to write them. */
export function decodedOnce(encoded: string): RlpStructuredData | undefined {
  try {
    const decoded = decodeRlp(encoded);
    return encodeRlp(decoded) === encoded ? decoded : undefined;
  } catch {
    return undefined;
  }
}
