import type { LaneClient } from '../../../sdk/chain/client.ts';
import { rootProofLength } from '../../../sdk/chain/relayCalls.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import type { XdmError } from '../../../sdk/core/errors.ts';
import { mostGas } from '../../../sdk/core/gas.ts';
import { leafIndex } from '../../../sdk/core/message.ts';
import type { MessageTree } from '../../../sdk/core/messageTree.ts';
import { sizeOf } from '../../../sdk/core/relayGas.ts';
import { planRelay, type RelayPlan } from '../../../sdk/core/relayPlan.ts';
import { isElsewhere } from '../../backoff.ts';
import type { DeliveryLimits, Prepared, PreparedDelivery, Refusal, Submitter } from '../../route.ts';
import {
  largestProvableTree,
  largestProvenRoot,
  type ProvableRoot,
  type ProvenRoot,
} from '../../store/messageTrees.ts';
import type { PendingMessage } from '../../store/messages.ts';
import type { Database } from '../../store/schema.ts';
import type { Signers } from '../../tx/signers.ts';
import { PROVE_ROOT, relayTrials, type RelayTrials } from './relayTrials.ts';
import { StoredTree } from './storedTree.ts';

/** Who relays on L1, and what that costs beside gas. */
export interface Relaying {
  readonly signers: Signers;
  /** Wei for a byte of calldata. */
  readonly dataFeePerByte: bigint;
}

/** The message tree, as far as L1 knows it and can come to know it. */
interface KnownTree {
  readonly proven: ProvenRoot | undefined;
  readonly provable: ProvableRoot | undefined;
  readonly tree: MessageTree | undefined;
}

/** One transaction of a plan. */
interface Step {
  /** What goes by it, or waits for it. */
  readonly messages: readonly PendingMessage[];
  attempt(): Promise<PreparedDelivery>;
}

/**
 * Relays on L1 at the least cost: by the message tree, a single message or a batch, with its root proven first where that pays, or
 * each message with a proof of its own. What L1 does not take by a tree goes alone: what speaks against it then is its own.
 */
export function rollupSubmitter(client: LaneClient, routeId: number, relaying: Relaying): Submitter {
  const { signers, dataFeePerByte } = relaying;
  const stored = new StoredTree(client.lane, routeId);

  async function knownTree(db: Database, waiting: readonly number[], limits: DeliveryLimits): Promise<KnownTree> {
    const proven = await largestProvenRoot(db, routeId);
    const least = proven?.count ?? 0;
    const isOfUse = (root: ProvableRoot | undefined): boolean =>
      root !== undefined && waiting.some((index) => index >= least && index < root.count);
    // What L1 takes at its own time comes first: the wall clock can be ahead of it, and a newer tree come again and again.
    const sure = await largestProvableTree(db, routeId, limits.timestamp);
    const provable = isOfUse(sure) ? sure : await largestProvableTree(db, routeId, limits.readyBy);
    // The larger one last: the tree holds both then.
    const ofProven = proven === undefined ? undefined : await stored.holding(db, proven);
    const ofProvable = provable !== undefined && isOfUse(provable) ? await stored.holding(db, provable) : undefined;
    return {
      proven: ofProven === undefined ? undefined : proven,
      provable: ofProvable === undefined ? undefined : provable,
      tree: ofProvable ?? ofProven,
    };
  }

  return {
    signers,
    async prepare(db, messages, limits) {
      if (messages.length === 0) return { deliveries: [], refused: [], setbacks: [] };
      const indices = messages.map(({ message }) => leafIndex(message));
      const known = await knownTree(db, indices, limits);
      const isRootPending = (await signers.pending(PROVE_ROOT)) > 0;
      // What is not under a proven root waits for the one that is on its way: proving another would cost as much again.
      const now = isRootPending ? messages.filter(({ message }) => leafIndex(message) < heldBy(known)) : messages;
      const [{ gasPrice }, affordable] = await Promise.all([client.l1.getFeeData(), limits.engine.affordableGas()]);
      const plan = planRelay({
        messages: now
          .filter((message) => !cameToNothing(message))
          .map(({ message, proofBytes }) => ({ ...sizeOf(message), proofBytes: proofBytes || undefined }))
          .toSorted((a, b) => a.index - b.index),
        proven: heldBy(known),
        provable:
          isRootPending || known.provable === undefined
            ? undefined
            : { count: known.provable.count, proofBytes: rootProofLength(known.provable.call) },
        prices: { gas: gasPrice ?? 0n, byte: dataFeePerByte },
        maxGas: mostGas(affordable),
      });
      const direct = [...plan.direct, ...now.filter(cameToNothing).map(({ message }) => leafIndex(message))];
      const trials = relayTrials({ ...client, routeId }, limits.engine.address);
      return await carryOut({ ...plan, direct }, { db, messages: now, known, trials, limits, affordable });
    },
  };
}

