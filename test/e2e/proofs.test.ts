import { AbiCoder, concat, dataLength, keccak256, toBigInt, zeroPadBytes, type Contract } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { XdmError } from '../../sdk/core/errors.ts';
import { PackedNodes } from '../../sdk/core/merkleTrie.ts';
import { readStorageProof } from '../../sdk/core/storageProof.ts';
import { deployArtifact, startChain, type Chain } from '../support/chain.ts';
import { mptVerdict, split } from '../support/mptVerdict.ts';
import { decodedOnce, slotCases, trieCases, type SlotCase, type TrieCase } from '../support/proofCases.ts';
import { randomOf } from '../support/random.ts';

// Of the tries and of what is done to their proofs, and how many proofs: `XDM_FUZZ_SEED` and `XDM_FUZZ_RUNS` take others.
const SEED = Number(process.env['XDM_FUZZ_SEED'] ?? 20_261_127);
const RUNS = Number(process.env['XDM_FUZZ_RUNS'] ?? 1_000);

const LONG_MS = 60_000 + 20 * RUNS;

/** Cases on one trie, and in one call. */
const BATCH = 50;

const REFUSED = 'refused';

/** mpt decodes the whole of a node, also what nothing is read from; ours read the headers of the other items alone. */
const BESIDE = 'beside a malformed list';

let chain: Chain;
let verifier: Contract;
let known: readonly Contract[];

beforeAll(async () => {
  chain = await startChain(900);
  const account = chain.account(0);
  verifier = await deployArtifact('ProofBatch', account);
  known = [await deployArtifact('MerkleTrieHarness', account), await deployArtifact('StorageProofHarness', account)];
  console.log(`XDM_FUZZ_SEED=${SEED} XDM_FUZZ_RUNS=${RUNS}`);
});
afterAll(async () => await chain.stop());

interface Verdict {
  readonly holds: boolean;
  readonly answer: string;
}

/** What the contract says of each: an answer, or that it refuses with an error of its own, never a panic. */
async function onChain(method: 'get' | 'read', cases: readonly object[]): Promise<(readonly unknown[] | undefined)[]> {
  const verdicts: Verdict[] = await verifier.getFunction(method).staticCall(cases);
  const types = method === 'get' ? ['bytes', 'bytes'] : ['bytes32', 'uint256'];
  return verdicts.map(({ holds, answer }) => {
    if (holds) return [...AbiCoder.defaultAbiCoder().decode(types, answer)];
    expect(
      known.some((contract) => contract.interface.parseError(answer) !== null),
      `error ${answer}`,
    ).toBe(true);
    return undefined;
  });
}

/** What the library says; nothing but XdmError is thrown. */
function inLibrary(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof XdmError && error.code === 'proof-invalid') return REFUSED;
    throw error;
  }
}

function readTrie({ nodes, root, key }: TrieCase): string {
  return inLibrary(() => {
    const packed = new PackedNodes(concat(nodes));
    const value = packed.readValue(root, key);
    return packed.isAtEnd ? value : `${value}, and bytes follow`;
  });
}

