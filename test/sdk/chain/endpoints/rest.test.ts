import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { RestApi } from '../../../../sdk/chain/endpoints/rest.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Heard {
  readonly url: string;
  /** What was asked for, in order. */
  readonly paths: string[];
}

/** A server that answers as it is told, by how many times it was asked before. */
async function serve(answer: (response: ServerResponse, count: number) => void): Promise<Heard> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.headers.authorization ?? ''}${request.url ?? ''}`);
    answer(response, paths.length - 1);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
}

const good = async () => await serve((response) => response.end('{"good":true}'));
const read = (json: unknown): unknown => json;

describe('an API', () => {
  test('is heard where the ones before it do not answer, or not well', async () => {
    const broken = await serve((response) => response.writeHead(500).end('<html>'));
    const nonsense = await serve((response) => response.end('no JSON'));
    const servant = await good();
    const api = new RestApi(['http://127.0.0.1:1', broken.url, nonsense.url, servant.url]);
    expect(await api.first('/a', read)).toEqual({ good: true });
  });

  test('is heard where what another one says is not what it should be', async () => {
    const other = await serve((response) => response.end('{"good":false}'));
    const pick = (json: unknown): unknown => {
      if ((json as { good: boolean }).good) return json;
      throw new Error('bad');
    };
    expect(await new RestApi([other.url, (await good()).url]).first('/a', pick)).toEqual({ good: true });
    await expect(new RestApi(other.url).first('/a', pick)).rejects.toThrow('bad');
  });

  test('is asked again once where the connection breaks', async () => {
    const once = await serve((response, count) => (count === 0 ? response.destroy() : response.end('1')));
    expect(await new RestApi(once.url).first('/a', read)).toBe(1);
    const never = await serve((response) => response.destroy());
    await expect(new RestApi(never.url).first('/a', read)).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect(never.paths).toHaveLength(2);
  });

  test('that keeps silent is asked no second time', async () => {
    // The time is over once the question has arrived: on a busy machine it may be over before.
    const ends: AbortController[] = [];
    const limit = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      ends.push(new AbortController());
      return ends.at(-1)!.signal;
    });
    onTestFinished(() => limit.mockRestore());
    const silent = await serve(() => ends.at(-1)!.abort());
    const asked = new RestApi(silent.url, { timeout: 50 }).first('/a', read);
    await expect(asked).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect(silent.paths).toHaveLength(1);
    expect(limit.mock.calls).toEqual([[50]]);
  });

  test('is waited for no longer once that is ended', async () => {
    const end = new AbortController();
    const silent = await serve(() => end.abort());
    const other = await good();
    const asked = new RestApi([silent.url, other.url], { signal: end.signal }).first('/a', read);
    await expect(asked).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect([silent, other].map(({ paths }) => paths.length)).toEqual([1, 0]);
  });

  test('is not read where there is no end of it', async () => {
    const endless = await serve((response) => {
      const chunk = Buffer.alloc(2 ** 20, 0x20);
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    await expect(new RestApi(endless.url).first('/a', read)).rejects.toThrow('more than 16 MiB');
  });

  test('may have nothing of the kind, or want to be left alone', async () => {
    const nothing = await serve((response) => response.writeHead(404).end());
    expect(await new RestApi(nothing.url).first('/a', read)).toBeUndefined();
    const busy = await serve((response) => response.writeHead(429).end());
    await expect(new RestApi(busy.url).first('/a', read)).rejects.toMatchObject({ code: 'rpc-rate-limited' });
  });

  test('is asked for what its URL says, with its path, query and credentials', async () => {
    const { url, paths } = await good();
    const full = url.replace('//', '//me:secret@');
    await new RestApi(`${full}/base/?key=1`).first('/v1/a?b=2', read);
    expect(paths).toEqual(['Basic bWU6c2VjcmV0/base/v1/a?key=1&b=2']);
  });

  test('is reported on, question by question: with what came of it, and without what it was asked of', async () => {
    const status = async (code: number) => await serve((response) => response.writeHead(code).end());
    const nonsense = await serve((response) => response.end('no JSON'));
    const statuses = await Promise.all([404, 429, 400, 500, 503].map(status));
    const apis = [...statuses, nonsense, await good()];
    const urls = ['http://me:secret@127.0.0.1:1', ...apis.map(({ url }) => url)];
    const heard: { readonly endpoint: string; readonly method: string; readonly outcome: string }[] = [];
    await new RestApi(urls, { onCall: (call) => void heard.push(call) }).first('/v1/blocks/17/0xab?key=1', read);
    const outcomes = ['unreachable', 'refused', 'rate-limited', 'refused', 'refused', 'malformed', 'malformed', 'ok'];
    expect(heard.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(new Set(heard.map(({ method }) => method))).toEqual(new Set(['GET /v1/blocks/{id}/{id}']));
    expect(JSON.stringify(heard)).not.toContain('secret');
  });

  test('can be many, each of which is heard', async () => {
    const [one, two] = [await good(), await good()];
    expect(await new RestApi([one.url, 'http://127.0.0.1:1', two.url]).each('/a', read)).toHaveLength(2);
    const none = new RestApi('http://127.0.0.1:1').each('/a', read);
    await expect(none).rejects.toMatchObject({ code: 'rpc-unreachable' });
  });

  test.each(['', 'ftp://a', 'a.b'])('"%s" is no URL of', (url) => {
    expect(() => new RestApi(url)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
