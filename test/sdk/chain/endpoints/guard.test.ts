import { setTimeout } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { XdmError } from '../../../../sdk/core/errors.ts';
import { connectTo, flakyNodes } from '../../../support/flakyNodes.ts';

const nodes = flakyNodes();

test('a request that has waited for its turn is asked for once more whether it may leave', async () => {
  let mayLeave = true;
  const guard = (method: string): void => {
    if (!mayLeave && method.startsWith('eth_send')) throw new XdmError('lease-lost', 'too late');
  };
  const provider = await connectTo(nodes.slice(0, 2), { requestsPerSecond: 5, guard });
  // As many at once as leave nothing of a second's budget.
  await Promise.all(Array.from({ length: 5 }, async () => await provider.send('eth_gasPrice', [])));
  for (const { arrived } of nodes) arrived.length = 0;
  const late = ['eth_sendRawTransactionSync', 'eth_sendRawTransaction'].map(
    async (method) => await provider.send(method, ['0x1234']),
  );
  await setTimeout(15);
  mayLeave = false;
  for (const result of await Promise.allSettled(late)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'lease-lost' } });
  }
  expect(nodes.flatMap(({ arrived }) => arrived.flat()).filter((method) => method.startsWith('eth_send'))).toEqual([]);
  // What only reads is no concern of it.
  expect(await provider.send('eth_gasPrice', [])).toBeDefined();
});
