/** Longest time that a server is left alone because it asks for that, milliseconds. */
const LONGEST_PAUSE_MS = 600_000;

/** Bytes of an answer that are read: more than any batch needs, and little enough to be held in memory, a few at a time. */
const LARGEST_ANSWER = 128 * 2 ** 20;

/**
 * Values of an answer, at least as many as are parsed: more than logs of the largest size have. A few bytes make one, and it takes ten times
 * as many in memory: parsed whole, 100 MiB of them keep a process from all else for minutes, and take gigabytes.
 */
const MOST_VALUES = 2 ** 22;

/** What comes before a value, or begins it, in JSON. */
const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** What an HTTP server answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** How long it asks not to be asked again, milliseconds. */
  readonly retryAfter: number | undefined;
}

/** Nobody answered, or not to the end. */
export class NoAnswer extends Error {
  /** Whether the time was up: a broken connection is known at once. */
  readonly isSilence: boolean;

  constructor(isSilence: boolean, cause: unknown) {
    super('no answer', { cause });
    this.isSilence = isSilence;
  }
}

/** An answer does not end where every one should have. */
export class AnswerTooLarge extends Error {
  constructor(most: string) {
    super(`the answer has more than ${most}`);
  }
}

/** How a request travels. */
interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Gives it up, with its answer. */
  readonly signal: AbortSignal;
}

/** The beginning of an answer. Who does not read its body to the end gives up the connection. */
interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends a request and returns when the answer begins. Follows no redirection: that were to send again, to somebody who was not named. */
export type Transport = (post: Post) => Promise<Answer>;

/** What every platform has. */
const fetchTransport: Transport = async ({ url, headers, body, signal }) => {
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name),
    body: (answer.body ?? []) as AsyncIterable<Uint8Array>,
  };
};

/** Posts JSON to a server. Its requests share one way to be given up. */
export class HttpClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #transport: Transport;
  readonly #inFlight = new Set<AbortController>();
  #isClosed = false;

  /** @param url of http or https; a user and password in it are sent as such */
  constructor(url: string, transport: Transport = fetchTransport) {
    this.#transport = transport;
    const { username, password } = new URL(url);
    const bare = new URL(url);
    bare.username = '';
    bare.password = '';
    this.#url = bare.href;
    const credentials = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    this.#headers = {
      'content-type': 'application/json',
      ...(username !== '' && { authorization: `Basic ${credentials}` }),
    };
  }

  /**
   * @param timeout milliseconds that the whole answer may take
   * @throws {NoAnswer | AnswerTooLarge}
   */
  async post(body: string, timeout: number): Promise<HttpAnswer> {
    const controller = new AbortController();
    let isSilence = false;
    const timer = setTimeout(() => {
      isSilence = true;
      controller.abort();
    }, timeout);
    this.#inFlight.add(controller);
    if (this.#isClosed) controller.abort();
    try {
      const { signal } = controller;
      const answer = await this.#transport({ url: this.#url, headers: this.#headers, body, signal });
      const text = await readText(answer);
      if (hasTooManyValues(text)) throw new AnswerTooLarge(`${MOST_VALUES} values`);
      return { status: answer.status, text, retryAfter: parseRetryAfter(answer.header('retry-after')) };
    } catch (cause) {
      throw cause instanceof AnswerTooLarge ? cause : new NoAnswer(isSilence, cause);
    } finally {
      clearTimeout(timer);
      this.#inFlight.delete(controller);
    }
  }

  /** Gives up the requests that are on their way, and takes no more. */
  close(): void {
    this.#isClosed = true;
    for (const controller of this.#inFlight) controller.abort();
  }
}

/**
 * Reads as much as there may be; what is given up ends the connection.
 * @param most bytes
 * @throws {AnswerTooLarge}
 */
export async function readText({ header, body }: Omit<Answer, 'status'>, most = LARGEST_ANSWER): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (Math.max(bytes, Number(header('content-length'))) > most) throw new AnswerTooLarge(`${most / 2 ** 20} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Counts these characters wherever they stand. */
function hasTooManyValues(text: string): boolean {
  if (text.length <= MOST_VALUES) return false;
  let values = 0;
  for (let position = 0; position < text.length; position++) {
    const character = text.charCodeAt(position);
    if (character === COMMA || character === BRACKET || character === BRACE) values++;
  }
  return values > MOST_VALUES;
}

/** Seconds, or a date. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const milliseconds = /^\d+$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(0, milliseconds), LONGEST_PAUSE_MS);
}
