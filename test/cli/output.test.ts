import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { describe, expect, test } from 'vitest';

import { formatDuration, formatJson } from '../../cli/format.ts';
import { createOutput, type Output } from '../../cli/output.ts';
import { askSecret } from '../../cli/prompt.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { formatTime } from '../../sdk/chain/time.ts';

const NOT_READY = new XdmError('not-ready', 'the window is\n open', { hint: 'wait', readyAt: 7n });

/** What the two streams get from what is said. */
function said(say: (output: Output) => void, { json = false, isTTY = false } = {}): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    write: (line: string): void => {
      written[name] += line;
    },
  });
  say(createOutput(stream('stdout'), stream('stderr'), json));
  return written;
}

describe('results', () => {
  const one = { values: { hash: '0x12', at: 7, value: 2n ** 64n, none: undefined }, texts: { at: 'noon' } };

  test('are aligned lines for readers, and blocks where they are several', () => {
    const block = 'hash:  0x12\nat:    noon\nvalue: 18446744073709551616\nnone:  -\n';
    expect(said((output) => output.results([one])).stdout).toBe(block);
    expect(said((output) => output.results([one, one])).stdout).toBe(`${block}\n${block}`);
  });

  test('are in line with those that are shown apart', () => {
    const { stdout } = said((output) => output.results([{ ...one, others: ['transactionHash'] }]));
    expect(stdout.split('\n')[0]).toBe('hash:            0x12');
  });

  test('are an object or an array in JSON', () => {
    const object = { hash: '0x12', at: 7, value: '18446744073709551616', none: null };
    expect(JSON.parse(said((output) => output.results([one]), { json: true }).stdout)).toEqual(object);
    expect(JSON.parse(said((output) => output.results([one, one]), { json: true }).stdout)).toEqual([object, object]);
    expect(JSON.parse(said((output) => output.table([one], ['at']), { json: true }).stdout)).toEqual([object]);
    expect(JSON.parse(said((output) => output.table([], ['at']), { json: true }).stdout)).toEqual([]);
  });

  test('are a table for readers where any number is', () => {
    const table = (output: Output): void => output.table([one, { values: { hash: '0x3456', at: 8 } }], ['hash', 'at']);
    expect(said(table).stdout).toBe('hash    at\n0x12    noon\n0x3456  8\n');
    expect(said((output) => output.table([], ['hash']))).toEqual({ stdout: '', stderr: '' });
  });
});

describe('progress', () => {
  const progress = (output: Output): void => {
    output.progress('waiting', ', 2 s left');
    output.progress('waiting', ', 1 s left');
    output.progress('done');
    output.log('a line');
  };

  test('is a line for each topic elsewhere than on a terminal', () => {
    expect(said(progress)).toEqual({ stdout: '', stderr: 'waiting, 2 s left\ndone\na line\n' });
  });

  test('is one line that changes on a terminal', () => {
    const clear = '\r\u001B[2K';
    expect(said(progress, { isTTY: true }).stderr).toBe(
      `${clear}waiting, 2 s left${clear}waiting, 1 s left\n${clear}done${clear}a line\n`,
    );
  });
});

describe('an error', () => {
  test('is one sentence on stderr', () => {
    expect(said((output) => output.error(NOT_READY))).toEqual({
      stdout: '',
      stderr: 'error: the window is open; wait\n',
    });
  });

  test('is a JSON document, with what was achieved before', () => {
    const { stdout, stderr } = said((output) => output.error(NOT_READY, { messageHash: '0x12' }), { json: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      messageHash: '0x12',
      error: { code: 'not-ready', message: 'the window is\n open', hint: 'wait', readyAt: 7 },
    });
  });
});

test('JSON keeps what there is not as null', () => {
  expect(JSON.parse(formatJson({ a: undefined, b: [1n, null], c: { d: true } }))).toEqual({
    a: null,
    b: ['1', null],
    c: { d: true },
  });
});

test.each([
  [0n, '0 s'],
  [59n, '59 s'],
  [60n, '1 min'],
  [3661n, '1 h 1 min'],
  [604_800n, '7 d'],
  [90_061n, '1 d 1 h'],
  [-5n, '0 s'],
])('%s seconds are %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test('a time is a date in UTC', () => {
  expect(formatTime(1_769_860_800n)).toBe('2026-01-31 12:00:00 UTC');
});

test('a secret is asked for and not shown', async () => {
  const terminal = new PassThrough();
  const screen = new PassThrough();
  const answer = askSecret('Password: ', terminal, screen);
  terminal.write('secret\n');

  expect(await answer).toBe('secret');
  screen.end();
  expect(await text(screen)).toBe('Password: \n');
});
