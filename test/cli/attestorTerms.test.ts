import { id, type JsonRpcProvider, type Wallet } from 'ethers';
import { Hono } from 'hono';
import { afterEach, expect, test } from 'vitest';

import type { Readers } from '../../cli/omnichain/atStake.ts';
import { planLightClient, type PlannedLightClient } from '../../cli/omnichain/lightClientPlans.ts';
import { simulatedAttestors } from '../../devnet/attestors/attestorKeys.ts';
import { serveLocally } from '../../devnet/httpServer.ts';
import { attestationData } from '../../sdk/core/omnichain/lightClient/attestation.ts';

const [ON, OF] = [7001n, 7000n];
const ATTESTORS = simulatedAttestors(OF, 1n, 3);
const [stranger] = simulatedAttestors(ON, 1n, 1) as [Wallet];

/** They know the relay chain. */
const BOTH: Readers = { names: ['A', 'B'], knowRelay: true };

const servers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Signs one block for any light client, by all of the keys. */
async function attestorServer(keys: readonly Wallet[]): Promise<string> {
  const app = new Hono();
  app.get('/v1/attestations', async (context) => {
    const { on, of, lightClient, epoch } = context.req.query();
    const client = { on: BigInt(on!), of: BigInt(of!), address: lightClient! };
    const blockHash = id('block 9');
    const { domain, types, value } = attestationData(client, { epoch: BigInt(epoch!), number: 9n, blockHash });
    const sign = async (key: Wallet): Promise<object> => ({
      number: 9,
      blockHash,
      signature: await key.signTypedData(domain, types, value),
    });
    return context.json({ attestations: await Promise.all(keys.map(sign)) });
  });
  const server = await serveLocally(app, 0);
  servers.push(server);
  return server.url;
}

/** A chain that is asked for its history contract alone. */
const WITHOUT_HISTORY = { send: async () => await Promise.resolve('0x') } as unknown as JsonRpcProvider;

async function plan(sources: string[], readers: Readers = BOTH): Promise<PlannedLightClient> {
  const signers = ATTESTORS.map(({ address }) => address);
  const lightClient = { kind: 'attestor' as const, sources, signers, threshold: 2n, historyWindow: 0n };
  return await planLightClient({ chainId: OF, on: ON, name: 'relay', lightClient, readers }, WITHOUT_HISTORY);
}

test('attestors that sign as the terms say are taken', async () => {
  const sources = [await attestorServer(ATTESTORS.slice(0, 1)), await attestorServer(ATTESTORS.slice(1))];
  const {
    warnings: [warning],
  } = await plan(sources);
  expect(warning).toBe(
    '2 of 3 attestors of relay can make up any message to A, B, from every chain, by its light clients on A, B',
  );
});

test('what attestors of a chain that is not the relay chain can make up begins there', async () => {
  const {
    warnings: [warning],
  } = await plan([await attestorServer(ATTESTORS)], { names: ['hub'], knowRelay: false });
  expect(warning).toBe(
    '2 of 3 attestors of relay can make up any message from relay, to every chain, by its light client on hub',
  );
});

test('sources that sign as others are refused, by their address', async () => {
  const sources = [await attestorServer(ATTESTORS), await attestorServer([stranger])];
  await expect(plan(sources)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: `the sources of relay sign as ${stranger.address}, who are not among the signers`,
  });
});

test.each([
  ['say nothing yet', async () => await attestorServer([])],
  ['do not answer', async () => await Promise.resolve('http://127.0.0.1:1')],
])('attestors that %s are warned of', async (_what, start) => {
  const {
    warnings: [warning],
  } = await plan([await start()]);
  expect(warning).toContain('only 0 of them answer by now, of 2 that must');
});
