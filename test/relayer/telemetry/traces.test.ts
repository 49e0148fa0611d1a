import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  type SpanStatus,
  type Tracer,
} from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { observeStage } from '../../../relayer/telemetry/observeStage.ts';
import { newSignals } from '../../../relayer/signals.ts';
import { tellPass, traceStep } from '../../../relayer/telemetry/traces.ts';
import { XdmError } from '../../../sdk/core/errors.ts';

/** A span that has ended. */
interface Ended {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  readonly status: SpanStatus | undefined;
}

let ended: Ended[];

/** A tracer that keeps what it is told, made of the API's interfaces alone. */
const tracer: Tracer = {
  startSpan(name: string, options: SpanOptions = {}, context: Context = ROOT_CONTEXT) {
    const parent: (Span & { readonly name?: string }) | undefined = trace.getSpan(context);
    const attributes: Attributes = { ...options.attributes };
    let status: SpanStatus | undefined;
    const span = {
      name,
      setAttribute(key: string, value: string) {
        attributes[key] = value;
        return span;
      },
      setStatus(next: SpanStatus) {
        status = next;
        return span;
      },
      end: () => void ended.push({ name, parent: parent?.name, attributes, status }),
    };
    return span as unknown as Span;
  },
  startActiveSpan: () => {
    throw new Error('not used');
  },
};

beforeEach(() => {
  ended = [];
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
});

afterEach(() => {
  trace.disable();
});

async function pass(run: () => Promise<number>): Promise<number> {
  return await observeStage({ name: 'submit 901 -> 900', interval: 10, run }, newSignals()).run();
}

const step = async (name: string): Promise<void> => await traceStep(name, { 'xdm.messages': 2 }, async () => {});

test('a pass that moves something is a span, with its steps below it', async () => {
  await pass(async () => {
    await step('prepare');
    tellPass({ 'xdm.submitted': ['0x12'] });
    await step('broadcast');
    return 3;
  });
  const parent = 'submit 901 -> 900';
  expect(ended).toEqual([
    { name: 'prepare', parent, attributes: { 'xdm.messages': 2 }, status: undefined },
    { name: 'broadcast', parent, attributes: { 'xdm.messages': 2 }, status: undefined },
    { name: parent, parent: undefined, attributes: { 'xdm.submitted': ['0x12'], 'xdm.moved': 3 }, status: undefined },
  ]);
});

test('one that moves nothing is none, whatever it has looked at', async () => {
  await pass(async () => {
    await step('prepare');
    return 0;
  });
  expect(ended).toEqual([]);
});

test('one that fails at a step says at which, and with what; one that fails before is in the log alone', async () => {
  const error = new XdmError('rpc-unreachable', 'nobody answers');
  const failing = async (): Promise<number> => await traceStep('prepare', {}, async () => await Promise.reject(error));
  await expect(pass(failing)).rejects.toBe(error);
  const status = { code: SpanStatusCode.ERROR };
  expect(ended).toMatchObject([
    { name: 'prepare', attributes: { 'xdm.error': 'rpc-unreachable' }, status },
    { name: 'submit 901 -> 900', attributes: { 'xdm.error': 'rpc-unreachable' }, status },
  ]);
  ended = [];
  await expect(pass(async () => await Promise.reject(error))).rejects.toBe(error);
  expect(ended).toEqual([]);
});

test('stages that run side by side keep their steps apart, and steps outside of a pass are run alone', async () => {
  const run = (name: string) => async () => {
    await new Promise((done) => setTimeout(done, 5));
    await step(name);
    return 1;
  };
  await Promise.all(
    ['a', 'b'].map(async (name) => await observeStage({ name, interval: 1, run: run(`${name}1`) }, newSignals()).run()),
  );
  expect(ended.filter(({ parent }) => parent !== undefined).map(({ name, parent }) => [name, parent])).toEqual([
    ['a1', 'a'],
    ['b1', 'b'],
  ]);
  expect(await traceStep('alone', {}, async () => await Promise.resolve(7))).toBe(7);
  expect(ended).toHaveLength(4);
});
