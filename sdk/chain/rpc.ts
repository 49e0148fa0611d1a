import {
  FetchRequest,
  JsonRpcProvider,
  Network,
  type FetchResponse,
  type JsonRpcPayload,
  type JsonRpcResult,
} from 'ethers';

import { showEndpoint } from '../core/endpoint.ts';
import { XdmError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { toXdmError } from './rpcErrors.ts';

/** Longest wait for an answer, where nothing else is asked for; ethers' own is 300 s. */
const TIMEOUT_MS = 20_000;

/** Requests made in the same instant travel together, as many as this. */
const BATCH_SIZE = 50;

/** Longest time a request waits for others to travel with, milliseconds. */
const BATCH_STALL_MS = 2;

/** How to connect to an endpoint. */
export interface ConnectOptions {
  /** Chain id the endpoint must have. */
  readonly chainId?: bigint;
  /** What to call the chain in an error, and which option names its endpoint. */
  readonly name: string;
  /** Milliseconds between two looks for a receipt. */
  readonly pollingInterval?: number;
  /** Longest wait for an answer, milliseconds; 20,000 where it is not given. */
  readonly timeout?: number | undefined;
}

/**
 * Connects to an endpoint, and makes sure that it answers and of which chain it is.
 * @throws {XdmError} `rpc-unreachable`, `wrong-chain`, `invalid-argument` for a URL that is none
 */
export async function connect(url: string, options: ConnectOptions): Promise<JsonRpcProvider> {
  const chainId = await askChainId(url, options);
  if (options.chainId !== undefined && chainId !== options.chainId) {
    throw new XdmError(
      'wrong-chain',
      `${options.name} at ${showEndpoint(url)} has chain id ${chainId}, not ${options.chainId}`,
      {
        hint: `point --${options.name.toLowerCase()}-rpc-url at chain ${options.chainId}, or --deployment at another file`,
      },
    );
  }
  return new Provider(request(url, options), Network.from(chainId), {
    staticNetwork: true,
    batchMaxCount: BATCH_SIZE,
    batchStallTime: BATCH_STALL_MS,
    cacheTimeout: -1,
    pollingInterval: options.pollingInterval ?? 250,
  });
}

/** Gives up the requests that are in flight when it is destroyed: ethers' own waits for their answers. */
class Provider extends JsonRpcProvider {
  readonly #inFlight = new Set<FetchRequest>();

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const fetch = this._getConnection();
    fetch.body = new TextEncoder().encode(JSON.stringify(payload));
    fetch.setHeader('content-type', 'application/json');
    this.#inFlight.add(fetch);
    try {
      const response = await fetch.send();
      response.assertOk();
      const answer = parseBody(response) as JsonRpcResult | JsonRpcResult[];
      return Array.isArray(answer) ? answer : [answer];
    } finally {
      this.#inFlight.delete(fetch);
    }
  }

  override destroy(): void {
    if (!this.destroyed) super.destroy();
    for (const fetch of this.#inFlight) fetch.cancel();
    this.#inFlight.clear();
  }
}

/** The platform reads and writes UTF-8: ethers goes byte by byte, which is most of what an answer of megabytes costs. */
function parseBody(response: FetchResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(response.body ?? undefined)) as unknown;
  } catch {
    // Throws what ethers throws at garbage.
    return response.bodyJson as unknown;
  }
}

function request(url: string, { timeout = TIMEOUT_MS }: ConnectOptions): FetchRequest {
  const fetch = new FetchRequest(url);
  fetch.timeout = timeout;
  // By default 429 is retried twelve times in silence: who calls decides about that.
  fetch.retryFunc = async () => await Promise.resolve(false);
  return fetch;
}

async function askChainId(url: string, options: ConnectOptions): Promise<bigint> {
  const { name } = options;
  if (!/^https?:\/\//u.test(url) || !URL.canParse(url)) {
    throw new XdmError('invalid-argument', `${name}'s endpoint "${url}" is no http or https URL`, {
      hint: `give one with --${name.toLowerCase()}-rpc-url`,
    });
  }
  const fetch = request(url, options);
  fetch.body = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
  const hint = `start the chain, or give its endpoint with --${name.toLowerCase()}-rpc-url`;
  let answer: unknown;
  try {
    const response = await fetch.send();
    response.assertOk();
    answer = response.bodyJson;
  } catch (cause) {
    const { code, message } = toXdmError(cause);
    const problem = code === 'internal' ? 'rpc-error' : code;
    throw new XdmError(problem, `${name} at ${showEndpoint(url)} is of no use: ${message}`, { cause, hint });
  }
  const { result } = (answer ?? {}) as { result?: unknown };
  if (typeof result === 'string' && /^0x[0-9a-f]+$/iu.test(result)) return BigInt(result);
  const words = printable(JSON.stringify(answer));
  throw new XdmError('rpc-error', `${name} at ${showEndpoint(url)} has no chain id: it answers ${words}`, { hint });
}
