import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { answersOf, type Address } from '../../relayer/http/answers.ts';
import { chainNames } from '../../relayer/lanes/laneRoutes.ts';
import type { NodeLane } from '../../relayer/lanes/nodeLane.ts';
import { startNode, type RelayerNode } from '../../relayer/node.ts';
import { parseExposition } from '../support/exposition.ts';
import { listeningLogger } from '../support/logger.ts';
import { temporaryFolder } from '../support/store.ts';
import { BALANCES, CHAINS, SIGNER, threeChains } from '../support/threeChains.ts';
import { until } from '../support/until.ts';

// What the node does for a lane of another kind: three chains, four routes, accounts on two of the chains, a duty of its own.

const { lines, logger } = listeningLogger();

let folder: string;
let lane: NodeLane;
let node: RelayerNode;

beforeAll(async () => {
  folder = temporaryFolder();
  lane = threeChains(join(folder, 'relayer.sqlite'));
  node = await startNode(lane, logger);
});

afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true });
});

async function get(path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${node.httpUrl}${path}`);
  return (await response.json()) as Record<string, unknown>;
}

async function metric(name: string): Promise<Record<string, number>> {
  return parseExposition(await (await fetch(`${node.httpUrl}/metrics`)).text()).values(name);
}

test('all of its chains are read, and each account is shown with what it has on its chain', async () => {
  const ids = Object.values(CHAINS).map(String);
  await until(async () => Object.keys(await metric('xdm_chain_cursor_block')).length === ids.length);
  expect(Object.keys(await metric('xdm_chain_cursor_block')).toSorted()).toEqual(ids);
  const balances = await metric('xdm_signer_balance_wei');
  expect(Object.keys(balances)).toEqual([`${CHAINS.hub},${SIGNER}`, `${CHAINS.b},${SIGNER}`]);
  expect(balances[`${CHAINS.b},${SIGNER}`]).toBe(Number(BALANCES.b));
  expect(balances[`${CHAINS.hub},${SIGNER}`]).toBeGreaterThan(Number(BALANCES.b));
});

test('its duty is a stage, and what that sends is looked after on its chain', async () => {
  await until(async () => JSON.stringify(await get('/v1/transactions?stage=final')).includes('light client'));
  const { transactions } = await get('/v1/transactions');
  expect(transactions).toMatchObject([{ chainId: CHAINS.hub, signer: SIGNER, nonce: 0, stage: 'final' }]);
  const stages = Object.keys(await metric('xdm_stage_failing_seconds'));
  expect(stages).toEqual(
    expect.arrayContaining([
      'maintain a on hub',
      ...[CHAINS.hub, CHAINS.b].map((id) => `transactions of ${SIGNER} on ${id}`),
    ]),
  );
  expect(new Set(stages).size).toBe(stages.length);
});

test('its API names its chains and its own facts, and is described so', async () => {
  const { answers } = answersOf({ facts: lane.facts.shape, chains: chainNames(lane) });
  for (const path of ['/v1/lanes', '/v1/messages?from=hub', '/v1/batches', '/v1/transactions'] as const) {
    const [address = ''] = path.split('?');
    answers[address as Address].parse(await get(path));
  }
  expect((await get('/v1/lanes'))['lanes']).toMatchObject([
    {
      ...lane.facts.values,
      roles: ['maintainer', 'messenger'],
      state: 'active',
      routes: [{ from: 'a' }, { from: 'hub' }, { from: 'b' }, { from: 'hub' }],
      signers: lane.signers,
    },
  ]);
  const description = JSON.stringify(await get('/v1/openapi.json'));
  expect(description).toContain('"enum":["a","hub","b"]');
  expect(description).not.toContain('fraudProofWindow');
  expect(await get('/v1/messages?from=l1')).toMatchObject({
    error: { message: 'parameter "from" has value "l1": it is not a or hub or b' },
  });
});

test('it is ready where its chains are read and its messages move, of those routes that are served here', async () => {
  await until(async () => (await get('/readyz'))['ready'] === true);
  const { checks } = await get('/readyz');
  const names = (checks as readonly { readonly name: string }[]).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('relay'))).toEqual([
    'relay 31 -> 32',
    'relay 32 -> 33',
    'relay 33 -> 32',
  ]);
  expect(names.filter((name) => name.startsWith('queue'))).toEqual([]);
  expect(names).toContain(`transactions ${SIGNER} on ${CHAINS.b}`);
  expect(lines.find(({ msg }) => msg === 'the node runs')).toMatchObject(CHAINS);
});
