import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { startValidatorSet, type ValidatorSet } from '../../../devnet/validators/validatorSet.ts';
import {
  parseBootstrap,
  parseUpdate,
  type BeaconBootstrap,
  type BeaconUpdate,
} from '../../../sdk/core/omnichain/lightClient/beaconApi.ts';
import { startChain, type Chain } from '../../support/chain.ts';
import { deploySyncCommitteeClient, type SyncCommitteeClient } from '../../support/syncCommitteeClient.ts';

const SLOTS_PER_PERIOD = 64;

const dataSchema = z.object({ data: z.unknown() });
const rootSchema = z.object({ data: z.object({ root: z.string() }) });

describe('a simulated validator set', () => {
  let source: Chain;
  let destination: Chain;
  let validators: ValidatorSet;
  let client: SyncCommitteeClient;

  beforeAll(async () => {
    source = await startChain(7001, ['--slots-in-an-epoch', '1']);
    // Later by some time: the source's blocks are made a second apart, and sooner than that.
    destination = await startChain(7002, ['--timestamp', `${Math.floor(Date.now() / 1000) + 3600}`]);
    validators = await startValidatorSet({ rpcUrl: source.url });
    await advance(5);
    const { data } = rootSchema.parse(await ask('/eth/v1/beacon/blocks/finalized/root'));
    const bootstrap = await getBootstrap(data.root);
    client = await deploySyncCommitteeClient(destination, validators.chain.network, data.root, bootstrap);
  });

  afterAll(async () => {
    await validators.stop();
    await Promise.all([source.stop(), destination.stop()]);
  });

  async function ask(path: string): Promise<unknown> {
    const answer = await fetch(`${validators.url}${path}`);
    if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
    return await answer.json();
  }

  async function getBootstrap(root: string): Promise<BeaconBootstrap> {
    return parseBootstrap(dataSchema.parse(await ask(`/eth/v1/beacon/light_client/bootstrap/${root}`)).data);
  }

  async function getFinality(): Promise<BeaconUpdate> {
    return parseUpdate(dataSchema.parse(await ask('/eth/v1/beacon/light_client/finality_update')).data);
  }

  async function getUpdates(start: bigint, count: number): Promise<BeaconUpdate[]> {
    const path = `/eth/v1/beacon/light_client/updates?start_period=${start}&count=${count}`;
    return z
      .array(dataSchema)
      .parse(await ask(path))
      .map(({ data }) => parseUpdate(data));
  }

  /** Blocks one second after each other, and their beacon blocks. */
  async function advance(blocks: number): Promise<void> {
    await source.provider.send('anvil_mine', [`0x${blocks.toString(16)}`, '0x1']);
    await validators.caughtUp();
  }

  test("vouches for a chain's final block, to the contract that mainnet's committee convinces", async () => {
    await advance(3);
    const final = (await source.provider.getBlock('finalized'))!;
    await client.update(await getFinality());
    expect(await client.contract.getFunction('finalizedBlockHash')(final.number)).toBe(final.hash);
  });

  test('rotates its committee, and who was away follows by an update a period', async () => {
    const before = client.periodOf(await client.finalizedSlot());
    await advance(3 * SLOTS_PER_PERIOD);
    for (const update of await getUpdates(before, 4)) {
      client.learn(client.periodOf(update.attested.slot) + 1n, update.nextCommittee);
      await client.update(update);
    }
    // The last of them is the newest there is: what comes next needs another block.
    await advance(1);
    await client.update(await getFinality());

    const final = (await source.provider.getBlock('finalized'))!;
    expect(client.periodOf(await client.finalizedSlot())).toBe(before + 3n);
    expect(await client.contract.getFunction('finalizedBlockHash')(final.number)).toBe(final.hash);
  });

  test('follows its chain to another branch, and vouches for nothing that was dropped', async () => {
    const final = (await source.provider.getBlock('finalized'))!;
    await source.provider.send('anvil_reorg', [1, []]);
    await validators.caughtUp();
    const head = (await source.provider.getBlock('latest'))!;
    expect(validators.chain.head?.block_hash).toBe(head.hash);

    await advance(2);
    await client.update(await getFinality());
    expect(await client.contract.getFunction('finalizedBlockHash')(final.number)).toBe(final.hash);
    expect(await client.contract.getFunction('finalizedBlockHash')(head.number)).toBe(head.hash);
  });

  test('has nothing to say of a block that it does not know', async () => {
    await expect(ask(`/eth/v1/beacon/light_client/bootstrap/0x${'00'.repeat(32)}`)).rejects.toThrow('404');
    await expect(ask('/eth/v1/beacon/light_client/updates?start_period=x&count=1')).rejects.toThrow('400');
    expect(await getUpdates(1_000_000n, 1)).toEqual([]);
  });
});
