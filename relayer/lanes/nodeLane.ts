import type { JsonRpcProvider } from 'ethers';
import type { z } from 'zod';

import type { ConnectLaneOptions } from '../../sdk/chain/client.ts';
import type { Json } from '../json.ts';
import type { Work } from '../pipeline.ts';
import type { NodeSettings } from '../settings/common.ts';
import type { StageContext } from '../stages/stage.ts';
import type { LaneOutline, LaneRoute } from './laneRoutes.ts';

/** An account that the node signs with on a chain. */
export interface LaneSigner {
  readonly chainId: number;
  readonly address: string;
}

/** A route as the node's settings have it. */
export interface NodeRoute extends LaneRoute {
  /** Whether this node sees to it that its messages are delivered: it executes the queue, or relays. */
  readonly isServed: boolean;
  /** Asks its destination whether somebody has paused deliveries there; undefined where nobody can. */
  readonly isPaused?: (destination: JsonRpcProvider) => Promise<boolean>;
}

/** What the API shows of a lane beside what it shows of each. */
export interface LaneFacts {
  readonly values: Readonly<Record<string, Json>>;
  /** What they are, for the API's description. */
  readonly shape: z.ZodRawShape;
}

/**
 * A lane as its node carries it: what differs between the kinds of lanes, of which each has a folder beside this file. Nothing of
 * the node beside knows the kind.
 */
export interface NodeLane extends LaneOutline {
  /** By which replicas know that they act for the same lane. */
  readonly name: string;
  readonly settings: NodeSettings;
  readonly routes: readonly NodeRoute[];
  readonly signers: readonly LaneSigner[];
  /** What nobody else may work on meanwhile, beside the signers' accounts. */
  readonly resources: readonly string[];
  readonly facts: LaneFacts;
  /** All settings, and the endpoints of the deployment file: `redactorOf` knows which of them are secret. */
  readonly secrets: Readonly<Record<string, unknown>>;
  /**
   * Connects to all chains; of several some can be silent, and are taken in once they answer.
   * @throws {XdmError} `rpc-unreachable`, `wrong-chain`
   */
  connect(means: ConnectionMeans): Promise<LaneConnection>;
}

/** How the node's requests travel. */
export type ConnectionMeans = Required<Pick<ConnectLaneOptions, 'observer' | 'guard' | 'transport'>>;

/** A lane whose chains answer. */
export interface LaneConnection {
  /** By the chains' ids. */
  readonly providers: ReadonlyMap<number, JsonRpcProvider>;
  /**
   * Makes sure that each role has the key that it needs.
   * @throws {XdmError} `unauthorized`, and what endpoints throw
   */
  verify(): Promise<void>;
  /** What there is to do on it, by the settings. */
  workOf(context: StageContext): Promise<Work>;
  disconnect(): void;
}
