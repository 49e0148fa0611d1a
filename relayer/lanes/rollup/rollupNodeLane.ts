import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { connectLane, disconnect } from '../../../sdk/chain/client.ts';
import { l1MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { Deployment } from '../../../sdk/core/deployment.ts';
import type { LaneFacts, NodeLane, NodeRoute } from '../nodeLane.ts';
import type { NodeConfig } from './config.ts';
import { signersOf, verifyKeys } from './keys.ts';
import { rollupOutline } from './routes.ts';
import { workOf } from './work.ts';

/**
 * A rollup's lane for a node with these settings.
 * @throws {XdmError} `invalid-config` without a key that a role needs
 */
export function rollupNodeLane(lane: Deployment, config: NodeConfig): NodeLane {
  const { l1ChainId, l1Messenger, l2ChainId, l2Messenger, canonicalTransactionChain } = lane;
  const { identity, routes } = rollupOutline(lane);
  const isSequencing = config.roles.includes('sequencer');
  return {
    identity,
    name: `${l1ChainId}:${l1Messenger} ${l2ChainId}:${l2Messenger}`,
    settings: config,
    routes: routes.map((route): NodeRoute => {
      if (route.waitsFor.by === 'queue') return { ...route, isServed: isSequencing && lane.deposits !== 'derived' };
      const isPaused = async (l1: JsonRpcProvider): Promise<boolean> => await l1MessengerOf(lane, l1).paused();
      return { ...route, isServed: config.roles.includes('relayer'), isPaused };
    }),
    signers: signersOf(config).map((address) => ({ chainId: Number(l1ChainId), address })),
    resources: isSequencing ? [`queue ${canonicalTransactionChain} of chain ${l1ChainId}`] : [],
    facts: factsOf(lane),
    secrets: { ...config, deploymentL1RpcUrl: lane.l1RpcUrl, deploymentL2RpcUrl: lane.l2RpcUrl },
    async connect(means) {
      const client = await connectLane(lane, { ...config, ...means });
      return {
        providers: new Map([
          [Number(l1ChainId), client.l1],
          [Number(l2ChainId), client.l2],
        ]),
        verify: async () => await verifyKeys(client, config),
        workOf: async (context) => await workOf(client, config, context),
        disconnect: () => disconnect(client),
      };
    },
  };
}

const chainId = z.int().min(0);
const address = z.string().regex(/^0x[\da-fA-F]{40}$/u);

const SHAPE = {
  l1ChainId: chainId,
  l2ChainId: chainId,
  l1Messenger: address,
  l2Messenger: address,
  fraudProofWindowSeconds: z.int().min(0),
  deposits: z.enum(['sequencer', 'derived']),
};

function factsOf(lane: Deployment): LaneFacts {
  const values = {
    l1ChainId: Number(lane.l1ChainId),
    l2ChainId: Number(lane.l2ChainId),
    l1Messenger: lane.l1Messenger,
    l2Messenger: lane.l2Messenger,
    fraudProofWindowSeconds: Number(lane.fraudProofWindow),
    deposits: lane.deposits,
  } satisfies z.output<z.ZodObject<typeof SHAPE>>;
  return { values, shape: SHAPE };
}
