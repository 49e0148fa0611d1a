import { describe, expect, test } from 'vitest';

import { OMNICHAIN_CONFIG_KEYS, parseOmnichainConfig } from '../../relayer/lanes/omnichain/config.ts';
import { finalityOf } from '../../relayer/lanes/omnichain/finality.ts';
import { omnichainNodeLane } from '../../relayer/lanes/omnichain/omnichainNodeLane.ts';
import type { Finality } from '../../relayer/route.ts';
import { variableOf } from '../../relayer/settings/parse.ts';
import { redactorOf } from '../../relayer/telemetry/redact.ts';
import { COMMON_SETTINGS } from '../../relayer/settings/common.ts';
import type { OmnichainChain, OmnichainDeployment, OmnichainLightClient } from '../../sdk/core/omnichain/deployment.ts';
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
    finality: undefined,
    maxUnpaidGas: undefined,
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

describe('a chain is believed', () => {
  const [relay, a] = LANE.chains as [OmnichainChain, OmnichainChain];
  const [ofA, ofRelay] = LANE.lightClients as [OmnichainLightClient, OmnichainLightClient];
  const of = (lane: OmnichainDeployment, more: object = {}): Finality[] =>
    [7000n, 7001n].map((chainId) => finalityOf(lane, chainId, parse(more)));

  test('once it calls blocks final, and at once where its validators seal them', () => {
    expect(of(LANE)).toEqual(['finalized', 'finalized']);
    const followed = { ...LANE, lightClients: [{ ...ofA, kind: 'sealed-header' } as const, ofRelay] };
    expect(of(followed)).toEqual(['finalized', 'latest']);
    expect(of({ ...LANE, chains: [{ ...relay, headers: 'ibft2' }, a] })).toEqual(['latest', 'finalized']);
  });

  test.each([
    ['one for all', 'safe', ['safe', 'safe']],
    ['some in words', 'relay=latest, 7001=safe', ['latest', 'safe']],
    ['one of them in an object', { a: 'latest' }, ['finalized', 'latest']],
  ])('as the settings say: %s', (_what, finality, expected) => {
    expect(of(LANE, { finality })).toEqual(expected);
  });

  test.each(['soon', 'A=soon', 'latest,A=safe', { A: 7 }, 7])('not at %j', (finality) => {
    expect(() => parse({ finality })).toThrow(/^setting "finality" has value/u);
  });

  test('not where it is none of the lane', () => {
    expect(() => omnichainNodeLane(LANE, parse({ finality: 'C=latest' }))).toThrow('"C" is no chain');
  });
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
