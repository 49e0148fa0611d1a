import { JsonRpcProvider, Network, type JsonRpcError } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { BATCH_SIZE } from './endpoints/endpoint.ts';
import type { EndpointPool, Reply } from './endpoints/pool.ts';
import { isPrompt, isRepeatable, type RpcCall, type RpcRequest } from './endpoints/requests.ts';

/** Most characters of requests that travel together. */
const BATCH_CHARACTERS = 1_000_000;

interface Waiting {
  readonly request: RpcRequest;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A provider of ethers over a pool of endpoints. Requests made in the same instant travel together, but for those that must
 * not be sent twice: what becomes of others says nothing of them.
 */
export class PooledProvider extends JsonRpcProvider {
  readonly pool: EndpointPool;
  /** A provider of each endpoint by itself, where there are several. */
  readonly #each: readonly PooledProvider[];
  #waiting: Waiting[] = [];
  #nextId = 1;

  /** @param each providers of the same endpoints, one by one; closed with this one */
  constructor(pool: EndpointPool, pollingInterval: number, each: readonly PooledProvider[] = []) {
    super(undefined, Network.from(pool.chainId), { staticNetwork: true, cacheTimeout: -1, pollingInterval });
    this.pool = pool;
    this.#each = each;
  }

  /** Its endpoints, each by itself: what one of them says is then its own word. */
  get nodes(): readonly JsonRpcProvider[] {
    return this.#each.length === 0 ? [this] : this.#each;
  }

  /** @throws {XdmError} `rpc-unreachable`, `rpc-rate-limited`, `rpc-error`; ethers' error for a refusal of the node's */
  override async send(method: string, params: unknown[] | Record<string, unknown>): Promise<unknown> {
    if (this.destroyed) throw closed();
    const request: RpcRequest = { jsonrpc: '2.0', id: this.#nextId++, method, params };
    return await new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#drain());
      this.#waiting.push({ request, resolve, reject });
    });
  }

  /** Asks for several things that belong together: the same node answers all of them. */
  async sendTogether(calls: readonly RpcCall[]): Promise<unknown[]> {
    if (this.destroyed) throw closed();
    const requests = calls.map((call) => ({ jsonrpc: '2.0' as const, id: this.#nextId++, ...call }));
    const replies = await this.pool.ask(requests);
    return requests.map((request, index) => this.#resultOf(request, replies[index]));
  }

  /**
   * Asks all endpoints that are sound, and those that are not but have answered so many milliseconds ago.
   * @throws {XdmError} and what ethers throws, as `send` does, where one of them has no result
   */
  async sendToAll(call: RpcCall, recently: number): Promise<unknown[]> {
    if (this.destroyed) throw closed();
    const request = { jsonrpc: '2.0' as const, id: this.#nextId++, ...call };
    return (await this.pool.askAll(call, recently)).map((answer) => this.#resultOf(request, answer));
  }

  override destroy(): void {
    if (!this.destroyed) super.destroy();
    this.pool.close();
    for (const node of this.#each) node.destroy();
    for (const { reject } of this.#waiting) reject(closed());
    this.#waiting = [];
  }

  /** What is prompt travels by itself: where a budget makes others wait, it goes before them. */
  #drain(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#askFor(waiting.filter(({ request }) => isPrompt(request)));
    this.#askFor(waiting.filter(({ request }) => !isPrompt(request)));
  }

  #askFor(waiting: readonly Waiting[]): void {
    let batch: Waiting[] = [];
    let characters = 0;
    for (const each of waiting) {
      if (!isRepeatable(each.request)) {
        void this.#ask([each]);
        continue;
      }
      const size = sizeOf(each.request);
      if (batch.length === BATCH_SIZE || (batch.length > 0 && characters + size > BATCH_CHARACTERS)) {
        void this.#ask(batch);
        [batch, characters] = [[], 0];
      }
      batch.push(each);
      characters += size;
    }
    if (batch.length > 0) void this.#ask(batch);
  }

  async #ask(batch: readonly Waiting[]): Promise<void> {
    // Nobody waits for this: what it throws would end the process.
    const replies = await this.pool.ask(batch.map(({ request }) => request)).catch((error: unknown) => {
      for (const { reject } of batch) reject(error as Error);
      return [];
    });
    batch.forEach(({ request, resolve, reject }, index) => {
      try {
        resolve(this.#resultOf(request, replies[index]));
      } catch (error) {
        reject(error as Error);
      }
    });
  }

  #resultOf(request: RpcRequest, reply: Reply | undefined): unknown {
    if (reply === undefined || reply instanceof XdmError) throw reply ?? closed();
    if ('result' in reply) return reply.result;
    const { id, method, params } = request;
    const payload = { jsonrpc: '2.0' as const, id, method, params: params as unknown[] };
    throw this.getRpcError(payload, { id, error: reply.error as JsonRpcError['error'] });
  }
}

/**
 * Asks for several things that belong together; where the provider is not one of a pool, in one instant.
 * @throws {XdmError} and what ethers throws, as `send` does
 */
export async function sendTogether(provider: JsonRpcProvider, calls: readonly RpcCall[]): Promise<unknown[]> {
  if (provider instanceof PooledProvider) return await provider.sendTogether(calls);
  return await Promise.all(
    calls.map(async ({ method, params }) => (await provider.send(method, [...params])) as unknown),
  );
}

/**
 * Asks all endpoints that are sound: what one of them does not know another one can.
 * @param recently milliseconds within which an endpoint must not have answered for it to be left out; none is asked that is not sound where
 * this is not given
 * @throws {XdmError} and what ethers throws, as `send` does, where none answers with a result; where one has none that has answered recently
 */
export async function sendToAll(
  provider: JsonRpcProvider,
  { method, params }: RpcCall,
  recently = 0,
): Promise<unknown[]> {
  const results = await askPool(provider, { method, params }, recently);
  return results.length > 0 ? results : [(await provider.send(method, [...params])) as unknown];
}

async function askPool(provider: JsonRpcProvider, call: RpcCall, recently: number): Promise<unknown[]> {
  if (!(provider instanceof PooledProvider) || provider.pool.endpoints.length === 1) return [];
  if (recently > 0) return await provider.sendToAll(call, recently);
  const answers = await provider.pool.askEach(provider.pool.endpoints.length, call);
  return answers.flatMap(({ answer }) => ('result' in answer ? [answer.result] : []));
}

/** Puts the endpoint that answers now behind the others, if there are any: what it says does not fit. */
export function distrust(provider: JsonRpcProvider): void {
  if (provider instanceof PooledProvider) provider.pool.demote();
}

function closed(): XdmError {
  return new XdmError('rpc-unreachable', 'the connection is closed');
}

/** Characters, without counting those of all small ones. */
function sizeOf({ params }: RpcRequest): number {
  return JSON.stringify(params).length;
}
