import type { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sameLane, samePlan, startOf } from '../../cli/omnichain/filedPlan.ts';
import { planLightClient } from '../../cli/omnichain/lightClientPlans.ts';
import type { ChainTerms } from '../../cli/omnichain/terms.ts';
import { HISTORY_CODE } from '../../sdk/chain/omnichain/maintenance/historyWindow.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import type { ChainAddition, PlannedLightClient } from '../../sdk/core/omnichain/addition.ts';
import {
  parseOmnichainPlan,
  plannedOmnichain,
  serializeOmnichainPlan,
  type OmnichainPlan,
} from '../../sdk/core/omnichain/plan.ts';
import type { RpcServer } from '../support/rpcServer.ts';
import { SCHEME, SealedChain, serveSealedChain, validator } from '../support/sealedChain.ts';

const ID = 7100n;
const ACCOUNT = '0x0000000000000000000000000000000000000011';
const OTHER = '0x0000000000000000000000000000000000000012';
const LIGHT_CLIENT = { kind: 'sealed-header', scheme: SCHEME, trustingPeriod: 86_400n, historyWindow: 0n } as const;

const chain = new SealedChain(1_000_000);
let server: RpcServer;
let node: JsonRpcProvider;
let planned: ChainAddition;

beforeAll(async () => {
  chain.append([0, 1, 2, 3].map(validator));
  server = await serveSealedChain(chain, ID, { code: HISTORY_CODE, window: 8191n });
  node = await connect(server.url, { name: 'C' });
  planned = additionOf(await planFor(LIGHT_CLIENT));
});

afterAll(async () => {
  node.destroy();
  await server.stop();
});

async function planFor(
  lightClient: ChainTerms['lightClient'],
  start?: PlannedLightClient,
): Promise<PlannedLightClient> {
  return await planLightClient(
    { chainId: ID, name: 'C', lightClient, on: 1n, readers: { names: ['relay'], knowRelay: false } },
    node,
    start && startOf(start),
  );
}

/** The plan that has it on both chains. */
function additionOf(lightClient: PlannedLightClient): ChainAddition {
  const place = { account: ACCOUNT, nonce: 0, deployedAt: 1n };
  return {
    name: 'C',
    headers: SCHEME,
    fee: { perMessage: 1n, perGas: 1n },
    relayChainId: 1n,
    relayService: ACCOUNT,
    chain: { ...place, chainId: ID },
    relay: { ...place, chainId: 1n },
    owner: ACCOUNT,
    serviceCode: '0x60',
    lightClient,
    relayLightClient: lightClient,
  };
}

test('a plan stays the same while its chain goes on', async () => {
  chain.append([0, 1, 2, 3].map(validator));
  const asked = additionOf(await planFor(LIGHT_CLIENT, planned.lightClient));
  expect(() => samePlan(planned, asked, 'the plan')).not.toThrow();
  expect((await planFor(LIGHT_CLIENT)).creationCode).not.toBe(planned.lightClient.creationCode);
});

test.each([
  ['number', { number: 1n }],
  ['trustingPeriod', { trustingPeriod: 86_401n }],
  ['historyWindow', { historyWindow: 8191n }],
] as const)('a plan is refused where another %s is asked for, of either light client', async (what, change) => {
  chain.append([0, 1, 2, 3].map(validator));
  const same = planned.lightClient;
  const asked = additionOf(await planFor({ ...LIGHT_CLIENT, ...change }, same));
  const check = (addition: ChainAddition) => () => samePlan(planned, addition, 'the plan');
  expect(check(asked)).toThrow(`another ${what} of the light client than is asked for`);
  expect(check({ ...asked, lightClient: same })).toThrow(`another ${what} of the relay light client than is asked for`);
});

test.each(['chain', 'relay'] as const)(
  'a plan is refused that was made at a block of the %s that is not there',
  (place) => {
    const at = (deployedAt: bigint): ChainAddition => ({ ...planned, [place]: { ...planned[place], deployedAt } });
    const check = (plan: ChainAddition) => () => samePlan(plan, planned, 'the plan');
    const { deployedAt, chainId } = planned[place];
    expect(check(at(deployedAt - 1n))).not.toThrow();
    expect(check(at(deployedAt + 1n))).toThrow(
      `was planned at block ${deployedAt + 1n} of chain ${chainId}, whose newest is ${deployedAt}`,
    );
  },
);

