import type { XdmError } from '../../core/errors.ts';
import { sleep } from '../sleep.ts';
import { EndpointError, limited, type Fault, type RpcAnswer } from './answers.ts';
import { Endpoint } from './endpoint.ts';
import type { Transport } from './exchange.ts';
import type { EndpointObserver } from './observer.ts';
import { recognise } from './recognise.ts';
import { isLogRange, isRepeatable, newRequest, type RpcCall, type RpcRequest } from './requests.ts';
import type { LagSign } from './seenBlocks.ts';

/** Times that all endpoints are tried. */
const ROUNDS = 3;

/** Longest wait before the second round, milliseconds; it doubles with each. */
const ROUND_PAUSE_MS = 40;

/** How long an endpoint goes behind the others that is behind, before it is looked at, and one whose words do not fit, milliseconds. */
const LAG_PAUSE_MS = 1000;
const DISTRUST_MS = 600_000;

/** What came of a request. */
export type Reply = RpcAnswer | XdmError;

/** How a pool asks. */
export interface PoolOptions {
  /** Milliseconds that an endpoint's answer may take. */
  readonly timeout: number;
  /** Of each endpoint; 0 for as many as there are. */
  readonly requestsPerSecond: number;
  readonly observer: EndpointObserver;
  /** Called right before a request leaves; what it throws ends the request. */
  readonly guard?: ((method: string) => void) | undefined;
  /** How requests travel: by `fetch` unless given. */
  readonly transport?: Transport | undefined;
}

/**
 * The endpoints of one chain, the preferred first. Requests go to the first that is sound; what it leaves unanswered goes to
 * the next. An answer is an answer, whatever it says: only silence, broken connections, servers' errors, limits and nonsense
 * are faults. Requests that are asked together are answered by the same endpoint.
 */
export class EndpointPool {
  readonly endpoints: readonly Endpoint[];
  /** Of the chain; the endpoints that have another one are dropped. */
  chainId = 0n;
  readonly observer: EndpointObserver;
  readonly #timeout: number;
  /** Those that are looked at, after a fault, whether they are sound again. */
  readonly #probed = new Set<Endpoint>();
  readonly #closed = new AbortController();
  /** The one that answered last. */
  #current: Endpoint | undefined;

  constructor(urls: readonly string[], { timeout, requestsPerSecond, observer, guard, transport }: PoolOptions) {
    this.observer = observer;
    this.#timeout = timeout;
    const { onCall } = observer;
    this.endpoints = urls.map(
      (url) =>
        new Endpoint(url, {
          timeout,
          requestsPerSecond,
          guard,
          transport,
          onCall: onCall && ((endpoint, call) => onCall({ chainId: Number(this.chainId), endpoint, ...call })),
          onLag: (endpoint, sign) => this.#noteLag(endpoint, sign),
        }),
    );
  }

