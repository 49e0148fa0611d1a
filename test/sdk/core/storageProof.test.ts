import { verifyMerkleProof } from '@ethereumjs/mpt';
import fc from 'fast-check';
import { encodeRlp, getBytes, hexlify, isCallException, keccak256, toBeArray, toBigInt, type Contract } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { XdmError } from '../../../sdk/core/errors.ts';
import { packStorageProof, readStorageProof, type ProvenSlot } from '../../../sdk/core/storageProof.ts';
import * as arbitrary from '../../support/arbitraries.ts';
import { deployArtifact, startChain, type Chain } from '../../support/chain.ts';
import { entries, mutation, proofOf, trieOf } from '../../support/tries.ts';

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

/** A slot of an account in a state of its own, and the proof of it as `eth_getProof` gives it. */
interface State {
  readonly root: string;
  readonly account: string;
  readonly slot: string;
  readonly accountProof: readonly string[];
  readonly storageProof: readonly string[];
}

interface StateParameters {
  readonly account: string;
  readonly slot: string;
  /** Other slots of the account; its slot is among them where it is set. */
  readonly slots: ReadonlyMap<string, Uint8Array>;
  readonly others?: ReadonlyMap<string, Uint8Array>;
  /** What the state holds of the account, where it is not what it must. */
  readonly fields?: (storageRoot: string) => Uint8Array;
}

const CODE_HASH = keccak256('0x');
const FIELDS = (storageRoot: string): Uint8Array => getBytes(encodeRlp(['0x01', '0x', storageRoot, CODE_HASH]));

async function stateOf({ account, slot, slots, others = new Map(), fields = FIELDS }: StateParameters): Promise<State> {
  const storage = await trieOf(slots);
  const value = fields(hexlify(storage.root()));
  const state = await trieOf(new Map([...others, [keccak256(account), value]]));
  const accountProof = await proofOf(state, keccak256(account));
  return {
    root: hexlify(state.root()),
    account,
    slot,
    accountProof,
    storageProof: await proofOf(storage, keccak256(slot)),
  };
}

const ACCOUNT = `0x${'a1'.repeat(20)}`;
const SLOT = `0x${'51'.repeat(32)}`;
const rlpOf = (value: bigint): Uint8Array => getBytes(encodeRlp(toBeArray(value)));
const stateWith = async (value: Uint8Array, fields = FIELDS): Promise<State> =>
  await stateOf({ account: ACCOUNT, slot: SLOT, slots: new Map([[keccak256(SLOT), value]]), fields });

/** What the proof proves; undefined where it proves nothing. Nothing but XdmError is thrown. */
function read(nodes: string, account: string, slot: string): ProvenSlot | undefined {
  try {
    return readStorageProof(nodes, account, slot);
  } catch (error) {
    if (error instanceof XdmError && error.code === 'proof-invalid') return undefined;
    throw error;
  }
}

