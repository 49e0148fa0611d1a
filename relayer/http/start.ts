import type { Logger } from 'pino';

import { XdmError } from '../../sdk/core/errors.ts';
import type { LaneConnection, NodeLane } from '../lanes/nodeLane.ts';
import { etherToWei } from '../settings/amounts.ts';
import { observeStage } from '../telemetry/observeStage.ts';
import { followProgress } from '../telemetry/progress.ts';
import { redactorOf } from '../telemetry/redact.ts';
import type { NodeState } from '../replica.ts';
import type { Signals } from '../signals.ts';
import type { Stage } from '../stages/stage.ts';
import { routeId } from '../store/routes.ts';
import type { Store } from '../store/store.ts';
import type { ServedNode, ServedRoute } from './servedNode.ts';
import { serveNode, type HttpServer } from './server.ts';

/** Where it listens unless told otherwise, if nobody else does. */
export const DEFAULT_HTTP_PORT = 7300;

/** A node that is to be shown. */
export interface ShownNode {
  readonly lane: NodeLane;
  readonly store: Store;
  readonly signals: Signals;
  readonly logger: Logger;
  readonly state: () => NodeState;
}

/** A node's outside: its HTTP interface, and what that is told of the stages. */
export interface Outside {
  /** Undefined where it has none. */
  readonly url: string | undefined;
  /** The stages begin. Returns them as they are to be run: they say how their passes go. */
  begin(stages: readonly Stage[], providers: LaneConnection['providers']): Stage[];
  /** They have ended. */
  end(): void;
  close(): Promise<void>;
}

/**
 * Opens a node's HTTP interface; none where the configuration says so, or where the default port is taken and no other was asked for.
 * @throws {XdmError} `in-use`, `invalid-config`
 */
export async function openOutside(shown: ShownNode): Promise<Outside> {
  const { signals } = shown;
  const progress = followProgress(signals);
  let chains: LaneConnection['providers'] | undefined;
  const server = await serve(shown, { progress, providerOf: (chainId) => chains?.get(chainId) });
  return {
    url: server?.url,
    begin(stages, providers) {
      chains = providers;
      progress.begin(stages);
      return stages.map((stage) => observeStage(stage, signals));
    },
    end() {
      chains = undefined;
    },
    async close() {
      await server?.close();
    },
  };
}

async function serve(
  shown: ShownNode,
  live: Pick<ServedNode, 'progress' | 'providerOf'>,
): Promise<HttpServer | undefined> {
  const { lane, store, state, logger } = shown;
  const { httpHost: host, httpPort, roles, stuckAfter, maxSpendPerDay } = lane.settings;
  if (httpPort === 'none') return undefined;
  const node: ServedNode = {
    ...live,
    lane,
    roles,
    store,
    state,
    redact: redactorOf(lane.secrets),
    stuckAfter,
    maxSpendPerDay: maxSpendPerDay === undefined ? undefined : etherToWei(maxSpendPerDay),
    routes: await routesOf(lane, store),
    signers: lane.signers,
  };
  try {
    return await serveNode(node, { host, port: httpPort ?? DEFAULT_HTTP_PORT }, shown);
  } catch (error) {
    if (httpPort !== undefined || !(error instanceof XdmError) || error.code !== 'in-use') throw error;
    logger.warn({ reason: error.message, hint: error.hint }, 'the node runs without its HTTP interface');
    return undefined;
  }
}

async function routesOf({ routes }: NodeLane, store: Store): Promise<ServedRoute[]> {
  const shown: ServedRoute[] = [];
  for (const route of routes) {
    const { sourceChainId, destinationChainId } = route;
    const id = await store.write(async (db) => await routeId(db, route));
    shown.push({ ...route, id, name: `${sourceChainId} -> ${destinationChainId}` });
  }
  return shown;
}
