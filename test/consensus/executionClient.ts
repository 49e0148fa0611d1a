import type { ServerResponse } from 'node:http';

import type { JsonRpcProvider } from 'ethers';

import { say, startRpcServer, type RpcRequest } from '../support/rpcServer.ts';
import { PayloadBuilder, type ForkChoice, type PayloadAttributes, type ShownPayload } from './payloadBuilder.ts';

/** An execution client: a local chain that makes blocks when a consensus client asks for them, and calls final what that does. */
export interface ExecutionClient {
  /** Of the Engine API, and of all else that the chain answers. */
  readonly url: string;
  /** Of what the consensus client has asked for. */
  readonly builder: PayloadBuilder;
  stop(): Promise<void>;
}

/** Puts the Engine API before an anvil chain that makes no blocks by itself. */
export async function startExecutionClient(anvilUrl: string, provider: JsonRpcProvider): Promise<ExecutionClient> {
  const builder = new PayloadBuilder(provider);
  const server = await startRpcServer((body, response) => {
    // The chain is gone, as at the end of a test.
    answer(builder, anvilUrl, body).then(
      (text) => say(200, text)(body, response),
      () => hangUp(response),
    );
  });
  return { url: server.url, builder, stop: async () => await server.stop() };
}

function hangUp(response: ServerResponse): void {
  response.destroy();
}

async function answer(
  builder: PayloadBuilder,
  anvilUrl: string,
  body: RpcRequest | readonly RpcRequest[],
): Promise<string> {
  const one = async (request: RpcRequest): Promise<unknown> =>
    request.method.startsWith('engine_')
      ? await engineAnswer(builder, request)
      : await builder.read(async () => await passOn(builder, anvilUrl, request));
  const requests = Array.isArray(body) ? (body as readonly RpcRequest[]) : [body as RpcRequest];
  const answers = await Promise.all(requests.map(one));
  return JSON.stringify(Array.isArray(body) ? answers : answers[0]);
}

async function engineAnswer(builder: PayloadBuilder, { id, method, params }: RpcRequest): Promise<unknown> {
  try {
    return { jsonrpc: '2.0', id, result: await engineResult(builder, method, params) };
  } catch (error) {
    return {
      jsonrpc: '2.0',
      id,
      error: { code: -32_000, message: error instanceof Error ? error.message : 'it is wrong' },
    };
  }
}

/** What a consensus client up to Capella asks for. */
async function engineResult(builder: PayloadBuilder, method: string, params: readonly unknown[]): Promise<unknown> {
  switch (method) {
    case 'engine_exchangeTransitionConfigurationV1':
      return params[0];
    case 'engine_forkchoiceUpdatedV1':
    case 'engine_forkchoiceUpdatedV2':
      return await builder.choose(params[0] as ForkChoice, params[1] as PayloadAttributes | null | undefined);
    case 'engine_getPayloadV1':
      return await builder.build(params[0] as string);
    case 'engine_getPayloadV2':
      return { executionPayload: await builder.build(params[0] as string), blockValue: '0x0' };
    case 'engine_newPayloadV1':
    case 'engine_newPayloadV2':
      return builder.check(params[0] as ShownPayload);
    default:
      throw new Error(`the method ${method} does not exist`);
  }
}

/** Anvil has no notion of what the consensus client has made final. */
async function passOn(builder: PayloadBuilder, anvilUrl: string, request: RpcRequest): Promise<unknown> {
  const params = await Promise.all(
    request.params.map(async (each) => (each === 'finalized' || each === 'safe' ? await builder.numberOf(each) : each)),
  );
  const answered = await fetch(anvilUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, params }),
  });
  return await answered.json();
}
