import { expect, test } from 'vitest';

import { observeEndpoints } from '../../../relayer/telemetry/observeEndpoints.ts';
import { newSignals } from '../../../relayer/signals.ts';
import { getAgreedBlock } from '../../../sdk/chain/agreedBlock.ts';
import { serveChain } from '../../support/fakeChain.ts';
import { connectTo, flakyNodes, gasPrice } from '../../support/flakyNodes.ts';
import { listeningLogger } from '../../support/logger.ts';
import { until } from '../../support/until.ts';

const nodes = flakyNodes();

test('what happens to endpoints is signalled, and said where an operator should know', async () => {
  const signals = newSignals();
  const { logger, lines } = listeningLogger();
  const seen: string[] = [];
  const names = ['rpcCall', 'endpointChanged', 'endpointLags', 'finalityDisputed', 'endpointDropped'] as const;
  for (const name of names) signals.on(name, () => seen.push(name));
  const chain = serveChain(nodes[0], 100);
  serveChain(nodes[1], 100).branch = { name: 'b', from: 50 };
  nodes[2].behaviour = 'cuts the connection';
  nodes[2].methods['eth_chainId'] = () => '0x1';
  const provider = await connectTo(nodes, { observer: observeEndpoints(signals, logger) });
  const said = (): unknown[] => lines.map(({ level, msg }) => `${level} ${msg}`);

  seen.length = 0;
  await gasPrice(provider);
  expect(seen).toEqual(['rpcCall']);
  expect(said()).toEqual([]);

  await expect(getAgreedBlock(provider, 'finalized')).rejects.toThrow('disagree');
  expect(seen).toContain('finalityDisputed');
  await provider.send('eth_blockNumber', []);
  chain.head = 90;
  await provider.send('eth_getBlockByNumber', ['latest', false]);
  expect(seen).toContain('endpointLags');
  await gasPrice(provider);
  expect(seen).toContain('endpointChanged');
  nodes[2].behaviour = 'answers';
  await until(async () => (await gasPrice(provider)) === '0x2' && seen.includes('endpointDropped'));
  expect(said()).toEqual([
    '50 endpoints disagree on a final block: nothing becomes final',
    '40 an endpoint answers from behind its own earlier answer',
    '40 requests go to another endpoint',
    '50 an endpoint is of another chain, and is asked no more',
  ]);
  expect(lines[2]).toMatchObject({ chainId: 900, from: nodes[0].url, to: nodes[1].url });
});
