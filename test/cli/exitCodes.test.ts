import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { EXIT, EXIT_CODES, worstOf } from '../../cli/exitCodes.ts';

test('every error code has an exit code, and no other has', () => {
  const [, union = ''] = /export type ErrorCode =(.+?);\n\n/su.exec(readFileSync('sdk/core/errors.ts', 'utf8')) ?? [];
  const codes = [...union.matchAll(/\| '([a-z-]+)'/gu)].map(([, code]) => code);

  expect(codes.length).toBeGreaterThan(30);
  expect(new Set(Object.keys(EXIT_CODES))).toEqual(new Set(codes));
});

test('scripts tell usage, transient, not ready and failed from other errors', () => {
  expect(EXIT_CODES).toMatchObject({
    'already-relayed': 0,
    'insufficient-funds': 1,
    'invalid-argument': 2,
    'deployment-not-found': 2,
    'rpc-unreachable': 3,
    timeout: 3,
    'not-ready': 4,
    'message-failed': 5,
  });
});

test('of several codes the one comes first that trying again does not mend', () => {
  const { done, error, usage, transient, notReady, messageFailed } = EXIT;
  expect(worstOf([notReady, error, done])).toBe(error);
  expect(worstOf([notReady, usage])).toBe(usage);
  expect(worstOf([transient, messageFailed, notReady])).toBe(messageFailed);
  expect(worstOf([notReady, transient])).toBe(transient);
  expect(worstOf([done, notReady, done])).toBe(notReady);
  expect(worstOf([done])).toBe(done);
});
