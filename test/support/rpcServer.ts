import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A JSON-RPC request as it comes in. */
export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What answers a request, or a batch of them. */
export type Answer = (body: RpcRequest | readonly RpcRequest[], response: ServerResponse) => void;

/** An HTTP server on 127.0.0.1 that answers as a test says. */
export interface RpcServer {
  readonly url: string;
  /** How it answers from now on. */
  answer: Answer;
  stop(): Promise<void>;
}

/** An answer with a status and a body. */
export function say(status: number, body: string): Answer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
}

/** An answer that gives each method's result, or throws the error object that stands for it. */
export function serve(methods: Readonly<Record<string, { result?: unknown; error?: unknown }>>): Answer {
  const one = ({ id, method }: RpcRequest): object => ({
    jsonrpc: '2.0',
    id,
    ...(methods[method] ?? { error: { code: -32601, message: `the method ${method} does not exist` } }),
  });
  return (body, response) => {
    say(200, JSON.stringify(Array.isArray(body) ? body.map(one) : one(body as RpcRequest)))(body, response);
  };
}

export async function startRpcServer(first: Answer): Promise<RpcServer> {
  const server = createServer((request: IncomingMessage, response) => {
    json(request).then(
      (body) => result.answer(body as RpcRequest, response),
      // Who asks is gone in the middle of the question.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const result: RpcServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: first,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return result;
}

/** An answer that another endpoint gives. */
export function forward(url: string): Answer {
  return (body, response) => {
    const answer = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    void answer.then(async (it) => say(it.status, await it.text())(body, response));
  };
}
