import { answersOf, type Address } from '../../relayer/http/answers.ts';
import { serveNode, type HttpServer } from '../../relayer/http/server.ts';
import type { ServedNode } from '../../relayer/http/servedNode.ts';
import { chainNames } from '../../relayer/lanes/laneRoutes.ts';
import { parseNodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { rollupNodeLane } from '../../relayer/lanes/rollup/rollupNodeLane.ts';
import { followProgress } from '../../relayer/telemetry/progress.ts';
import { redactorOf } from '../../relayer/telemetry/redact.ts';
import { newSignals, type Signals } from '../../relayer/signals.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import { moveCursor } from '../../relayer/store/blocks.ts';
import { routeId } from '../../relayer/store/routes.ts';
import { account, cursorAt, L1, L2, newRoute } from './events.ts';
import { listeningLogger } from './logger.ts';
import { newStore, type TestStore } from './store.ts';

/** Stages of the node that is served. */
const STAGES = ['watch 900', 'watch 901', 'sequence 900', 'submit 901 -> 900'];

const ROLES = ['sequencer', 'proposer', 'relayer'];

/** A node that is served over a store, without chains: what a test says is what has happened. */
export interface ServedTestNode {
  readonly node: ServedNode;
  readonly store: TestStore;
  readonly signals: Signals;
  readonly server: HttpServer;
  /** Numbers of the routes. */
  readonly up: number;
  readonly down: number;
  /** Asks for JSON, and holds what the API answers against its description. */
  get(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

export const LANE = {
  l1ChainId: BigInt(L1),
  l2ChainId: BigInt(L2),
  l1Messenger: account(12),
  l2Messenger: account(11),
  canonicalTransactionChain: account(13),
  stateCommitmentChain: account(14),
  batches: account(15),
  messagePasser: account(16),
  fraudProofWindow: 60n,
  startBlock: 0n,
  valueEnabled: true,
  deposits: 'sequencer',
  l1DeployedAt: 0n,
  l2DeployedAt: 0n,
} as const;

/** Serves a node whose chains were read up to blocks 50 and 20, and are final up to 40 and 10. */
export async function startServedNode(
  changes: Partial<ServedNode> = {},
  deployment: Deployment = LANE,
): Promise<ServedTestNode> {
  const store = await newStore();
  const signals = newSignals();
  const up = await newRoute(store.db);
  const down = await routeId(store.db, {
    sourceChainId: L1,
    sourceMessenger: LANE.l1Messenger,
    destinationChainId: L2,
    destinationMessenger: LANE.l2Messenger,
  });
  await moveCursor(store.db, L1, cursorAt(50, 40));
  await moveCursor(store.db, L2, cursorAt(20, 10));
  const progress = followProgress(signals);
  progress.begin(STAGES.map((name) => ({ name, interval: 1000 })));
  const flags = { store: store.path, roles: ROLES, privateKey: `0x${'1'.repeat(64)}` };
  const lane = rollupNodeLane(deployment, parseNodeConfig({ flags, environment: {}, file: {} }));
  const [fromL1, fromL2] = lane.routes;
  const node: ServedNode = {
    lane,
    roles: ROLES,
    store,
    routes: [
      { ...fromL1!, id: down, name: '900 -> 901' },
      { ...fromL2!, id: up, name: '901 -> 900' },
    ],
    signers: [],
    progress,
    stuckAfter: 60_000,
    maxSpendPerDay: undefined,
    state: () => 'active',
    redact: redactorOf({}),
    providerOf: () => undefined,
    ...changes,
  };
  const { logger } = listeningLogger();
  const server = await serveNode(node, { host: '127.0.0.1', port: 0 }, { signals, logger });
  return {
    node,
    store,
    signals,
    server,
    up,
    down,
    async get(path, init) {
      const response = await fetch(`${server.url}${path}`, init);
      const body = (await response.json()) as Record<string, unknown>;
      verifyAnswer(node, path, { status: response.status, body });
      return { status: response.status, body };
    },
    async stop() {
      await server.close();
      await store.remove();
    },
  };
}

function verifyAnswer(
  node: ServedNode,
  path: string,
  { status, body }: { readonly status: number; readonly body: unknown },
): void {
  const [address = ''] = path.split('?');
  if (!address.startsWith('/v1/') || address === '/v1/openapi.json') return;
  const described = address.startsWith('/v1/messages/') ? '/v1/messages/{hash}' : address;
  const { answers, components } = answersOf({ facts: node.lane.facts.shape, chains: chainNames(node) });
  const answer = status === 200 ? answers[described as Address] : components['Error'];
  answer!.parse(body);
}
