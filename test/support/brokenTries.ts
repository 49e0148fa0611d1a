import { concat, dataLength, dataSlice, decodeRlp, encodeRlp, getBytes, hexlify, keccak256, toBeHex } from 'ethers';
import type { RlpStructuredData } from 'ethers';

import type { Random } from './random.ts';

/** An item of a node: what it stands for, or the bytes that are written for it. */
type Item = string | Item[] | { readonly written: string };
type Node = Item[];

/** Bytes that mean something in a node: prefixes, headers, flags. */
const LIKELY = [
  '00',
  '01',
  '10',
  '1f',
  '20',
  '30',
  '40',
  '7f',
  '80',
  '81',
  '9f',
  'a0',
  'a1',
  'b8',
  'c0',
  'd1',
  'df',
  'f8',
  'f9',
];

/** Proof nodes whose hashes fit, though something may be wrong with them. */
export interface Nodes {
  /** Hash of the first. */
  readonly root: string;
  /** From the root down, inlined ones too. */
  readonly nodes: readonly string[];
}

/**
 * Does something to a node of a proof, and names it anew in the nodes above it, so that it is not its hash that gives it
 * away.
 * @param proof the nodes from the root down, inlined ones too, hex
 */
export function rewritten(proof: readonly string[], random: Random): Nodes {
  // What is at the end decides the most.
  const at = random.chance(0.5) ? proof.length - 1 : random.integer(0, proof.length - 1);
  let former = proof[at]!;
  let node = broken(former, random);
  const nodes = [...proof.slice(0, at), node, ...proof.slice(at + 1)];
  for (let above = at - 1; above >= 0; --above) {
    const parent = decodeRlp(proof[above]!) as RlpStructuredData[];
    const name = encodeRlp(dataLength(former) < 32 ? decodeRlp(former) : keccak256(former));
    const renamed = parent.map((item): Item => (encodeRlp(item) === name ? { written: nameOf(node, random) } : item));
    former = proof[above]!;
    node = write(renamed);
    nodes[above] = node;
  }
  return { root: keccak256(node), nodes };
}

/** Nearly always by the rule: the hash, or the node itself where that is shorter. */
function nameOf(node: string, random: Random): string {
  const isHashed = dataLength(node) >= 32 !== random.chance(0.05);
  return isHashed ? encodeRlp(keccak256(node)) : node;
}

function broken(node: string, random: Random): string {
  if (random.chance(0.1)) return node;
  if (random.chance(0.25)) return withBytesChanged(node, random);
  if (random.chance(0.15)) return withHeaderMoved(node, random);
  return write(withItemChanged(decodeRlp(node) as Node, random));
}

/** Flips, inserts or deletes bytes, with or without a header that fits. */
export function withBytesChanged(node: string, random: Random): string {
  const at = random.integer(0, dataLength(node) - 1);
  const removed = random.pick([0, 1, 1, 1, 33]);
  const inserted = removed === 1 && random.chance(0.3) ? '0x' : likelyByte(random);
  const end = Math.min(dataLength(node), at + removed);
  const changed = concat([dataSlice(node, 0, at), inserted, dataSlice(node, end)]);
  return random.chance(0.5)
    ? changed
    : withHeader(dataSlice(changed, Math.min(headerLength(node), dataLength(changed))));
}

/** The same items under a header that no encoder writes, or that is too long or short. */
function withHeaderMoved(node: string, random: Random): string {
  const payload = dataSlice(node, headerLength(node));
  const length = dataLength(payload) + random.pick([0, 0, 0, 1, -1]);
  const long = random.pick([1, 2, 3, 8]);
  return concat([toBeHex(0xf7 + long, 1), toBeHex(Math.max(0, length) % 256 ** Math.min(long, 6), long), payload]);
}

function withItemChanged(items: Node, random: Random): Node {
  const at = random.integer(0, items.length - 1);
  const item = items[at]!;
  const other = random.integer(0, items.length - 1);
  switch (random.integer(0, 7)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return items.toSpliced(at, 0, anyItem(random));
    case 2:
      return items.toSpliced(at, 1, items[other]!).toSpliced(other, 1, item);
    case 3:
      return items.toSpliced(at, 1, anyItem(random));
    case 4:
      return items.toSpliced(at, 1, { written: unusually(item, random) });
    case 5:
      return withPathChanged(items, random);
    case 6:
      return items.with(items.length - 1, valueLike(items.at(-1)!, random));
    default:
      // A node that holds this one and takes nothing of the key, or one nibble.
      return [random.pick(['0x00', '0x10', '0x20', '0x']), items];
  }
}

