import { serve, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';

import { XdmError } from '../sdk/core/errors.ts';

/** An HTTP server on 127.0.0.1. */
export interface LocalServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves an app on 127.0.0.1.
 * @param port 0 for a free one
 * @throws {XdmError} `in-use`
 */
export async function serveLocally({ fetch }: Hono, port: number): Promise<LocalServer> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server: ServerType = serve({ fetch, port, hostname: '127.0.0.1' }, (address) => resolve(address.port));
  server.on('error', (cause) => {
    reject(
      new XdmError('in-use', `port ${port} on 127.0.0.1 cannot be listened on`, { cause, hint: 'give another one' }),
    );
  });
  const listening = await promise;
  return {
    url: `http://127.0.0.1:${listening}`,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}
