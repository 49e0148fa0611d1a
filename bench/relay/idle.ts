import { sleep } from '../../sdk/chain/sleep.ts';
import { startNodeProcess } from './nodeProcess.ts';
import type { World } from './world.ts';

/** Share of a core, 0 to 1, that a node takes that has nothing to do. */
export interface IdleFigures {
  /** With the settings that a node has unless told otherwise; both chains have a block each second. */
  readonly share: number;
  /** With the local network's, which looks at the chains more often, and commits state roots each two seconds. */
  readonly localShare: number;
}

/** Milliseconds until a node has settled, and that it is watched. */
const SETTLE_MS = 20_000;
const WATCH_MS = 15_000;

/** The settings of a node that are not the local network's. */
const DEFAULTS = { 'poll-interval': '1000', 'proposal-interval': '60000' };

export async function measureIdle(world: World): Promise<IdleFigures> {
  return { share: await shareOf(world, DEFAULTS), localShare: await shareOf(world, {}) };
}

async function shareOf(world: World, settings: Readonly<Record<string, string>>): Promise<number> {
  const node = startNodeProcess(world, { settings });
  try {
    await sleep(SETTLE_MS);
    const before = node.usage().cpu;
    await sleep(WATCH_MS);
    return (node.usage().cpu - before) / (WATCH_MS / 1000);
  } finally {
    await node.stop();
  }
}
