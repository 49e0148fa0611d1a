import { keccak256 } from 'ethers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Refusal, type Behaviour } from '../../../support/flakyNode.ts';
import { connectTo, FAULTS, flakyNodes, gasPrice, timeoutFor } from '../../../support/flakyNodes.ts';

const nodes = flakyNodes();

function executesAgain(method: string): boolean {
  return method.endsWith('Sync');
}

describe('a transaction', () => {
  const raw = '0x1234';

  test.each(FAULTS)('that executes each time it arrives is sent once where the endpoint %s', async (behaviour) => {
    const provider = await connectTo(nodes.slice(0, 3), { timeout: timeoutFor(behaviour) });
    // All of them: on a machine that has much else to do the first can have been too slow, and another one be asked before it.
    for (const node of nodes) node.behaviour = behaviour;
    await expect(provider.send('eth_sendRawTransactionSync', [raw])).rejects.toMatchObject({ retryable: true });
    const deposits = nodes.flatMap(({ arrived }) => arrived).filter((methods) => methods.some(executesAgain));
    expect(deposits).toEqual([['eth_sendRawTransactionSync']]);
  });

  test('that executes each time it arrives travels alone: what becomes of others says nothing of it', async () => {
    const provider = await connectTo(nodes.slice(0, 1));
    nodes[0].behaviour = 'limits one request';
    nodes[0].batchLimit = 1;
    const others = [gasPrice(provider), gasPrice(provider)];
    const sent = provider.send('eth_sendRawTransactionSync', [raw]);
    await Promise.allSettled([...others, sent]);
    const arrived = nodes[0].arrived.filter((methods) => methods.includes('eth_sendRawTransactionSync'));
    expect(arrived).toEqual([['eth_sendRawTransactionSync']]);
  });

  test.each(FAULTS)('of the same bytes goes to the next endpoint where the first %s', async (behaviour) => {
    const provider = await connectTo(nodes.slice(0, 2), { timeout: timeoutFor(behaviour) });
    nodes[0].behaviour = behaviour;
    expect(await provider.send('eth_sendRawTransaction', [raw])).toBe(keccak256(raw));
    expect(nodes[1].executed).toEqual(['eth_sendRawTransaction']);
  });

  test('that arrived without being acknowledged is recognised when it comes again', async () => {
    const provider = await connectTo(nodes.slice(0, 2));
    nodes[0].behaviour = 'executes, and cuts the connection';
    nodes[1].methods['eth_sendRawTransaction'] = () => {
      throw new Refusal(-32_000, 'already known');
    };
    const known = [keccak256(raw)];
    nodes[1].methods['eth_getTransactionByHash'] = ([hash]) => (known.includes(hash as string) ? {} : null);
    expect(await provider.send('eth_sendRawTransaction', [raw])).toBe(keccak256(raw));
    nodes[0].behaviour = 'answers';
    known.length = 0;
    await expect(provider.send('eth_sendRawTransaction', ['0x5678'])).rejects.toThrow('already known');
  });
});

test('whatever endpoints do, a request is answered while one is up, and a deposit is sent at most once', async () => {
  const provider = await connectTo(nodes.slice(0, 3), { timeout: timeoutFor('is silent') });
  // Silence takes its time: it is among them, and rare.
  const behaviours = fc.oneof(
    { arbitrary: fc.constant<Behaviour>('is silent'), weight: 1 },
    { arbitrary: fc.constantFrom<Behaviour>('answers', ...FAULTS.slice(1)), weight: 25 },
  );
  const phase = fc.record({ up: fc.nat(2), others: fc.tuple(behaviours, behaviours, behaviours), both: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 4 }), async (phases) => {
      for (const { up, others, both } of phases) {
        for (const [index, node] of nodes.entries()) {
          node.behaviour = index === up ? 'answers' : others[index]!;
          node.forget();
        }
        const deposit = both ? provider.send('eth_sendRawTransactionSync', ['0x12']) : Promise.resolve();
        const asked = ['0xa', '0xb'].map(async (account) => await provider.send('eth_getBalance', [account]));
        const [answers] = await Promise.all([Promise.all(asked), deposit.catch(() => undefined)]);
        // Of one endpoint, whichever: of one that is flaky these can be right, too.
        expect(answers[0]?.slice(-2)).toBe(answers[1]?.slice(-2));
        const deposits = nodes.flatMap(({ arrived }) => arrived.flat()).filter(executesAgain);
        expect(deposits.length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 12 },
  );
});
