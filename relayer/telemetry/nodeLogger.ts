import { pino, type DestinationStream, type Logger } from 'pino';

import type { Deployment } from '../../sdk/core/deployment.ts';
import type { NodeConfig } from '../lanes/rollup/config.ts';
import { redactorOf } from './redact.ts';

/** The log of a node: lines of JSON, from which what is secret is taken out whole, wherever in a line it stands. */
export function nodeLogger(config: NodeConfig, lane: Deployment, destination: DestinationStream): Logger {
  const redact = redactorOf(secretSettings(config, lane));
  return pino({ level: config.logLevel, hooks: { streamWrite: redact } }, destination);
}

/** Settings of which some are secret; the deployment's endpoints under names of their own. */
export function secretSettings(config: NodeConfig, { l1RpcUrl, l2RpcUrl }: Deployment): Record<string, unknown> {
  return { ...config, deploymentL1RpcUrl: l1RpcUrl, deploymentL2RpcUrl: l2RpcUrl };
}