  /** Asks until somebody answers. What must not be sent twice is sent once. */
  async ask(requests: readonly RpcRequest[]): Promise<readonly Reply[]> {
    let start = performance.now();
    const isOnce = !requests.every(isRepeatable);
    const given = new Set<Endpoint>();
    let fault: Fault | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0 && !(await this.#pause(round, { start, given }))) break;
      for (const endpoint of this.#candidates().filter((each) => !given.has(each))) {
        const unknown = await this.#identify(endpoint);
        const attempt = unknown === undefined ? await this.#attempt(endpoint, requests) : { fault: unknown, queued: 0 };
        // To wait for its turn takes nothing from the time that answers may take.
        start += attempt.queued;
        if (attempt.fault === undefined) {
          this.#moveTo(endpoint, fault);
          return fault === undefined ? attempt.answers : await recognise(endpoint, requests, attempt.answers);
        }
        ({ fault } = attempt);
        const isOver = isOnce && unknown === undefined && !isUnsent(fault);
        if (this.#closed.signal.aborted || isOver) return refuse(requests, fault);
        if (isLasting(fault, requests)) given.add(endpoint);
      }
    }
    return refuse(requests, fault ?? limited());
  }

  /** Asks as many endpoints as are wanted, each for itself. Fewer may answer. */
  async askEach(count: number, call: RpcCall): Promise<{ endpoint: Endpoint; answer: RpcAnswer }[]> {
    const left = this.#candidates().filter(({ health }) => health.isSound);
    const one = async (): Promise<{ endpoint: Endpoint; answer: RpcAnswer } | undefined> => {
      for (let endpoint = left.shift(); endpoint !== undefined; endpoint = left.shift()) {
        const answer = await this.askOne(endpoint, call).catch(() => undefined);
        if (answer !== undefined) return { endpoint, answer };
      }
      return undefined;
    };
    const found = await Promise.all(Array.from({ length: count }, one));
    return found.filter((each) => each !== undefined);
  }

  /**
   * Asks all endpoints that are sound, and those that are not but have answered so many milliseconds ago: what one of them has done
   * without telling, the others need not know yet. One that has never answered counts from when it was given.
   * @throws {XdmError} where one of them does not answer
   */
  async askAll(call: RpcCall, recently: number): Promise<RpcAnswer[]> {
    const since = performance.now() - recently;
    const heard = this.endpoints.filter(
      ({ isDropped, health }) => !isDropped && (health.isSound || health.answeredAt > since),
    );
    return await Promise.all(heard.map(async (endpoint) => await this.askOne(endpoint, call)));
  }

  /** Asks one endpoint, once. @throws {XdmError} where it does not answer */
  async askOne(endpoint: Endpoint, { method, params }: RpcCall): Promise<RpcAnswer> {
    const unknown = await this.#identify(endpoint);
    if (unknown !== undefined) throw unknown.error;
    const { fault, answers } = { answers: [], ...(await this.#attempt(endpoint, [newRequest(method, params)])) };
    const [answer] = answers;
    if (fault !== undefined || answer === undefined) throw (fault ?? limited()).error;
    return answer;
  }

  /** Puts the endpoint that answers now behind the others: what it says was found wanting. */
  demote(): void {
    this.#current?.health.noteDistrust(performance.now(), DISTRUST_MS);
  }

  /** Ends all that is on its way. */
  close(): void {
    this.#closed.abort();
    for (const endpoint of this.endpoints) endpoint.close();
  }

  /** Takes note of an endpoint's chain, and drops it if that is another one. Returns whether it is of this chain. */
  accept(endpoint: Endpoint, chainId: bigint): boolean {
    if (chainId === this.chainId) {
      endpoint.chainId = chainId;
      return true;
    }
    if (!endpoint.isDropped) {
      this.observer.onDrop?.({ ...this.#label(endpoint), actualChainId: Number(chainId) });
    }
    endpoint.isDropped = true;
    return false;
  }

  /** In the order in which they are to be asked. Those that asked to be left alone are left out. */
  #candidates(): Endpoint[] {
    const now = performance.now();
    const usable = this.endpoints.filter(({ isDropped, health }) => !isDropped && health.limitedUntil <= now);
    if (this.endpoints.length === 1) return usable;
    for (const endpoint of usable) if (isDue(endpoint, now)) void this.#probe(endpoint);
    const rankOf = ({ health, seen }: Endpoint): number => {
      if (!health.isSound) return health.coolUntil;
      return seen.isBehind || health.distrustedUntil > now ? 1 : 0;
    };
    return usable.toSorted((a, b) => rankOf(a) - rankOf(b));
  }

  /** Looks whether an endpoint is sound again, beside what is asked of the others. */
  async #probe(endpoint: Endpoint): Promise<void> {
    if (this.#probed.has(endpoint)) return;
    this.#probed.add(endpoint);
    const fault = (await this.#verify(endpoint)) ?? (await this.#lookAtHead(endpoint));
    this.#probed.delete(endpoint);
    const now = performance.now();
    if (fault !== undefined) {
      endpoint.health.noteFault(now, fault.retryAfter);
      return;
    }
    endpoint.health.noteSound();
    if (endpoint.seen.isBehind) endpoint.health.noteDistrust(now, LAG_PAUSE_MS);
  }

  async #verify(endpoint: Endpoint): Promise<Fault | undefined> {
    const identity = await endpoint.identify();
    if (identity.fault !== undefined) return identity.fault;
    const { chainId } = identity;
    if (this.accept(endpoint, chainId)) return undefined;
    return { error: new EndpointError('refused', `the endpoint is of chain ${chainId}, not ${this.chainId}`) };
  }

  /** Sees whether it has the newest block that it had; a chain that was wound back has grown past it some day. */
  async #lookAtHead(endpoint: Endpoint): Promise<Fault | undefined> {
    if (endpoint.seen.head < 0) return undefined;
    return (await endpoint.ask([newRequest('eth_getBlockByNumber', ['latest', false])])).fault;
  }

  /** Makes sure that an endpoint which was not there at the start is of this chain. */
  async #identify(endpoint: Endpoint): Promise<Fault | undefined> {
    if (endpoint.chainId !== undefined) return undefined;
    const fault = await this.#verify(endpoint);
    if (fault !== undefined) this.#noteFault(endpoint, fault.retryAfter);
    return fault;
  }

  async #attempt(endpoint: Endpoint, requests: readonly RpcRequest[]): ReturnType<Endpoint['ask']> {
    const attempt = await endpoint.ask(requests);
    const { fault } = attempt;
    if (fault === undefined) endpoint.health.noteSound();
    // What was not sent says nothing of it.
    else if (fault.withheld === undefined) this.#noteFault(endpoint, fault.retryAfter);
    return attempt;
  }

  #noteFault(endpoint: Endpoint, retryAfter?: number): void {
    endpoint.health.noteFault(performance.now(), retryAfter);
  }

