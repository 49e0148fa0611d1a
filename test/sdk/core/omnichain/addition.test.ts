import { id, ZeroAddress } from 'ethers';
import { describe, expect, test } from 'vitest';

import {
  addedContracts,
  extendedDeployment,
  parseAddition,
  serializeAddition,
  verifyIsNew,
  type ChainAddition,
} from '../../../../sdk/core/omnichain/addition.ts';
import {
  parseOmnichainDeployment,
  serializeOmnichainDeployment,
  type OmnichainDeployment,
} from '../../../../sdk/core/omnichain/deployment.ts';
import { account as address } from '../../../support/events.ts';

const account = address(1);

const ADDITION: ChainAddition = {
  relayChainId: 7000n,
  relayService: address(2),
  name: 'C',
  headers: 'ethereum',
  fee: { perMessage: 7n, perGas: 2n },
  owner: address(3),
  chain: { chainId: 7003n, account, nonce: 4, deployedAt: 5n },
  relay: { chainId: 7000n, account, nonce: 6, deployedAt: 7n },
  serviceCode: id('service'),
  lightClient: { kind: 'sync-committee', creationCode: id('one'), sources: ['http://one'], trusts: 'a block' },
  relayLightClient: { kind: 'attestor', creationCode: id('two'), sources: ['http://two'], trusts: 'signers' },
};

const LANE: OmnichainDeployment = {
  relayChainId: 7000n,
  chains: [{ chainId: 7000n, name: 'relay', service: address(2), deployedAt: 0n, headers: 'ethereum' }],
  lightClients: [],
};

describe('the contracts of a new chain', () => {
  const planned = addedContracts(ADDITION);

  test.each([
    ['the service', { serviceCode: id('another') }],
    ['the light client', { lightClient: { ...ADDITION.lightClient, creationCode: id('another') } }],
    [
      'the light client of the relay chain',
      { relayLightClient: { ...ADDITION.relayLightClient, creationCode: id('x') } },
    ],
    ['the relay service', { relayService: address(9) }],
    ['the nonce there', { relay: { ...ADDITION.relay, nonce: 9 } }],
    ['the nonce here', { chain: { ...ADDITION.chain, nonce: 9 } }],
    ['the chain', { chain: { ...ADDITION.chain, chainId: 9n } }],
  ] as const)('all have other addresses where %s is another', (_, change) => {
    const others = addedContracts({ ...ADDITION, ...change });
    for (const [name, at] of Object.entries(planned)) expect(others[name as keyof typeof planned]).not.toBe(at);
  });

  test('have different addresses', () => {
    expect(new Set([...Object.values(planned), ZeroAddress]).size).toBe(4);
  });

  test('stand in the extended deployment, which is one', () => {
    const extended = extendedDeployment(LANE, ADDITION);
    expect(parseOmnichainDeployment(serializeOmnichainDeployment(extended), 'it')).toEqual(extended);
    expect(extended.chains.at(-1)).toMatchObject({ chainId: 7003n, service: planned.service, deployedAt: 5n });
    expect(extended.lightClients).toEqual([
      { on: 7000n, of: 7003n, kind: 'sync-committee', address: planned.lightClient, sources: ['http://one'] },
      { on: 7003n, of: 7000n, kind: 'attestor', address: planned.relayLightClient, sources: ['http://two'] },
    ]);
  });
});

test('a plan is read as it was written', () => {
  expect(parseAddition(serializeAddition(ADDITION), 'it')).toEqual(ADDITION);
});

test.each([
  ['kind', '"omnichain-addition"', '"omnichain"'],
  ['owner', '"owner": "0x', '"owner": "1x'],
  ['serviceCode', '"serviceCode": "0x', '"serviceCode": "0xz'],
])('a plan with a wrong %s is refused by name', (key, text, wrong) => {
  const changed = serializeAddition(ADDITION).replace(text, wrong);
  expect(() => parseAddition(changed, 'the plan')).toThrow(
    `the plan does not describe how a chain is added: key "${key}"`,
  );
});

test.each([
  ['id', 'C', 7000n],
  ['name', 'RELAY', 7003n],
])('a chain whose %s the lane has already is refused', (_, name, chainId) => {
  expect(() => verifyIsNew(LANE, name, chainId)).toThrow('the lane has a chain relay (7000) already');
  expect(() => verifyIsNew(LANE, 'C', 7003n)).not.toThrow();
});
