import { availableParallelism } from 'node:os';

import { runCommand, type Outcome } from './run-command.ts';
import type { Step } from './static-steps.ts';

/**
 * Runs the steps, as many at a time as there are processors, and prints a line for each; of one that fails, its output
 * too. A step whose predecessor failed fails with it. Returns the names of those that failed.
 */
export async function runSteps(steps: readonly Step[]): Promise<string[]> {
  const failed: string[] = [];
  const ended = new Map(steps.map(({ name }) => [name, Promise.withResolvers<boolean>()]));
  const waiting = [...steps];

  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const isReady = step.after === undefined || (await ended.get(step.after)?.promise) === true;
      const start = performance.now();
      const outcome = isReady ? await runCommand(step, false) : undefined;
      if (outcome?.code !== 0) failed.push(step.name);
      report(step, outcome, performance.now() - start);
      ended.get(step.name)?.resolve(outcome?.code === 0);
    }
  };

  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return failed;
}

function report(step: Step, outcome: Outcome | undefined, milliseconds: number): void {
  const seconds = `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);
  if (outcome === undefined) {
    console.log(`not run ${seconds}  ${step.name}: "${step.after ?? ''}" failed`);
  } else if (outcome.code === 0) {
    console.log(`ok      ${seconds}  ${step.name}`);
  } else {
    console.log(`FAILED  ${seconds}  ${step.name}: exit code ${outcome.code} of \`${step.command.join(' ')}\``);
    console.log(outcome.output.trimEnd());
  }
}
