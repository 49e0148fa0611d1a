import type { AddressInfo } from 'node:net';

import { createAdaptorServer } from '@hono/node-server';
import type { Logger } from 'pino';

import { XdmError } from '../../sdk/core/errors.ts';
import { chainFactsOf } from '../metrics/chainFacts.ts';
import { collect } from '../metrics/collect.ts';
import { countSignals } from '../metrics/countSignals.ts';
import { newMetricsRegistry } from '../metrics/registry.ts';
import type { Signals } from '../signals.ts';
import { storeBytes } from '../store/size.ts';
import { newApp } from './app.ts';
import { eventStreams } from './events.ts';
import type { ServedNode } from './servedNode.ts';
import { snapshots } from './snapshot.ts';

/** Connections at the same time: whoever asks must not take the node's files away. */
const MAX_CONNECTIONS = 256;

/** Where nobody but this machine gets to. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/iu;

/** Where a node's HTTP interface listens. */
export interface HttpOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
}

/** A node's HTTP interface. */
export interface HttpServer {
  /** Such as `http://127.0.0.1:7300`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Shows a node to the outside: health, metrics, and what there is to read.
 * @throws {XdmError} `in-use` for a port that somebody has, `invalid-config` for a host that is not this machine's
 */
export async function serveNode(
  node: ServedNode,
  options: HttpOptions,
  { signals, logger }: { readonly signals: Signals; readonly logger: Logger },
): Promise<HttpServer> {
  const registry = newMetricsRegistry();
  countSignals(signals, registry);
  const snapshot = snapshots(node);
  const chainFacts = chainFactsOf(node);
  const events = eventStreams(node, signals);
  const app = newApp({
    node,
    snapshot,
    events: async (context) => await events.answer(context),
    isLocal: LOOPBACK.test(options.host),
    async metrics() {
      const bytes = await storeBytes(node.store.db);
      collect(registry, { node, snapshot: await snapshot(), chainFacts: await chainFacts(), bytes });
      return await registry.text();
    },
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  if ('maxConnections' in server) server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const url = `http://${host}:${port}`;
  logger.info({ url }, 'serves health, metrics and what can be read');
  return {
    url,
    async close() {
      events.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

async function listen(server: ReturnType<typeof createAdaptorServer>, { host, port }: HttpOptions): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, { host, port })));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(cause: NodeJS.ErrnoException, { host, port }: HttpOptions): XdmError {
  if (cause.code === 'EADDRINUSE') {
    return new XdmError('in-use', `port ${port} on ${host} is in use`, {
      cause,
      hint: 'stop what listens there, choose another one with --http-port, or none with --http-port none',
    });
  }
  return new XdmError('invalid-config', `nothing can listen at ${host}, port ${port}: ${cause.code ?? cause.message}`, {
    cause,
    hint: "give one of this machine's addresses with --http-host, and a port of 1024 or more with --http-port",
  });
}