/**
 * Whether a message's transaction was refused, or reverted, though it was tried before. What was wrong with that is not known, such as
 * its size: together with the same others the message could wait for ever.
 */
function cameToNothing({ parkedReason }: PendingMessage): boolean {
  return parkedReason === 'transaction-refused' || parkedReason === 'transaction-reverted';
}

/** Leaves under proven roots. */
function heldBy({ proven }: KnownTree): number {
  return proven?.count ?? 0;
}

/** What a plan is made of, and what it is carried out with. */
interface Means {
  readonly db: Database;
  readonly messages: readonly PendingMessage[];
  readonly known: KnownTree;
  readonly trials: RelayTrials;
  readonly limits: DeliveryLimits;
  /** Gas that the account can pay for. */
  readonly affordable: bigint;
}

async function carryOut(plan: RelayPlan, means: Means): Promise<Prepared> {
  const { messages, limits } = means;
  const byIndex = new Map(messages.map((message) => [leafIndex(message.message), message]));
  const deliveries: PreparedDelivery[] = [];
  const refused: Refusal[] = [];
  const setbacks: XdmError[] = [];
  const alone = pick(byIndex, plan.direct);
  let left = means.affordable;
  const take = (delivery: PreparedDelivery): void => {
    // What cannot be paid for beside the others comes after them; the first says what is lacking.
    if (deliveries.length > 0 && delivery.gasLimit > left) return;
    deliveries.push(delivery);
    left -= delivery.gasLimit;
  };
  for (const step of stepsOf(plan, means, byIndex)) {
    if (deliveries.length === limits.transactions) break;
    const tried = await attempt(step);
    if ('delivery' in tried) take(tried.delivery);
    else if (isForEach(tried.error)) {
      refused.push(...step.messages.map((message) => ({ message, error: tried.error })));
    } else {
      setbacks.push(tried.error);
      alone.push(...step.messages);
    }
  }
  const rest = alone.slice(0, limits.transactions - deliveries.length);
  const results = await Promise.all(
    rest.map(async (message) => {
      return await attempt({ messages: [message], attempt: async () => await relayAlone(message, means) });
    }),
  );
  for (const tried of results) {
    if ('delivery' in tried) take(tried.delivery);
    else refused.push(tried);
  }
  return { deliveries, refused, setbacks };
}

/** With a proof of its own, or by its path where the tree was to be enough. */
async function relayAlone(
  message: PendingMessage,
  { db, known, trials, affordable }: Means,
): Promise<PreparedDelivery> {
  const { tree, proven } = known;
  const isHeld = proven !== undefined && leafIndex(message.message) < proven.count;
  if (message.proofBytes > 0 || tree === undefined || !isHeld) return await trials.alone(db, message);
  return await trials.byTree({ tree, count: proven.count, maxGas: mostGas(affordable) }, [message]);
}

/** Whether what goes wrong with many messages would go wrong with each of them alone. */
function isForEach({ code }: XdmError): boolean {
  // What an endpoint answers can be due to the size of what it is asked.
  return code === 'not-ready' || (isElsewhere(code) && code !== 'rpc-error');
}

/** One transaction for many messages each, in order. */
function stepsOf(
  { byTree, root }: RelayPlan,
  { known: { tree, provable }, trials, affordable }: Means,
  byIndex: ReadonlyMap<number, PendingMessage>,
): Step[] {
  if (tree === undefined) return [];
  const steps: Step[] = byTree.map(({ count, indices }) => {
    const messages = pick(byIndex, indices);
    return {
      messages,
      attempt: async () => await trials.byTree({ tree, count, maxGas: mostGas(affordable) }, messages),
    };
  });
  if (root === undefined || provable === undefined) return steps;
  const waiting = pick(
    byIndex,
    root.batches.flatMap(({ indices }) => indices),
  );
  return [...steps, { messages: waiting, attempt: async () => await trials.root(provable.call) }];
}

async function attempt(step: Step): Promise<{ readonly delivery: PreparedDelivery } | Refusal> {
  try {
    return { delivery: await step.attempt() };
  } catch (error) {
    return { message: step.messages[0] as PendingMessage, error: toXdmError(error) };
  }
}

function pick(byIndex: ReadonlyMap<number, PendingMessage>, indices: readonly number[]): PendingMessage[] {
  return indices.flatMap((index) => byIndex.get(index) ?? []);
}
