import { expect, test } from 'vitest';

import { OMNICHAIN_CONFIG_KEYS, parseOmnichainConfig } from '../../relayer/lanes/omnichain/config.ts';
import { omnichainNodeLane } from '../../relayer/lanes/omnichain/omnichainNodeLane.ts';
import { variableOf } from '../../relayer/settings/parse.ts';
import { redactorOf } from '../../relayer/telemetry/redact.ts';
import { COMMON_SETTINGS } from '../../relayer/settings/common.ts';
import type { OmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import { account } from '../support/events.ts';

const KEY = `0x${'0123456789abcdef'.repeat(4)}`;

const LANE: OmnichainDeployment = {
  relayChainId: 7000n,
  chains: [
    { chainId: 7000n, name: 'relay', service: account(1), deployedAt: 0n, headers: 'ethereum' },
    { chainId: 7001n, name: 'A', service: account(2), deployedAt: 0n, headers: 'ethereum' },
  ],
  lightClients: [
    {
      on: 7000n,
      of: 7001n,
      kind: 'sync-committee',
      address: account(3),
      sources: ['https://beacon.example/filekey0123456'],
    },
    { on: 7001n, of: 7000n, kind: 'attestor', address: account(4), sources: ['https://attestor.example'] },
  ],
};

const file = { store: 's.sqlite', privateKey: KEY };
const parse = (more: object, environment: Readonly<Record<string, string>> = {}) =>
  parseOmnichainConfig({ flags: {}, environment, file: { ...file, ...more } });

test('what is not set has a value that is safe for a public chain', () => {
  const own = OMNICHAIN_CONFIG_KEYS.filter((key) => !(key in COMMON_SETTINGS));
  const config = parse({});
  expect(Object.fromEntries(own.map((key) => [key, config[key]]))).toEqual({
    roles: ['messenger', 'maintainer'],
    finality: 'finalized',
    maintenanceInterval: 30_000,
    updates: 'needed',
  });
});

test.each(['rpcUrls', 'sourceUrls'] as const)('%s name chains, in an object or in words', (key) => {
  const urls = { A: ['http://a.example', 'http://b.example'], relay: ['http://c.example'] };
  expect(parse({ [key]: { A: urls.A, relay: 'http://c.example' } })[key]).toEqual(urls);
  const words = 'A=http://a.example,http://b.example, relay=http://c.example';
  expect(parse({}, { [variableOf(key)]: words })[key]).toEqual(urls);
  expect(() => parse({ [key]: 'http://a.example' })).toThrow('does not begin with the name of a chain');
  expect(() => parse({ [key]: { A: 'http://a.example', B: 'ws://user:pass@b.example' } })).toThrow(
    '"ws://...@b.example"',
  );
  expect(() => omnichainNodeLane(LANE, parse({ [key]: { C: 'http://c.example' } }))).toThrow('"C" is no chain');
});

test('what an endpoint or a source knows a node by is taken out of what leaves it', () => {
  const config = parse({
    rpcUrls: { A: 'https://rpc.example/rpckey0123456789' },
    sourceUrls: { relay: 'https://user:sourcepass@attestor.example' },
  });
  const redact = redactorOf(omnichainNodeLane(LANE, config).secrets);
  expect(redact('no filekey0123456, rpckey0123456789, sourcepass')).toBe('no (redacted), (redacted), (redacted)');
});

test('the maintainer pays with a key of its own where it has one, and where there are light clients', () => {
  const other = `0x${'22'.repeat(32)}`;
  const addresses = (more: object): number[] =>
    omnichainNodeLane(LANE, parse(more)).signers.map(({ chainId }) => chainId);
  expect(addresses({})).toEqual([7000, 7001]);
  expect(addresses({ maintainerPrivateKey: other })).toEqual([7000, 7000, 7001, 7001]);
  expect(addresses({ maintainerPrivateKey: other, roles: ['maintainer'] })).toEqual([7000, 7001]);
});
