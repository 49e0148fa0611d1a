import { setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';

import type { Logger } from 'pino';

import { toXdmError } from '../sdk/chain/rpcErrors.ts';
import type { Stage } from './stages/stage.ts';

/** Longest wait after an error, milliseconds; it doubles from the stage's interval on. */
const BACKOFF_MAX_MS = 30_000;

/** Time that passes have to end, milliseconds, when the node is told to stop. */
const STOP_GRACE_MS = 3000;

/** Least time, milliseconds, between two passes of a stage that is woken again and again and finds nothing to do. */
const WAKE_SPACING_MS = 20;

/** Stages that run side by side. */
export interface RunningStages {
  /**
   * Lets every stage finish its pass.
   * @param giveUp ends what passes wait for; called where they take longer than `STOP_GRACE_MS`
   * @returns whether all of them ended without that
   */
  stop(giveUp?: () => void): Promise<boolean>;
}

/**
 * Runs stages side by side, each pass after pass; what one has moved wakes others, so that nothing lies in the store for as long as
 * they would wait. They need not know of each other for that. An error ends a pass and not the stage: it is tried again, after a wait
 * that grows while it lasts.
 */
export function runStages(stages: readonly Stage[], logger: Logger): RunningStages {
  const end = new AbortController();
  const abandoned = new AbortController();
  const signals = { end: end.signal, abandoned: abandoned.signal, bell: new Bell() };
  const loops = stages.map(async (stage) => await loop(stage, signals, logger));
  return {
    async stop(giveUp) {
      end.abort();
      const timer = startTimer(() => {
        abandoned.abort();
        giveUp?.();
      }, STOP_GRACE_MS);
      await Promise.all(loops);
      clearTimeout(timer);
      return !abandoned.signal.aborted;
    },
  };
}

/** Rings when a stage has moved something. */
class Bell {
  #rung = 0;
  readonly #sleepers = new Set<() => void>();

  /** How often it has rung. */
  get rung(): number {
    return this.#rung;
  }

  ring(): void {
    this.#rung++;
    for (const wake of this.#sleepers) wake();
  }

  /** Waits for it, so many milliseconds at most. */
  async heard(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#sleepers.add(wake);
    signal.addEventListener('abort', wake);
    await wait(milliseconds, woken.signal);
    this.#sleepers.delete(wake);
    signal.removeEventListener('abort', wake);
  }
}

interface Signals {
  readonly end: AbortSignal;
  /** What passes wait for was given up. */
  readonly abandoned: AbortSignal;
  readonly bell: Bell;
}

async function loop(stage: Stage, { end: signal, abandoned, bell }: Signals, logger: Logger): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let moved = 0;
    const heard = bell.rung;
    try {
      moved = await stage.run();
      if (failures > 0) logger.info({ stage: stage.name }, 'the stage goes on');
      failures = 0;
    } catch (error) {
      failures++;
      const { code, message, hint } = toXdmError(error);
      // What does not come again was nothing: such as a node that knows a block's state a moment before its logs.
      const level = abandoned.aborted ? 'debug' : failures === 1 ? 'warn' : 'error';
      logger[level]({ stage: stage.name, code, reason: message, hint, failures }, 'a pass of the stage failed');
    }
    const backoff = Math.min(stage.interval * 2 ** failures, Math.max(BACKOFF_MAX_MS, stage.interval));
    // At random from half of it on, so that not all who wait for the same come back at once.
    if (failures > 0) await wait(backoff * (0.5 + Math.random() / 2), signal);
    else if (moved > 0) {
      bell.ring();
      if (stage.isAtEnd?.() === true) await wait(stage.interval, signal);
    } else if (stage.isWoken === true || stage.isWaiting?.() === true) {
      await sleep(stage.interval, { signal, bell, heard });
    } else await wait(stage.interval, signal);
  }
}

/** Ends early when the bell rings, or has rung since it was heard last. */
async function sleep(
  milliseconds: number,
  { signal, bell, heard }: { readonly signal: AbortSignal; readonly bell: Bell; readonly heard: number },
): Promise<void> {
  await wait(Math.min(WAKE_SPACING_MS, milliseconds), signal);
  if (bell.rung !== heard || milliseconds <= WAKE_SPACING_MS) return;
  await bell.heard(milliseconds - WAKE_SPACING_MS, signal);
}

/** Ends early when the node is told to stop. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
