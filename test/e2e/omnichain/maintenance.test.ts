import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { serveLocally, type LocalServer } from '../../../devnet/httpServer.ts';
import { getLightClientStatus } from '../../../sdk/actions/omnichain/getLightClientStatus.ts';
import { updateLightClient } from '../../../sdk/actions/omnichain/updateLightClient.ts';
import { lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { BeaconNode, type BeaconSource } from '../../../sdk/chain/omnichain/beaconNode.ts';
import {
  attestorLightClientAt,
  syncCommitteeLightClientAt,
} from '../../../sdk/chain/omnichain/maintenance/contracts.ts';
import { findLightClient, maintainerOf } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { SyncCommitteeMaintainer } from '../../../sdk/chain/omnichain/maintenance/syncCommittee.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import {
  ATTESTED,
  COMMITTEE,
  firstValidators,
  HERE,
  SEALED,
  startMaintainedClients,
  type MaintainedClients,
} from '../../support/maintainedClients.ts';
import { validator } from '../../support/sealedChain.ts';

const SLOTS_PER_PERIOD = 64;

let clients: MaintainedClients;

beforeAll(async () => {
  clients = await startMaintainedClients();
});

afterAll(async () => {
  await clients.stop();
});

async function update(of: bigint): Promise<string[]> {
  const signer = clients.here.account(0);
  const sent = await updateLightClient(clients.client, { on: HERE, of, signer });
  return sent.map(({ brings }) => brings);
}

async function status(of: bigint, sources?: readonly string[]) {
  return await getLightClientStatus(clients.client, { on: HERE, of, sources });
}

async function knows(of: bigint, number: number | bigint): Promise<string> {
  const { address, provider } = findLightClient(clients.client, { on: HERE, of });
  return await lightClientAt(address, provider).finalizedBlockHash(BigInt(number));
}

/** Sends what is next as the node does: without an estimate, each with the gas that it is said to take at most. */
async function sendWithLimits(
  of: bigint,
  maintainer = maintainerOf(findLightClient(clients.client, { on: HERE, of })),
): Promise<number> {
  const calls = await maintainer.next();
  for (const { to, data, gasLimit } of calls) {
    const { hash } = await clients.here.account(0).sendTransaction({ to, data, gasLimit });
    await waitForReceipt(clients.here.provider, hash);
  }
  return calls.length;
}

const FINALITY = '/eth/v1/beacon/light_client/finality_update';

/** A beacon node that shows another signature for what was signed last. */
async function serveForged(url: string, signature: string): Promise<LocalServer> {
  const app = new Hono();
  app.get('*', async (context) => {
    const { pathname, search } = new URL(context.req.url);
    const text = await (await fetch(`${url}${pathname}${search}`)).text();
    const forged = text.replace(/("sync_committee_signature":)"0x[\da-f]+"/u, `$1"${signature}"`);
    return context.text(pathname === FINALITY ? forged : text);
  });
  return await serveLocally(app, 0);
}

