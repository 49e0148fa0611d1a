import type { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startOf, verifySamePlan } from '../../cli/omnichain/filedPlan.ts';
import { planLightClient, type ChainTerms } from '../../cli/omnichain/terms.ts';
import { HISTORY_CODE } from '../../sdk/chain/omnichain/maintenance/historyWindow.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import type { ChainAddition, PlannedLightClient } from '../../sdk/core/omnichain/addition.ts';
import type { RpcServer } from '../support/rpcServer.ts';
import { SCHEME, SealedChain, serveSealedChain, validator } from '../support/sealedChain.ts';

const ID = 7100n;
const ACCOUNT = '0x0000000000000000000000000000000000000011';
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
  return await planLightClient({ chainId: ID, name: 'C', lightClient, on: 1n }, node, start && startOf(start));
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
  expect(() => verifySamePlan(planned, asked, 'the plan')).not.toThrow();
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
  const check = (addition: ChainAddition) => () => verifySamePlan(planned, addition, 'the plan');
  expect(check(asked)).toThrow(`another ${what} of the light client than is asked for`);
  expect(check({ ...asked, lightClient: same })).toThrow(`another ${what} of the relay light client than is asked for`);
});

test.each(['chain', 'relay'] as const)(
  'a plan is refused that was made at a block of the %s that is not there',
  (place) => {
    const at = (deployedAt: bigint): ChainAddition => ({ ...planned, [place]: { ...planned[place], deployedAt } });
    const check = (plan: ChainAddition) => () => verifySamePlan(plan, planned, 'the plan');
    const { deployedAt, chainId } = planned[place];
    expect(check(at(deployedAt - 1n))).not.toThrow();
    expect(check(at(deployedAt + 1n))).toThrow(
      `was planned at block ${deployedAt + 1n} of chain ${chainId}, whose newest is ${deployedAt}`,
    );
  },
);
