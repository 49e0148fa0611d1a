import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hashOf } from '../../support/events.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

let served: ServedTestNode;

beforeAll(async () => {
  served = await startServedNode();
});

afterAll(async () => {
  await served.stop();
});

describe('a request', () => {
  test.each([
    ['/v1/messages?limit=501', 400, 'parameter "limit" has value "501": it is more than 500'],
    ['/v1/messages?limit=0', 400, 'parameter "limit" has value "0": it is less than 1'],
    ['/v1/messages?limit=1e2', 400, 'parameter "limit" has value "1e2": it is no whole number'],
    ['/v1/messages?cursor=-1', 400, 'parameter "cursor" has value "-1": it is no whole number'],
    ['/v1/messages?stage=gone', 400, 'parameter "stage" has value "gone": it is not sent, proven,'],
    ['/v1/messages?sender=0x12', 400, 'parameter "sender" has value "0x12": it is no address'],
    ['/v1/messages?since=yesterday', 400, 'parameter "since" has value "yesterday": it is no ISO 8601 time'],
    ['/v1/messages?sendr=0x12', 400, 'there is no parameter "sendr"'],
    ['/v1/messages?limit=1&limit=2', 400, 'parameter "limit" is given twice'],
    ['/v1/messages/0x12', 400, 'the address ends with no hash'],
    ['/v1/lanes?verbose=1', 400, 'there is no parameter "verbose"'],
    ["/v1/messages?purpose=%1b[31m'", 400, 'there is no parameter "purpose"'],
    ['/v1/transactions?stage=%1b%00', 400, String.raw`parameter "stage" has value "\u{1b}\u{0}"`],
    ['/v1/transactions?purpose=%00', 400, String.raw`parameter "purpose" has value "\u{0}": it is no purpose`],
    [`/v1/messages/${hashOf(9)}`, 404, 'the node knows no message'],
    ['/v2/lanes', 404, 'there is nothing at this address'],
  ])('that is wrong is refused with what is wrong: %s', async (path, status, message) => {
    const answer = await served.get(path);
    expect(answer.status).toBe(status);
    const { error } = answer.body as { error: { code: string; message: string; hint: string } };
    expect(error.message).toContain(message);
    expect(error.code).toBe(status === 400 || path === '/v2/lanes' ? 'invalid-argument' : 'message-not-found');
    expect(error.hint).not.toBe('');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('that would write is refused: %s', async (method) => {
    const response = await fetch(`${served.server.url}/v1/messages`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    ['localhost', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:7300', 200],
    ['rebound.example', 421],
    ['127.0.0.1.rebound.example', 421],
  ])('under the name %s, as a web page can give this machine, is answered with %i', async (host, status) => {
    const { hostname, port } = new URL(served.server.url);
    const asked = request({ hostname, port, path: '/v1/lanes', headers: { host } }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(status);
    answer.resume();
  });

  test('for the head alone has the same head and no body', async () => {
    const response = await fetch(`${served.server.url}/v1/lanes`, {
      method: 'HEAD',
      headers: { origin: 'http://a.example' },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});
