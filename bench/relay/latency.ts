import { startMiner } from '../../devnet/miner.ts';
import { parseDeliveries, parseSentMessages, parseStateBatches, TOPICS, type RawLog } from '../../sdk/chain/logs.ts';
import { getLogs } from '../../sdk/chain/scanLogs.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { startNodeProcess } from './nodeProcess.ts';
import { countArrived, send, untilSo, type World } from './world.ts';

/** Milliseconds that the node adds to what the chains impose, of each message, the least first. */
export interface LatencyFigures {
  /** From the L1 block that has the message to the L2 block that executes it; one block is the depth that is configured. */
  readonly l1ToL2: readonly number[];
  /** From the first L1 block in which it can be relayed to the one in which it is. */
  readonly l2ToL1: readonly number[];
}

/** Milliseconds between two messages, and two looks at a chain. */
const SEND_INTERVAL_MS = 400;
const LOOK_INTERVAL_MS = 5;

interface SeenBlock {
  readonly number: number;
  /** Seconds. */
  readonly timestamp: number;
  /** When it was there, by `performance.now()`. */
  readonly at: number;
}

/**
 * Sends messages both ways, one by one. L1 has a block as soon as a transaction waits, so that what it takes is the node's own
 * time; and one each second.
 */
export async function measureLatency(world: World, messages: number): Promise<LatencyFigures> {
  const { client } = world;
  await client.l1.send('evm_setIntervalMining', [0]);
  const miner = startMiner(world.l1RpcUrl, 1);
  const stopping = new AbortController();
  const [l1, l2] = [seenBlocks(world, 'l1', stopping.signal), seenBlocks(world, 'l2', stopping.signal)];
  const from = { l1: await client.l1.getBlockNumber(), l2: await client.l2.getBlockNumber() };
  const node = startNodeProcess(world);
  try {
    const before = await Promise.all([countArrived(world, 'l1'), countArrived(world, 'l2')]);
    await untilSo(async () => await Promise.resolve(node.lines.some(({ msg }) => msg === 'the node runs')));
    for (let sent = 0; sent < messages; sent++) {
      await Promise.all([send(world, 'l1', 1, 2_000_000 + sent), send(world, 'l2', 1, 2_000_000 + sent)]);
      await sleep(SEND_INTERVAL_MS);
    }
    await untilSo(async () => {
      const arrived = await Promise.all([countArrived(world, 'l1'), countArrived(world, 'l2')]);
      return arrived.every((count, side) => count >= (before[side] ?? 0) + messages);
    });
    await sleep(SEND_INTERVAL_MS);
    const logs = { l1: await logsSince(world, 'l1', from.l1), l2: await logsSince(world, 'l2', from.l2) };
    return { l1ToL2: downwards(world, logs, { l1, l2 }), l2ToL1: upwards(world, logs, l1) };
  } finally {
    stopping.abort();
    await node.stop();
    miner.stop();
  }
}

/** Blocks as they come, by one who looks often. */
function seenBlocks({ client }: World, side: Side, signal: AbortSignal): SeenBlock[] {
  const blocks: SeenBlock[] = [];
  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      const block = await client[side].getBlock('latest').catch(() => null);
      const last = blocks.at(-1)?.number ?? -1;
      if (block !== null && block.number > last) {
        blocks.push({ number: block.number, timestamp: block.timestamp, at: performance.now() });
      }
      await sleep(LOOK_INTERVAL_MS);
    }
  };
  void look();
  return blocks;
}

type Logs = Readonly<Record<Side, readonly RawLog[]>>;

async function logsSince({ client }: World, side: Side, block: number): Promise<RawLog[]> {
  const { lane } = client;
  const address = side === 'l1' ? [lane.l1Messenger, lane.stateCommitmentChain] : [lane.l2Messenger];
  const topics = [TOPICS.sentMessage, TOPICS.sentMessageExtension1, TOPICS.relayedMessage, TOPICS.stateBatchAppended];
  return await getLogs(client[side], { address, topics: [topics] }, block + 1, await client[side].getBlockNumber());
}

function downwards({ client }: World, logs: Logs, blocks: Readonly<Record<Side, readonly SeenBlock[]>>): number[] {
  const sent = parseSentMessages(logs.l1, client.lane.l1Messenger);
  const delivered = deliveryBlocks(logs.l2, client.lane.l2Messenger);
  return sorted(
    sent.map(({ messageHash, blockNumber }) => {
      return arrivalOf(blocks.l2, delivered.get(messageHash)) - arrivalOf(blocks.l1, blockNumber);
    }),
  );
}

function upwards({ client }: World, logs: Logs, l1: readonly SeenBlock[]): number[] {
  const { lane } = client;
  const batches = parseStateBatches(logs.l1, lane.stateCommitmentChain);
  const delivered = deliveryBlocks(logs.l1, lane.l1Messenger);
  return sorted(
    parseSentMessages(logs.l2, lane.l2Messenger).map(({ messageHash, blockNumber }) => {
      const element = BigInt(blockNumber) - lane.startBlock;
      const batch = batches.find(
        (one) => one.prevTotalElements <= element && element < one.prevTotalElements + one.batchSize,
      );
      const ready = Number((batch?.timestamp ?? 0n) + lane.fraudProofWindow);
      const first = l1.find(({ timestamp }) => timestamp >= ready);
      return arrivalOf(l1, delivered.get(messageHash)) - (first?.at ?? Number.NaN);
    }),
  );
}

function deliveryBlocks(logs: readonly RawLog[], messenger: string): Map<string, number> {
  return new Map(parseDeliveries(logs, messenger).map(({ messageHash, blockNumber }) => [messageHash, blockNumber]));
}

/** When a block was there, or the first one seen after it. */
function arrivalOf(blocks: readonly SeenBlock[], number: number | undefined): number {
  return blocks.find((block) => block.number >= (number ?? Number.POSITIVE_INFINITY))?.at ?? Number.NaN;
}

function sorted(values: readonly number[]): number[] {
  if (values.some(Number.isNaN)) throw new Error('a message has not arrived');
  return values.map((value) => Math.max(0, value)).toSorted((a, b) => a - b);
}
