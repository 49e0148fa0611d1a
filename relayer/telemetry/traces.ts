import { AsyncLocalStorage } from 'node:async_hooks';

import { context, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { ErrorCode } from '../../sdk/core/errors.ts';

/** Something that took its time. */
interface Timed {
  readonly name: string;
  /** Milliseconds. */
  readonly start: number;
  readonly attributes: Attributes;
}

interface Step extends Timed {
  readonly end: number;
  readonly failure: ErrorCode | undefined;
}

/** A pass of a stage, and what is noted of it until it is known whether there is something to tell. */
interface Pass extends Timed {
  readonly steps: Step[];
}

const passes = new AsyncLocalStorage<Pass>();

/**
 * Runs a pass of a stage. If it moves something it is a span, with one below it for each of its steps; most passes move nothing. Without a
 * tracer provider in the process it costs next to nothing.
 */
export async function tracePass(name: string, run: () => Promise<number>): Promise<number> {
  const pass: Pass = { name, start: Date.now(), attributes: {}, steps: [] };
  const moved = await passes.run(pass, run).catch((error: unknown) => {
    if (pass.steps.length > 0) tell(pass, { failure: toXdmError(error).code });
    throw error;
  });
  if (moved > 0) tell(pass, { moved });
  return moved;
}

/** Says more of the pass that runs. */
export function tellPass(attributes: Attributes): void {
  const pass = passes.getStore();
  if (pass !== undefined) Object.assign(pass.attributes, attributes);
}

/** Runs a step of the pass that runs. */
export async function traceStep<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const note = (failure: ErrorCode | undefined): void => {
    passes.getStore()?.steps.push({ name, start, end: Date.now(), attributes, failure });
  };
  try {
    const result = await run();
    note(undefined);
    return result;
  } catch (error) {
    note(toXdmError(error).code);
    throw error;
  }
}

function tell({ name, start, attributes, steps }: Pass, outcome: { moved?: number; failure?: ErrorCode }): void {
  const tracer = trace.getTracer('xdm');
  const about = { ...attributes, ...(outcome.moved !== undefined && { 'xdm.moved': outcome.moved }) };
  const span = tracer.startSpan(name, { startTime: start, attributes: about });
  const below = trace.setSpan(context.active(), span);
  for (const step of steps) {
    const child = tracer.startSpan(step.name, { startTime: step.start, attributes: step.attributes }, below);
    if (step.failure !== undefined) fail(child, step.failure);
    child.end(step.end);
  }
  if (outcome.failure !== undefined) fail(span, outcome.failure);
  span.end();
}

function fail(span: ReturnType<ReturnType<typeof trace.getTracer>['startSpan']>, failure: ErrorCode): void {
  span.setAttribute('xdm.error', failure);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
