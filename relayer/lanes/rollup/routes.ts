import type { Deployment } from '../../../sdk/core/deployment.ts';
import type { LaneIdentity } from '../../../sdk/core/message.ts';
import type { RouteEnds } from '../../store/routes.ts';
import type { LaneOutline } from '../laneRoutes.ts';

/** The two directions of a rollup's lane, as the store knows them. */
export function rollupRoutes(lane: LaneIdentity): { readonly l1ToL2: RouteEnds; readonly l2ToL1: RouteEnds } {
  const [l1, l2] = [Number(lane.l1ChainId), Number(lane.l2ChainId)];
  const [onL1, onL2] = [lane.l1Messenger, lane.l2Messenger];
  return {
    l1ToL2: { sourceChainId: l1, sourceMessenger: onL1, destinationChainId: l2, destinationMessenger: onL2 },
    l2ToL1: { sourceChainId: l2, sourceMessenger: onL2, destinationChainId: l1, destinationMessenger: onL1 },
  };
}

/** A rollup's lane for whoever looks into the store of its node. */
export function rollupOutline(lane: LaneIdentity & Pick<Deployment, 'startBlock' | 'fraudProofWindow'>): LaneOutline {
  const { l1ToL2, l2ToL1 } = rollupRoutes(lane);
  const retryCommand = 'xdm relayMessage';
  const [startBlock, windowSeconds] = [Number(lane.startBlock), Number(lane.fraudProofWindow)];
  return {
    identity: { l1Messenger: lane.l1Messenger, l2Messenger: lane.l2Messenger },
    routes: [
      { ...l1ToL2, from: 'l1', waitsFor: { by: 'queue' }, retryCommand },
      { ...l2ToL1, from: 'l2', waitsFor: { by: 'state-batches', startBlock, windowSeconds }, retryCommand },
    ],
  };
}
