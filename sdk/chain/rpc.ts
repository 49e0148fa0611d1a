import { FetchRequest, JsonRpcProvider, Network } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { toXdmError } from './rpcErrors.ts';

/** Longest wait for an answer; ethers' own is 300 s. */
const TIMEOUT_MS = 20_000;

/** Requests made in the same instant travel together, as many as this. */
const BATCH_SIZE = 50;

/** Longest time a request waits for others to travel with, milliseconds. */
const BATCH_STALL_MS = 2;

export interface ConnectOptions {
  /** Chain id the endpoint must have. */
  readonly chainId?: bigint;
  /** What to call the chain in an error, and which option names its endpoint. */
  readonly name: string;
  /** Milliseconds between two looks for a receipt. */
  readonly pollingInterval?: number;
}

/**
 * Connects to an endpoint, and makes sure that it answers and of which chain it is.
 * @throws {XdmError} `rpc-unreachable`, `wrong-chain`, `invalid-argument` for a URL that is none
 */
export async function connect(url: string, options: ConnectOptions): Promise<JsonRpcProvider> {
  const chainId = await askChainId(url, options.name);
  if (options.chainId !== undefined && chainId !== options.chainId) {
    throw new XdmError('wrong-chain', `${options.name} at ${url} has chain id ${chainId}, not ${options.chainId}`, {
      hint: `point --${options.name.toLowerCase()}-rpc-url at chain ${options.chainId}, or --deployment at another file`,
    });
  }
  return new JsonRpcProvider(request(url), Network.from(chainId), {
    staticNetwork: true,
    batchMaxCount: BATCH_SIZE,
    batchStallTime: BATCH_STALL_MS,
    cacheTimeout: -1,
    pollingInterval: options.pollingInterval ?? 250,
  });
}

function request(url: string): FetchRequest {
  const fetch = new FetchRequest(url);
  fetch.timeout = TIMEOUT_MS;
  // By default 429 is retried twelve times in silence: who calls decides about that.
  fetch.setThrottleParams({ maxAttempts: 1 });
  return fetch;
}

async function askChainId(url: string, name: string): Promise<bigint> {
  if (!/^https?:\/\//u.test(url) || !URL.canParse(url)) {
    throw new XdmError('invalid-argument', `${name}'s endpoint "${url}" is no http or https URL`, {
      hint: `give one with --${name.toLowerCase()}-rpc-url`,
    });
  }
  const fetch = request(url);
  fetch.body = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
  const hint = `start the chain, or give its endpoint with --${name.toLowerCase()}-rpc-url`;
  try {
    const response = await fetch.send();
    response.assertOk();
    return BigInt((response.bodyJson as { result: string }).result);
  } catch (cause) {
    const { code } = toXdmError(cause);
    const problem = code === 'rpc-unreachable' ? 'does not answer' : 'does not answer as a chain does';
    throw new XdmError(code === 'internal' ? 'rpc-error' : code, `${name} at ${url} ${problem}`, { cause, hint });
  }
}