/** Counts the cases of each kind. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(kind: string): void {
    this.#counts.set(kind, this.of(kind) + 1);
  }

  of(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  toString(): string {
    return [...this.#counts].map(([kind, count]) => `${count} ${kind}`).join('; ');
  }
}

test(
  'a trie proof is what @ethereumjs/mpt reads, all of it and nothing else, on chain and in the library',
  async () => {
    const random = randomOf(SEED);
    const tally = new Tally();
    for (let run = 0; run < RUNS; run += BATCH) {
      const cases = await trieCases(BATCH, random.fork());
      const calls = cases.map(({ nodes, root, key }) => ({
        nodes: concat(nodes),
        root,
        key: zeroPadBytes(key, 32),
        nibbles: 2 * dataLength(key),
      }));
      const verdicts = await onChain('get', calls);
      for (const [index, each] of cases.entries()) {
        const [value, rest] = (verdicts[index] ?? []) as string[];
        const contract = value === undefined ? REFUSED : rest === '0x' ? value : `${value}, and bytes follow`;
        const mpt = await mptVerdict(concat(each.nodes), each.root, each.key);
        const isPastMpt = mpt.isBesideMalformed === true && rest === '0x';
        tally.add(isPastMpt ? BESIDE : mpt.value === undefined ? (mpt.laxity ?? REFUSED) : 'proven');
        const seen = { ...each, library: readTrie(each), mpt: mpt.value, laxity: mpt.laxity };
        expect(seen).toEqual({ ...seen, library: contract, mpt: rest === '0x' && !isPastMpt ? value : undefined });
      }
    }
    console.log(`trie proofs: ${tally.toString()}`);
    expect(tally.of('proven')).toBeGreaterThan(RUNS / 20);
    expect(tally.of(REFUSED)).toBeGreaterThan(RUNS / 20);
    expect(tally.of('a node is not written or named as in a trie')).toBeGreaterThan(RUNS / 200);
    expect(tally.of('other nodes, or in another order')).toBeGreaterThan(RUNS / 200);
    expect(tally.of('the value is a list')).toBeGreaterThan(0);
    expect(tally.of('the value is empty')).toBeGreaterThan(0);
  },
  LONG_MS,
);

/** What mpt reads of the account, and of its storage behind that; undefined where there is no such proof. */
async function readWithMpt({
  account,
  slot,
  accountNodes,
  slotNodes,
}: SlotCase): Promise<unknown[] | typeof BESIDE | undefined> {
  const packed = concat([...accountNodes, ...slotNodes]);
  const root = keccak256(split(packed)[0] ?? '0x');
  const { value, sequences = [], isBesideMalformed } = await mptVerdict(packed, root, keccak256(account), true);
  if (isBesideMalformed === true) return BESIDE;
  const fields = value === undefined ? undefined : decodedOnce(value);
  const areFields = Array.isArray(fields) && fields.length === 4 && fields.every((field) => typeof field === 'string');
  if (!areFields || fields.slice(2).some((field) => dataLength(field) !== 32)) return undefined;
  for (const sequence of sequences.filter((start) => packed.startsWith(start))) {
    const rest = `0x${packed.slice(sequence.length)}`;
    const found = await mptVerdict(rest, fields[2]!, keccak256(slot));
    if (found.isBesideMalformed === true) return BESIDE;
    const digits = found.value === undefined ? undefined : decodedOnce(found.value);
    const isNumber = typeof digits === 'string' && digits !== '0x' && dataLength(digits) <= 32;
    if (isNumber && !digits.startsWith('0x00')) return [root, toBigInt(digits)];
  }
  return undefined;
}

test(
  'a storage proof is what @ethereumjs/mpt reads, all of it and nothing else, on chain and in the library',
  async () => {
    const random = randomOf(SEED + 1);
    const tally = new Tally();
    for (let run = 0; run < RUNS; run += BATCH) {
      const cases = await slotCases(BATCH, random.fork());
      const calls = cases.map(({ account, slot, accountNodes, slotNodes }) => ({
        nodes: concat([...accountNodes, ...slotNodes]),
        account,
        slot,
      }));
      const verdicts = await onChain('read', calls);
      for (const [index, each] of cases.entries()) {
        const { nodes, account, slot } = calls[index]!;
        const contract = String(verdicts[index] ?? REFUSED);
        const library = inLibrary(() => {
          const { stateRoot, value } = readStorageProof(nodes, account, slot);
          return String([stateRoot, value]);
        });
        const mpt = String((await readWithMpt(each)) ?? REFUSED);
        tally.add([REFUSED, BESIDE].includes(mpt) ? mpt : 'proven');
        expect({ ...each, library, mpt }).toEqual({ ...each, library: contract, mpt: mpt === BESIDE ? mpt : contract });
      }
    }
    console.log(`storage proofs: ${tally.toString()}`);
    expect(tally.of('proven')).toBeGreaterThan(RUNS / 20);
    expect(tally.of(REFUSED)).toBeGreaterThan(RUNS / 20);
  },
  LONG_MS,
);
