import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import type { Transport } from '../sdk/chain/endpoints/exchange.ts';

/**
 * Requests by Node's own HTTP client, which takes half of the CPU that `fetch` takes: a node sends several each second, for months.
 * Its connections are kept for the next request, and closed after seconds without one.
 */
export const nodeTransport: Transport = async ({ url, headers, body, signal }) => {
  const request = url.startsWith('https:') ? requestByHttps : requestByHttp;
  const length = `${Buffer.byteLength(body)}`;
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': length, 'accept-encoding': 'gzip' },
    signal,
  };
  return await new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      const isPacked = answer.headers['content-encoding'] === 'gzip';
      resolve({
        status: answer.statusCode ?? 0,
        header: (name) => [answer.headers[name] ?? null].flat()[0] ?? null,
        // What goes wrong on the way is an error of what is read.
        body: isPacked ? pipeline(answer, createGunzip(), () => undefined) : answer,
      });
    });
    sent.on('error', reject);
    // Who goes over to another protocol says nothing of an error, either.
    sent.on('close', () => reject(new Error('the connection has ended without an answer')));
    sent.end(body);
  });
};
