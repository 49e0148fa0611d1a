import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startValidatorSet, type ValidatorSet } from '../../../devnet/validators/validatorSet.ts';
import { watchReplacement } from '../../../relayer/lanes/omnichain/stages/watchReplacement.ts';
import { newSignals } from '../../../relayer/signals.ts';
import { openAlarms } from '../../../relayer/store/alarms.ts';
import * as sdk from '../../../sdk/actions/omnichain/addChain.ts';
import { getOrderTrace } from '../../../sdk/actions/omnichain/getOrderTrace.ts';
import { transferIn } from '../../../sdk/actions/omnichain/transferIn.ts';
import { transferOut } from '../../../sdk/actions/omnichain/transferOut.ts';
import { updateLightClient } from '../../../sdk/actions/omnichain/updateLightClient.ts';
import { BeaconNode } from '../../../sdk/chain/omnichain/beaconNode.ts';
import { connectOmnichain, disconnectOmnichain, type OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import { serviceAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { findLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { parseAddition, serializeAddition, type ChainAddition } from '../../../sdk/core/omnichain/addition.ts';
import {
  parseOmnichainDeployment,
  serializeOmnichainDeployment,
  type OmnichainLightClient,
} from '../../../sdk/core/omnichain/deployment.ts';
import { deployArtifact, startChain, type Chain } from '../../support/chain.ts';
import type { CliRun } from '../../support/cli.ts';
import { runMain } from '../../support/cliMain.ts';
import { listeningLogger } from '../../support/logger.ts';
import { A, B, RELAY, startOmnichainLane, text, type OmnichainLane } from '../../support/omnichainLane.ts';
import { newStore } from '../../support/store.ts';

const C = 7003n;

let lane: OmnichainLane;
let c: Chain;
let validators: ValidatorSet;
let folder: string;
let deployment: string;
let terms: { readonly lightClient: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-addition-'));
  deployment = join(folder, 'lane.json');
  [lane, c] = await Promise.all([startOmnichainLane(), startChain(Number(C), ['--slots-in-an-epoch', '1'])]);
  await mine(4);
  validators = await startValidatorSet({ rpcUrl: c.url });
  writeFileSync(deployment, serializeOmnichainDeployment(lane.client.lane));
  const relayClient = lane.client.lane.lightClients.find(({ of }) => of === RELAY)!;
  terms = {
    name: 'C',
    chainId: Number(C),
    rpcUrl: c.url,
    fee: { perMessage: 7, perGas: 2 },
    lightClient: { kind: 'sync-committee', sources: [validators.url], trustingPeriod: 86_400 },
    relayLightClient: {
      kind: 'attestor',
      sources: relayClient.sources,
      signers: lane.attestors.signers,
      threshold: lane.attestors.threshold,
      historyWindow: 8191,
    },
  };
  writeFileSync(join(folder, 'c.json'), JSON.stringify(terms));
});

afterAll(async () => {
  await lane.stop();
  await validators.stop();
  await c.stop();
  rmSync(folder, { recursive: true });
});

async function mine(blocks: number): Promise<void> {
  await c.provider.send('anvil_mine', [`0x${blocks.toString(16)}`, '0x1']);
}

/** Run by the owner of all services. */
async function addChain(...args: readonly string[]): Promise<CliRun> {
  const variables = { XDM_DEPLOYMENT: deployment, PRIVATE_KEY: lane.chain(A).account(0).privateKey };
  return await runMain(['addChain', '--config', join(folder, 'c.json'), ...args], variables);
}

/** How many transactions the owner has sent on the relay chain, A, C and B. */
async function nonces(): Promise<number[]> {
  const chains = [lane.chain(RELAY), lane.chain(A), c, lane.chain(B)];
  const { address } = c.account(0);
  return await Promise.all(chains.map(async ({ provider }) => await provider.getTransactionCount(address)));
}

test('a chain is planned, added for the owners that others are, goes on where it broke off, and is one of the lane', async () => {
  const owner = await handOver(RELAY);
  await handOver(A);
  const before = await nonces();
  const dry = await addChain('--dry-run', '--json');
  expect(dry).toMatchObject({ code: 0 });
  const planned = JSON.parse(dry.stdout) as { service: string; lightClient: string; calls: unknown[] };
  expect(planned.calls).toHaveLength(6);
  expect(await nonces()).toEqual(before);

  await refuseAnotherPlan();

  // Those on the relay chain and on A are another owner's: the command refuses before anything is sent.
  const refused = await addChain();
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain(`is owned by ${owner.address}`);
  expect((await nonces())[2]).toBe(before[2]);

  await breakOff();
  const begun = await nonces();
  const left = await addChain('--calldata', '--json');
  expect(left).toMatchObject({ code: 4 });
  expect(left.stderr).toContain(`C service ${planned.service}, was done already`);
  expect(left.stderr).toMatch(new RegExp(`^relay lightClient ${planned.lightClient}, \\d+ gas$`, 'mu'));
  // A light client there and on C, and six calls on C. B is told nothing before the relay chain is.
  expect(await nonces()).toEqual([begun[0]! + 1, begun[1], begun[2]! + 7, begun[3]]);
  const calls = JSON.parse(left.stdout) as { chain: string; purpose: string; of: string; to: string; data: string }[];
  expect(calls.map(({ chain, purpose, of }) => [chain, purpose, of])).toEqual([
    ['relay', 'registerChain', 'C'],
    ['relay', 'setFee', 'C'],
    ['A', 'registerChain', 'C'],
    ['A', 'setFee', 'C'],
    ['B', 'registerChain', 'C'],
    ['B', 'setFee', 'C'],
  ]);
  expect(parseOmnichainDeployment(readFileSync(deployment, 'utf8'), 'lane').chains).toHaveLength(3);
  for (const { chain, to, data } of calls.slice(0, 4)) {
    const { provider } = lane.chain(chain === 'A' ? A : RELAY);
    await waitForReceipt(provider, (await owner.connect(provider).sendTransaction({ to, data })).hash);
  }

  const spent = await nonces();
  const added = await addChain('--json');
  expect(added).toMatchObject({ code: 0 });
  expect(await nonces()).toEqual([...spent.slice(0, 3), spent[3]! + 2]);
  expect(JSON.parse(added.stdout)).toMatchObject({ name: 'C', service: planned.service });
  expect(existsSync(`${deployment}.C.plan`)).toBe(false);
  expect(await addChain()).toMatchObject({ code: 2 });

  await exchange();
});

/** Hands the service on a chain over to another account. */
async function handOver(id: bigint): Promise<ReturnType<Chain['account']>> {
  const chain = lane.chain(id);
  const { provider } = chain;
  const owner = chain.account(2);
  const service = serviceAt(lane.client.chains.get(id)!.service, chain.account(0));
  await waitForReceipt(provider, (await service.transferOwnership(owner.address)).hash);
  const accept = ['acceptOwnership', '--deployment', deployment, '--private-key', owner.privateKey];
  expect((await runMain(accept)).stdout).toContain(await service.getAddress());
  return owner;
}

/** What is asked for is what is done, and shown: not what the file says that was asked for once. */
async function refuseAnotherPlan(): Promise<void> {
  const [config, file] = [join(folder, 'c.json'), `${deployment}.C.plan`];
  const plan = readFileSync(file, 'utf8');
  const refused = async (what: string): Promise<void> => {
    const run = await addChain();
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain(`plans a chain with another ${what} than is asked for`);
  };

  await mine(3);
  await validators.caughtUp();
  const trustedBlockRoot = await new BeaconNode(validators.url).getBlockRoot('finalized');
  for (const change of [{ trustedBlockRoot }, { trustingPeriod: 86_399 }, { historyWindow: 0 }]) {
    writeFileSync(config, JSON.stringify({ ...terms, lightClient: { ...terms.lightClient, ...change } }));
    await refused(`${Object.keys(change)[0]} of the light client`);
  }
  writeFileSync(config, JSON.stringify(terms));

  const changed = parseAddition(plan, 'the plan');
  const { lightClient } = changed;
  const edits: readonly [what: string, edit: Partial<ChainAddition>][] = [
    ['owner', { owner: lane.account(A).address }],
    ["light client's code", { lightClient: { ...lightClient, creationCode: `${lightClient.creationCode}00` } }],
    ["light client's description of what it trusts", { lightClient: { ...lightClient, trusts: 'what is right' } }],
  ];
  for (const [what, edit] of edits) {
    writeFileSync(file, serializeAddition({ ...changed, ...edit }));
    await refused(what);
  }
  writeFileSync(file, plan);
}

/** Carries out the plan as far as the new chain's service. */
async function breakOff(): Promise<void> {
  const end = new AbortController();
  const run = sdk.addChain(lane.client, parseAddition(readFileSync(`${deployment}.C.plan`, 'utf8'), 'the plan'), {
    provider: c.provider,
    signer: c.account(0),
    othersCalls: 'leave',
    onStep: ({ what }) => (what === 'service' ? end.abort() : undefined),
    signal: end.signal,
  });
  await expect(run).rejects.toMatchObject({ code: 'timeout' });
}

test('a deployment whose light clients are others is refused', async () => {
  const { client } = lane;
  const [first, ...others] = client.lane.lightClients;
  const connecting = async (change: Partial<OmnichainLightClient>): Promise<OmnichainClient> =>
    await connectOmnichain({ ...client.lane, lightClients: [{ ...first!, ...change }, ...others] });

  const misconfigured = (words: string) => ({
    code: 'misconfigured',
    message: expect.stringContaining(words) as string,
  });
  await expect(connecting({ kind: 'attestor' })).rejects.toMatchObject(misconfigured('is of kind sync-committee'));
  await expect(connecting({ address: client.lane.chains[0]!.service })).rejects.toMatchObject(
    misconfigured(`reads chain ${first!.of} by ${first!.address}`),
  );

  // One that is announced is followed before it is in place.
  const chain = lane.chain(first!.on);
  const args = [first!.of, 0n, lane.attestors.signers, lane.attestors.threshold];
  const announced = await (await deployArtifact('AttestorLightClient', chain.account(0), ...args)).getAddress();
  const to = client.lane.chains.find(({ chainId }) => chainId === first!.on)!.service;
  const owned = await serviceAt(to, chain.provider).owner();
  const owner = [0, 2].map((each) => chain.account(each)).find(({ address }) => address === owned)!;
  const replace = async (act: string, ...options: readonly string[]): Promise<CliRun> => {
    const which = ['--on', `${first!.on}`, '--of', `${first!.of}`, '--private-key', owner.privateKey];
    return await runMain(['lightclient', act, ...which, ...options], { XDM_DEPLOYMENT: deployment });
  };
  expect((await replace('apply')).stderr).toContain('is announced on');
  const proposed = await replace('propose', '--address', announced, '--json');
  expect(JSON.parse(proposed.stdout)).toMatchObject({ lightClient: announced, kind: 'attestor', delay: '86400' });
  expect((await replace('apply')).code).toBe(4);
  const extended = await connecting({ kind: 'attestor', address: announced });

  // An operator is called until the file names it.
  const store = await newStore();
  const context = { store, logger: listeningLogger().logger, signals: newSignals() };
  const look = async (by: OmnichainClient): Promise<string[]> => {
    const found = findLightClient(by, { on: first!.on, of: first!.of });
    await watchReplacement({ name: 'A on relay', found, service: to }, context);
    return (await openAlarms(store.db)).map(({ kind, message }) => `${kind}: ${message}`);
  };
  const called = (what: string) => [expect.stringMatching(`^light-client-replaced: .* ${what} ${announced}`) as string];
  expect(await look(client)).toEqual(called('can be made to read by'));
  expect(await look(extended)).toEqual([]);
  const snapshot: unknown = await chain.provider.send('evm_snapshot', []);
  await chain.provider.send('evm_increaseTime', [Number(await serviceAt(to, chain.provider).lightClientDelay())]);
  await chain.provider.send('evm_mine', []);
  expect(await replace('apply')).toMatchObject({ code: 0 });
  expect(await look(client)).toEqual(called('reads by'));
  expect(await look(extended)).toEqual([]);
  await chain.provider.send('evm_revert', [snapshot]);
  disconnectOmnichain(extended);
  await store.remove();
});

/** A message to the new chain, and one from it, over the relay chain. */
async function exchange(): Promise<void> {
  const client = await connectOmnichain(parseOmnichainDeployment(readFileSync(deployment, 'utf8'), 'lane'));
  try {
    const here = await deployArtifact('Counterpart', c.account(0), client.chains.get(C)!.service);
    const there = lane.counterpart(A);
    await waitForReceipt(c.provider, (await here.getFunction('allow').send(A, lane.account(A).address, true)).hash);
    const allowed = await there.getFunction('allow').send(C, c.account(1).address, true);
    await waitForReceipt(lane.chain(A).provider, allowed.hash);
    await deliver(client, A, { to: C, target: await here.getAddress(), words: 'to the new one' });
    expect(await here.getFunction('lastMessage')()).toBe(text('to the new one'));
    await deliver(client, C, { to: A, target: await there.getAddress(), words: 'from the new one' });
    expect(await there.getFunction('lastMessage')()).toBe(text('from the new one'));
  } finally {
    disconnectOmnichain(client);
  }
}

type Delivery = Readonly<Record<'target' | 'words', string>> & { readonly to: bigint };

async function deliver(client: OmnichainClient, from: bigint, { to, target, words }: Delivery): Promise<void> {
  const signer = from === C ? c.account(1) : lane.account(from);
  const plain = { relay: false, msgType: 'message', gasLimit: 300_000n, value: 0n } as const;
  const message = { ...plain, target, payload: text(words) };
  const { orderId } = await transferOut(client, { fromChain: from, toChain: to, signer, message });
  for (const [of, on] of [
    [from, RELAY],
    [RELAY, to],
  ] as const) {
    await finalize(of);
    const account = on === C ? c.account(1) : lane.account(on);
    await updateLightClient(client, { on, of, signer: account });
    const { pending } = await getOrderTrace(client, orderId);
    await transferIn(client, { fromChain: of, order: pending!.order, signer: account });
  }
}

async function finalize(id: bigint): Promise<void> {
  if (id !== C) {
    await lane.advance(id, 3);
    return;
  }
  await mine(3);
  await validators.caughtUp();
}
