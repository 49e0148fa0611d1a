import { z } from 'zod';

import { XdmError, type ErrorDetails } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { HttpAnswer } from './exchange.ts';
import type { CallOutcome } from './observer.ts';
import { isLogRange, type RpcRequest } from './requests.ts';
import { counted } from '../../core/counted.ts';

/** A node's word to one request. */
export type RpcAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code?: number | undefined; readonly message?: string | undefined } };

/** What is wrong with an endpoint. */
export class EndpointError extends XdmError {
  readonly outcome: Exclude<CallOutcome, 'ok'>;
  /** Nobody said anything until the time was up: to ask the same one again would take as long. */
  readonly isSilence: boolean;

  constructor(
    outcome: EndpointError['outcome'],
    message: string,
    details: ErrorDetails & { isSilence?: boolean } = {},
  ) {
    super(CODES[outcome], message, details);
    this.outcome = outcome;
    this.isSilence = details.isSilence === true;
  }
}

const CODES = {
  refused: 'rpc-error',
  unreachable: 'rpc-unreachable',
  'rate-limited': 'rpc-rate-limited',
  malformed: 'rpc-error',
} as const;

/** Why there is no answer, or not all of it. */
export interface Fault {
  readonly error: EndpointError;
  /** Why it was not sent, if that is so. */
  readonly withheld?: XdmError;
  /** How long the endpoint asks to be left alone, milliseconds. */
  readonly retryAfter?: number | undefined;
  /** What was answered all the same, by position; where one is missing, all are to be asked for again. */
  readonly answers?: readonly (RpcAnswer | undefined)[];
}

/** What an HTTP answer says to requests. */
export type Reading =
  | { readonly kind: 'answers'; readonly answers: readonly RpcAnswer[] }
  /** The endpoint does not take so many together. */
  | { readonly kind: 'too-many' }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Characters of nonsense that are shown. */
const LONGEST = 100;

const HTTP_OK = 200;
const HTTP_BAD_REQUEST = 400;
const HTTP_TOO_LARGE = 413;
const HTTP_TOO_MANY_REQUESTS = 429;
const HTTP_SERVER_ERROR = 500;

/** "Limit exceeded": of requests, and with some providers of an answer's size. */
const LIMIT_EXCEEDED = -32_005;

const envelope = z.object({
  id: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number().optional(), message: z.string().optional() }).nullish(),
});

type Envelope = z.output<typeof envelope>;

const envelopes = z.union([z.array(envelope), envelope]);

/** Reads what a server answered to requests that were sent together. */
export function readAnswers(requests: readonly RpcRequest[], { status, text, retryAfter }: HttpAnswer): Reading {
  if (status === HTTP_TOO_MANY_REQUESTS) return { kind: 'fault', fault: { ...limited(), retryAfter } };
  const words = `the endpoint answers with HTTP status ${status}`;
  if (status >= HTTP_SERVER_ERROR) {
    return { kind: 'fault', fault: { error: new EndpointError('unreachable', words), retryAfter } };
  }
  const parsed = parseEnvelopes(text);
  if (status >= HTTP_BAD_REQUEST && !isError(parsed)) {
    if (status === HTTP_TOO_LARGE && requests.length > 1) return { kind: 'too-many' };
    // A key that is not valid any more is this endpoint's; that the question is too large would be true elsewhere.
    if (status === HTTP_TOO_LARGE) {
      return { kind: 'answers', answers: [{ error: { code: status, message: 'too large (HTTP status 413)' } }] };
    }
    return { kind: 'fault', fault: { error: new EndpointError('refused', words) } };
  }
  if (status !== HTTP_OK && status < HTTP_BAD_REQUEST) return malformed(words);
  return (parsed && match(requests, parsed)) ?? partial(requests, { parsed, text });
}

/** Pairs requests with answers. Undefined where these are not what was asked for, all of it and nothing else. */
function match(requests: readonly RpcRequest[], parsed: Envelope | readonly Envelope[]): Reading | undefined {
  const given = listOf(parsed);
  const answers = pair(requests, given);
  const isWhole = given.length === requests.length && new Set(given.map(({ id }) => id)).size === requests.length;
  if (isWhole && !answers.includes(undefined)) return judgeLimits(requests, answers as readonly RpcAnswer[]);
  // What a node says of a batch as a whole has no id.
  const [only] = given;
  const stray = given.length === 1 && (only?.id ?? null) === null ? toAnswer(only) : undefined;
  if (stray === undefined || !('error' in stray)) return undefined;
  return requests.length > 1 ? { kind: 'too-many' } : judgeLimits(requests, [stray]);
}

/** Nonsense, with what of it is an answer all the same: one with an id that nobody asked for answers nothing. */
function partial(
  requests: readonly RpcRequest[],
  { parsed, text }: { readonly parsed: Envelope | readonly Envelope[] | undefined; readonly text: string },
): Reading {
  const shown = text === '' ? 'nothing' : printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);
  const { fault } = malformed(`to ${counted(requests.length, 'request')} it says ${shown}`);
  return { kind: 'fault', fault: parsed === undefined ? fault : { ...fault, answers: pair(requests, listOf(parsed)) } };
}

function pair(requests: readonly RpcRequest[], given: readonly Envelope[]): (RpcAnswer | undefined)[] {
  const byId = new Map(given.map((each) => [each.id, each]));
  return requests.map(({ id }) => toAnswer(byId.get(id)));
}

function listOf(parsed: Envelope | readonly Envelope[]): readonly Envelope[] {
  return Array.isArray(parsed) ? (parsed as readonly Envelope[]) : [parsed as Envelope];
}

function judgeLimits(requests: readonly RpcRequest[], answers: readonly RpcAnswer[]): Reading {
  const kept = answers.map((answer, index) => (isLimit(requests[index], answer) ? undefined : answer));
  return kept.includes(undefined)
    ? { kind: 'fault', fault: { ...limited(), answers: kept } }
    : { kind: 'answers', answers };
}

function isLimit(request: RpcRequest | undefined, answer: RpcAnswer): boolean {
  if (!('error' in answer)) return false;
  const { code } = answer.error;
  if (code === HTTP_TOO_MANY_REQUESTS) return true;
  return code === LIMIT_EXCEEDED && request !== undefined && !isLogRange(request);
}

function toAnswer(given: Envelope | undefined): RpcAnswer | undefined {
  if (given === undefined) return undefined;
  const { result, error } = given;
  if (error !== undefined && error !== null) return { error };
  return result === undefined ? undefined : { result };
}

/** Undefined for what is no JSON, or no JSON-RPC. */
function parseEnvelopes(text: string): Envelope | readonly Envelope[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return envelopes.safeParse(json).data;
}

function isError(parsed: Envelope | readonly Envelope[] | undefined): boolean {
  return parsed !== undefined && listOf(parsed).some(({ error }) => error !== undefined && error !== null);
}

function malformed(what: string): { readonly kind: 'fault'; readonly fault: Fault } {
  const error = new EndpointError('malformed', `the endpoint does not answer as a chain does: ${what}`);
  return { kind: 'fault', fault: { error } };
}

/** An endpoint has too much to do. */
export function limited(): Fault {
  return { error: new EndpointError('rate-limited', 'the endpoint asks for fewer requests') };
}
