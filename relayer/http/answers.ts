// What the API answers with, field by field: `openapi.ts` describes it, and tests hold real answers against it.
import { z } from 'zod';

const hash = z.string().regex(/^0x[\da-f]{64}$/u);
const address = z.string().regex(/^0x[\da-fA-F]{40}$/u);
const count = z.int().min(0);
/** Null for no time. */
const time = z.iso.datetime().nullable();
/** Wei, gas, or a number of the contracts': decimal. */
const amount = z.string().regex(/^\d+$/u);
const next = z.string().nullable().describe('cursor of the next page; null on the last one');

const batch = z.strictObject({
  batchIndex: amount,
  batchRoot: hash,
  batchSize: amount,
  prevTotalElements: amount.describe('L2 blocks of the lane before its first'),
  committedAt: time,
});

const listedBatch = batch.extend({ finalAt: time.describe('end of its fraud-proof window') });

const attempt = z.strictObject({
  hash,
  maxFeePerGas: amount,
  maxPriorityFeePerGas: amount.nullable().describe('null on a chain without EIP-1559'),
  signedAt: time,
  broadcastAt: time,
  refusal: z.string().nullable().describe('what a node said that did not take it'),
});

const transaction = z.strictObject({
  id: count,
  chainId: count,
  signer: address,
  nonce: count,
  purpose: z.string(),
  stage: z.enum(['pending', 'mined', 'final', 'replaced']),
  createdAt: time,
  transactionHash: hash.nullable().describe('of the attempt that was mined'),
  blockNumber: count.nullable(),
  reverted: z.boolean().nullable(),
  givenUp: z.boolean(),
  paid: amount.nullable().describe('wei, of the attempt that was mined'),
  attempts: z.array(attempt),
});

const MESSAGE = {
  messageHash: hash,
  counter: count.describe("of the nonce; from L1 also its element's index in the queue"),
  sender: address,
  target: address,
  value: amount,
  gasLimit: amount,
  stage: z.enum(['sent', 'proven', 'submitted', 'relayed', 'failed']),
  orphaned: z.boolean().describe('whether a reorganisation has dropped its block'),
  sentIn: z.strictObject({ chainId: count.nullable(), blockNumber: count, transactionHash: hash, logIndex: count }),
  readyAt: time.describe('from when on it can be delivered; null before that is known'),
  parked: z
    .strictObject({ reason: z.string(), text: z.string(), nextTryAt: time, tries: count })
    .nullable()
    .describe('why it is set aside'),
  relayTransactionHash: hash.nullable(),
  failureReason: z.string().nullable(),
};

const happened = z.strictObject({
  event: z.string(),
  at: time,
  lastAt: time,
  times: count.describe('how often, one after the other'),
  reason: z.string().nullable(),
  transactionHash: hash.nullable(),
});

const MESSAGE_DETAILS = {
  why: z.strictObject({
    code: z.string(),
    text: z.string(),
    until: time,
    failing: z.array(z.string()).describe('what fails in the node at the moment'),
  }),
  history: z.array(happened),
  transactions: z.array(transaction),
  delivery: z
    .strictObject({
      outcome: z.enum(['relayed', 'failed']),
      blockNumber: count,
      transactionHash: hash,
      final: z.boolean(),
    })
    .nullable(),
  queue: z.strictObject({ isExecuted: z.boolean(), before: count, handedAt: time }).nullable(),
  batch: batch.nullable().describe('that covers its block'),
};

const alarm = z.strictObject({
  kind: z.string(),
  subject: z.string(),
  message: z.string(),
  halts: z
    .boolean()
    .describe('whether the lane stands still while it lasts; of deep-reorganisation, what goes from and to the chain'),
  raisedAt: time,
});

const ROUTE = {
  sourceChainId: count,
  destinationChainId: count,
  halted: z.boolean().describe('whether an alarm has its messages stand still'),
  messages: z.strictObject({
    sent: count,
    proven: count,
    submitted: count,
    relayed: count,
    failed: count,
    orphaned: count,
  }),
  parked: z.record(z.string(), count).describe('by the reason'),
  ready: count.describe('messages that can be delivered and are not'),
  readySince: time,
  oldestPendingSince: time,
  waitingElements: count.nullable().describe('of the queue; null of messages from L2'),
  newestBatch: batch.nullable(),
};

const LANE = {
  roles: z.array(z.string()),
  state: z.enum(['active', 'standby', 'stopping']),
  actsSince: time,
  alarms: count,
  halted: z.boolean().describe('whether all of its routes stand still'),
  chains: z.array(
    z.strictObject({
      chainId: count,
      head: count.nullable(),
      read: count.nullable(),
      final: count.nullable(),
      readTimestamp: time,
    }),
  ),
  signers: z.array(z.strictObject({ chainId: count, address })),
};

const error = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
});

/** What differs between kinds of lanes. */
export interface LaneShape {
  /** What is shown of the lane beside what is shown of each. */
  readonly facts: z.ZodRawShape;
  /** Names of the chains. */
  readonly chains: readonly string[];
}

/** The addresses that answer with JSON. */
export type Address =
  | '/v1/lanes'
  | '/v1/messages'
  | '/v1/messages/{hash}'
  | '/v1/batches'
  | '/v1/transactions'
  | '/v1/alarms';

/** What a node answers with. */
export interface Answers {
  /** What is described by name. */
  readonly components: Readonly<Record<string, z.ZodType>>;
  /** The answer with status 200 of each address. */
  readonly answers: Readonly<Record<Address, z.ZodType>>;
}

/** What the node of a lane answers with. */
export function answersOf({ facts, chains }: LaneShape): Answers {
  const from = z.enum(chains);
  const message = z.strictObject({ id: count, route: z.string().nullable(), from: from.nullable(), ...MESSAGE });
  const messageDetails = message.extend(MESSAGE_DETAILS);
  const route = z.strictObject({ route: z.string(), from, ...ROUTE });
  const { signers, ...laneFields } = LANE;
  const lane = z.strictObject({ ...facts, ...laneFields, routes: z.array(route), signers });
  return {
    components: {
      Lane: lane,
      Route: route,
      Message: message,
      MessageDetails: messageDetails,
      Batch: batch,
      ListedBatch: listedBatch,
      Transaction: transaction,
      Alarm: alarm,
      Error: error,
    },
    answers: {
      '/v1/lanes': z.strictObject({ lanes: z.array(lane) }),
      '/v1/messages': z.strictObject({ messages: z.array(message), next }),
      '/v1/messages/{hash}': z.strictObject({ messages: z.array(messageDetails) }),
      '/v1/batches': z.strictObject({ batches: z.array(listedBatch), next }),
      '/v1/transactions': z.strictObject({ transactions: z.array(transaction), next }),
      '/v1/alarms': z.strictObject({ alarms: z.array(alarm) }),
    },
  };
}
