import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { SilentChain } from '../../../../sdk/chain/omnichain/silentChain.ts';
import { XdmError } from '../../../../sdk/core/errors.ts';

const SILENCE = new XdmError('rpc-unreachable', 'B does not answer', { hint: 'start it' });
const WRONG = new XdmError('wrong-chain', 'B has another service');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What keeps a request from leaving, if anything does. */
function asked(chain: SilentChain, method = 'eth_call'): string | undefined {
  try {
    chain.guard(method);
    return undefined;
  } catch (error) {
    return (error as XdmError).code;
  }
}

/** Lets what was begun end. */
async function later(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(milliseconds);
}

test('nothing but its id is asked of a chain that was silent, until it was checked', async () => {
  const words: (XdmError | undefined)[] = [SILENCE, WRONG, undefined];
  let looks = 0;
  const chain = new SilentChain(SILENCE, async () => {
    const word = words[looks++];
    if (word !== undefined) throw word;
    await Promise.resolve();
  });
  expect(asked(chain, 'eth_chainId')).toBeUndefined();
  const said: (string | undefined)[] = [];
  for (let second = 0; second < 5; second++) {
    said.push(asked(chain), asked(chain, 'eth_sendRawTransaction'));
    await later(1000);
  }
  // Whoever asks has it looked at, once a second, and is told what came of the look before.
  const expected = ['rpc-unreachable', 'rpc-unreachable', 'rpc-unreachable', 'wrong-chain', undefined];
  expect(said).toEqual(expected.flatMap((code) => [code, code]));
  expect(looks).toBe(3);
});
