import { dataSlice, decodeRlp, getBytes, hexlify, keccak256, type RlpStructuredData } from 'ethers';

import { XdmError } from './errors.ts';

/** A node of a trie: its items, each a byte string or an inlined node. */
type Node = readonly RlpStructuredData[];

/** Bytes of the RLP list that starts at the offset, its header included. */
function listLength(bytes: Uint8Array, offset: number): number {
  const prefix = bytes[offset] ?? 0;
  if (prefix < 0xc0) throw invalid(`no node starts at byte ${offset}`);
  if (prefix <= 0xf7) return 1 + prefix - 0xc0;
  const start = offset + 1;
  const end = start + prefix - 0xf7;
  return end - offset + Number(BigInt(hexlify(bytes.subarray(start, end))));
}

function invalid(reason: string): XdmError {
  return new XdmError('proof-invalid', `the storage proof does not hold: ${reason}`, {
    hint: 'ask a node that serves eth_getProof for this block',
  });
}

/** Nodes of one or more trie proofs, one after the other, read from the front as the contract reads them. */
export class PackedNodes {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(nodes: string) {
    this.#bytes = getBytes(nodes);
  }

  /** Hash of the first node: the root of the first proof's trie. */
  rootHash(): string {
    return keccak256(this.#bytes.subarray(0, listLength(this.#bytes, 0)));
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /**
   * The value that the next nodes prove to stand at a key of 32 bytes.
   * @throws {XdmError} `proof-invalid`
   */
  readValue(root: string, key: string): string {
    let path = key.slice(2);
    let node = this.#enter(root);
    for (;;) {
      const { consumed, item, isValue } = select(node, path);
      path = path.slice(consumed);
      if (!isValue) node = typeof item === 'string' ? this.#enter(child(item)) : item;
      else if (typeof item === 'string' && item !== '0x') return item;
      else throw invalid(`there is nothing at key ${key}`);
    }
  }

  /** Reads the next node, which must have the hash. */
  #enter(expected: string): Node {
    const end = this.#offset + (this.isAtEnd ? 0 : listLength(this.#bytes, this.#offset));
    const encoded = this.#bytes.subarray(this.#offset, end);
    if (encoded.length === 0 || end > this.#bytes.length) throw invalid('it is too short');
    const actual = keccak256(encoded);
    if (actual !== expected) throw invalid(`a node has hash ${actual} instead of ${expected}`);
    this.#offset = end;
    return decodeRlp(encoded) as Node;
  }
}

function child(item: string): string {
  if (item.length === 66) return item;
  throw invalid(item === '0x' ? 'the key is not in the trie' : 'a node is malformed');
}

/** Where a node leads for a path in hex digits: how many of them it takes, and to which item. */
function select(node: Node, path: string): { consumed: number; item: RlpStructuredData; isValue: boolean } {
  const [first, second] = node;
  if (node.length === 17) {
    const isValue = path === '';
    const item = node[isValue ? 16 : Number.parseInt(path.charAt(0), 16)];
    return { consumed: isValue ? 0 : 1, item: item ?? '0x', isValue };
  }
  if (node.length !== 2 || typeof first !== 'string' || second === undefined) throw invalid('a node is malformed');
  const flags = Number.parseInt(first.charAt(2), 16);
  const part = flags % 2 === 1 ? first.slice(3) : first.slice(4);
  const isLeaf = flags >= 2;
  if (!path.startsWith(part) || (isLeaf && path !== part)) throw invalid('the key is not in the trie');
  return { consumed: part.length, item: second, isValue: isLeaf };
}

/** The storage root of an account, as its trie holds it. */
export function storageRootOf(account: string): string {
  const fields = decodeRlp(account);
  const root = typeof fields === 'string' ? undefined : fields[2];
  if (typeof root !== 'string' || root.length !== 66) throw invalid(`${dataSlice(account, 0, 1)}... is no account`);
  return root;
}
