import { toQuantity } from 'ethers';

import { medianOf, perMessage, type PayloadFigures, type StateFigures, type StateSize } from './figures.ts';
import { callRecorders, commit, sendMessages, type Filled } from './messages.ts';
import { payload, PAYLOADS, TYPICAL_PAYLOAD } from './payloads.ts';
import { measureBatch, measureDirect, measurePath, proveRoot, splitBatch, type ProvenRoot } from './relays.ts';
import { LARGE_STATE_BATCH, measureFromL1, measureL2Send, measureStateBatches, STATE_BATCH } from './sends.ts';
import { undone } from './transactions.ts';
import { startWorld, type World } from './world.ts';

/** Lanes in which messages are relayed by storage proofs: the passer's address decides how long its account's proof is. */
const LANES = 3;

/** Numbers of messages that are relayed in a batch: in those that are compared, in one that is looked at closely, in one of a payload. */
const BATCHES = [1, 2, 5, 10, 20, 50, 100, 200];
const CLOSE_BATCH = 100;
const PAYLOAD_BATCH = 20;

/** Messages of each payload that are relayed alone. */
const PAYLOAD_SAMPLES = 9;

/** What is measured in each lane, and what in the first alone. */
type ProofFigures = Pick<StateFigures, 'direct' | 'directLargeBatch' | 'root'>;
type TreeFigures = Pick<StateFigures, 'path' | 'batches' | 'batch' | 'scattered'>;

/**
 * Measures everything at one size of L2's state, on chains of its own.
 * @param samples messages of each lane that are relayed alone, as far as there are as many
 */
export async function measureState(size: StateSize, samples: number): Promise<StateFigures> {
  const first = await inLane(size, 0, async (lane) => await measureFirstLane(lane, size, samples));
  const lanes: ProofFigures[] = [first];
  while (lanes.length < LANES) {
    const measure = async (lane: Filled): Promise<ProofFigures> =>
      await measureByProof(await sendMessages(lane, typicalPayloads(size)), samples);
    lanes.push(await inLane(size, lanes.length, measure));
  }
  return { ...size, ...first, ...medianOfLanes(lanes) };
}

/** Starts a lane's chains, and stops them. */
async function inLane<T>({ accounts }: StateSize, shift: number, work: (lane: Filled) => Promise<T>): Promise<T> {
  const world = await startWorld(accounts, shift);
  try {
    const all = await callRecorders(world);
    // State batches end with L2's last block; the largest must have as many.
    await world.l2.provider.send('anvil_mine', [toQuantity(LARGE_STATE_BATCH)]);
    return await work({ world, all, messages: [] });
  } finally {
    await world.stop();
  }
}

async function measureFirstLane(
  lane: Filled,
  size: StateSize,
  samples: number,
): Promise<Omit<StateFigures, keyof StateSize>> {
  const { world } = lane;
  const stateBatches = await undone(world.l1.provider, async () => await measureStateBatches(world));
  const payloads = await undoneOnBoth(world, async () => await measurePayloads(lane, size));
  const filled = await sendMessages(lane, typicalPayloads(size));
  const { tree, ...proofs } = await measureByProof(filled, samples);
  const relays = await measureByTree(filled, tree, samples);
  // What follows makes L2's state larger.
  const l2Send = await measureL2Send(world, TYPICAL_PAYLOAD);
  const fromL1 = await measureFromL1(world, TYPICAL_PAYLOAD);
  return { ...fromL1, l2Send, stateBatches, ...proofs, ...relays, payloads };
}

function typicalPayloads({ messages }: StateSize): string[] {
  return Array.from({ length: messages }, (_, index) => payload(TYPICAL_PAYLOAD, index + 1));
}

async function undoneOnBoth<T>({ l1, l2 }: World, work: () => Promise<T>): Promise<T> {
  return await undone(l1.provider, async () => await undone(l2.provider, work));
}

