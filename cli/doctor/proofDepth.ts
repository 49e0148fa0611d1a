import { keccak256, toQuantity } from 'ethers';
import { z } from 'zod';

import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { hash, hex, request } from '../../sdk/chain/request.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import type { DoctorContext } from './context.ts';
import type { EndpointFacts } from './endpointFacts.ts';
import { ok, problem, warning, type Finding } from './finding.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Most proofs that are asked of an endpoint. */
const MAX_PROBES = 40;

/** The depth is found to this share of it. */
const PRECISION = 16;

/** How much deeper an endpoint should reach than what is needed: the node may have been down for a while. */
const SAFETY = 2;

const proofAnswer = z.object({ accountProof: z.array(hex) });
const blockAnswer = z.object({ stateRoot: hash }).nullable();

/** How far back proofs are to be had. */
export interface ProofDepth {
  /** Blocks behind the head of the oldest one that was proven; undefined where not even the head is. */
  readonly depth: number | undefined;
  /** Whether that is the lane's first block: nobody asks for older ones. */
  readonly isWhole: boolean;
}

/**
 * Searches how far back blocks can be proven: in steps that double, and then between the last two.
 * @param lowest block that anybody asks for
 */
export async function findProofDepth(
  head: number,
  lowest: number,
  isProvable: (block: number) => Promise<boolean>,
): Promise<ProofDepth> {
  let probes = 1;
  if (!(await isProvable(head))) return { depth: undefined, isWhole: false };
  const most = Math.max(0, head - lowest);
  let proven = 0;
  let refused = most + 1;
  for (let step = 1; proven < most && refused > most; step *= 2) {
    const depth = Math.min(step, most);
    probes++;
    if (await isProvable(head - depth)) proven = depth;
    else refused = depth;
  }
  while (refused <= most && refused - proven > Math.max(1, proven / PRECISION) && probes < MAX_PROBES) {
    const middle = Math.floor((proven + refused) / 2);
    probes++;
    if (await isProvable(head - middle)) proven = middle;
    else refused = middle;
  }
  return { depth: proven, isWhole: proven === most };
}

/** How far back the node asks for proofs, blocks. */
export interface NeededDepth {
  /** While it keeps up: of a batch that was just committed. */
  readonly usual: number;
  /** After a while without a proposer, or without this node. */
  readonly safe: number;
}

/** @param lag blocks from the head back to the newest one whose state is committed */
export function neededDepth(
  { proposalInterval, maxBatchSize }: NodeConfig,
  { blockTime, lag }: { readonly blockTime: number; readonly lag: number },
): NeededDepth {
  const between = blockTime > 0 ? Math.ceil(proposalInterval / 1000 / blockTime) : 0;
  return { usual: lag + between, safe: SAFETY * (lag + between + maxBatchSize) };
}

/** What there is to say of how deep an endpoint proves. */
export function judgeProofDepth(name: string, { depth, isWhole }: ProofDepth, { usual, safe }: NeededDepth): Finding {
  const place = { check: 'proof depth', subject: `l2 ${name}` };
  const hint = 'ask a node that keeps state for longer, such as an archive node, with --l2-rpc-url';
  if (depth === undefined) return problem(place, 'not even its newest block is proven by eth_getProof', hint);
  if (isWhole) return ok(place, `${counted(depth, 'block')}, all since the lane began`);
  const value = `about ${counted(depth, 'block')}`;
  if (depth < usual) return problem(place, `${value}, and a batch that is just committed can end ${usual} back`, hint);
  return depth < safe
    ? warning(place, `${value}, enough while all keep up; ${safe} outlast a longer halt`, hint)
    : ok(place, `${value}, and ${safe} are needed`);
}

/** How deep each endpoint of L2 proves. */
export async function checkProofDepth(context: DoctorContext): Promise<Finding[]> {
  const { lane, config } = context;
  const onL2 = context.endpoints.filter(({ side, chainId }) => side === 'l2' && chainId === lane.l2ChainId);
  return await Promise.all(
    onL2.map(async (endpoint) => {
      const { name, head, blockTime, tags } = endpoint;
      const { proposalFinality } = config;
      const newest = proposalFinality === 'latest' ? head : (tags[proposalFinality] ?? head);
      // Before it there is no message.
      const first = Math.max(Number(lane.startBlock), Number(lane.l2DeployedAt) + 1);
      const depth = await findProofDepth(head.number, first, async (block) => await canProve(endpoint, lane, block));
      return judgeProofDepth(name, depth, neededDepth(config, { blockTime, lag: head.number - newest.number }));
    }),
  );
}

/** Whether the endpoint proves the passer's account in the state of a block, and of that block. */
async function canProve({ provider }: EndpointFacts, lane: Deployment, block: number): Promise<boolean> {
  const tag = toQuantity(block);
  try {
    const proof = { parameters: [lane.messagePasser, [], tag], schema: proofAnswer };
    const header = { parameters: [tag, false], schema: blockAnswer };
    const { accountProof } = await request(provider, 'eth_getProof', proof);
    const answer = await request(provider, 'eth_getBlockByNumber', header);
    return keccak256(accountProof[0] ?? '0x') === answer?.stateRoot;
  } catch (cause) {
    const error = toXdmError(cause);
    if (error.code === 'rpc-unreachable' || error.code === 'rpc-rate-limited') throw error;
    return false;
  }
}
