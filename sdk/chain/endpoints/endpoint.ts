import { showEndpoint } from '../../core/endpoint.ts';
import { printable } from '../../core/printable.ts';
import { toXdmError } from '../rpcErrors.ts';
import { EndpointError, readAnswers, type Fault, type Reading, type RpcAnswer } from './answers.ts';
import { RateBudget, type Turn } from './budget.ts';
import { AnswerTooLarge, HttpClient, NoAnswer, type Transport } from './exchange.ts';
import { Health } from './health.ts';
import type { Call, CallOutcome } from './observer.ts';
import { isPrompt, type RpcRequest } from './requests.ts';
import { SeenBlocks, type LagSign } from './seenBlocks.ts';

/** Requests that travel together, at most. */
export const BATCH_SIZE = 50;

/** Longest time, milliseconds, for which others may be before a request where the budget makes it wait. */
const LONGEST_QUEUE_MS = 60_000;

/** All answers in order, or why not. */
export type Attempt = (
  | { readonly answers: readonly RpcAnswer[]; readonly fault?: undefined }
  | { readonly fault: Fault }
) & {
  /** How long its turn took to come, milliseconds. */
  readonly queued: number;
};

/** How an endpoint is asked. */
export interface EndpointOptions {
  /** Milliseconds that an answer may take, from when the request leaves. */
  readonly timeout: number;
  /** 0 for as many as there are. */
  readonly requestsPerSecond: number;
  /** Called right before a request leaves, however long that has waited; what it throws ends the request. */
  readonly guard: ((method: string) => void) | undefined;
  readonly transport: Transport | undefined;
  readonly onCall: ((endpoint: string, call: Omit<Call, 'chainId' | 'endpoint'>) => void) | undefined;
  /** Told of an answer from behind an earlier one. */
  readonly onLag: (endpoint: Endpoint, sign: LagSign) => void;
}

/** A URL that answers for a chain: asked once for each thing, with its own health, budget and memory. */
export class Endpoint {
  /** Without credentials. */
  readonly name: string;
  readonly health = new Health();
  readonly seen = new SeenBlocks();
  /** Of the chain that it was found to be of; undefined until then. */
  chainId: bigint | undefined;
  /** Asked no more. */
  isDropped = false;
  readonly #http: HttpClient;
  readonly #budget: RateBudget;
  readonly #options: EndpointOptions;
  #batchSize = BATCH_SIZE;

  constructor(url: string, options: EndpointOptions) {
    this.name = showEndpoint(url);
    this.#http = new HttpClient(url, options.transport);
    this.#budget = new RateBudget(options.requestsPerSecond);
    this.#options = options;
  }

