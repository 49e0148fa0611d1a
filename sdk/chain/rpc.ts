import type { JsonRpcProvider } from 'ethers';

import { listEndpoints, showEndpoint } from '../core/endpoint.ts';
import { XdmError } from '../core/errors.ts';
import type { Fault } from './endpoints/answers.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import type { Transport } from './endpoints/exchange.ts';
import type { EndpointObserver } from './endpoints/observer.ts';
import { EndpointPool } from './endpoints/pool.ts';
import { PooledProvider } from './pooledProvider.ts';
import { sleep } from './sleep.ts';

/** Longest wait for an answer, where nothing else is asked for. */
const TIMEOUT_MS = 20_000;

/** Longest wait for the other endpoints at the start, once one has answered. */
const OTHERS_MS = 1000;

/** How to connect to a chain's endpoints. */
export interface ConnectOptions {
  /** Chain id the endpoints must have. */
  readonly chainId?: bigint;
  /** What to call the chain in an error. */
  readonly name: string;
  /** The option that its endpoints are given with, such as `--l1-rpc-url`, which it is of a chain with the name L1 unless given. */
  readonly option?: string | undefined;
  /** Milliseconds between two looks for a receipt. */
  readonly pollingInterval?: number;
  /** Longest wait for an endpoint's answer, milliseconds; 20,000 where it is not given. */
  readonly timeout?: number | undefined;
  /** Most requests a second to each endpoint; 0, which is the default, for as many as there are. */
  readonly requestsPerSecond?: number | undefined;
  /** Told what happens to calls. */
  readonly observer?: EndpointObserver | undefined;
  /** Called with the method right before a request leaves, however long that has waited; what it throws ends the request. */
  readonly guard?: ((method: string) => void) | undefined;
  /** How requests travel: by `fetch` unless given. */
  readonly transport?: Transport | undefined;
}

/**
 * Connects to a chain, and makes sure that it answers and which one it is. One endpoint of several is enough for that; the
 * others are asked when they are there.
 * @param urls one URL, several with commas between them, or a list; the preferred first
 * @throws {XdmError} `rpc-unreachable`, `wrong-chain`, `invalid-argument` for a URL that is none
 */
export async function connect(urls: string | readonly string[], options: ConnectOptions): Promise<JsonRpcProvider> {
  const list = parseUrls(urls, options);
  const pool = newPool(list, options);
  try {
    await identify(pool, options);
  } catch (error) {
    pool.close();
    throw error;
  }
  return providerOf(pool, list, options);
}

/**
 * The same without waiting for an answer: each endpoint is asked of which chain it is before it is asked anything else.
 * @throws {XdmError} `invalid-argument` for a URL that is none
 */
export function connectSilent(
  urls: string | readonly string[],
  options: ConnectOptions & { readonly chainId: bigint },
): JsonRpcProvider {
  const list = parseUrls(urls, options);
  return providerOf(alone(newPool(list, options), options.chainId), list, options);
}

function newPool(urls: readonly string[], options: ConnectOptions): EndpointPool {
  const { timeout = TIMEOUT_MS, requestsPerSecond = 0, observer = {}, guard, transport } = options;
  return new EndpointPool(urls, { timeout, requestsPerSecond, observer, guard, transport });
}

function providerOf(pool: EndpointPool, urls: readonly string[], options: ConnectOptions): PooledProvider {
  const { pollingInterval = 250 } = options;
  const each = urls.length === 1 ? [] : urls.map((url) => alone(newPool([url], options), pool.chainId));
  return new PooledProvider(
    pool,
    pollingInterval,
    each.map((one) => new PooledProvider(one, pollingInterval)),
  );
}

/** The pool of an endpoint that has not said yet of which chain it is. */
function alone(pool: EndpointPool, chainId: bigint): EndpointPool {
  pool.chainId = chainId;
  return pool;
}

/** The endpoints behind a provider, each by itself: what one of them says is then its own word. */
export function nodesOf(provider: JsonRpcProvider): readonly JsonRpcProvider[] {
  return provider instanceof PooledProvider ? provider.nodes : [provider];
}

function parseUrls(urls: string | readonly string[], options: ConnectOptions): string[] {
  const list = listEndpoints(urls);
  for (const url of list) {
    if (/^https?:\/\//u.test(url) && URL.canParse(url)) continue;
    throw new XdmError(
      'invalid-argument',
      `${options.name}'s endpoint "${showEndpoint(url)}" is no http or https URL`,
      {
        hint: `give one with ${optionOf(options)}`,
      },
    );
  }
  return list;
}

/** Learns the chain id: the one that was asked for, or that of the first endpoint that answers. */
async function identify(pool: EndpointPool, options: ConnectOptions): Promise<void> {
  const found = new Map<Endpoint, bigint>();
  const faults = new Map<Endpoint, Fault>();
  const asked = pool.endpoints.map(async (endpoint) => {
    const identity = await endpoint.identify();
    if (identity.fault === undefined) found.set(endpoint, identity.chainId);
    else faults.set(endpoint, identity.fault);
    // One that comes late.
    if (identity.fault === undefined && pool.chainId !== 0n) pool.accept(endpoint, identity.chainId);
  });
  await untilKnown(asked, () => found.size > 0);

  const preferred = pool.endpoints.find((endpoint) => found.has(endpoint));
  const actual = preferred && found.get(preferred);
  if (actual === undefined) throw noUse(pool, faults, options);
  const expected = options.chainId ?? actual;
  for (const [endpoint, chainId] of found) {
    if (chainId !== expected) throw wrongChain(endpoint, chainId, { ...options, chainId: expected });
  }
  pool.chainId = expected;
  for (const endpoint of pool.endpoints) {
    const chainId = found.get(endpoint);
    if (chainId === undefined) endpoint.health.noteFault(performance.now());
    else pool.accept(endpoint, chainId);
  }
}

/** Ends when all have answered, or some time after one has. */
async function untilKnown(asked: readonly Promise<unknown>[], isKnown: () => boolean): Promise<void> {
  const all = Promise.all(asked);
  const known = Promise.withResolvers<undefined>();
  for (const each of asked) {
    void each.then(() => {
      if (isKnown()) known.resolve(undefined);
    });
  }
  await Promise.race([all, known.promise]);
  const ended = new AbortController();
  void all.then(() => ended.abort());
  await sleep(OTHERS_MS, ended.signal);
}

function optionOf({ name, option = `--${name.toLowerCase()}-rpc-url` }: ConnectOptions): string {
  return option;
}

function wrongChain({ name: endpoint }: Endpoint, chainId: bigint, options: ConnectOptions): XdmError {
  const { name, chainId: expected } = options;
  return new XdmError('wrong-chain', `${name} at ${endpoint} has chain id ${chainId}, not ${expected}`, {
    hint: `point ${optionOf(options)} at chain ${expected}, or --deployment at another file`,
  });
}

/** What speaks against the preferred endpoint, where none answers. */
function noUse(pool: EndpointPool, faults: ReadonlyMap<Endpoint, Fault>, options: ConnectOptions): XdmError {
  const problems = pool.endpoints.map((endpoint) => {
    const message = faults.get(endpoint)?.error.message ?? 'the endpoint does not answer';
    return `${options.name} at ${endpoint.name} is of no use: ${message}`;
  });
  const [first] = pool.endpoints.map((endpoint) => faults.get(endpoint)?.error);
  return new XdmError(first?.code ?? 'rpc-unreachable', problems.join('; '), {
    cause: first,
    hint: `start the chain, or give its endpoint with ${optionOf(options)}`,
  });
}
