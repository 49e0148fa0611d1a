import type { JsonRpcProvider } from 'ethers';
import type { Logger } from 'pino';

import type { Deployment } from '../../sdk/core/deployment.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { NodeConfig } from '../lanes/rollup/config.ts';
import { rollupRoutes } from '../lanes/rollup/routes.ts';
import { etherToWei } from '../settings/amounts.ts';
import { observeStage } from '../telemetry/observeStage.ts';
import { followProgress } from '../telemetry/progress.ts';
import { secretSettings } from '../telemetry/nodeLogger.ts';
import { redactorOf } from '../telemetry/redact.ts';
import type { NodeState } from '../replica.ts';
import type { Signals } from '../signals.ts';
import type { Stage } from '../stages/stage.ts';
import { routeId, type RouteEnds } from '../store/routes.ts';
import type { Store } from '../store/store.ts';
import type { ServedNode, ServedRoute } from './servedNode.ts';
import { serveNode, type HttpServer } from './server.ts';

/** Where it listens unless told otherwise, if nobody else does. */
export const DEFAULT_HTTP_PORT = 7300;

/** A node that is to be shown. */
export interface ShownNode {
  readonly lane: Deployment;
  readonly config: NodeConfig;
  readonly store: Store;
  readonly signals: Signals;
  readonly logger: Logger;
  /** Addresses on L1 that it signs with. */
  readonly signers: readonly string[];
  readonly state: () => NodeState;
}

/** A node's outside: its HTTP interface, and what that is told of the stages. */
export interface Outside {
  /** Undefined where it has none. */
  readonly url: string | undefined;
  /** The stages begin. Returns them as they are to be run: they say how their passes go. */
  begin(stages: readonly Stage[], l1: JsonRpcProvider): Stage[];
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
  let l1: JsonRpcProvider | undefined;
  const server = await serve(shown, { progress, l1: () => l1 });
  return {
    url: server?.url,
    begin(stages, provider) {
      l1 = provider;
      progress.begin(stages);
      return stages.map((stage) => observeStage(stage, signals));
    },
    end() {
      l1 = undefined;
    },
    async close() {
      await server?.close();
    },
  };
}

async function serve(shown: ShownNode, live: Pick<ServedNode, 'progress' | 'l1'>): Promise<HttpServer | undefined> {
  const { config, lane, signers, store, state, logger } = shown;
  const { httpHost: host, httpPort, roles, stuckAfter, maxSpendPerDay } = config;
  if (httpPort === 'none') return undefined;
  const node: ServedNode = {
    ...live,
    lane,
    roles,
    store,
    state,
    redact: redactorOf(secretSettings(config, lane)),
    stuckAfter,
    maxSpendPerDay: maxSpendPerDay === undefined ? undefined : etherToWei(maxSpendPerDay),
    routes: await routesOf(lane, store),
    signers: signers.map((address) => ({ chainId: Number(lane.l1ChainId), address })),
  };
  try {
    return await serveNode(node, { host, port: httpPort ?? DEFAULT_HTTP_PORT }, shown);
  } catch (error) {
    if (httpPort !== undefined || !(error instanceof XdmError) || error.code !== 'in-use') throw error;
    logger.warn({ reason: error.message, hint: error.hint }, 'the node runs without its HTTP interface');
    return undefined;
  }
}

async function routesOf(lane: Deployment, store: Store): Promise<ServedRoute[]> {
  const { l1ToL2, l2ToL1 } = rollupRoutes(lane);
  const show = async (ends: RouteEnds, from: ServedRoute['from']): Promise<ServedRoute> => {
    const { sourceChainId, destinationChainId } = ends;
    const id = await store.write(async (db) => await routeId(db, ends));
    return { id, name: `${sourceChainId} -> ${destinationChainId}`, from, sourceChainId, destinationChainId };
  };
  return [await show(l1ToL2, 'l1'), await show(l2ToL1, 'l2')];
}
