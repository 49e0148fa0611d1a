import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { HttpClient } from '../../sdk/chain/endpoints/exchange.ts';
import { request } from '../../sdk/chain/request.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { showEndpoint } from '../../sdk/core/endpoint.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { printable } from '../../sdk/core/printable.ts';

/** What is asked of a block. */
export interface Header {
  readonly number: number;
  readonly hash: string;
  /** Seconds. */
  readonly timestamp: number;
}

export type Tag = 'safe' | 'finalized';

/** An endpoint that answers, and what it can do. */
export interface EndpointFacts {
  readonly side: Side;
  /** Without credentials. */
  readonly name: string;
  readonly provider: JsonRpcProvider;
  readonly chainId: bigint;
  readonly latencyMs: number;
  readonly client: string | undefined;
  readonly isSyncing: boolean;
  readonly head: Header;
  /** Seconds between two blocks, on average. */
  readonly blockTime: number;
  /** Undefined where it does not know the tag. */
  readonly tags: Readonly<Record<Tag, Header | undefined>>;
  /** What went wrong with logs asked for by a block's hash, and with two requests in one. */
  readonly logsByHash: XdmError | undefined;
  readonly batches: XdmError | undefined;
}

/** An endpoint of no use. */
export interface DeadEndpoint {
  readonly side: Side;
  readonly name: string;
  readonly error: XdmError;
}

/** What to ask, and for how long. */
export interface Asked {
  readonly side: Side;
  readonly url: string;
  /** Milliseconds, for all together. */
  readonly timeout: number;
}

/** Blocks from the head back over which the time between two is averaged. */
const BLOCKS = 20;

const twoAnswers = z.array(z.object({ result: z.string() })).length(2);
const quantity = z.string().regex(/^0x[\da-f]+$/iu);
const header = z
  .object({ number: quantity, hash: quantity, timestamp: quantity })
  .transform(({ number, hash, timestamp }) => ({ number: Number(number), hash, timestamp: Number(timestamp) }))
  .nullable();

/**
 * Finds out what an endpoint is of, and what it can do. Its provider is the caller's to destroy.
 */
export async function askEndpoint(asked: Asked): Promise<EndpointFacts | DeadEndpoint> {
  const { side, url, timeout } = asked;
  const name = showEndpoint(url);
  let provider: JsonRpcProvider;
  try {
    provider = await connect(url, { name: side.toUpperCase(), timeout });
  } catch (error) {
    return { side, name, error: toXdmError(error) };
  }
  const late = AbortSignal.timeout(timeout);
  const giveUp = (): void => provider.destroy();
  late.addEventListener('abort', giveUp);
  try {
    const facts = await factsOf(asked, provider);
    // What was given up is no answer, also where none is one.
    late.throwIfAborted();
    return facts;
  } catch (cause) {
    provider.destroy();
    const what = `${side.toUpperCase()} at ${name} has not answered all that was asked within ${timeout / 1000} s`;
    return { side, name, error: late.aborted ? new XdmError('timeout', what, { cause }) : toXdmError(cause) };
  } finally {
    late.removeEventListener('abort', giveUp);
  }
}

async function factsOf({ side, url, timeout }: Asked, provider: JsonRpcProvider): Promise<EndpointFacts> {
  const start = performance.now();
  // One after the other: whether several can travel together is asked last.
  const head = await headerAt(provider, 'latest');
  const latencyMs = Math.round(performance.now() - start);
  const earlier = await headerAt(provider, `0x${Math.max(0, head.number - BLOCKS).toString(16)}`);
  return {
    side,
    name: showEndpoint(url),
    provider,
    chainId: provider._network.chainId,
    latencyMs,
    client: await textOf(provider, 'web3_clientVersion'),
    // What has no such method, as some gateways, is in sync by its own word.
    isSyncing: ((await answerOf(provider, 'eth_syncing')) ?? false) !== false,
    head,
    blockTime: (head.timestamp - earlier.timestamp) / Math.max(1, head.number - earlier.number),
    tags: { safe: await tagged(provider, 'safe'), finalized: await tagged(provider, 'finalized') },
    logsByHash: await errorOf(async () => void (await provider.send('eth_getLogs', [{ blockHash: head.hash }]))),
    batches: await errorOf(async () => await askTwo(url, timeout)),
  };
}

/** @throws {XdmError} `rpc-error` where the node has no such block */
export async function headerAt(provider: JsonRpcProvider, tag: string): Promise<Header> {
  const answer = await request(provider, 'eth_getBlockByNumber', { parameters: [tag, false], schema: header });
  if (answer === null) throw new XdmError('rpc-error', `the node has no block ${tag}`, { hint: 'ask another node' });
  return answer;
}

async function tagged(provider: JsonRpcProvider, tag: Tag): Promise<Header | undefined> {
  try {
    return await headerAt(provider, tag);
  } catch {
    return undefined;
  }
}

async function answerOf(provider: JsonRpcProvider, method: string): Promise<unknown> {
  return await provider.send(method, []).catch(() => undefined);
}

async function textOf(provider: JsonRpcProvider, method: string): Promise<string | undefined> {
  const answer = await answerOf(provider, method);
  return typeof answer === 'string' ? printable(answer) : undefined;
}

async function errorOf(ask: () => Promise<void>): Promise<XdmError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    return toXdmError(error);
  }
}

/** The bare question: a connection of ours would ask again for less, where two are too many. */
async function askTwo(url: string, timeout: number): Promise<void> {
  const client = new HttpClient(url);
  const ask = (id: number, method: string) => ({ id, method, params: [], jsonrpc: '2.0' });
  const body = JSON.stringify([ask(1, 'eth_chainId'), ask(2, 'eth_blockNumber')]);
  const { status, text } = await client.post(body, timeout);
  const { success } = twoAnswers.safeParse(parseJson(text));
  if (!success) throw new XdmError('rpc-error', `two are not answered as two, with HTTP status ${status}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
