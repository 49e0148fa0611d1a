import type { ServerResponse } from 'node:http';

import { say, startRpcServer, type RpcRequest } from './rpcServer.ts';

/** What a node does with what it is asked. */
export type Behaviour =
  | 'answers'
  | 'is silent'
  | 'cuts the connection'
  | 'executes, and cuts the connection'
  | 'says 503'
  | 'says 429'
  | 'says 401'
  | 'redirects'
  | 'says nonsense'
  | 'says half of its JSON'
  | 'leaves out an answer'
  | 'answers something else'
  | 'limits one request'
  | 'adds a stray error';

/** A node of a small chain that misbehaves as it is told. It answers each method with its results. */
export interface FlakyNode {
  readonly url: string;
  behaviour: Behaviour;
  /** Results and errors, by method; a function is called with the parameters. */
  readonly methods: Record<string, (params: readonly unknown[]) => unknown>;
  /** Methods that arrived and were executed, one after the other. */
  readonly executed: string[];
  /** Bodies that arrived, whatever became of them: each the methods of a batch. */
  readonly arrived: string[][];
  /** How long it asks to be left alone with a status that is none of success, seconds. */
  retryAfter: string | undefined;
  /** What it answers instead, status and body; nothing where it returns undefined. */
  intercept: (requests: readonly RpcRequest[]) => readonly [number, string] | undefined;
  /** Most requests that it takes together. */
  batchLimit: number;
  /** Forgets what arrived. */
  forget(): void;
  stop(): Promise<void>;
}

/** What a method throws to be refused. */
export class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message = 'no') {
    super(message);
    this.code = code;
  }
}

const TOO_MANY = '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}';

const UNHEALTHY: Partial<Record<Behaviour, number>> = {
  'says 503': 503,
  'says 429': 429,
  'says 401': 401,
  redirects: 307,
};

export async function startFlakyNode(chainId = 900): Promise<FlakyNode> {
  const methods: FlakyNode['methods'] = { eth_chainId: () => `0x${chainId.toString(16)}` };
  const executed: string[] = [];
  const arrived: string[][] = [];
  function execute({ id, method, params }: RpcRequest): object {
    executed.push(method);
    try {
      const run = methods[method] ?? unknownMethod;
      return { jsonrpc: '2.0', id, result: run(params) };
    } catch (error) {
      const { code, message } = error as Refusal;
      return { jsonrpc: '2.0', id, error: { code, message } };
    }
  }

  function answer(body: RpcRequest | readonly RpcRequest[], response: ServerResponse): void {
    const requests = Array.isArray(body) ? (body as RpcRequest[]) : [body as RpcRequest];
    arrived.push(requests.map(({ method }) => method));
    const status = UNHEALTHY[node.behaviour];
    if (status !== undefined) {
      if (node.behaviour === 'redirects') response.setHeader('location', node.url);
      if (node.retryAfter !== undefined) response.setHeader('retry-after', node.retryAfter);
      say(status, 'no')(body, response);
      return;
    }
    if (requests.length > node.batchLimit) {
      say(200, TOO_MANY)(body, response);
      return;
    }
    if (node.behaviour === 'is silent') return;
    if (node.behaviour === 'cuts the connection') return void response.destroy();
    const instead = node.intercept(requests);
    if (instead !== undefined) {
      say(...instead)(body, response);
      return;
    }
    const answers = requests.map(execute);
    if (node.behaviour === 'executes, and cuts the connection') return void response.destroy();
    say(200, garble(JSON.stringify(Array.isArray(body) ? shuffled(answers) : answers[0]), requests))(body, response);
  }

  /** Nodes may answer in any order. */
  function shuffled(answers: readonly object[]): readonly object[] {
    if (node.behaviour === 'leaves out an answer') return answers.slice(1);
    return answers.toReversed();
  }

  function garble(text: string, requests: readonly RpcRequest[]): string {
    const limited = { jsonrpc: '2.0', id: requests.at(-1)?.id, error: { code: 429, message: 'slow down' } };
    switch (node.behaviour) {
      case 'says nonsense':
        return '<html>';
      case 'says half of its JSON':
        return text.slice(0, text.length / 2);
      case 'answers something else':
        return '[{"jsonrpc":"2.0","id":123456,"result":"0x1"}]';
      case 'leaves out an answer':
        return requests.length === 1 ? '[]' : text;
      case 'adds a stray error': {
        const all = JSON.parse(text) as object | object[];
        const stray = { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'overloaded' } };
        return JSON.stringify([...(Array.isArray(all) ? (all as object[]) : [all]), stray]);
      }
      case 'limits one request': {
        const all = JSON.parse(text) as { id: number } | { id: number }[];
        return JSON.stringify(
          Array.isArray(all) ? all.map((each) => (each.id === limited.id ? limited : each)) : limited,
        );
      }
      default:
        return text;
    }
  }

  const server = await startRpcServer(answer);
  const node: FlakyNode = {
    url: server.url,
    methods,
    executed,
    arrived,
    behaviour: 'answers',
    retryAfter: undefined,
    intercept: () => undefined,
    batchLimit: Number.POSITIVE_INFINITY,
    forget() {
      executed.length = 0;
      arrived.length = 0;
    },
    stop: async () => await server.stop(),
  };
  return node;
}

function unknownMethod(): never {
  throw new Refusal(-32_601, 'no such method');
}