describe('a light client is kept in sync with', () => {
  test('a sync committee, from the next committee on over periods in which nobody looked after it', async () => {
    const { source, advance } = clients;
    await update(COMMITTEE);
    await advance(3 * SLOTS_PER_PERIOD);
    const committees = (await update(COMMITTEE)).flatMap((brings) => /period (\d+)/u.exec(brings)?.[1] ?? []);
    // One after the other, up to the period that it is now or the one after.
    expect(committees.slice(-3)).toEqual([1, 2, 3].map((offset) => `${Number(committees.at(-1)) - 3 + offset}`));
    await advance(3);

    const final = (await source.provider.getBlock('finalized'))!;
    expect((await status(COMMITTEE)).next.at(-1)).toContain(`block ${final.number}`);
    expect(await sendWithLimits(COMMITTEE)).toBeGreaterThan(0);
    expect(await knows(COMMITTEE, final.number)).toBe(final.hash);
    expect(await update(COMMITTEE)).toEqual([]);
  });

  test('a sync committee, by a node that has not kept what named it', async () => {
    const { source, validators, advance } = clients;
    await advance(3);
    const found = findLightClient(clients.client, { on: HERE, of: COMMITTEE });
    const head = await syncCommitteeLightClientAt(found.address, found.provider).finalizedSlot();
    const node = new BeaconNode(validators.url);
    const pruned: BeaconSource = {
      getBootstrap: async (root) => await node.getBootstrap(root),
      getFinalityUpdate: async () => await node.getFinalityUpdate(),
      getBlockRoot: async (block) => await node.getBlockRoot(block),
      async getUpdates(start, count) {
        if (start >= head / BigInt(SLOTS_PER_PERIOD)) return await node.getUpdates(start, count);
        throw new XdmError('rpc-error', 'status 400');
      },
    };
    expect(await sendWithLimits(COMMITTEE, new SyncCommitteeMaintainer(found, [pruned]))).toBeGreaterThan(0);
    const final = (await source.provider.getBlock('finalized'))!;
    expect(await knows(COMMITTEE, final.number)).toBe(final.hash);
  });

  test('a sync committee, by several who know nothing of each other', async () => {
    const { source, here, client, advance } = clients;
    await advance(2 * SLOTS_PER_PERIOD);
    const all = [0, 1, 2].map(async (index) => {
      return await updateLightClient(client, { on: HERE, of: COMMITTEE, signer: here.account(index) });
    });
    const sent = (await Promise.all(all)).flat().map(({ brings }) => brings);
    expect(new Set(sent).size).toBe(sent.length);
    const final = (await source.provider.getBlock('finalized'))!;
    expect(await knows(COMMITTEE, final.number)).toBe(final.hash);
  });

  test('no sync committee where somebody else has signed, and says so at once', async () => {
    const { advance, here, client, validators } = clients;
    const { signature } = (await new BeaconNode(validators.url).getFinalityUpdate())!;
    await advance(3);
    const forged = await serveForged(validators.url, signature);
    const sending = updateLightClient(client, {
      on: HERE,
      of: COMMITTEE,
      signer: here.account(0),
      sources: [forged.url],
    });
    await expect(sending).rejects.toMatchObject({ code: 'update-invalid' });
    await forged.close();
  });

  test('a sync committee, by the one of several nodes that is neither stuck nor a liar, nor silent', async () => {
    const { source, here, client, validators, advance } = clients;
    await advance(3);
    await update(COMMITTEE);
    const found = findLightClient(client, { on: HERE, of: COMMITTEE });
    const node = new BeaconNode(validators.url);
    const asked = { getBootstrap: node.getBootstrap.bind(node), getBlockRoot: node.getBlockRoot.bind(node) };
    const [updates, finality] = [await node.getUpdates(0n, 128), await node.getFinalityUpdate()];
    const [stale, silence] = [async () => await Promise.resolve(finality), new Promise<never>(() => undefined)];
    const stuck: BeaconSource = {
      ...asked,
      getUpdates: async () => await Promise.resolve(updates),
      getFinalityUpdate: stale,
    };
    const silent: BeaconSource = { ...asked, getUpdates: async () => await silence, getFinalityUpdate: stale };
    const liar = await serveForged(validators.url, finality!.signature);
    await advance(3);
    // By themselves they have nothing that the light client takes.
    expect(await new SyncCommitteeMaintainer(found, [stuck]).next()).toEqual([]);
    const lie = await new SyncCommitteeMaintainer(found, [new BeaconNode(liar.url)]).next();
    const { to, data } = lie.at(-1)!;
    await expect(here.provider.call({ to, data })).rejects.toMatchObject({ code: 'CALL_EXCEPTION' });

    // Whoever has nothing good to say says it first.
    const late: BeaconSource = {
      ...asked,
      getUpdates: async (start, count) => await sleep(600).then(async () => await node.getUpdates(start, count)),
      getFinalityUpdate: node.getFinalityUpdate.bind(node),
    };
    const sources = [stuck, silent, new BeaconNode(liar.url), late];
    const patience = { afterGood: 300, atMost: 20_000 };
    expect(await sendWithLimits(COMMITTEE, new SyncCommitteeMaintainer(found, sources, patience))).toBeGreaterThan(0);
    const final = (await source.provider.getBlock('finalized'))!;
    expect(await knows(COMMITTEE, final.number)).toBe(final.hash);

    await advance(3);
    const urls = [liar.url, 'http://127.0.0.1:1', validators.url];
    const sent = await updateLightClient(client, { on: HERE, of: COMMITTEE, signer: here.account(0), sources: urls });
    expect(sent.length).toBeGreaterThan(0);
    await liar.close();
  });

  test('attestors, and those who follow them', async () => {
    const { attestors, advance } = clients;
    await advance(3);
    expect(await update(ATTESTED)).toHaveLength(1);
    attestors.rotate();
    await advance(3);
    expect((await status(ATTESTED)).next[0]).toBe('the attestors of epoch 2');
    expect(await sendWithLimits(ATTESTED)).toBe(2);

    const { address, provider, source } = findLightClient(clients.client, { on: HERE, of: ATTESTED });
    const final = (await source.getBlock('finalized'))!;
    expect(await knows(ATTESTED, final.number)).toBe(final.hash);
    const contract = attestorLightClientAt(address, provider);
    expect(await contract.epoch()).toBe(2n);
    expect(await contract.signers()).not.toEqual(attestors.signers);
    expect(await update(ATTESTED)).toEqual([]);
  });

  test('attestors, through the blocks that are wanted', async () => {
    const { advance } = clients;
    await update(ATTESTED);
    const known = (await status(ATTESTED)).head.number;
    await advance(16);
    const wanted = [known + 2n, known + 9n, known + 11n, known + 1000n];
    const maintainer = maintainerOf(findLightClient(clients.client, { on: HERE, of: ATTESTED }));
    const plan = async (...numbers: bigint[]) => await maintainer.next(async () => await Promise.resolve(numbers));
    const brings = (await plan(...wanted)).map((call) => call.brings);
    expect(brings).toEqual([2n, 11n].map((offset) => `block ${known + offset}`));
    expect(await sendWithLimits(ATTESTED, { next: async () => await plan(...wanted) })).toBe(2);
    expect(BigInt(await knows(ATTESTED, wanted[0]!))).not.toBe(0n);
    // What is not final to them is nothing to wait for.
    const [newest] = await plan(known + 1000n);
    expect(newest!.block).toBeGreaterThan(known + 11n);
  });

  test('sealed headers, over blocks between where the validators have changed by much', async () => {
    const { sealed } = clients;
    for (let i = 0; i < 3; i++) sealed.append(firstValidators(), firstValidators().slice(1));
    expect(await update(SEALED)).toEqual(['block 3']);
    for (let i = 0; i < 9; i++) sealed.append([0, 1, 2, 3].map((offset) => validator(offset + Math.ceil(i / 3))));
    expect(await sendWithLimits(SEALED)).toBeGreaterThan(1);
    expect(await knows(SEALED, sealed.newest)).toBe(sealed.block(sealed.newest).hash);
    expect(await update(SEALED)).toEqual([]);
  });

  test('sealed headers, through the blocks that are wanted', async () => {
    const { sealed } = clients;
    for (let i = 0; i < 30; i++) sealed.append([0, 1, 2, 3].map((offset) => validator(offset + 3)));
    const { number } = (await status(SEALED)).head;
    const wanted = [number + 10n, number + 20n];
    const maintainer = maintainerOf(findLightClient(clients.client, { on: HERE, of: SEALED }));
    const next = async () =>
      await maintainer.next(async (after) => await Promise.resolve(after === number ? wanted : []));
    expect(await sendWithLimits(SEALED, { next })).toBe(2);
    for (const each of wanted) expect(await knows(SEALED, each)).toBe(sealed.block(each).hash);
    expect(await update(SEALED)).toEqual([`block ${sealed.newest}`]);
  });
});

