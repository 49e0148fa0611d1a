import { Hono } from 'hono';

import { serveLocally, type LocalServer } from '../../devnet/httpServer.ts';

/** What stands before an HTTP server of JSON, such as a beacon node's: it can fall silent. */
export interface QuietSource extends LocalServer {
  /** Takes what it is asked, and says nothing to it. Returns what ends that. */
  fallSilent(): () => void;
}

/** Starts one on a port of its own; the test stops it. */
export async function startQuietSource(target: string): Promise<QuietSource> {
  const app = new Hono();
  let silence = Promise.resolve();
  app.get('*', async (context) => {
    await silence;
    const { pathname, search } = new URL(context.req.url);
    return await fetch(`${target}${pathname}${search}`);
  });
  return {
    ...(await serveLocally(app, 0)),
    fallSilent() {
      const { promise, resolve } = Promise.withResolvers<void>();
      silence = promise;
      return resolve;
    },
  };
}
