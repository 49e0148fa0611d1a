import { z } from 'zod';

import type { NodeConfig } from '../relayer/lanes/rollup/config.ts';
import { DEFAULT_HTTP_PORT } from '../relayer/http/start.ts';
import type { LaneOutline } from '../relayer/lanes/laneRoutes.ts';

/** Milliseconds in which whoever listens on this machine answers. */
const PATIENCE_MS = 3000;

const lanesAnswer = z.object({ lanes: z.array(z.record(z.string(), z.unknown())) });
const errorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** A node that answers where one with these settings would. */
export interface RunningNode {
  /** Whether it works on the lane; undefined where it cannot say so. */
  readonly isOurs: boolean | undefined;
  /** Why it cannot. */
  readonly problem?: string;
  /** What it answers at a path, as JSON. @throws what `fetch` throws */
  readonly get: (path: string) => Promise<unknown>;
}

/** Where a node serves HTTP, by its settings. */
export type HttpPlace = Pick<NodeConfig, 'httpHost' | 'httpPort'>;

/** The node that runs; undefined where none answers. */
export async function findRunningNode(
  { identity }: Pick<LaneOutline, 'identity'>,
  { httpHost: host, httpPort = DEFAULT_HTTP_PORT }: HttpPlace,
): Promise<RunningNode | undefined> {
  if (httpPort === 'none' || httpPort === 0) return undefined;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${httpPort}`;
  const get = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return await answer.json();
  };
  try {
    const answer = lanesAnswer.or(errorAnswer).parse(await get('/v1/lanes'));
    if ('error' in answer) return { isOurs: undefined, problem: answer.error.message, get };
    const isOurs = answer.lanes.some((lane) => Object.entries(identity).every(([name, value]) => lane[name] === value));
    return { isOurs, get };
  } catch {
    return undefined;
  }
}
