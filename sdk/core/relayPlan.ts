import { MAX_TRANSACTION_GAS } from './gas.ts';
import {
  batchGasLimit,
  directCost,
  rootCost,
  treeCost,
  type Cost,
  type ProvableTree,
  type RelayableMessage,
} from './relayGas.ts';

/** Most bytes of a batch's calldata: nodes take transactions of up to 128 KiB. */
const MAX_BATCH_BYTES = 120_000;

/** What L1 charges. */
export interface L1Prices {
  /** Wei for a unit of gas. */
  readonly gas: bigint;
  /** Wei for a byte of calldata beside its gas: zero but where L1 is a rollup itself. */
  readonly byte: bigint;
}

/** What can be relayed now, and by what. */
export interface Relayable {
  /** In the order of their indices. */
  readonly messages: readonly RelayableMessage[];
  /** Leaves of the largest tree whose root is proven on L1; 0 if none is. */
  readonly proven: number;
  /** The largest tree whose root could be. */
  readonly provable?: ProvableTree | undefined;
  readonly prices: L1Prices;
  /** Most gas of one transaction: what the account can pay for, 16,777,216 at the most. */
  readonly maxGas?: bigint;
}

/** Messages that one transaction relays by a tree: one by its path, several as a batch. */
export interface TreeRelay {
  /** Number of leaves of the tree. */
  readonly count: number;
  /** Indices of the messages, ascending. */
  readonly indices: readonly number[];
}

/** How to relay at the least cost what can be relayed now. */
export interface RelayPlan {
  /** By trees whose roots are proven. */
  readonly byTree: readonly TreeRelay[];
  /** Indices of the messages that are relayed alone, each with a proof of its own. */
  readonly direct: readonly number[];
  /** The root to prove first, and what is relayed by it then. */
  readonly root: { readonly count: number; readonly batches: readonly TreeRelay[] } | undefined;
}

/**
 * Chooses how to relay. What a proven tree holds goes by it, or alone where that is cheaper; for the others a root is proven if
 * that pays for all of them together. The two are weighed apart: what can go now does not wait for a root, or it would wait
 * again and again while new messages come.
 */
export function planRelay({ messages, proven, provable, prices, maxGas = MAX_TRANSACTION_GAS }: Relayable): RelayPlan {
  const priceOf = ({ gas, bytes }: Cost): number => gas * Math.max(1, Number(prices.gas)) + bytes * Number(prices.byte);
  const alone = (some: readonly RelayableMessage[]): number => sum(some.map((message) => priceOf(directCost(message))));
  const byTree = ({ messages: some, count }: Batch): number => priceOf(treeCost(some, count));

  const now = batchesOf(
    messages.filter(({ index }) => index < proven),
    { count: proven, maxGas },
  ).filter((batch) => byTree(batch) < alone(batch.messages));

  const others = messages.filter(({ index }) => index >= proven && index < (provable?.count ?? 0));
  const later = batchesOf(others, { count: provable?.count ?? 0, maxGas });
  const rootPrice = provable === undefined ? 0 : priceOf(rootCost(provable));
  const isWorthRoot = later.length > 0 && rootPrice + sum(later.map(byTree)) < alone(others);

  const taken = new Set([...now, ...(isWorthRoot ? later : [])].flatMap((batch) => batch.messages));
  return {
    byTree: now.map(relayOf),
    direct: messages.filter((message) => !taken.has(message)).map(({ index }) => index),
    root: isWorthRoot && provable !== undefined ? { count: provable.count, batches: later.map(relayOf) } : undefined,
  };
}

/** What one transaction relays by a tree. */
interface Batch {
  readonly messages: readonly RelayableMessage[];
  readonly count: number;
}

/** What batches have to keep to. */
interface Frame {
  readonly count: number;
  readonly maxGas: bigint;
}

/**
 * Batches of messages. Those that take most of a transaction for their gas limit are not among the others: between them they
 * would leave little room, and whoever sends some would make all others dearer.
 */
function batchesOf(messages: readonly RelayableMessage[], frame: Frame): Batch[] {
  const isDemanding = (message: RelayableMessage): boolean =>
    2 * batchGasLimit([message], frame.count) > Number(frame.maxGas);
  const others = messages.filter((message) => !isDemanding(message));
  return [...fill(others, frame), ...fill(messages.filter(isDemanding), frame)];
}

/** Fills batches in turn, as far as a transaction's gas and a node's limit on its size go. */
function fill(messages: readonly RelayableMessage[], frame: Frame): Batch[] {
  const { count } = frame;
  const batches: Batch[] = [];
  for (let start = 0; start < messages.length;) {
    const end = start + countFitting(messages.slice(start), frame);
    batches.push({ messages: messages.slice(start, end), count });
    start = end;
  }
  return batches;
}

/** How many of the first go together, at least one. Each message makes a batch dearer, so that a search finds where it ends. */
function countFitting(messages: readonly RelayableMessage[], frame: Frame): number {
  let [fitting, tooMany] = [1, 2];
  while (tooMany <= messages.length && fits(messages.slice(0, tooMany), frame)) {
    [fitting, tooMany] = [tooMany, 2 * tooMany];
  }
  tooMany = Math.min(tooMany, messages.length + 1);
  while (tooMany - fitting > 1) {
    const some = Math.floor((fitting + tooMany) / 2);
    if (fits(messages.slice(0, some), frame)) fitting = some;
    else tooMany = some;
  }
  return fitting;
}

function fits(messages: readonly RelayableMessage[], { count, maxGas }: Frame): boolean {
  return batchGasLimit(messages, count) <= Number(maxGas) && treeCost(messages, count).bytes <= MAX_BATCH_BYTES;
}

function relayOf({ messages, count }: Batch): TreeRelay {
  return { count, indices: messages.map(({ index }) => index) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
