import { concat, keccak256, toBeHex, toQuantity } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../core/errors.ts';
import type { OmnichainLightClient } from '../../core/omnichain/deployment.ts';
import { packStorageProof, readStorageProof } from '../../core/storageProof.ts';
import { hex, request } from '../request.ts';
import { toXdmError } from '../rpcErrors.ts';
import { scanLogsBackwards } from '../scanLogs.ts';
import { byAnyNode } from './anyNode.ts';
import { headerEncoder, type ConnectedChain } from './client.ts';
import { LIGHT_CLIENT_CALLS, lightClientAt } from './contracts.ts';
import { RECORDED, type BlockOfHeight } from './recordedBlocks.ts';

/** A call that makes an older block known to a light client. */
export interface AncestorCall {
  /** Such as `prove block 17 of chain 900`. */
  readonly purpose: string;
  /** The light client. */
  readonly to: string;
  readonly data: string;
  /** The block that is known afterwards. */
  readonly blockNumber: number;
}

/** EIP-2935's contract. */
export const HISTORY = '0x0000F90827F1C53a10cb7A02335B175320002935';

/** Up to so many blocks it is cheaper to show the headers between than a proof of the chain's state. */
const MOST_HEADERS = 12;

/** Headers in one call, where there is no other way: each costs about 19,000 gas. */
const HEADERS_A_CALL = 64;

/** Headers that are shown at most, 150,000,000 gas: whoever needs more has another block made known between. */
const HEADERS_IN_ALL = 8192;

const proofAnswer = z.object({
  accountProof: z.array(hex),
  storageProof: z.array(z.object({ proof: z.array(hex) })),
});

/**
 * The calls, in order, after which a light client knows a block of its chain; none where it knows it. They start from the nearest
 * block above that it knows, and go by the hashes that the chain stores (EIP-2935), in hops of the light client's `historyWindow`,
 * or by headers where the block is near, or there is no such way. What the node says of its chain is verified: it leads
 * from the known hash to the wanted one.
 * @param on the chain that has the light client
 * @param source the chain that it is of
 * @throws {XdmError} `not-ready` where its head is below the block, or only too many headers lead there; `proof-invalid` where it
 * knows another block of the number, or the node's answers do not hold; `light-client-frozen`, and what the endpoints throw
 */
export async function planAncestor(
  on: ConnectedChain,
  source: ConnectedChain,
  { address }: OmnichainLightClient,
  block: BlockOfHeight,
): Promise<AncestorCall[]> {
  const client = lightClientAt(address, on.provider);
  const [recorded, [head], window] = await Promise.all([
    client.finalizedBlockHash(BigInt(block.number)),
    client.head(),
    client.historyWindow(),
  ]);
  if (BigInt(recorded) !== 0n) {
    if (recorded === block.hash) return [];
    throw new XdmError(
      'proof-invalid',
      `chain ${on.chainId} knows block ${block.number} of chain ${source.chainId} as ${recorded}, not ${block.hash}`,
      { hint: 'ask another node of the source chain: this one is on another branch' },
    );
  }
  if (Number(head) < block.number) {
    throw new XdmError(
      'not-ready',
      `chain ${on.chainId} knows chain ${source.chainId} up to block ${head}, and the message is in block ${block.number}`,
      { hint: 'wait until its light client was updated' },
    );
  }
  const number = await nearestKnown(on, address, { head: Number(head), wanted: block.number });
  const known = { number, hash: await client.finalizedBlockHash(BigInt(number)) };
  return await callsBetween({ source, address, window: Number(window) }, known, block);
}

/**
 * What shows a light client that it has recorded another block than its chain has, so that it freezes: the way down to that height from
 * a later block that both know. Undefined as long as it knows no such block.
 * @param block as its chain has it
 * @returns the first call of that way, after which the rest can be asked for
 * @throws {XdmError} `proof-invalid` where the node's answers do not hold, and what the endpoints throw
 */
export async function planContradiction(
  on: ConnectedChain,
  source: ConnectedChain,
  { address }: OmnichainLightClient,
  block: BlockOfHeight,
): Promise<AncestorCall | undefined> {
  const client = lightClientAt(address, on.provider);
  const [[head], window] = await Promise.all([client.head(), client.historyWindow()]);
  if (Number(head) <= block.number) return undefined;
  const nearest = await nearestKnown(on, address, { head: Number(head), wanted: block.number });
  for (const number of new Set([nearest, Number(head)])) {
    const known = { number, hash: await client.finalizedBlockHash(BigInt(number)) };
    if ((await getHeader(source, number)).hash !== known.hash) continue;
    const [first] = await callsBetween({ source, address, window: Number(window) }, known, block);
    return first;
  }
  return undefined;
}

/**
 * The lowest known block above another one, as far as it is worth the while to look: the search ends where one is near, or where
 * lower blocks became known, as the heads of before did.
 */
async function nearestKnown(
  on: ConnectedChain,
  address: string,
  { head, wanted }: { readonly head: number; readonly wanted: number },
): Promise<number> {
  let nearest = head;
  if (nearest - wanted <= MOST_HEADERS) return nearest;
  const filter = { address, topics: [RECORDED] };
  for await (const logs of scanLogsBackwards(on.provider, filter, Number(on.deployedAt))) {
    const numbers = logs.map(({ topics }) => Number(topics[1]));
    for (const each of numbers) if (each > wanted && each < nearest) nearest = each;
    if (nearest - wanted <= MOST_HEADERS || numbers.some((each) => each < wanted)) break;
  }
  return nearest;
}