  /**
   * Asks once, when its turn in the budget comes. Requests that are more than it takes together are sent in several pieces;
   * one that fails ends the rest.
   */
  async ask(requests: readonly RpcRequest[]): Promise<Attempt> {
    const areAllPrompt = requests.every(isPrompt);
    const delay = this.#budget.getDelay(areAllPrompt);
    if (delay > LONGEST_QUEUE_MS) return { fault: this.#crowded(delay), queued: 0 };
    const turn = this.#budget.join(requests.length, areAllPrompt);
    try {
      return await this.#askInTurn(requests, turn);
    } finally {
      turn.leave();
    }
  }

  /** Asks of which chain it is. */
  async identify(): Promise<{ readonly chainId: bigint; readonly fault?: undefined } | { readonly fault: Fault }> {
    const attempt = await this.ask([{ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }]);
    if (attempt.fault !== undefined) return attempt;
    const [answer] = attempt.answers;
    const result = answer !== undefined && 'result' in answer ? answer.result : undefined;
    if (typeof result === 'string' && /^0x[\da-f]+$/iu.test(result)) return { chainId: BigInt(result) };
    const words = printable(JSON.stringify(answer, withoutDepth));
    return { fault: { error: new EndpointError('malformed', `the endpoint has no chain id: it answers ${words}`) } };
  }

  close(): void {
    this.#budget.close();
    this.#http.close();
  }

  async #askInTurn(requests: readonly RpcRequest[], turn: Turn): Promise<Attempt> {
    const answers: RpcAnswer[] = [];
    let queued = 0;
    while (answers.length < requests.length) {
      const size = Math.min(this.#batchSize, this.#budget.largest);
      const piece = requests.slice(answers.length, answers.length + size);
      queued += await turn.take(piece.length);
      const reading = await this.#exchange(piece);
      if (reading.kind === 'too-many') {
        this.#batchSize = Math.max(1, Math.floor(piece.length / 2));
      } else if (reading.kind === 'fault') {
        const { fault } = reading;
        return { fault: { ...fault, answers: [...answers, ...(fault.answers ?? [])] }, queued };
      } else {
        answers.push(...reading.answers);
      }
    }
    requests.forEach((request, index) => this.#observe(request, answers[index]));
    return { answers, queued };
  }

  async #exchange(requests: readonly RpcRequest[]): Promise<Reading> {
    const { timeout } = this.#options;
    const refusal = this.#refusalOf(requests);
    if (refusal !== undefined) return { kind: 'fault', fault: refusal };
    const start = performance.now();
    let reading: Reading;
    try {
      const body = JSON.stringify(requests.length === 1 ? requests[0] : requests);
      reading = readAnswers(requests, await this.#http.post(body, timeout));
    } catch (cause) {
      reading = { kind: 'fault', fault: faultOf(cause, this.name) };
    }
    this.#report(requests, reading, performance.now() - start);
    return reading;
  }

  /** Says that too many wait already. */
  #crowded(delay: number): Fault {
    const { perSecond } = this.#budget;
    const words = `the requests that wait for ${this.name} take ${Math.round(delay / 1000)} s more at ${perSecond} a second`;
    const hint = 'raise the budget (rpcRequestsPerSecond), give more endpoints, or ask less often (pollInterval)';
    const error = new EndpointError('rate-limited', words, { hint });
    return { error, withheld: error };
  }

  #refusalOf(requests: readonly RpcRequest[]): Fault | undefined {
    try {
      for (const { method } of requests) this.#options.guard?.(method);
      return undefined;
    } catch (error) {
      const withheld = toXdmError(error);
      return { error: new EndpointError('refused', 'it was not sent', { cause: withheld }), withheld };
    }
  }

  #report(requests: readonly RpcRequest[], reading: Reading, milliseconds: number): void {
    if (reading.kind === 'answers') this.health.noteAnswer(performance.now(), milliseconds);
    const { onCall } = this.#options;
    if (onCall === undefined) return;
    requests.forEach(({ method }, index) => {
      onCall(this.name, { method, outcome: outcomeOf(reading, index), milliseconds });
    });
  }

  #observe(request: RpcRequest, answer: RpcAnswer | undefined): void {
    const sign = answer === undefined ? undefined : this.seen.observe(request, answer);
    if (sign !== undefined) this.#options.onLag(this, sign);
  }
}

/** For `JSON.stringify`, which fails on what is nested too deep. */
function withoutDepth(key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && key !== '' && key !== 'error' ? '...' : value;
}

function outcomeOf(reading: Reading, index: number): CallOutcome {
  if (reading.kind === 'too-many') return 'refused';
  const answer = reading.kind === 'answers' ? reading.answers[index] : reading.fault.answers?.[index];
  if (answer === undefined) return reading.kind === 'fault' ? reading.fault.error.outcome : 'malformed';
  return 'error' in answer ? 'refused' : 'ok';
}

function faultOf(cause: unknown, name: string): Fault {
  if (cause instanceof AnswerTooLarge) {
    const words = `the endpoint does not answer as a chain does: ${cause.message}`;
    return { error: new EndpointError('malformed', words, { cause, hint: `look at ${name}, or give others` }) };
  }
  const isSilence = cause instanceof NoAnswer && cause.isSilence;
  const details = { cause, isSilence, hint: `look at ${name}, or give others` };
  return { error: new EndpointError('unreachable', 'the endpoint does not answer', details) };
}
