import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { nodeTransport } from '../../relayer/nodeTransport.ts';
import { AnswerTooLarge, HttpClient, NoAnswer } from '../../sdk/chain/endpoints/exchange.ts';
import { startRpcServer, type RpcServer } from '../support/rpcServer.ts';

const TEXT = 'a€𝄞'.repeat(100_000);
const MIB = 2 ** 20;

let server: RpcServer;

beforeAll(async () => {
  server = await startRpcServer(() => undefined);
});

afterAll(async () => {
  await server.stop();
});

function newClient(url = server.url): HttpClient {
  return new HttpClient(url, nodeTransport);
}

describe('an answer', () => {
  test.each(['plain', 'gzip'])('is read whole, with its status and what it asks for: %s', async (encoding) => {
    const asked: unknown[] = [];
    server.answer = (body, response) => {
      asked.push(body, response.req.headers['content-type'], response.req.headers.authorization);
      const headers = { 'retry-after': '2', ...(encoding === 'gzip' && { 'content-encoding': encoding }) };
      response.writeHead(429, headers).end(encoding === 'gzip' ? gzipSync(TEXT) : TEXT);
    };
    const url = server.url.replace('//', '//user:pa%20ss@');
    const { status, text, retryAfter } = await newClient(url).post('{"€":1}', 20_000);
    expect([status, text === TEXT, retryAfter]).toEqual([429, true, 2000]);
    expect(asked).toEqual([{ '€': 1 }, 'application/json', `Basic ${btoa('user:pa ss')}`]);
  });

  test('that leads elsewhere is not followed', async () => {
    server.answer = (_, response) => void response.writeHead(307, { location: `${server.url}/else` }).end('x');
    expect(await newClient().post('{}', 20_000)).toMatchObject({ status: 307, text: 'x' });
  });

  test.each(['plain', 'gzip'])('that is too large ends the connection: %s', async (encoding) => {
    const isPacked = encoding === 'gzip';
    const piece = isPacked ? gzipSync(Buffer.alloc(140 * MIB)) : Buffer.alloc(MIB);
    const closed = Promise.withResolvers<undefined>();
    server.answer = (_, response) => {
      response.on('close', () => closed.resolve(undefined));
      response.writeHead(200, isPacked ? { 'content-encoding': encoding } : {});
      const write = async (): Promise<void> => {
        while (!response.destroyed) if (!response.write(piece)) await once(response, 'drain');
      };
      void write().catch(() => undefined);
    };
    await expect(newClient().post('{}', 20_000)).rejects.toThrow(AnswerTooLarge);
    await closed.promise;
  });

  test.each(['plain', 'gzip'])('that breaks off is none: %s', async (encoding) => {
    server.answer = (_, response) => {
      response.writeHead(200, encoding === 'gzip' ? { 'content-encoding': encoding } : {});
      const whole = encoding === 'gzip' ? gzipSync(TEXT) : TEXT;
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
    };
    const failing = newClient().post('{}', 20_000);
    await expect(failing).rejects.toBeInstanceOf(NoAnswer);
    await expect(failing).rejects.toMatchObject({ isSilence: false });
  });
});

test('a server that goes over to another protocol does not answer', async () => {
  const other = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('HTTP/1.1 101 Upgrade\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'));
  });
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(newClient(`http://127.0.0.1:${port}`).post('{}', 1000)).rejects.toMatchObject({ isSilence: false });
  other.close();
});

describe('silence', () => {
  test.each(['at once', 'in the middle'])('ends when the time is up: %s', async (when) => {
    server.answer = (_, response) => void (when === 'at once' || response.writeHead(200).write('{'));
    await expect(newClient().post('{}', 50)).rejects.toMatchObject({ isSilence: true });
  });

  test('ends when the connection is closed, and nothing is sent after that', async () => {
    const arrived = Promise.withResolvers<undefined>();
    server.answer = () => arrived.resolve(undefined);
    const client = newClient();
    const failing = client.post('{}', 20_000);
    void arrived.promise.then(() => client.close());
    await expect(failing).rejects.toMatchObject({ isSilence: false });
    await expect(client.post('{}', 20_000)).rejects.toBeInstanceOf(NoAnswer);
  });
});

test('a connection is used again', async () => {
  const ports = new Set<number | undefined>();
  server.answer = (_, response) => {
    ports.add(response.socket?.remotePort);
    response.writeHead(200).end('{}');
  };
  const client = newClient();
  for (let count = 0; count < 5; count++) await client.post('{}', 20_000);
  expect(ports.size).toBe(1);
});

test('a server that is not there does not answer', async () => {
  const gone = await startRpcServer(() => undefined);
  await gone.stop();
  await expect(newClient(gone.url).post('{}', 20_000)).rejects.toBeInstanceOf(NoAnswer);
});
