import { Hono, type Context } from 'hono';

import type { ErrorCode } from '../../sdk/core/errors.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { checkReadiness, type Readiness } from './readiness.ts';
import { laneReads } from './reads.ts';
import type { ServedNode } from './servedNode.ts';
import type { Snapshot } from './snapshot.ts';
import { checkStore } from './storeCheck.ts';

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
  // A process that answers is alive, and to start it again would mend nothing: what it lacks, /readyz says.
  app.get('/healthz', (context) => context.json({ healthy: true, state: node.state() }));
  app.get('/readyz', async (context) => {
    const readiness = await getReadiness(node, snapshot);
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

/** Without its store a node can say nothing else of itself. */
async function getReadiness(node: ServedNode, snapshot: () => Promise<Snapshot>): Promise<Readiness> {
  const store = await checkStore(node);
  if (!store.ok) return { ready: false, state: node.state(), checks: [store] };
  const readiness = checkReadiness(node, await snapshot());
  return { ...readiness, checks: [store, ...readiness.checks] };
}

function errorBody(code: string, message: string, hint: string | undefined) {
  return { error: { code, message, hint: hint ?? null } };
}