/** Relays by storage proofs. The root stays proven. */
async function measureByProof(filled: Filled, samples: number): Promise<ProofFigures & ProvenRoot> {
  const { world, messages } = filled;
  const chosen = evenly(messages, samples);
  const directLargeBatch = await undone(world.l1.provider, async () => {
    return await measureDirect(world, await commit(world, LARGE_STATE_BATCH), chosen);
  });
  const stateBatch = await commit(world, STATE_BATCH);
  const direct = await measureDirect(world, stateBatch, chosen);
  return { direct, directLargeBatch, ...(await proveRoot(filled, stateBatch)) };
}

/** Of each figure the median of the lanes. */
function medianOfLanes(lanes: readonly ProofFigures[]): ProofFigures {
  const ofRelays = (relays: 'direct' | 'directLargeBatch'): ProofFigures['direct'] => ({
    samples: lanes.flatMap((lane) => lane[relays].samples),
    median: medianOf(lanes, (lane) => lane[relays].median.gas)[relays].median,
  });
  return {
    direct: ofRelays('direct'),
    directLargeBatch: ofRelays('directLargeBatch'),
    root: medianOf(lanes, ({ root }) => root.gas).root,
  };
}

async function measureByTree(
  { world, messages }: Filled,
  tree: ProvenRoot['tree'],
  samples: number,
): Promise<TreeFigures> {
  const path = await measurePath(world, tree, evenly(messages, samples));
  const batches = [];
  for (const length of BATCHES.filter((one) => one <= messages.length)) {
    batches.push(await measureBatch(world, tree, messages.slice(-length)));
  }
  const close = messages.slice(-CLOSE_BATCH);
  const batch = { ...(await measureBatch(world, tree, close)), ...(await splitBatch(world, tree, close)) };
  const scattered = await measureBatch(world, tree, evenly(messages, CLOSE_BATCH));
  return { path, batches, batch, scattered };
}

/** Figures by payload: the messages have all of them by turns, some of each in a row. */
async function measurePayloads(lane: Filled, { messages: count }: StateSize): Promise<PayloadFigures[]> {
  const inRow = Math.max(1, Math.min(PAYLOAD_BATCH, Math.floor(count / PAYLOADS.length)));
  const bytesAt = (index: number): number => PAYLOADS[Math.floor(index / inRow) % PAYLOADS.length] ?? 0;
  const data = Array.from({ length: count }, (_, index) => payload(bytesAt(index), index + 1));
  const filled = await sendMessages(lane, data);
  const { world } = filled;
  const stateBatch = await commit(world, STATE_BATCH);
  const { tree } = await proveRoot(filled, stateBatch);
  const relays = new Map<number, Pick<PayloadFigures, 'direct' | 'path' | 'batch'>>();
  for (const bytes of PAYLOADS) {
    const messages = filled.messages.filter((_, index) => bytesAt(index) === bytes);
    const chosen = evenly(messages, PAYLOAD_SAMPLES);
    const direct = (await measureDirect(world, stateBatch, chosen)).median.gas;
    const path = (await measurePath(world, tree, chosen)).median.gas;
    const hasBatch = inRow === PAYLOAD_BATCH;
    const batch = hasBatch ? perMessage(await measureBatch(world, tree, messages.slice(0, PAYLOAD_BATCH))) : null;
    relays.set(bytes, { direct, path, batch });
  }
  // What follows makes L2's state larger.
  const figures: PayloadFigures[] = [];
  for (const [bytes, relayed] of relays) {
    const { average: l2Send } = await measureL2Send(world, bytes);
    const { l1Send, l2Execution } = await measureFromL1(world, bytes);
    figures.push({ bytes, l1Send: l1Send.gas, l2Execution: l2Execution.gas, l2Send, ...relayed });
  }
  return figures;
}

/** As many items as are asked for, or all, at even distances. */
function evenly<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, place) => items[Math.floor((place + 0.5) * step)]!);
}
