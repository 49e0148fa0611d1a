import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { devnetAccount } from '../../../devnet/accounts.ts';
import { startMiner, type Miner } from '../../../devnet/miner.ts';
import { serializeOmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import { A, B, RELAY, startOmnichainLane, type OmnichainLane } from '../../support/omnichainLane.ts';
import { startQuietSource, type QuietSource } from '../../support/quietSource.ts';
import { breakable, EPOCH_SLOTS, prepareNodes, type BreakableChain, type World } from '../world.ts';
import { deployTargets, type Targets } from './targets.ts';

/** Ids of the chains by their names. */
export const IDS = { relay: RELAY, A, B } as const;

export type ChainName = keyof typeof IDS;

export const NAMES = Object.keys(IDS) as readonly ChainName[];

/** A relay chain, two others, and a node that carries messages between them and keeps their light clients in sync. */
export interface OmnichainWorld extends World<ChainName> {
  readonly lane: OmnichainLane;
  readonly targets: Targets;
  /** By whose updates the node keeps the light clients of a chain in sync. */
  readonly sources: Readonly<Record<ChainName, QuietSource>>;
}

/** The node's accounts: for messages, and for light clients. */
export const MESSENGER = devnetAccount(8);
export const MAINTAINER = devnetAccount(9);

/** Blocks that are not final. */
export const DROPPABLE = 2 * EPOCH_SLOTS - 1;

/** Seconds after which a chain makes a block without transactions, and milliseconds between two looks for some. */
const IDLE_SECONDS = 0.4;
const PACE = { idle: 30, busy: 15 };

/** Seconds that the relay chain is ahead: blocks are made faster than one a second, for as long as a long run takes. */
const LEAD = 12 * 3600;

/** A node believes nothing that can be dropped. */
const SETTINGS = {
  finality: 'finalized',
  httpPort: 0,
  pollInterval: 150,
  maintenanceInterval: 300,
  requestTimeout: 4000,
  rebroadcastAfter: 2000,
  bumpAfter: 5000,
  privateKey: MESSENGER.privateKey,
  maintainerPrivateKey: MAINTAINER.privateKey,
};

export async function startWorld(): Promise<OmnichainWorld> {
  const lane = await startOmnichainLane({ epochSlots: EPOCH_SLOTS, lead: LEAD });
  const targets = await deployTargets(lane);
  const sources = await ofEach(async (name) => await startQuietSource(sourceOf(lane, name)));
  const miners: Miner[] = [];
  const chains = await ofEach(async (name) => {
    const { chain, miner } = await mineBlocks(lane, name);
    miners.push(miner);
    return chain;
  });
  const folder = mkdtempSync(join(tmpdir(), 'xdm-omnichain-'));
  const [deployment, config] = [join(folder, 'deployment.json'), join(folder, 'relayer.json')];
  writeFileSync(deployment, serializeOmnichainDeployment(lane.client.lane));
  const urls = (of: (name: ChainName) => string): object => Object.fromEntries(NAMES.map((name) => [name, of(name)]));
  const settings = {
    ...SETTINGS,
    rpcUrls: urls((name) => chains[name].proxy.url),
    sourceUrls: urls((name) => sources[name].url),
  };
  writeFileSync(config, JSON.stringify(settings));
  const node = await prepareNodes({ replicas: 1, options: { deployment, config } });
  return {
    ...node,
    chains,
    lane,
    targets,
    sources,
    async stop() {
      await node.stop();
      for (const miner of miners) miner.stop();
      await Promise.all(NAMES.flatMap((name) => [chains[name].proxy.stop(), sources[name].close()]));
      await lane.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ofEach<Value>(make: (name: ChainName) => Promise<Value>): Promise<Record<ChainName, Value>> {
  return { relay: await make('relay'), A: await make('A'), B: await make('B') };
}

function sourceOf({ client }: OmnichainLane, name: ChainName): string {
  const [url] = client.lane.lightClients.find(({ of }) => of === IDS[name])!.sources;
  return url!;
}

/** From now on a chain makes blocks by itself: one after the other, and none while it drops some. */
async function mineBlocks(
  lane: OmnichainLane,
  name: ChainName,
): Promise<{ readonly chain: BreakableChain; readonly miner: Miner }> {
  const { provider, url } = lane.chain(IDS[name]);
  // Nothing that was sent so far is dropped.
  await lane.advance(IDS[name], 2 * EPOCH_SLOTS);
  await provider.send('evm_setAutomine', [false]);
  const miner = startMiner(url, IDLE_SECONDS, PACE);
  const betweenBlocks: Miner['betweenBlocks'] = async (work) => await miner.betweenBlocks(work);
  return { miner, chain: await breakable(url, { provider, droppable: DROPPABLE, betweenBlocks }) };
}

/** Adds blocks to each chain, with a second between them. */
export async function addBlocks({ chains }: Pick<OmnichainWorld, 'chains'>, blocks = 2): Promise<void> {
  await Promise.all(
    NAMES.map(async (name) => {
      const chain = chains[name];
      await chain.betweenBlocks(
        async () => void (await chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`, '0x1'])),
      );
    }),
  );
}