/** Other flags, another padding, a nibble more or less. */
function withPathChanged(items: Node, random: Random): Node {
  const [path] = items;
  if (items.length !== 2 || typeof path !== 'string' || path === '0x') return items.with(0, anyItem(random));
  const bytes = getBytes(path);
  bytes[0] = random.chance(0.5) ? bytes[0]! ^ random.pick([0x01, 0x0f, 0x10, 0x20, 0x40, 0x80]) : bytes[0]!;
  const moved = hexlify(bytes);
  const length = random.pick([0, 0, 1, -1, 33]);
  if (length < 0) return items.with(0, dataSlice(moved, 0, -1));
  return items.with(0, concat([moved, new Uint8Array(length)]));
}

/** A longer or shorter value, or a list. */
function valueLike(item: Item, random: Random): Item {
  if (typeof item !== 'string') return anyItem(random);
  const length = random.pick([0, 1, 31, 32, 33, 55, 56, 255, 256]);
  return random.pick<Item>([
    '0x',
    [item],
    hexlify(new Uint8Array(length).fill(random.integer(0, 255))),
    concat([item, '0x00']),
  ]);
}

function anyItem(random: Random): Item {
  const word = hexlify(new Uint8Array(random.pick([0, 1, 2, 31, 32, 33, 60])).fill(random.integer(0, 255)));
  return random.pick<Item>([
    '0x',
    word,
    [word],
    [],
    ['0x20', word],
    { written: likelyByte(random) },
    { written: concat(['0xc2', '0x81', likelyByte(random)]) },
  ]);
}

/** The item with a header that is longer than it must be. */
function unusually(item: Item, random: Random): string {
  const usual = write(item);
  const isList = Number(dataSlice(usual, 0, 1)) >= 0xc0;
  const payload = Number(dataSlice(usual, 0, 1)) < 0x80 ? usual : dataSlice(usual, headerLength(usual));
  const length = dataLength(payload);
  const base = isList ? 0xc0 : 0x80;
  if (length < 56 && random.chance(0.5)) return concat([toBeHex(base + length, 1), payload]);
  const long = random.pick([2, 3]);
  return concat([toBeHex(base + 55 + long, 1), toBeHex(length, long), payload]);
}

/** Any byte, or one that means something in a node. */
export function likelyByte(random: Random): string {
  return `0x${random.chance(0.3) ? toBeHex(random.integer(0, 255), 1).slice(2) : random.pick(LIKELY)}`;
}

function write(item: Item): string {
  if (typeof item === 'string') return encodeRlp(item);
  if (!Array.isArray(item)) return item.written;
  return withHeader(concat(item.map((each) => write(each))));
}

/** The items as a list. */
function withHeader(payload: string): string {
  const length = dataLength(payload);
  if (length < 56) return concat([toBeHex(0xc0 + length, 1), payload]);
  const written = toBeHex(length);
  return concat([toBeHex(0xf7 + dataLength(written), 1), written, payload]);
}

/** Of the string or the list that the bytes start with. */
function headerLength(encoded: string): number {
  const prefix = Number(dataSlice(encoded, 0, 1));
  if (prefix > 0xf7) return 1 + prefix - 0xf7;
  return prefix > 0xb7 && prefix < 0xc0 ? 1 + prefix - 0xb7 : 1;
}

/** Drops, repeats, swaps, appends or breaks nodes of a proof, or leaves them as they are. Hashes no longer fit. */
export function rearranged(nodes: readonly string[], random: Random): string[] {
  const at = random.integer(0, nodes.length - 1);
  const other = random.integer(0, nodes.length - 1);
  const node = nodes[at]!;
  switch (random.integer(0, 9)) {
    case 0:
      return nodes.toSpliced(at, 1);
    case 1:
      return nodes.toSpliced(other, 0, node);
    case 2:
      return nodes.with(at, nodes[other]!).with(other, node);
    case 3:
      return nodes.slice(0, at);
    case 4:
      return [...nodes, likelyByte(random)];
    case 5:
      return nodes.with(at, withBytesChanged(node, random));
    default:
      return [...nodes];
  }
}
