import { createMPTFromProof } from '@ethereumjs/mpt';
import { dataLength, encodeRlp, getBytes, hexlify, keccak256, type RlpStructuredData } from 'ethers';

import { decodeStrictly, itemsOf } from '../../sdk/core/rlp.ts';

/** What @ethereumjs/mpt makes of packed nodes. */
export interface MptVerdict {
  /** The value, hex, where the packed nodes are a proof of it and nothing else. */
  readonly value?: string;
  /**
   * Why they are not, though mpt finds a value: it takes the nodes for a set, in which it looks hashes up, and a proof is
   * one sequence of the nodes that are needed, each of them as a trie has it.
   */
  readonly laxity?: Laxity;
  /** Why mpt might refuse what ours accept: it decodes what stands beside the path, too. */
  readonly isBesideMalformed?: boolean;
  /** What proofs of the value may consist of: with any of the nodes that their parents hold, or without. */
  readonly sequences?: readonly string[];
}

type Laxity =
  | 'the value is a list'
  | 'the value is empty'
  | 'a node is not written or named as in a trie'
  | 'other nodes, or in another order';

type PathNode = NonNullable<Awaited<ReturnType<Awaited<ReturnType<typeof createMPTFromProof>>['findPath']>>['node']>;

/** What mpt finds at a key, held to the bytes of the one proof of it. With `prefix`, more may follow. */
export async function mptVerdict(packed: string, root: string, key: string, prefix = false): Promise<MptVerdict> {
  const nodes = split(packed);
  const found = await find(nodes, root, key);
  if (found === undefined) return { isBesideMalformed: nodes.some((node) => hasMalformedList(node)) };
  const { path, item } = found;
  if (typeof item !== 'string') return { laxity: 'the value is a list' };
  if (item === '0x') return { laxity: 'the value is empty' };
  const isNamed = path.every(({ written }, at) => at === 0 || isHeldBy(path[at - 1]!.node, written));
  if (!isNamed || keccak256(path[0]!.written) !== root) {
    return { laxity: 'a node is not written or named as in a trie' };
  }
  const sequences = sequencesOf(path.map(({ written }) => written));
  const isOne = sequences.some((sequence) => (prefix ? packed.startsWith(sequence) : packed === sequence));
  return isOne ? { value: item, sequences } : { laxity: 'other nodes, or in another order' };
}

interface Found {
  readonly path: readonly { node: PathNode; written: string }[];
  readonly item: RlpStructuredData;
}

async function find(nodes: readonly Uint8Array[], root: string, key: string): Promise<Found | undefined> {
  if (nodes.length === 0) return undefined;
  try {
    // The order does not matter to it, but for the root node, which it wants to come first.
    const trie = await createMPTFromProof([...nodes], { root: getBytes(root) });
    const { node, remaining, stack } = await trie.findPath(getBytes(key), true);
    if (node === null || remaining.length > 0) return undefined;
    const value: unknown = node.value();
    // It leaves holes in the stack.
    const path = Object.values(stack).flatMap((each: PathNode | undefined) =>
      each === undefined ? [] : [{ node: each, written: hexlify(each.serialize()) }],
    );
    return { path, item: value === null ? '0x' : toHex(value) };
  } catch {
    return undefined;
  }
}

/** Whether a node holds the other: by its hash, or by itself where it is shorter than a hash. */
function isHeldBy(parent: PathNode, written: string): boolean {
  const name = dataLength(written) >= 32 ? encodeRlp(keccak256(written)) : written;
  const raw: unknown = parent.raw();
  return Array.isArray(raw) && raw.some((item) => item !== null && encodeRlp(toHex(item)) === name);
}

function toHex(item: unknown): RlpStructuredData {
  if (Array.isArray(item)) return item.map((each: unknown) => toHex(each));
  return hexlify(item as Uint8Array);
}

/** The nodes after one another; those that their parents hold, with or without. */
function sequencesOf(nodes: readonly string[]): string[] {
  return nodes.reduce<string[]>(
    (before, node, at) => {
      const withIt = before.map((sequence) => `${sequence}${node.slice(2)}`);
      return at === 0 || dataLength(node) >= 32 ? withIt : [...before, ...withIt];
    },
    ['0x'],
  );
}

/** Cuts packed nodes where the headers of their lists say; what has none is one more node. */
export function split(packed: string): Uint8Array[] {
  const nodes: Uint8Array[] = [];
  let rest = getBytes(packed);
  while (rest.length > 0) {
    const length = listLength(rest);
    nodes.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return nodes;
}

/** Whether the node is a list by the headers of its items, and one of them is a list that is none inside. */
function hasMalformedList(node: Uint8Array): boolean {
  return itemsOf(node)?.some((item) => item[0]! >= 0xc0 && decodeStrictly(item) === undefined) === true;
}

function listLength(bytes: Uint8Array): number {
  const prefix = bytes[0]!;
  if (prefix < 0xc0) return bytes.length;
  if (prefix <= 0xf7) return 1 + prefix - 0xc0;
  const start = 1 + prefix - 0xf7;
  return start + bytes.subarray(1, start).reduce((sum, byte) => sum * 256 + byte, 0);
}