describe('a storage proof', () => {
  let chain: Chain;
  let harness: Contract;
  beforeAll(async () => {
    chain = await startChain(900);
    harness = await deployArtifact('StorageProofHarness', chain.account(0));
  });
  afterAll(async () => await chain.stop());

  async function readOnChain(nodes: string, account: string, slot: string): Promise<ProvenSlot | undefined> {
    try {
      const [stateRoot, value] = await harness.getFunction('read').staticCall(nodes, account, slot);
      return { stateRoot, value };
    } catch (error) {
      if (isCallException(error)) return undefined;
      throw error;
    }
  }

  const value = arbitrary.uint256.filter((number) => number !== 0n);

  test('proves the slot and names the state root', async () => {
    const place = fc.record({ account: arbitrary.address, slot: arbitrary.bytes32 });
    const parameters = [place, value, entries(70, 80), entries(0, 31)] as const;
    const property = fc.asyncProperty(...parameters, async ({ account, slot }, number, others, slots) => {
      const set = new Map([...slots, [keccak256(slot), rlpOf(number)]]);
      const state = await stateOf({ account, slot, slots: set, others });
      const proven = read(packStorageProof(state.accountProof, state.storageProof), account, slot);
      expect(proven).toEqual({ stateRoot: state.root, value: number });
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('proves what the contract takes it to prove, whatever is done to it', async () => {
    const parameters = [entries(70, 80), entries(0, 31), mutation] as const;
    const property = fc.asyncProperty(...parameters, async (others, slots, mutate) => {
      const set = new Map([...slots, [keccak256(SLOT), rlpOf(1n)]]);
      const state = await stateOf({ account: ACCOUNT, slot: SLOT, slots: set, others });
      const nodes = packStorageProof(mutate([...state.accountProof, ...state.storageProof]), []);
      const proven = read(nodes, ACCOUNT, SLOT);
      expect(proven).toEqual(await readOnChain(nodes, ACCOUNT, SLOT));
      expect([1n, undefined]).toContain(proven?.stateRoot === state.root ? proven.value : undefined);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test.each([
    ['a slot that is not set', new Map([[`0x${'33'.repeat(32)}`, Uint8Array.of(1)]])],
    ['a slot of an account without storage', new Map<string, Uint8Array>()],
  ])('of %s says that it is not in the trie', async (_, slots) => {
    const { accountProof, storageProof } = await stateOf({ account: ACCOUNT, slot: SLOT, slots });
    const message = 'the key is not in the trie';
    expect(() => readStorageProof(packStorageProof(accountProof, storageProof), ACCOUNT, SLOT)).toThrow(message);
  });

  test.each([['0x80'], ['0x']])('of storage without keys, as clients write it (%s), says so', async (node) => {
    const { accountProof } = await stateOf({ account: ACCOUNT, slot: SLOT, slots: new Map() });
    const nodes = packStorageProof(accountProof, node === '0x' ? [] : [node]);
    expect(() => readStorageProof(nodes, ACCOUNT, SLOT)).toThrow('the key is not in the trie');
  });

  const word = `0x${'11'.repeat(32)}`;
  test.each<[string, Uint8Array, ((storageRoot: string) => Uint8Array)?]>([
    ['a slot that is a list', getBytes('0xc101')],
    ['a slot with leading zeros', getBytes('0x820001')],
    ['a slot that is zero', getBytes('0x00')],
    ['a slot that is empty', getBytes('0x80')],
    ['a slot of 33 bytes', getBytes(encodeRlp(`${word}11`))],
    ['a slot that could be shorter', getBytes('0x8101')],
    ['bytes after the slot', getBytes('0x0101')],
    ['an account that is a string', Uint8Array.of(1), () => getBytes(encodeRlp(`${word}${'22'.repeat(50)}`))],
    [
      'an account of three fields',
      Uint8Array.of(1),
      (root) => getBytes(encodeRlp(['0x01', `${word}${'22'.repeat(20)}`, root])),
    ],
    ['an account of five fields', Uint8Array.of(1), (root) => getBytes(encodeRlp(['0x01', '0x', root, word, '0x']))],
    ['an account with a list', Uint8Array.of(1), (root) => getBytes(encodeRlp([['0x01'], '0x', root, word]))],
    ['an account with half a code hash', Uint8Array.of(1), (root) => getBytes(encodeRlp([word, '0x', root, '0x1111']))],
    ['an account cut short', Uint8Array.of(1), (root) => FIELDS(root).slice(0, -1)],
  ])('of %s is refused, on chain too', async (_, slotValue, fields) => {
    const { accountProof, storageProof } = await stateWith(slotValue, fields);
    const nodes = packStorageProof(accountProof, storageProof);
    expect(read(nodes, ACCOUNT, SLOT)).toBeUndefined();
    expect(await readOnChain(nodes, ACCOUNT, SLOT)).toBeUndefined();
  });
});
