import { concat, toQuantity, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { simulatedAttestors } from '../../../devnet/attestors/attestorKeys.ts';
import { maintenanceDuties } from '../../../relayer/lanes/omnichain/duties.ts';
import { RecordComparison } from '../../../relayer/lanes/omnichain/stages/compareRecords.ts';
import { maintain } from '../../../relayer/lanes/omnichain/stages/maintain.ts';
import { watchLightClient } from '../../../relayer/lanes/omnichain/stages/watchLightClient.ts';
import { watchSource } from '../../../relayer/lanes/omnichain/stages/watchSource.ts';
import type { MaintainedLightClient } from '../../../relayer/lanes/omnichain/maintainedLightClient.ts';
import { newSignals } from '../../../relayer/signals.ts';
import type { StageContext } from '../../../relayer/stages/stage.ts';
import { openAlarms } from '../../../relayer/store/alarms.ts';
import { recordSent } from '../../../relayer/store/messages.ts';
import { currentFees } from '../../../relayer/tx/fees.ts';
import { updateLightClient } from '../../../sdk/actions/omnichain/updateLightClient.ts';
import { ATTESTOR_CALLS } from '../../../sdk/chain/omnichain/maintenance/contracts.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { connect } from '../../../sdk/chain/rpc.ts';
import { attestationData } from '../../../sdk/core/omnichain/lightClient/attestation.ts';
import { maintenancePurpose, type LightClientMaintainer } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { findLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { listeningLogger } from '../../support/logger.ts';
import {
  ATTESTED,
  COMMITTEE,
  HERE,
  startMaintainedClients,
  type MaintainedClients,
} from '../../support/maintainedClients.ts';
import { maintainedLightClient } from '../../support/maintainedLightClient.ts';
import { startRpcProxy } from '../../support/rpcProxy.ts';
import { at, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const HOUR = 3600;

let clients: MaintainedClients;
let store: TestStore;
let context: StageContext;

beforeAll(async () => {
  clients = await startMaintainedClients();
});

afterAll(async () => {
  await clients.stop();
});

afterEach(async () => {
  await store.remove();
});

beforeEach(async () => {
  store = await newStore();
  context = { store, logger: listeningLogger().logger, signals: newSignals() };
});

function clientOf(of: bigint, maintainer?: LightClientMaintainer): MaintainedLightClient {
  return maintainedLightClient(clients, context, { of, maintainer });
}

async function update(of: bigint): Promise<void> {
  await updateLightClient(clients.client, { on: HERE, of, signer: clients.here.account(0) });
}

/** Undoes afterwards what was done on the light clients' chain. */
async function apart(work: (send: (method: string, ...args: unknown[]) => Promise<unknown>) => Promise<void>) {
  const send = async (method: string, ...args: unknown[]): Promise<unknown> => {
    return (await clients.here.provider.send(method, args)) as unknown;
  };
  const snapshot = await send('evm_snapshot');
  await work(send);
  await send('evm_revert', snapshot);
}

async function alarms(of: bigint): Promise<string[]> {
  await watchLightClient(clientOf(of), context);
  return (await openAlarms(store.db)).map(({ kind, subject }) => `${kind} ${subject}`);
}

describe('an operator is called for a light client', () => {
  test('that has less than a third of its trusting period left, until it is updated, and that has expired', async () => {
    await update(COMMITTEE);
    const name = `${COMMITTEE} on ${HERE}`;
    await apart(async (send) => {
      // The period is a day, and the light clients' chain an hour ahead.
      await send('evm_increaseTime', 14 * HOUR);
      await send('evm_mine');
      expect(await alarms(COMMITTEE)).toEqual([]);
      await send('evm_increaseTime', 2 * HOUR);
      await send('evm_mine');
      expect(await alarms(COMMITTEE)).toEqual([`light-client-expiring ${name}`]);
      await send('evm_increaseTime', 8 * HOUR);
      await send('evm_mine');
      expect(await alarms(COMMITTEE)).toEqual([`light-client-expired ${name}`]);
      expect(await maintain(clientOf(COMMITTEE), context)).toBe(0);
    });
    expect(await alarms(COMMITTEE)).toEqual([]);
  });

  test('that is frozen, and attestors alone do not expire', async () => {
    const { address } = findLightClient(clients.client, { on: HERE, of: ATTESTED });
    await apart(async (send) => {
      await send('evm_increaseTime', 48 * HOUR);
      await send('evm_mine');
      expect(await alarms(ATTESTED)).toEqual([]);
      // The flag stands behind the head's number and time, in the first slot.
      const slot = BigInt(await clients.here.provider.getStorage(address, 0));
      const frozen = `0x${(slot | (1n << 128n)).toString(16).padStart(64, '0')}`;
      await send('anvil_setStorageAt', address, `0x${'00'.repeat(32)}`, frozen);
      expect(await alarms(ATTESTED)).toEqual([`light-client-frozen ${ATTESTED} on ${HERE}`]);
      expect(await maintain(clientOf(ATTESTED), context)).toBe(0);
    });
  });

  test('that is not brought what a message waits for, although it has long been final', async () => {
    await update(ATTESTED);
    const { source } = findLightClient(clients.client, { on: HERE, of: ATTESTED });
    const routeId = await newRoute(store.db);
    const look = async (patience?: number): Promise<string[]> => {
      const options = { finality: 'finalized', ...(patience !== undefined && { patience }) } as const;
      await watchSource({ ...clientOf(ATTESTED), routeId }, options, context);
      return (await openAlarms(store.db)).map(({ kind, subject }) => `${kind} ${subject}`);
    };
    const known = (await source.getBlock('finalized'))!.number;
    await recordSent(store.db, { routeId, chainId: L2 }, [sentMessage(0, at(known + 1))]);
    expect(await look(1)).toEqual([]);
    await clients.advance(3);
    expect(await look()).toEqual([]);
    expect(await look(1)).toEqual([`light-client-late ${ATTESTED} on ${HERE}`]);
    await update(ATTESTED);
    expect(await look(1)).toEqual([]);
  });
});

describe('an update', () => {
  test('is sent although an alarm halts the lane: a light client that gets none expires', () => {
    const [client, finality] = [clientOf(ATTESTED), 'finalized'] as const;
    const records = new RecordComparison(clients.client, client, { finality });
    const [duty] = maintenanceDuties(client, records, { interval: 1000, pollInterval: 1000, finality });
    expect(duty).toMatchObject({ name: `maintain ${client.name}`, isUnhalted: true });
  });

  test('that somebody else has sent meanwhile counts as done', async () => {
    const { maintainer } = clientOf(COMMITTEE);
    await clients.advance(3);
    const stale = await maintainer.next();
    await update(COMMITTEE);
    let asked = 0;
    const late: LightClientMaintainer = { next: async () => (asked++ === 0 ? stale : await maintainer.next()) };
    const client = clientOf(COMMITTEE, late);
    expect(stale.length).toBeGreaterThan(0);
    expect(await maintain(client, context)).toBe(0);
    expect(await client.engine.pending(stale[0]!.purpose)).toBe(0);
  });

  test('that somebody else has sent, and that is not mined, is left to them for a minute, whatever comes next by then', async () => {
    const { maintainer } = clientOf(ATTESTED);
    await clients.advance(3);
    const earlier = await maintainer.next();
    await clients.advance(3);
    const later = await maintainer.next();
    let next = earlier;
    const client = clientOf(ATTESTED, { next: async () => await Promise.resolve(next) });
    await apart(async (send) => {
      await send('evm_setAutomine', false);
      const { to, data, gasLimit } = later[0]!;
      await clients.here.account(0).sendTransaction({ to, data, gasLimit });
      expect(await maintain(client, context)).toBe(0);
      next = later;
      const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
      expect(await maintain(client, context)).toBe(1);
      clock.mockRestore();
      await send('evm_setAutomine', true);
      await send('evm_mine');
    });
  });

  test('is sent though those after it cannot be paid for beside it', async () => {
    await clients.advance(3);
    const client = clientOf(ATTESTED);
    const [call] = await client.maintainer.next();
    const funds = call!.gasLimit * (await currentFees(client.found.provider, BigInt(1e15))).maxFeePerGas;
    await apart(async (send) => {
      await send('anvil_setBalance', client.engine.address, toQuantity((funds * 3n) / 2n));
      const maintainer = { next: async () => await Promise.resolve([call!, call!]) };
      expect(await maintain({ ...client, maintainer }, context)).toBe(1);
    });
  });

  test('that the contract refuses is not sent, and said', async () => {
    const { maintainer } = clientOf(ATTESTED);
    await clients.advance(3);
    const [call] = await maintainer.next();
    const forged = { ...call!, data: `${call!.data.slice(0, -66)}${Wallet.createRandom().privateKey.slice(2)}00` };
    const client = clientOf(ATTESTED, { next: async () => await Promise.resolve([forged]) });
    await expect(maintain(client, context)).rejects.toMatchObject({ code: 'update-invalid' });
    expect(await client.engine.pending(call!.purpose)).toBe(0);
  });
});

describe('updates after the first', () => {
  /** Two that are true, one on top of the other, and one that is not. */
  async function clientOfLiar(): Promise<MaintainedLightClient> {
    const { maintainer } = clientOf(ATTESTED);
    await clients.advance(3);
    const [first] = await maintainer.next();
    await clients.advance(3);
    const [second] = await maintainer.next();
    const forged = `${second!.data.slice(0, -66)}${Wallet.createRandom().privateKey.slice(2)}00`;
    const lies = [first!, second!, { ...second!, data: forged }];
    return clientOf(ATTESTED, { next: async () => await Promise.resolve(lies) });
  }

  test('are sent together as far as the contract takes them', async () => {
    const client = await clientOfLiar();
    expect(await maintain(client, context)).toBe(2);
    expect(await client.engine.pending(maintenancePurpose(ATTESTED))).toBe(2);
  });

  test('wait where the node cannot try them', async () => {
    const client = await clientOfLiar();
    const proxy = await startRpcProxy(clients.here.provider._getConnection().url);
    proxy.fault = ({ method }) =>
      method === 'eth_simulateV1' ? { kind: 'error', code: -32_601, message: 'no such method' } : undefined;
    const provider = await connect(proxy.url, { name: 'here' });
    expect(await maintain({ ...client, found: { ...client.found, provider } }, context)).toBe(1);
    provider.destroy();
    await proxy.stop();
  });
});

describe('a block that its chain does not have', () => {
  const FALSE_HASH = `0x${'11'.repeat(32)}`;

  /** Has the attestors vouch for a block. */
  async function vouch(number: number): Promise<void> {
    const { address } = findLightClient(clients.client, { on: HERE, of: ATTESTED });
    const block = { epoch: 1n, number: BigInt(number), blockHash: FALSE_HASH };
    const { domain, types, value } = attestationData({ on: HERE, of: ATTESTED, address }, block);
    const signers = simulatedAttestors(ATTESTED, 1n, 3).slice(0, 2);
    const signatures = await Promise.all(signers.map(async (each) => await each.signTypedData(domain, types, value)));
    const data = ATTESTOR_CALLS.encodeFunctionData('attest', [number, FALSE_HASH, concat(signatures)]);
    const { hash } = await clients.here.account(0).sendTransaction({ to: address, data });
    await waitForReceipt(clients.here.provider, hash);
  }

  /** A node that has just started looks. */
  async function look(patience?: number): Promise<string[]> {
    const options = { finality: 'finalized', ...(patience !== undefined && { patience }) } as const;
    expect(await new RecordComparison(clients.client, clientOf(ATTESTED), options).run(context)).toBe(0);
    return (await openAlarms(store.db)).map(({ kind, subject }) => `${kind} ${subject}`);
  }

  const alarm = (number: number): string => `light-client-contradicted ${ATTESTED} on ${HERE}, block ${number}`;

  test('is called out, and no more once the light client does not know it', async () => {
    await apart(async () => {
      const { source } = findLightClient(clients.client, { on: HERE, of: ATTESTED });
      const { number } = (await source.getBlock('finalized'))!;
      await vouch(number);
      expect(await look()).toEqual([alarm(number)]);
      expect(await look()).toEqual([alarm(number)]);
    });
    expect(await look()).toEqual([]);
  });

  test('freezes the light client although another such block cannot be shown to it', async () => {
    const { client } = clients;
    const attested = client.chains.get(ATTESTED)!;
    const first = (await attested.provider.getBlock('latest'))!.number;
    const proxy = await startRpcProxy(attested.provider._getConnection().url);
    // Between the two.
    proxy.fault = ({ params }) => (params[0] === toQuantity(first + 1) ? { kind: 'status', status: 503 } : undefined);
    const provider = await connect(proxy.url, { name: 'attested' });
    const lane = { ...client, chains: new Map([...client.chains, [ATTESTED, { ...attested, provider }]]) };
    const { logger, lines } = listeningLogger();
    await clients.advance(8);
    await apart(async () => {
      for (const number of [first, first + 2]) await vouch(number);
      await update(ATTESTED);
      const comparison = new RecordComparison(lane, clientOf(ATTESTED), { finality: 'finalized' });
      await expect(comparison.run({ ...context, logger })).rejects.toMatchObject({ code: 'rpc-unreachable' });
      expect(lines.filter(({ msg }) => msg === 'freezing').map(({ block }) => block)).toEqual([first + 2]);
    });
    provider.destroy();
    await proxy.stop();
  });

  test('although it would be a later one is called out once the node had time to come as far', async () => {
    await apart(async () => {
      await vouch(1_000_000);
      expect(await look()).toEqual([]);
      expect(await look(0)).toEqual([alarm(1_000_000)]);
    });
  });
});
