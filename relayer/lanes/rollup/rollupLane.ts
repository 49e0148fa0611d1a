import type { LaneClient } from '../../../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf, queueOf } from '../../../sdk/chain/contracts.ts';
import {
  parseDeletedStateBatches,
  parseDeliveries,
  parseMessageRoots,
  parseQueueElements,
  parseSentMessages,
  parseStateBatches,
  TOPICS,
} from '../../../sdk/chain/logs.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { queueSourceHash } from '../../../sdk/core/deposit.ts';
import { decodeNonce } from '../../../sdk/core/message.ts';
import { encodeDeposit } from '../../../sdk/core/optimism.ts';
import type { LogSource, Route } from '../../route.ts';
import type { Alarm } from '../../alarm.ts';
import { elementsFrom, lastExecuted, messagesFrom } from '../../store/gaps.ts';
import { recordDeliveries } from '../../store/deliveries.ts';
import { markArrived } from '../../store/executedQueue.ts';
import { recordMessageRoots } from '../../store/messageTrees.ts';
import { recordSent } from '../../store/messages.ts';
import { forgetExecuted, markDerived, recordQueueElements } from '../../store/queueElements.ts';
import { routeId } from '../../store/routes.ts';
import type { Database } from '../../store/schema.ts';
import { recordStateBatches } from '../../store/stateBatches.ts';
import { auditOf } from '../audit.ts';
import { allOf, deliveryAudit, type RecordOf } from '../deliveryAudit.ts';
import { batchAudit } from './batchAudit.ts';
import { rollupProver } from './prover.ts';
import { rollupRoutes } from './routes.ts';
import { rollupSubmitter, type Relaying } from './submitter.ts';

/** A rollup's lane as the pipeline sees it: what to read on each chain, and a route in each direction. */
export interface RollupLane {
  readonly l1Sources: readonly LogSource[];
  readonly l2Sources: readonly LogSource[];
  /** Delivered by the queue's elements. */
  readonly l1ToL2: Route;
  /** Delivered by proofs. */
  readonly l2ToL1: Route;
}

/** Topics of the messengers' events, in both directions. */
const MESSENGER_TOPICS = [
  TOPICS.sentMessage,
  TOPICS.sentMessageExtension1,
  TOPICS.relayedMessage,
  TOPICS.failedRelayedMessage,
  TOPICS.failureReason,
];

/** What a node does for a lane, beside watching it. */
export interface LaneDuties {
  /** Without it the node does not relay. */
  readonly relaying?: Relaying | undefined;
  /** Whether it hands the queue to L2. */
  readonly isSequencing: boolean;
}

/** Describes a lane to the pipeline. */
export async function rollupLane(
  db: Database,
  client: LaneClient,
  { relaying, isSequencing }: LaneDuties,
): Promise<RollupLane> {
  const { lane } = client;
  const [l1, l2] = [Number(lane.l1ChainId), Number(lane.l2ChainId)];
  const routes = rollupRoutes(lane);
  const l1ToL2 = await routeId(db, routes.l1ToL2);
  const l2ToL1 = await routeId(db, routes.l2ToL1);
  return {
    l1Sources: [
      {
        ...messengerSource(lane.l1Messenger, { chainId: l1, sent: l1ToL2, delivered: l2ToL1 }),
        audit: deliveryAudit(db, l2ToL1, recordsOn(client, 'l1')),
      },
      rootsSource(lane.l1Messenger, { chainId: l1, routeId: l2ToL1 }),
      {
        ...commitmentsSource(lane.stateCommitmentChain, { chainId: l1, routeId: l2ToL1 }),
        audit: batchAudit(client, l2ToL1),
      },
      queueSource(client, l1ToL2, isSequencing),
    ],
    l2Sources: [
      {
        ...messengerSource(lane.l2Messenger, { chainId: l2, sent: l2ToL1, delivered: l1ToL2 }),
        audit: allOf(messageAudit(client, l2ToL1), deliveryAudit(db, l1ToL2, recordsOn(client, 'l2'))),
      },
    ],
    l1ToL2: { id: l1ToL2, name: `${l1} -> ${l2}`, sourceChainId: l1, destinationChainId: l2 },
    l2ToL1: {
      id: l2ToL1,
      name: `${l2} -> ${l1}`,
      sourceChainId: l2,
      destinationChainId: l1,
      prover: rollupProver(client, l2ToL1),
      ...(relaying !== undefined && { submitter: rollupSubmitter(client, l2ToL1, relaying) }),
    },
  };
}

