import { setTimeout } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { observeStage } from '../../relayer/telemetry/observeStage.ts';
import { runStages } from '../../relayer/runStages.ts';
import { newSignals } from '../../relayer/signals.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { listeningLogger } from '../support/logger.ts';

/** Waits until something holds, and looks often. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(2);
}

/** A pass that moves nothing. */
function count(pass: () => unknown): number {
  pass();
  return 0;
}

describe('a stage', () => {
  test('runs again at once while it moves something, and waits when it does not', async () => {
    const { logger } = listeningLogger();
    let left = 50;
    let passes = 0;
    const run = async (): Promise<number> => {
      passes++;
      await setTimeout(0);
      return left > 0 ? left-- : 0;
    };
    const running = runStages([{ name: 'busy', interval: 60_000, run }], logger);
    await until(() => passes === 51);
    await setTimeout(20);
    expect(passes).toBe(51);
    await running.stop();
  });

  test('is woken by another one, also where its passes are observed', async () => {
    const { logger } = listeningLogger();
    const signals = newSignals();
    let passes = 0;
    let left = 0;
    const woken = {
      name: 'woken',
      interval: 60_000,
      isWoken: true,
      run: async () => await Promise.resolve(count(() => passes++)),
    };
    const moving = { name: 'moving', interval: 5, run: async () => await Promise.resolve(left > 0 ? left-- : 0) };
    const running = runStages(
      [woken, moving].map((stage) => observeStage(stage, signals)),
      logger,
    );
    await until(() => passes === 1);
    left = 1;
    await until(() => passes > 1);
    await running.stop();
    expect(passes).toBe(2);
  });

  test('that is at an end wakes others, and waits', async () => {
    const { logger } = listeningLogger();
    let [passes, woken] = [0, 0];
    const following = {
      name: 'following',
      interval: 60_000,
      isAtEnd: () => passes > 2,
      run: async () => await Promise.resolve(++passes),
    };
    const other = {
      name: 'other',
      interval: 60_000,
      isWoken: true,
      run: async () => await Promise.resolve(count(() => woken++)),
    };
    const running = runStages([following, other], logger);
    await until(() => woken > 1);
    await setTimeout(20);
    expect(passes).toBe(3);
    await running.stop();
  });

  test('goes on after errors, each time later, and the others are not held up', async () => {
    const { logger, lines } = listeningLogger();
    const passes: number[] = [];
    let others = 0;
    const failing = {
      name: 'failing',
      interval: 10,
      run: async () => {
        passes.push(performance.now());
        if (passes.length <= 4) throw new XdmError('rpc-unreachable', 'nobody is there', { hint: 'wait' });
        return await Promise.resolve(0);
      },
    };
    const other = { name: 'other', interval: 5, run: async () => await Promise.resolve(count(() => others++)) };
    const running = runStages([failing, other], logger);
    await until(() => passes.length >= 6);
    await running.stop();

    const waits = passes.slice(1, 5).map((time, index) => time - (passes[index] ?? 0));
    for (const [index, waited] of waits.entries()) expect(waited).toBeGreaterThanOrEqual(10 * 2 ** index - 1);
    // Backing off is for errors: after a good pass the interval is the stage's own again.
    expect((passes[5] ?? 0) - (passes[4] ?? 0)).toBeLessThan(80);
    expect(others).toBeGreaterThan(10);
    const said = lines.filter(({ stage }) => stage === 'failing');
    expect(said.map(({ level, msg, failures }) => [level, msg, failures])).toEqual([
      [40, 'a pass of the stage failed', 1],
      ...[2, 3, 4].map((failures) => [50, 'a pass of the stage failed', failures]),
      [30, 'the stage goes on', undefined],
    ]);
    expect(said[0]).toMatchObject({ code: 'rpc-unreachable', reason: 'nobody is there', hint: 'wait' });
  });

  test('survives whatever is thrown', async () => {
    const { logger, lines } = listeningLogger();
    const thrown = ['text', undefined, null, new Error('plain')];
    let passes = 0;
    const run = async (): Promise<number> => {
      await Promise.resolve();
      // oxlint-disable-next-line typescript/only-throw-error -- a library can
      if (passes < thrown.length) throw thrown[passes++];
      return count(() => passes++);
    };
    const running = runStages([{ name: 'odd', interval: 1, run }], logger);
    await until(() => passes > thrown.length);
    await running.stop();
    const reasons = lines.filter(({ level }) => level >= 40).map(({ reason }) => reason);
    expect(reasons).toEqual(['text', 'undefined', 'null', 'plain']);
  });
});

