import { listEndpoints, showEndpoint } from '../../core/endpoint.ts';
import { XdmError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { EndpointError } from './answers.ts';
import { AnswerTooLarge, readText } from './exchange.ts';
import type { Call, CallOutcome } from './observer.ts';

/** Longest wait for an answer, milliseconds. */
const TIMEOUT_MS = 20_000;

/** Bytes of an answer that are read: 128 updates with the keys of 512 members each have half of that. */
const LARGEST_ANSWER = 16 * 2 ** 20;

/** Times that a question is asked: a connection that was kept open can be closed by the other end right when it is used. */
const ATTEMPTS = 2;

const OK = 200;
const NOT_FOUND = 404;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** How an API is asked. */
export interface RestOptions {
  /** How long it may take to answer, milliseconds; 20,000 where it is not given. */
  readonly timeout?: number | undefined;
  /** Ends the wait for answers, as if nobody answered. */
  readonly signal?: AbortSignal | undefined;
  /** Told what came of each question. What it does must be short, and throw nothing. */
  readonly onCall?: ((call: Omit<Call, 'chainId'>) => void) | undefined;
}

/** Servers of JSON that are asked by paths, such as Beacon APIs. None of them is believed: what they say proves itself. */
export class RestApi {
  readonly urls: readonly string[];
  readonly #timeout: number;
  readonly #end: AbortSignal | undefined;
  readonly #onCall: RestOptions['onCall'];

  /**
   * @param urls one at least, the preferred first; a user and password in one are sent as such, a query goes along with each path
   * @throws {XdmError} `invalid-argument`
   */
  constructor(urls: string | readonly string[], { timeout = TIMEOUT_MS, signal, onCall }: RestOptions = {}) {
    this.urls = listEndpoints(urls);
    this.#timeout = timeout;
    this.#end = signal;
    this.#onCall = onCall;
    const wrong = this.urls.find((url) => !/^https?:\/\//u.test(url) || !URL.canParse(url));
    if (this.urls.length > 0 && wrong === undefined) return;
    throw new XdmError('invalid-argument', `"${showEndpoint(wrong ?? '')}" is no URL of an API`, {
      hint: 'give one that begins with http:// or https://',
    });
  }

  /**
   * What the first server says that answers as it should.
   * @param read of its JSON; throws where that is not what it should be
   * @returns undefined where one at least has nothing of the kind, and no other does
   * @throws {XdmError} what keeps the last one from answering
   */
  async first<T>(path: string, read: (json: unknown) => T): Promise<T | undefined> {
    let failure: unknown;
    let isMissing = false;
    for (const url of this.urls) {
      try {
        const answer = await this.#ask(url, path, read);
        if (answer !== undefined) return answer.value;
        isMissing = true;
      } catch (error) {
        failure = error;
      }
    }
    if (isMissing) return undefined;
    throw failure;
  }

  /** What each of the servers says that answers as it should. */
  async each<T>(path: string, read: (json: unknown) => T): Promise<T[]> {
    const answers = await Promise.allSettled(this.urls.map(async (url) => await this.#ask(url, path, read)));
    const good = answers.flatMap((each) => {
      return each.status === 'fulfilled' && each.value !== undefined ? [each.value.value] : [];
    });
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (good.length === 0 && failed !== undefined) throw failed.reason;
    return good;
  }

  /** @returns undefined where there is nothing of the kind */
  async #ask<T>(url: string, path: string, read: (json: unknown) => T): Promise<{ readonly value: T } | undefined> {
    const start = performance.now();
    let outcome: CallOutcome = 'malformed';
    try {
      const json = await this.#get(url, path);
      const answer = json === undefined ? undefined : { value: read(json) };
      outcome = answer === undefined ? 'refused' : 'ok';
      return answer;
    } catch (error) {
      if (error instanceof EndpointError) ({ outcome } = error);
      throw error;
    } finally {
      const milliseconds = performance.now() - start;
      this.#onCall?.({ endpoint: showEndpoint(url), method: methodOf(path), outcome, milliseconds });
    }
  }

  async #get(url: string, path: string): Promise<unknown> {
    const { target, headers } = addressOf(url, path);
    for (let attempt = 1; ; attempt++) {
      const limit = AbortSignal.timeout(this.#timeout);
      const signal = this.#end === undefined ? limit : AbortSignal.any([limit, this.#end]);
      try {
        const answer = await fetch(target, { headers, signal, redirect: 'error' });
        const body = (answer.body ?? []) as AsyncIterable<Uint8Array>;
        const text = await readText({ header: (name) => answer.headers.get(name), body }, LARGEST_ANSWER);
        return parse(text, answer.status, url);
      } catch (cause) {
        if (cause instanceof XdmError) throw cause;
        if (attempt < ATTEMPTS && !signal.aborted && !(cause instanceof AnswerTooLarge)) continue;
        throw noAnswer(url, cause);
      }
    }
  }
}

/** What is asked for, without what it is asked of: there are few of these. */
function methodOf(path: string): string {
  const [pathname = ''] = path.split('?');
  return `GET ${pathname.replaceAll(/\/(?:0x[\da-f]+|\d+)(?=\/|$)/giu, '/{id}')}`;
}

/** Where a path is to be asked for, and with which credentials. */
function addressOf(base: string, path: string): { target: string; headers: Record<string, string> } {
  const target = new URL(base);
  const { username, password } = target;
  const [pathname, query = ''] = path.split('?');
  target.pathname = `${target.pathname.replace(/\/$/u, '')}${pathname}`;
  for (const [name, value] of new URLSearchParams(query)) target.searchParams.append(name, value);
  target.username = '';
  target.password = '';
  const credentials = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    target: target.href,
    headers: { accept: 'application/json', ...(username !== '' && { authorization: `Basic ${credentials}` }) },
  };
}

/** @returns undefined where there is nothing of the kind */
function parse(text: string, status: number, url: string): unknown {
  if (status === NOT_FOUND) return undefined;
  if (status === TOO_MANY_REQUESTS) {
    throw new EndpointError('rate-limited', `${showEndpoint(url)} wants fewer requests`, {
      hint: 'wait, or give another one beside it',
    });
  }
  try {
    if (status === OK) return JSON.parse(text) as unknown;
  } catch {
    // Said below.
  }
  throw new EndpointError(
    // A server's error is no silence. The general one is how some say that they do not have something.
    status === OK || status > SERVER_ERROR ? 'malformed' : 'refused',
    `${showEndpoint(url)} answers with status ${status}: ${printable(text.slice(0, 200))}`,
    {
      hint: 'ask another server',
    },
  );
}

function noAnswer(url: string, cause: unknown): XdmError {
  if (cause instanceof AnswerTooLarge) {
    return new EndpointError('malformed', `${showEndpoint(url)}: ${cause.message}`, {
      cause,
      hint: 'ask another server',
    });
  }
  return new EndpointError('unreachable', `${showEndpoint(url)} does not answer`, {
    cause,
    hint: 'check that it is running, and its URL',
  });
}