  /** Returns false where there is no time left for another round. */
  async #pause(
    round: number,
    { start, given }: { readonly start: number; readonly given: ReadonlySet<Endpoint> },
  ): Promise<boolean> {
    const now = performance.now();
    const usable = this.endpoints.filter((each) => !each.isDropped && !given.has(each));
    const limit = Math.max(0, Math.min(...usable.map(({ health }) => health.limitedUntil - now)));
    // Anywhere from none of it on, so that not all who wait for the same come back at once.
    const pause = limit + Math.random() * ROUND_PAUSE_MS * 2 ** (round - 1);
    if (usable.length === 0 || now + pause - start > this.#timeout) return false;
    await sleep(pause, this.#closed.signal);
    return !this.#closed.signal.aborted;
  }

  #moveTo(endpoint: Endpoint, fault: Fault | undefined): void {
    const from = this.#current;
    this.#current = endpoint;
    if (from === undefined || from === endpoint) return;
    const outcome = fault?.error.outcome;
    this.observer.onFailover?.({ chainId: Number(this.chainId), from: from.name, to: endpoint.name, outcome });
  }

  #label({ name: endpoint }: Endpoint): { readonly chainId: number; readonly endpoint: string } {
    return { chainId: Number(this.chainId), endpoint };
  }

  #noteLag(endpoint: Endpoint, sign: LagSign): void {
    if (sign.isUncertain) void this.#confirmLag(endpoint, sign);
    else this.#takeAsLag(endpoint, sign);
  }

  /** A lower head can come from a reorganisation: the block at that height is then another one. */
  async #confirmLag(endpoint: Endpoint, sign: LagSign): Promise<void> {
    await endpoint.ask([newRequest('eth_getBlockByNumber', [`0x${sign.block.toString(16)}`, false])]);
    if (endpoint.seen.head >= sign.earlier) this.#takeAsLag(endpoint, endpoint.seen.takeAsBehind(sign));
  }

  #takeAsLag(endpoint: Endpoint, { block, earlier, isNew }: LagSign): void {
    if (isNew) this.observer.onLag?.({ ...this.#label(endpoint), block, earlier });
    endpoint.health.noteDistrust(performance.now(), LAG_PAUSE_MS);
  }
}

/** Whether it is time to look at an endpoint that something speaks against. */
function isDue({ health, seen }: Endpoint, now: number): boolean {
  if (!health.isSound) return health.coolUntil <= now;
  return seen.isBehind && health.distrustedUntil <= now;
}

/** Whether it would come again from the same endpoint: logs that are too many to arrive whole. */
function isLasting({ error }: Fault, requests: readonly RpcRequest[]): boolean {
  return error.outcome === 'malformed' && requests.some(isLogRange);
}

/** Whether nothing of it has left. */
function isUnsent({ withheld, answers = [] }: Fault): boolean {
  return withheld !== undefined && answers.length === 0;
}

function refuse(requests: readonly RpcRequest[], { answers, withheld, error }: Fault): readonly Reply[] {
  return requests.map((_, index) => answers?.[index] ?? withheld ?? error);
}