interface Plan {
  readonly source: ConnectedChain;
  readonly address: string;
  /** How far a proof of the chain's state reaches; 0 where there is none. */
  readonly window: number;
}

async function callsBetween(plan: Plan, known: BlockOfHeight, wanted: BlockOfHeight): Promise<AncestorCall[]> {
  const distance = known.number - wanted.number;
  if (plan.window > 0 && distance > MOST_HEADERS) {
    try {
      return await byAnyNode(plan.source, async (source) => await callsByHistory({ ...plan, source }, known, wanted));
    } catch (cause) {
      // The node may not have these states any more, or the chain no such contract.
      const error = toXdmError(cause);
      const isRefused = error.code === 'rpc-error' || error.code === 'state-unavailable';
      if (!isRefused || distance > HEADERS_IN_ALL) throw error;
    }
  }
  if (distance <= HEADERS_IN_ALL) {
    return await byAnyNode(plan.source, async (source) => await callsByHeaders({ ...plan, source }, known, wanted));
  }
  throw new XdmError(
    'not-ready',
    `block ${wanted.number} of chain ${plan.source.chainId} is ${distance} blocks below the nearest one that is known`,
    { hint: 'have a block between them made known: without a history contract only headers lead there' },
  );
}

async function callsByHistory(plan: Plan, known: BlockOfHeight, wanted: BlockOfHeight): Promise<AncestorCall[]> {
  const calls: AncestorCall[] = [];
  let from = await getHeader(plan.source, known.number);
  requireHash(from.hash, known);
  for (let at = known.number; at > wanted.number;) {
    const number = Math.max(wanted.number, at - plan.window);
    const to = await getHeader(plan.source, number);
    const nodes = await proveHistory(plan, { number: at, stateRoot: from.stateRoot }, { number, hash: to.hash });
    calls.push(callOf(plan, number, 'proveAncestorByHistory', [at, from.rlp, number, nodes]));
    [at, from] = [number, to];
  }
  requireHash(from.hash, wanted);
  return calls;
}

async function callsByHeaders(plan: Plan, known: BlockOfHeight, wanted: BlockOfHeight): Promise<AncestorCall[]> {
  const calls: AncestorCall[] = [];
  let expected = known.hash;
  for (let at = known.number; at > wanted.number;) {
    const number = Math.max(wanted.number, at - HEADERS_A_CALL);
    const numbers = Array.from({ length: at - number }, (_, index) => at - index);
    const headers = await Promise.all(numbers.map(async (each) => await getHeader(plan.source, each)));
    for (const [index, { hash, parentHash }] of headers.entries()) {
      requireHash(hash, { number: numbers[index]!, hash: expected });
      expected = parentHash;
    }
    const bytes = concat(headers.map(({ rlp }) => rlp));
    calls.push(callOf(plan, number, 'proveAncestorByHeaders', [at, bytes]));
    at = number;
  }
  requireHash(expected, wanted);
  return calls;
}

function callOf({ source, address }: Plan, blockNumber: number, name: string, args: readonly unknown[]): AncestorCall {
  const purpose = `prove block ${blockNumber} of chain ${source.chainId}`;
  return { purpose, to: address, data: LIGHT_CLIENT_CALLS.encodeFunctionData(name, args), blockNumber };
}

function requireHash(actual: string, { number, hash }: BlockOfHeight): void {
  if (actual !== hash) throw invalid(`block ${number} is ${actual} to the node, and ${hash} is final`);
}

interface Header {
  /** Hex. */
  readonly rlp: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly stateRoot: string;
}

/** A header by what its RLP says, which hashes to the block's hash. */
async function getHeader({ provider, headers, chainId }: ConnectedChain, number: number): Promise<Header> {
  const block = await request(provider, 'eth_getBlockByNumber', {
    parameters: [toQuantity(number), false],
    schema: z.record(z.string(), z.unknown()).nullable(),
  });
  const strings = Object.entries(block ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const fields = Object.fromEntries(strings);
  const rlp = headerEncoder(headers)(fields);
  const { hash, parentHash, stateRoot } = fields;
  if (rlp !== undefined && keccak256(rlp) === hash) {
    return { rlp, hash, parentHash: parentHash!, stateRoot: stateRoot! };
  }
  throw invalid(`the header of block ${number} of chain ${chainId} does not hash to the block's hash`);
}

/** What the history contract has stored of a block, proven in the state of a later one. */
async function proveHistory(
  { source: { provider }, window }: Plan,
  at: { readonly number: number; readonly stateRoot: string },
  block: BlockOfHeight,
): Promise<string> {
  const slot = toBeHex(block.number % window, 32);
  const parameters = [HISTORY, [slot], toQuantity(at.number)];
  const answer = await request(provider, 'eth_getProof', { parameters, schema: proofAnswer });
  const nodes = packStorageProof(answer.accountProof, answer.storageProof[0]?.proof ?? []);
  const { stateRoot, value } = readStorageProof(nodes, HISTORY, slot);
  requireHash(toBeHex(value, 32), block);
  if (stateRoot === at.stateRoot) return nodes;
  throw invalid(`the node proves state ${stateRoot} of block ${at.number}, whose header says ${at.stateRoot}`);
}

function invalid(problem: string): XdmError {
  return new XdmError('proof-invalid', `the older block is not proven: ${problem}`, {
    hint: 'ask another node; a chain whose headers have a form of their own needs support for it',
  });
}
