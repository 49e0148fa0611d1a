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
  /** It arrives twice. */
  | { readonly kind: 'twice' }
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
    const faults = new Map(requests.map((request) => [request.id, proxy.fault(request)]));
    const first = (kind: Fault['kind']): Fault | undefined =>
      [...faults.values()].find((fault) => fault?.kind === kind);
    const late = first('late');
    const delayed = first('held');
    const status = first('status');
    if (late?.kind === 'late') await sleep(late.milliseconds);
    if (delayed?.kind === 'held') await delayed.until;
    if (first('lost') !== undefined) return void response.destroy();
    if (status?.kind === 'status') {
      say(status.status, 'no')(body, response);
      return;
    }
    const asked = requests.filter(({ id }) => !isAnswered(faults.get(id)));
    if (first('twice') !== undefined) await ask(asked);
    const real = asked.length === 0 ? [] : ((await ask(asked)) as RpcResponse[]);
    if (first('answer-lost') !== undefined) return void response.destroy();
    const held = first('answer-held');
    if (held?.kind === 'answer-held') {
      held.onAnswer();
      await held.until;
    }
    const answers = new Map(real.map((answer) => [answer.id, changedBy(faults.get(answer.id), answer)]));
    const changed = requests.map(({ id }) => answers.get(id) ?? answerOf(id, faults.get(id)));
    say(200, JSON.stringify(Array.isArray(body) ? changed : changed[0]))(body, response);
  }

  const server = await startRpcServer((body, response) => {
    // The node is gone, as at the end of a test.
    pass(body, response).catch(() => response.destroy());
  });
  const proxy: RpcProxy = { url: server.url, calls: [], fault: () => undefined, stop: async () => await server.stop() };
  return proxy;
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