describe('stopping', () => {
  test('does not wait for an interval, nor for a back-off', async () => {
    const { logger } = listeningLogger();
    let passes = 0;
    const idle = { name: 'idle', interval: 60_000, run: async () => await Promise.resolve(count(() => passes++)) };
    const failing = {
      name: 'failing',
      interval: 60_000,
      run: async () => {
        passes++;
        return await Promise.reject(new Error('no'));
      },
    };
    const running = runStages([idle, failing], logger);
    await until(() => passes === 2);
    const start = performance.now();
    await running.stop();
    expect(performance.now() - start).toBeLessThan(1000);
    expect(passes).toBe(2);
  });

  test('lets a pass finish, and begins no other', async () => {
    const { logger } = listeningLogger();
    const events: string[] = [];
    const run = async (): Promise<number> => {
      events.push('begins');
      await setTimeout(50);
      events.push('ends');
      return 1;
    };
    const running = runStages([{ name: 'slow', interval: 1, run }], logger);
    await until(() => events.length === 1);
    await running.stop();
    expect(events).toEqual(['begins', 'ends']);
  });

  test('can be asked for twice', async () => {
    const { logger } = listeningLogger();
    const running = runStages([{ name: 'idle', interval: 1, run: async () => await Promise.resolve(0) }], logger);
    await expect(Promise.all([running.stop(), running.stop()])).resolves.toHaveLength(2);
  });
});

describe('a stage that is woken', () => {
  /** Never by itself: an hour is longer than any test. */
  const HOUR = 3_600_000;

  test('runs when another one has moved something, and not when that has found nothing to do', async () => {
    const { logger } = listeningLogger();
    let passes = 0;
    let left = 0;
    const woken = {
      name: 'woken',
      interval: HOUR,
      isWoken: true,
      run: async () => await Promise.resolve(count(() => passes++)),
    };
    const deaf = { name: 'deaf', interval: HOUR, run: async () => await Promise.resolve(count(() => 0)) };
    let looks = 0;
    const mover = {
      name: 'mover',
      interval: 1,
      run: async () => {
        looks++;
        return await Promise.resolve(left > 0 ? left-- : 0);
      },
    };
    const running = runStages([woken, deaf, mover], logger);
    await until(() => looks > 40);
    expect(passes).toBe(1);
    left = 1;
    await until(() => passes === 2);
    left = 1;
    await until(() => passes === 3);
    await running.stop();
  });

  test('runs again for what was moved during its pass', async () => {
    const { logger } = listeningLogger();
    let passes = 0;
    let isMoved = false;
    const woken = {
      name: 'woken',
      interval: HOUR,
      isWoken: true,
      run: async () => {
        passes++;
        await until(() => isMoved);
        await setTimeout(10);
        return 0;
      },
    };
    const mover = {
      name: 'mover',
      interval: HOUR,
      run: async () => await Promise.resolve(isMoved ? 0 : Number((isMoved = true))),
    };
    const running = runStages([woken, mover], logger);
    await until(() => passes > 1);
    await running.stop();
    expect(passes).toBe(2);
  });

  test('does not try again what has failed before its time', async () => {
    const { logger } = listeningLogger();
    let passes = 0;
    let moves = 0;
    const failing = {
      name: 'failing',
      interval: HOUR,
      isWoken: true,
      run: async () => {
        passes++;
        return await Promise.reject(new Error('again'));
      },
    };
    const mover = { name: 'mover', interval: 1, run: async () => await setTimeout(1, ++moves) };
    const running = runStages([failing, mover], logger);
    await until(() => moves > 40);
    expect(passes).toBe(1);
    await running.stop();
  });

  test('ends at once when it is told to stop', async () => {
    const { logger } = listeningLogger();
    let passes = 0;
    const woken = {
      name: 'woken',
      interval: HOUR,
      isWoken: true,
      run: async () => await Promise.resolve(count(() => passes++)),
    };
    const running = runStages([woken], logger);
    await until(() => passes === 1);
    await setTimeout(50);
    expect(await running.stop()).toBe(true);
  });
});