/** A messenger's logs: the messages it sent on one route, and those it delivered on the other. */
function messengerSource(
  address: string,
  { chainId, sent, delivered }: { readonly chainId: number; readonly sent: number; readonly delivered: number },
): LogSource {
  return {
    address,
    topics: MESSENGER_TOPICS,
    async record(db, logs) {
      await recordSent(db, { routeId: sent, chainId }, parseSentMessages(logs, address));
      await recordDeliveries(db, { routeId: delivered, chainId }, parseDeliveries(logs, address));
    },
  };
}

function recordsOn({ lane, ...chains }: LaneClient, side: Side): RecordOf {
  const messenger = side === 'l1' ? l1MessengerOf(lane, chains.l1) : l2MessengerOf(lane, chains.l2);
  return async (hash, blockTag) => await messenger.delivery(hash, { blockTag });
}

/** On L2 each message has the next number. On L1 it has its element's: the queue is what is audited there. */
function messageAudit({ lane, l2 }: LaneClient, route: number): NonNullable<LogSource['audit']> {
  const contract = l2MessengerOf(lane, l2);
  return auditOf({
    deployedAt: Number(lane.l2DeployedAt),
    countAt: async (blockTag) => Number(decodeNonce(await contract.messageNonce({ blockTag })).counter),
    recorded: async (db, range) => await messagesFrom(db, route, range),
  });
}

function queueAudit({ lane, l1 }: LaneClient, route: number): NonNullable<LogSource['audit']> {
  const contract = queueOf(lane, l1);
  return auditOf({
    deployedAt: Number(lane.l1DeployedAt),
    countAt: async (blockTag) => Number(await contract.getQueueLength({ blockTag })),
    recorded: async (db, range) => await elementsFrom(db, route, range),
    forgotten: async (db) => await lastExecuted(db, route),
  });
}

/** The same where nobody here executes the queue: what is final, and done with by whoever does, is of no more use. */
function foreignQueueAudit(client: LaneClient, route: number): NonNullable<LogSource['audit']> {
  const audit = queueAudit(client, route);
  const isDerived = client.lane.deposits === 'derived';
  return async (read) => {
    const check = await audit(read);
    return async (db) => {
      const gap = await check(db);
      if (gap === undefined) {
        // What L2 makes of them is L2's node's own; or else it executes them in order, and what has arrived shows how far it is.
        await (isDerived ? markDerived(db, route, read.finalNumber) : markArrived(db, route));
        await forgetExecuted(db, route, { l1: read.finalNumber, l2: 0 });
      }
      return gap;
    };
  };
}

/** Roots of the message tree that were proven, by whomever. */
function rootsSource(address: string, source: { readonly chainId: number; readonly routeId: number }): LogSource {
  return {
    address,
    topics: [TOPICS.messageRootProven],
    async record(db, logs) {
      await recordMessageRoots(db, source, parseMessageRoots(logs, address));
    },
  };
}

function commitmentsSource(address: string, source: { readonly chainId: number; readonly routeId: number }): LogSource {
  return {
    address,
    topics: [TOPICS.stateBatchAppended, TOPICS.stateBatchDeleted],
    async record(db, logs) {
      const appended = parseStateBatches(logs, address);
      await recordStateBatches(db, source, { appended, deleted: parseDeletedStateBatches(logs, address) });
    },
  };
}

/** The queue's elements as the deposit transactions that a sequencer makes of them. */
function queueSource(client: LaneClient, route: number, isSequencing: boolean): LogSource {
  const { lane } = client;
  const isOwn = isSequencing && lane.deposits !== 'derived';
  const address = lane.canonicalTransactionChain;
  return {
    address,
    topics: [TOPICS.transactionDeposited, TOPICS.queueElement],
    audit: isOwn ? queueAudit(client, route) : foreignQueueAudit(client, route),
    async record(db, logs, alarms) {
      const elements = parseQueueElements(logs, address).map(({ index, deposit, ...position }) => {
        const sourceHash = queueSourceHash(lane.l1ChainId, address, index);
        return { ...position, index: Number(index), raw: encodeDeposit({ ...deposit, sourceHash }) };
      });
      const source = { routeId: route, chainId: Number(lane.l1ChainId) };
      const { replaced, kept } = await recordQueueElements(db, source, elements);
      for (const index of replaced) await alarms.raise(rewritten(index));
      for (const index of kept) await alarms.clear(rewritten(index));
    },
  };
}

function rewritten(index: number): Alarm {
  const what = `L1 has replaced element ${index} of the queue, which was executed on L2`;
  const hint = 'L2 must be wound back to before the element; execute elements only once they are final (queueFinality)';
  return { kind: 'queue-rewritten', subject: `${index}`, message: `${what}; ${hint}`, halts: true };
}
