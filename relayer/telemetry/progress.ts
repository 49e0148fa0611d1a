import { formatTime } from '../../sdk/chain/time.ts';
import type { ErrorCode } from '../../sdk/core/errors.ts';
import type { SeenLightClient, Signals } from '../signals.ts';
import type { Stage } from '../stages/stage.ts';

/** How a stage fares. */
export interface StageProgress {
  readonly name: string;
  /** Milliseconds between two passes that find nothing to do. */
  readonly interval: number;
  /** When a pass ended well last, milliseconds; when the stages began before the first. */
  readonly passedAt: number;
  /** The same of a pass that has moved something. */
  readonly movedAt: number;
  /** Since when its passes fail, milliseconds, and with what the last one did; undefined while they do not. */
  readonly failing: { readonly since: number; readonly code: ErrorCode; readonly reason: string } | undefined;
}

/** What fails with it, since when and why; undefined where its passes end well. */
export function describeFailing({ name, failing }: StageProgress): string | undefined {
  if (failing === undefined) return undefined;
  const { since, code, reason } = failing;
  return `"${name}" fails since ${formatTime(Math.floor(since / 1000))} with ${code}: ${reason}`;
}

/** How far a chain is, as its endpoint has said last. */
interface ChainProgress {
  readonly head: number;
  /** The last block that was read. */
  readonly read: number;
  /** When the endpoint said so, milliseconds. */
  readonly seenAt: number;
  /** When what was read moved on last, milliseconds. */
  readonly movedAt: number;
}

/** Since when nobody says what is final on a chain, milliseconds, and what is wrong. */
interface FinalityProblem {
  readonly since: number;
  readonly problem: string;
}

/** How a light client is, as its chain has said last. */
interface LightClientProgress extends SeenLightClient {
  /** When it was looked at, milliseconds. */
  readonly seenAt: number;
}

/** What this process has seen of its own progress since it began to act: nothing of it is stored. */
export interface Progress {
  /** Milliseconds. */
  startedAt(): number;
  stages(): StageProgress[];
  /** Undefined before the chain has answered. */
  chain(chainId: number): ChainProgress | undefined;
  /** Undefined while it is known what is final there. */
  finalityProblem(chainId: number): FinalityProblem | undefined;
  /** Those that this node keeps in sync. */
  lightClients(): LightClientProgress[];
}

/** Progress that starts anew with each set of stages that begins. */
export interface FollowedProgress extends Progress {
  begin(stages: readonly Pick<Stage, 'name' | 'interval'>[]): void;
}

/** Follows the signals of a node. */
export function followProgress(signals: Signals): FollowedProgress {
  const known = new Map<string, StageProgress>();
  const chains = new Map<number, ChainProgress>();
  const problems = new Map<number, FinalityProblem>();
  const lightClients = new Map<string, LightClientProgress>();
  let startedAt = Date.now();
  signals.on('stagePassed', ({ stage, moved }) => {
    const before = known.get(stage);
    const passedAt = Date.now();
    if (before === undefined) return;
    known.set(stage, { ...before, passedAt, failing: undefined, ...(moved > 0 && { movedAt: passedAt }) });
  });
  signals.on('stageFailed', ({ stage, code, reason }) => {
    const before = known.get(stage);
    if (before === undefined) return;
    known.set(stage, { ...before, failing: { since: before.failing?.since ?? Date.now(), code, reason } });
  });
  signals.on('chainRead', ({ chainId, head, read }) => {
    const now = Date.now();
    const before = chains.get(chainId);
    // What has nothing to read stands still rightly.
    const hasMoved = before === undefined || before.read !== read || read >= head;
    chains.set(chainId, { head, read, seenAt: now, movedAt: hasMoved ? now : before.movedAt });
  });
  signals.on('finalityAsked', ({ chainId, problem }) => {
    if (problem === undefined) problems.delete(chainId);
    else problems.set(chainId, { since: problems.get(chainId)?.since ?? Date.now(), problem });
  });
  signals.on('lightClientSeen', (seen) => {
    lightClients.set(`${seen.of} on ${seen.on}`, { ...seen, seenAt: Date.now() });
  });
  return {
    begin(stages) {
      startedAt = Date.now();
      known.clear();
      chains.clear();
      problems.clear();
      lightClients.clear();
      for (const { name, interval } of stages) {
        known.set(name, { name, interval, passedAt: startedAt, movedAt: startedAt, failing: undefined });
      }
    },
    startedAt: () => startedAt,
    stages: () => [...known.values()],
    chain: (chainId) => chains.get(chainId),
    finalityProblem: (chainId) => problems.get(chainId),
    lightClients: () => [...lightClients.values()],
  };
}
