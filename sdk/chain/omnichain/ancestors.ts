import { concat, keccak256, toBeHex, toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../core/errors.ts';
import type { OmnichainLightClient } from '../../core/omnichain/deployment.ts';
import { packStorageProof, readStorageProof } from '../../core/storageProof.ts';
import { hex, request } from '../request.ts';
import { headerEncoder, type ConnectedChain } from './client.ts';
import { LIGHT_CLIENT_CALLS, lightClientAt } from './contracts.ts';

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
const HISTORY = '0x0000F90827F1C53a10cb7A02335B175320002935';

/** Up to so many blocks it is cheaper to show the headers between than a proof of the chain's state. */
const MOST_HEADERS = 12;

/** Headers in one call, where there is no other way: each costs about 19,000 gas. */
const HEADERS_A_CALL = 64;

const proofAnswer = z.object({
  accountProof: z.array(hex),
  storageProof: z.array(z.object({ proof: z.array(hex) })),
});

/**
 * The calls, in order, after which a light client knows a block of its chain; none where it knows it.
 * @param on the chain that has the light client
 * @param source the chain that it is of
 * @throws {XdmError} `not-ready` where its head is below the block, `proof-invalid` where it knows another block of the number,
 * `light-client-frozen`, `state-unavailable`, and what the endpoints throw
 */
export async function planAncestor(
  on: ConnectedChain,
  source: ConnectedChain,
  { address }: OmnichainLightClient,
  block: { readonly number: number; readonly hash: string },
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
      {
        hint: 'ask another node of the source chain: this one is on another branch',
      },
    );
  }
  if (Number(head) < block.number) {
    throw new XdmError(
      'not-ready',
      `chain ${on.chainId} knows chain ${source.chainId} up to block ${head}, and the message is in block ${block.number}`,
      { hint: 'wait until its light client was updated, or update it with `xdm lightclient update`' },
    );
  }
  const plan = { source, address, window: Number(window) };
  const calls: AncestorCall[] = [];
  for (let known = Number(head); known > block.number;) {
    const call = await hop(plan, known, block.number);
    calls.push(call);
    known = call.blockNumber;
  }
  return calls;
}

interface Plan {
  readonly source: ConnectedChain;
  readonly address: string;
  /** How far a proof of the chain's state reaches; 0 where there is none. */
  readonly window: number;
}

async function hop(plan: Plan, known: number, wanted: number): Promise<AncestorCall> {
  const distance = known - wanted;
  if (plan.window === 0 || distance <= MOST_HEADERS) {
    const number = Math.max(wanted, known - HEADERS_A_CALL);
    const numbers = Array.from({ length: known - number }, (_, index) => known - index);
    const headers = await Promise.all(numbers.map(async (each) => await getHeader(plan.source, each)));
    return callOf(plan, number, 'proveAncestorByHeaders', [known, concat(headers)]);
  }
  const number = Math.max(wanted, known - plan.window);
  const header = await getHeader(plan.source, known);
  const slot = toBeHex(number % plan.window, 32);
  const nodes = await proveHistory(plan.source.provider, slot, known);
  return callOf(plan, number, 'proveAncestorByHistory', [known, header, number, nodes]);
}

function callOf({ source, address }: Plan, blockNumber: number, name: string, args: readonly unknown[]): AncestorCall {
  const purpose = `prove block ${blockNumber} of chain ${source.chainId}`;
  return { purpose, to: address, data: LIGHT_CLIENT_CALLS.encodeFunctionData(name, args), blockNumber };
}

async function getHeader({ provider, headers, chainId }: ConnectedChain, number: number): Promise<string> {
  const block = await request(provider, 'eth_getBlockByNumber', {
    parameters: [toQuantity(number), false],
    schema: z.record(z.string(), z.unknown()).nullable(),
  });
  const strings = Object.entries(block ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const fields = Object.fromEntries(strings);
  const header = headerEncoder(headers)(fields);
  if (header !== undefined && keccak256(header) === fields['hash']) return header;
  throw new XdmError(
    'proof-invalid',
    `the header of block ${number} of chain ${chainId} does not hash to the block's hash`,
    {
      hint: 'ask another node; a chain whose headers have a form of their own needs support for it',
    },
  );
}

/** What the history contract has stored, proven in the state of a block. */
async function proveHistory(provider: JsonRpcProvider, slot: string, number: number): Promise<string> {
  const parameters = [HISTORY, [slot], toQuantity(number)];
  const answer = await request(provider, 'eth_getProof', { parameters, schema: proofAnswer });
  const nodes = packStorageProof(answer.accountProof, answer.storageProof[0]?.proof ?? []);
  // It throws where the slot holds nothing.
  readStorageProof(nodes, HISTORY, slot);
  return nodes;
}
