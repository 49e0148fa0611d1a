import { startRpcProxy } from '../../test/support/rpcProxy.ts';
import { startNodeProcess, type NodeProcess } from './nodeProcess.ts';
import { commit, countArrived, send, untilReady, untilSo, type World } from './world.ts';

/** What it took to catch up with messages from L2 that wait, with an empty store. */
export interface BacklogFigures {
  readonly messages: number;
  /** Seconds from the process's start until all were in the store, and until all had arrived. */
  readonly indexed: number;
  readonly relayed: number;
  /** Seconds of CPU, and bytes at most. */
  readonly cpu: number;
  readonly peakMemory: number;
  /** L1 gas of all transactions of the node. */
  readonly gas: number;
}

/** Sends messages from L2 and lets them become ready, without a node. */
export async function prepareBacklog(world: World, messages: number): Promise<void> {
  await send(world, 'l2', messages, 0);
  await untilReady(world, await commit(world));
}

/** Starts a node on them, and waits until all have arrived. */
export async function measureBacklog(world: World, messages: number, profileTo?: string): Promise<BacklogFigures> {
  const node = startNodeProcess(world, { profileTo, settings: { roles: 'relayer' } });
  try {
    const indexed = untilSo(async () => await isIndexed(node, messages), 100);
    const relayed = untilSo(async () => (await countArrived(world, 'l1')) >= messages, 100);
    const times = await Promise.all([indexed, relayed]);
    const [indexedAt, relayedAt] = times.map((at) => (at - node.startedAt) / 1000);
    const { cpu, peakMemory } = node.usage();
    const gas = await gasOfNode(world);
    return { messages, indexed: indexedAt ?? 0, relayed: relayedAt ?? 0, cpu, peakMemory, gas };
  } finally {
    await node.stop();
  }
}

async function isIndexed(node: NodeProcess, messages: number): Promise<boolean> {
  return await Promise.resolve(node.ask('select count(*) from messages') >= messages);
}

/** Gas of the transactions to the messenger on L1, which are all the node's. */
async function gasOfNode({ client }: World): Promise<number> {
  const head = await client.l1.getBlockNumber();
  let gas = 0;
  for (let number = Number(client.lane.l1DeployedAt); number <= head; number++) {
    const receipts = (await client.l1.send('eth_getBlockReceipts', [`0x${number.toString(16)}`])) as {
      readonly to: string | null;
      readonly gasUsed: string;
    }[];
    for (const { to, gasUsed } of receipts) {
      if (to?.toLowerCase() === client.lane.l1Messenger.toLowerCase()) gas += Number(gasUsed);
    }
  }
  return gas;
}

/** Calls of the endpoints, by chain and method, that it takes to relay messages from L2 that wait. */
export async function countCalls(world: World, messages: number): Promise<Readonly<Record<string, number>>> {
  const [l1, l2] = await Promise.all([startRpcProxy(world.l1RpcUrl), startRpcProxy(world.l2RpcUrl)]);
  const settings = { roles: 'relayer', 'l1-rpc-url': l1.url, 'l2-rpc-url': l2.url };
  const node = startNodeProcess(world, { settings });
  try {
    const before = await countArrived(world, 'l1');
    await untilSo(async () => (await countArrived(world, 'l1')) >= before + messages, 100);
  } finally {
    await node.stop();
    await Promise.all([l1.stop(), l2.stop()]);
  }
  const counts: Record<string, number> = {};
  for (const [chain, { calls }] of Object.entries({ L1: l1, L2: l2 })) {
    for (const method of calls) counts[`${chain} ${method}`] = (counts[`${chain} ${method}`] ?? 0) + 1;
  }
  return counts;
}
