import { z } from 'zod';

import { address, flag, natural, object, parseJson, serializeJson, url, version } from './jsonFile.ts';
import type { Lane } from './lane.ts';

/** One of a lane's two chains. */
export type Side = 'l1' | 'l2';

/** Who executes the queue on L2: a sequencer of ours, or the L2 node, which derives deposits from it. */
export type DepositMode = 'sequencer' | 'derived';

/** A lane as a deployment file describes it: all that is needed to use it, but the endpoints' credentials. */
export interface Deployment extends Lane {
  readonly deposits: DepositMode;
  /** L1 block before the lane's first log. */
  readonly l1DeployedAt: bigint;
  /** L2 block before the lane's first log. */
  readonly l2DeployedAt: bigint;
  /** Where L1 answers, unless something else is asked for. */
  readonly l1RpcUrl?: string | undefined;
  /** Where L2 answers, unless something else is asked for. */
  readonly l2RpcUrl?: string | undefined;
}

/** Version of the file's format. */
const VERSION = 1;

const schema = object({
  version: version(VERSION),
  l1ChainId: natural,
  l2ChainId: natural,
  l1Messenger: address,
  l2Messenger: address,
  canonicalTransactionChain: address,
  stateCommitmentChain: address,
  batches: address,
  messagePasser: address,
  fraudProofWindow: natural,
  startBlock: natural,
  valueEnabled: flag,
  deposits: z.enum(['sequencer', 'derived'], { error: '"sequencer" or "derived"' }),
  l1DeployedAt: natural,
  l2DeployedAt: natural,
  l1RpcUrl: url.optional(),
  l2RpcUrl: url.optional(),
});

/**
 * Reads a deployment file's text.
 * @param text JSON, as `serializeDeployment` writes it
 * @param source what to call it in an error, such as the file's path
 * @throws {XdmError} `invalid-deployment`, with the offending key and value
 */
export function parseDeployment(text: string, source: string): Deployment {
  const { version: _version, ...deployment } = parseJson(text, schema, {
    source,
    subject: 'a lane',
    code: 'invalid-deployment',
    hint: 'write it anew with `xdm deploy` or `xdm devnet`',
  });
  return deployment;
}

/** A deployment file's text: JSON, numbers as decimal strings where they may exceed 2^53. */
export function serializeDeployment(deployment: Deployment): string {
  const { l1RpcUrl, l2RpcUrl, ...lane } = deployment;
  const urls = { ...(l1RpcUrl !== undefined && { l1RpcUrl }), ...(l2RpcUrl !== undefined && { l2RpcUrl }) };
  return serializeJson({ version: VERSION, ...lane, ...urls });
}