describe('the plan of a lane', () => {
  function laneOf(): OmnichainPlan {
    const { chain: place } = planned;
    const { kind, creationCode, sources, trusts } = planned.lightClient;
    const lightClient = { kind, creationCode, sources, trusts };
    const at = { ...place, headers: SCHEME, owner: ACCOUNT, serviceCode: '0x60' };
    return {
      chains: [
        { ...at, name: 'relay', chainId: 1n },
        { ...at, name: 'C' },
      ],
      lightClients: [
        { ...lightClient, on: 1n, of: ID },
        { ...lightClient, on: ID, of: 1n },
      ],
      fee: { perMessage: 1n, perGas: 2n },
    };
  }

  function addressesOf(plan: OmnichainPlan): string[] {
    const { chains, lightClients } = plannedOmnichain(plan);
    return [...chains.map(({ service }) => service), ...lightClients.map(({ address }) => address)];
  }

  /** With one thing that is other. */
  const changes: readonly [what: string, change: (plan: OmnichainPlan) => Partial<OmnichainPlan>][] = [
    ['owner on relay', ({ chains: [relay, ...others] }) => ({ chains: [{ ...relay, owner: OTHER }, ...others] })],
    ['account on C', ({ chains: [relay, c] }) => ({ chains: [relay, { ...c!, account: OTHER }] })],
    ['code of the service on C', ({ chains: [relay, c] }) => ({ chains: [relay, { ...c!, serviceCode: '0x61' }] })],
    ['number of chains', ({ chains: [relay] }) => ({ chains: [relay] })],
    [
      "light client of C on relay's description of what it trusts",
      ({ lightClients: [first, second] }) => ({ lightClients: [{ ...first!, trusts: 'all' }, second!] }),
    ],
    ['number of light clients', ({ lightClients }) => ({ lightClients: [...lightClients, lightClients[1]!] })],
    ['fee for gas', ({ fee }) => ({ fee: { ...fee, perGas: 3n } })],
  ];

  test('is what its file says, and that of what is asked for whenever it is made', () => {
    const plan = laneOf();
    expect(parseOmnichainPlan(serializeOmnichainPlan(plan), 'the plan')).toEqual(plan);
    const later = { ...plan, chains: [{ ...plan.chains[0], nonce: 9, deployedAt: 7n }, plan.chains[1]!] } as const;
    expect(() => sameLane(plan, later, 'the plan')).not.toThrow();
    expect(() => sameLane(later, plan, 'the plan')).toThrow('was planned at block 7 of chain 1, whose newest is 1');
  });

  test.each(changes)('is refused where another %s is asked for', (what, change) => {
    const plan = laneOf();
    expect(() => sameLane(plan, { ...plan, ...change(plan) }, 'the plan')).toThrow(
      `the plan plans a lane with another ${what} than is asked for`,
    );
  });

  test('is refused with a light client more, also where that is before the one that is asked for', () => {
    const plan = laneOf();
    const more = { ...plan.lightClients[0]!, creationCode: '0x61' };
    expect(() => sameLane({ ...plan, lightClients: [more, ...plan.lightClients] }, plan, 'the plan')).toThrow(
      'the plan plans a lane with another number of light clients than is asked for',
    );
  });

  test('goes on where endpoints and sources are others by now, as it was planned, in its order', () => {
    const plan = laneOf();
    const { lightClients, chains } = plan;
    const [first, second] = lightClients.map((each) => ({ ...each, sources: [`http://${each.on}`] }));
    const [relay, c] = chains.map((each) => ({ ...each, rpcUrl: `http://${each.name}`, nonce: 9, deployedAt: 8n }));
    const asked = { ...plan, chains: [relay!, c!] as const, lightClients: [second!, first!] };
    const going = sameLane(plan, asked, 'the plan');
    expect(going.lightClients).toEqual([first, second]);
    expect(going.chains.map(({ rpcUrl }) => rpcUrl)).toEqual(['http://relay', 'http://C']);
    expect(addressesOf(going)).toEqual(addressesOf(plan));
  });

  test('leads to other addresses where a contract of it is another one, on whichever chain', () => {
    const plan = laneOf();
    const [relay, c] = plan.chains;
    const other = { ...plan, chains: [relay, { ...c!, serviceCode: '0x61' }] } as const;
    expect(new Set([...addressesOf(plan), ...addressesOf(other)]).size).toBe(8);
    expect(addressesOf({ ...plan, fee: { perMessage: 5n, perGas: 5n } })).toEqual(addressesOf(plan));
  });
});