describe('the status of a light client', () => {
  test('says how old its head is, how long it is trusted, and that nothing is to be done', async () => {
    const { next, problem, isFrozen, isExpired, age, trustedUntil, head } = await status(SEALED);
    expect({ next, problem, isFrozen, isExpired }).toEqual({
      next: [],
      problem: undefined,
      isFrozen: false,
      isExpired: false,
    });
    const { timestamp } = (await clients.here.provider.getBlock('latest'))!;
    expect(age).toBe(BigInt(timestamp) - BigInt(clients.sealed.header(head.number)!['timestamp']!));
    expect(trustedUntil).toBe(BigInt(timestamp) - age! + 86_400n);
    expect((await status(ATTESTED)).trustedUntil).toBeUndefined();
  });

  test.each([
    ['cannot be reached', COMMITTEE, 'rpc-unreachable', 'http://127.0.0.1:1'],
    ['cannot be reached', ATTESTED, 'rpc-unreachable', 'http://127.0.0.1:1'],
  ])('says when its source %s', async (_name, of, code, url) => {
    expect((await status(of, [url])).problem).toMatchObject({ code });
  });

  test('says that it is frozen, and that nothing can be done then', async () => {
    const { here, client } = clients;
    const { address } = findLightClient(client, { on: HERE, of: ATTESTED });
    // The flag stands behind the head's number and time, in the first slot.
    const slot = await here.provider.getStorage(address, 0);
    const frozen = `0x${(BigInt(slot) | (1n << 128n)).toString(16).padStart(64, '0')}`;
    await here.provider.send('anvil_setStorageAt', [address, `0x${'00'.repeat(32)}`, frozen]);
    expect(await status(ATTESTED)).toMatchObject({ isFrozen: true, next: [], problem: undefined });
    await expect(update(ATTESTED)).rejects.toMatchObject({ code: 'light-client-frozen' });
  });

  test('says that it is frozen once its validators are shown to have sealed two blocks of one height', async () => {
    const { sealed } = clients;
    const validators = sealed
      .block(sealed.newest)
      .validators.map((address) =>
        [0, 1, 2, 3, 4, 5, 6, 7].map(validator).find((each) => each.address.toLowerCase() === address)!,
      );
    sealed.append(validators);
    await update(SEALED);
    sealed.drop();
    sealed.append(validators, validators, { gasUsed: '0x1' });
    sealed.append(validators);
    expect(await update(SEALED)).toEqual([expect.stringMatching(/^the proof that two blocks \d+ were sealed$/u)]);
    expect((await status(SEALED)).isFrozen).toBe(true);
  });
});
