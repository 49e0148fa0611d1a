import { Hono, type Context } from 'hono';

import type { ErrorCode } from '../../sdk/core/errors.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { checkReadiness } from './readiness.ts';
import { laneReads } from './reads.ts';
import type { ServedNode } from './servedNode.ts';
import type { Snapshot } from './snapshot.ts';

/** What the addresses outside of `/v1` answer with. */
export interface AppMeans {
  readonly node: ServedNode;
  readonly snapshot: () => Promise<Snapshot>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly events: (context: Context) => Promise<Response>;
  /** Whether it is for this machine alone. */
  readonly isLocal: boolean;
}

/** The names by which a machine calls itself, with a port. */
const OWN_NAMES = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/iu;

/** Milliseconds in which a store that works answers. */
const STORE_PATIENCE_MS = 5000;

/** What the codes of errors are in HTTP; the others are 500. */
const STATUSES: Partial<Record<ErrorCode, 400 | 404 | 503>> = {
  'invalid-argument': 400,
  'message-not-found': 404,
  'in-use': 503,
  'rpc-unreachable': 503,
  'store-unreachable': 503,
};

/** The node's HTTP interface: it reads, and nothing else. */
export function newApp({ node, snapshot, metrics, events, isLocal }: AppMeans): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      const refused = context.json(errorBody('invalid-argument', 'this interface only reads', 'use GET'), 405);
      refused.headers.set('allow', 'GET, HEAD');
      return refused;
    }
    // A web page can have its own name lead to this machine, and would read what comes from there.
    if (isLocal && !OWN_NAMES.test(context.req.header('host') ?? '')) {
      const hint = 'ask for localhost, or serve others with --http-host';
      return context.json(errorBody('unauthorized', 'this interface is for this machine alone', hint), 421);
    }
    await next();
    context.res.headers.set('x-content-type-options', 'nosniff');
    context.res.headers.set('cache-control', 'no-store');
    context.res.headers.set('content-security-policy', "default-src 'none'");
    return undefined;
  });
  app.get('/healthz', async (context) => {
    const problem = await storeProblem(node);
    return context.json(
      { healthy: problem === undefined, store: problem ?? 'it reads and writes' },
      problem === undefined ? 200 : 503,
    );
  });
  app.get('/readyz', async (context) => {
    const readiness = checkReadiness(node, await snapshot());
    const body = node.redact(JSON.stringify(readiness));
    return context.body(body, readiness.ready ? 200 : 503, { 'content-type': 'application/json' });
  });
  app.get('/metrics', async (context) => {
    const { contentType, body } = await metrics();
    return context.body(node.redact(body), 200, { 'content-type': contentType });
  });
  app.get('/v1/events', events);
  app.route('/v1', laneReads(node, snapshot));
  app.notFound((context) =>
    context.json(
      errorBody('invalid-argument', 'there is nothing at this address', 'docs/operations.md lists what there is'),
      404,
    ),
  );
  app.onError((error, context) => {
    const { code, message, hint } = toXdmError(error);
    return context.json(errorBody(code, node.redact(message), hint), STATUSES[code] ?? 500);
  });
  return app;
}

function errorBody(code: string, message: string, hint: string | undefined) {
  return { error: { code, message, hint: hint ?? null } };
}

/** What is wrong with the store: it must let itself be read, and by who works on the lane also written. */
async function storeProblem(node: ServedNode): Promise<string | undefined> {
  const { store } = node;
  const works = async (): Promise<undefined> => {
    await store.db.selectFrom('chains').select('chainId').limit(1).execute();
    if (node.state() !== 'active') return;
    // It changes nothing, but what does must be allowed for it.
    await store.write(
      async (db) => await db.updateTable('chains').set({ timestamp: 0 }).where('chainId', '=', -1).execute(),
    );
  };
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<string>((done) => {
    timer = setTimeout(() => done('it does not answer'), STORE_PATIENCE_MS);
  });
  try {
    return await Promise.race([works(), silence]);
  } catch (error) {
    return error instanceof Error ? node.redact(error.message) : 'it fails';
  } finally {
    clearTimeout(timer);
  }
}
