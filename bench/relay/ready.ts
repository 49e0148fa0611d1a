import { startNodeProcess } from './nodeProcess.ts';
import { commit, countArrived, send, untilReady, untilSo, type World } from './world.ts';

/** How messages from L2 are relayed that become ready together while the node runs. */
export interface ReadyFigures {
  readonly messages: number;
  /** Seconds from the first L1 block that takes them until all have arrived. */
  readonly seconds: number;
  readonly rate: number;
}

/** Sends messages from L2 while the node runs, and waits from when their window has ended until all have arrived. */
export async function measureReady(world: World, messages: number): Promise<ReadyFigures> {
  const node = startNodeProcess(world, { settings: { roles: 'relayer' } });
  try {
    const before = await countArrived(world, 'l1');
    await send(world, 'l2', messages, 1_000_000);
    const readyAt = await untilReady(world, await commit(world));
    const arrivedAt = await untilSo(async () => (await countArrived(world, 'l1')) >= before + messages, 20);
    const seconds = (arrivedAt - readyAt) / 1000;
    return { messages, seconds, rate: messages / seconds };
  } finally {
    await node.stop();
  }
}
