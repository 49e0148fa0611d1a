import type { ServerResponse } from 'node:http';

import { sleep } from '../../sdk/chain/sleep.ts';
import { say, startRpcServer, type RpcRequest } from './rpcServer.ts';

/** What goes wrong with a request. */
export type Fault =
  /** It does not arrive. */
  | { readonly kind: 'lost' }
  /** It arrives, and the connection is cut before the answer. */
  | { readonly kind: 'answer-lost' }
  /** What stands before the node refuses it. */
  | { readonly kind: 'status'; readonly status: number }
  /** It arrives late. */
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** It is held back on its way. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** It arrives, and its answer is held back. */
  | { readonly kind: 'answer-held'; readonly until: Promise<unknown>; readonly onAnswer: () => void }
  /** It arrives, and the connection is cut in the middle of the answer. */
  | { readonly kind: 'answer-cut' }
  /** It arrives twice. */
  | { readonly kind: 'twice' }
  /** The answers of a batch come in another order than the questions, as JSON-RPC allows. */
  | { readonly kind: 'shuffled' }
  /** What stands before the node answers with a page of its own, and says that all is well. */
  | { readonly kind: 'page'; readonly body: string }
  /** The node is asked something else. */
  | { readonly kind: 'asked'; readonly params: readonly unknown[] }
  /** The node answers, and not with all that it should. */
  | { readonly kind: 'changed'; readonly change: (result: unknown) => unknown }
  /** Another node answers. */
  | { readonly kind: 'result'; readonly result: unknown }
  /** Another node refuses it, in JSON-RPC. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string };

/** An HTTP proxy in front of a node that does what the network and other nodes would. */
export interface RpcProxy {
  readonly url: string;
  /** Methods that were called, in order. */
  readonly calls: string[];
  /** Says what goes wrong with a request from now on; nothing where it returns undefined. */
  fault: (request: RpcRequest) => Fault | undefined;
  /** The same of all that travels together; what goes wrong with one of them comes first. */
  trouble: (requests: readonly RpcRequest[]) => Fault | undefined;
  stop(): Promise<void>;
}

interface RpcResponse {
  readonly id: number;
  readonly [key: string]: unknown;
}

export async function startRpcProxy(target: string): Promise<RpcProxy> {
  async function ask(body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(target, { method: 'POST', headers, body: JSON.stringify(body) });
    return await answer.json();
  }

  async function pass(body: RpcRequest | readonly RpcRequest[], response: ServerResponse): Promise<void> {
    const requests = Array.isArray(body) ? (body as RpcRequest[]) : [body as RpcRequest];
    proxy.calls.push(...requests.map(({ method }) => method));
    const whole = proxy.trouble(requests);
    const faults = new Map(requests.map((request) => [request.id, proxy.fault(request) ?? whole]));
    const all = [...faults.values()];
    if (await isEnded(all, body, response)) return;

    const asked = requests.filter(({ id }) => !isAnswered(faults.get(id))).map((request) => askedAs(request, faults));
    if (find(all, 'twice') !== undefined) await ask(asked);
    const real = asked.length === 0 ? [] : ((await ask(asked)) as RpcResponse[]);
    if (find(all, 'answer-lost') !== undefined) return void response.destroy();
    const held = find(all, 'answer-held');
    held?.onAnswer();
    await held?.until;
    const answers = new Map(real.map((answer) => [answer.id, changedBy(faults.get(answer.id), answer)]));
    const changed = requests.map(({ id }) => answers.get(id) ?? answerOf(id, faults.get(id)));
    const inOrder = find(all, 'shuffled') === undefined ? changed : changed.toReversed();
    const text = JSON.stringify(Array.isArray(body) ? inOrder : inOrder[0]);
    if (find(all, 'answer-cut') === undefined) say(200, text)(body, response);
    else cut(text, response);
  }

  const server = await startRpcServer((body, response) => {
    // The node is gone, as at the end of a test.
    pass(body, response).catch(() => response.destroy());
  });
  const proxy: RpcProxy = {
    url: server.url,
    calls: [],
    fault: () => undefined,
    trouble: () => undefined,
    stop: async () => await server.stop(),
  };
  return proxy;
}

type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

function find<Kind extends Fault['kind']>(
  faults: readonly (Fault | undefined)[],
  kind: Kind,
): FaultOf<Kind> | undefined {
  return faults.find((fault): fault is FaultOf<Kind> => fault?.kind === kind);
}

/** What happens on the way to the node. Returns whether the request has come to its end there. */
async function isEnded(
  faults: readonly (Fault | undefined)[],
  body: RpcRequest | readonly RpcRequest[],
  response: ServerResponse,
): Promise<boolean> {
  const late = find(faults, 'late');
  if (late !== undefined) await sleep(late.milliseconds);
  await find(faults, 'held')?.until;
  const status = find(faults, 'status');
  const page = find(faults, 'page');
  if (find(faults, 'lost') !== undefined) response.destroy();
  else if (status !== undefined) say(status.status, 'no')(body, response);
  else if (page !== undefined) say(200, page.body)(body, response);
  else return false;
  return true;
}

function askedAs(request: RpcRequest, faults: ReadonlyMap<number, Fault | undefined>): RpcRequest {
  const fault = faults.get(request.id);
  return fault?.kind === 'asked' ? { ...request, params: fault.params } : request;
}

/** Promises the whole answer, and hangs up after half of it. */
function cut(text: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(text)}` });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

function changedBy(fault: Fault | undefined, answer: RpcResponse): RpcResponse {
  return fault?.kind === 'changed' ? { ...answer, result: fault.change(answer['result']) } : answer;
}

function isAnswered(fault: Fault | undefined): boolean {
  return fault?.kind === 'result' || fault?.kind === 'error';
}

function answerOf(id: number, fault: Fault | undefined): unknown {
  if (fault?.kind === 'result') return { jsonrpc: '2.0', id, result: fault.result };
  if (fault?.kind !== 'error') return undefined;
  const { code, message } = fault;
  return { jsonrpc: '2.0', id, error: { code, message } };
}
