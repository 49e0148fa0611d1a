import { join } from 'node:path';

import type { Contract, HDNodeWallet, JsonRpcProvider } from 'ethers';

import { startAttestorSet, type AttestorSet } from '../../devnet/attestors/attestorSet.ts';
import { deployOmnichain } from '../../sdk/actions/omnichain/deployOmnichain.ts';
import type { LightClientPlan } from '../../sdk/actions/omnichain/planOmnichain.ts';
import { BeaconNode } from '../../sdk/chain/omnichain/beaconNode.ts';
import { connectOmnichain, disconnectOmnichain, type OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import {
  buildAttestorConfiguration,
  buildSyncCommitteeConfiguration,
} from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { deployArtifact, startChain, type Chain } from '../support/chain.ts';
import { A, B, RELAY } from '../support/omnichainLane.ts';
import { until } from '../support/until.ts';
import { BeaconReader } from './beaconReader.ts';
import { startExecutionClient } from './executionClient.ts';
import { startLodestar } from './lodestar.ts';
import type { PayloadBuilder } from './payloadBuilder.ts';

/** A lane whose chain A has real validators, so to say: Lodestar's. B and the relay chain have attestors. */
export interface ConsensusLane {
  readonly client: OmnichainClient;
  readonly beacon: BeaconReader;
  /** Makes A's blocks. */
  readonly builder: PayloadBuilder;
  provider(id: bigint): JsonRpcProvider;
  /** An account with funds, other ones on each chain. */
  account(id: bigint): HDNodeWallet;
  /** A contract `Counterpart` on each chain, which hears that account of the other chains. */
  counterpart(id: bigint): Contract;
}

/** What has to be ended, in the order in which it was started. */
export type Stops = (() => unknown)[];

/** Seconds. A machine that is busy does not keep up with much shorter ones. */
const SECONDS_PER_SLOT = 4;

/** More than a committee has seats: committees differ by who is in them. */
const VALIDATORS = 40;

/** Somebody is always missing: seats of committees are empty, and slots without a block. */
const ONLINE = 37;

const DAY = 86_400n;

/** Blocks before EIP-2935's contract forgets one. */
const HISTORY_WINDOW = 8191n;

/** Makes no block unless it is told to. */
export const DRIVEN = ['--no-mining', '--order', 'fifo'];

/** A block each second, the second newest final. */
const BY_ITSELF = ['--block-time', '1', '--slots-in-an-epoch', '1'];

/** Starts it: Lodestar needs some epochs before a first block is final to start the light client from. */
export async function startConsensusLane(folder: string, stops: Stops): Promise<ConsensusLane> {
  const chains = new Map<bigint, Chain>();
  for (const [id, args] of [
    [RELAY, BY_ITSELF],
    [A, DRIVEN],
    [B, BY_ITSELF],
  ] as const) {
    const chain = await startChain(Number(id), ['--hardfork', 'prague', ...args]);
    stops.push(async () => await chain.stop());
    chains.set(id, chain);
  }
  const anvil = chains.get(A)!;
  const execution = await startExecutionClient(anvil.url, anvil.provider);
  stops.push(async () => await execution.stop());
  const consensus = await startLodestar({
    engineUrl: execution.url,
    genesisBlock: (await anvil.provider.getBlock(0))!.hash!,
    secondsPerSlot: SECONDS_PER_SLOT,
    validators: VALIDATORS,
    online: ONLINE,
    folder: join(folder, 'lodestar'),
  });
  stops.push(async () => await consensus.stop());
  const beacon = new BeaconReader(consensus.url);
  const gone = consensus.exited.then(() => {
    throw new Error('Lodestar has ended: its log says why');
  });
  await Promise.race([until(async () => (await beacon.finalizedEpoch()) > 0n), gone]);

  const urls = new Map([...chains].map(([id, { url }]) => [id, id === A ? execution.url : url]));
  const providers = new Map<bigint, JsonRpcProvider>();
  for (const [id, url] of urls) {
    const provider = await connect(url, { name: `${id}` });
    stops.push(() => provider.destroy());
    providers.set(id, provider);
  }
  const places: Places = {
    url: (id) => urls.get(id)!,
    account: (id, index) => chains.get(id)!.account(index).connect(providers.get(id)!),
  };
  const client = await deploy(places, consensus.url, stops);
  stops.push(() => disconnectOmnichain(client));
  const counterparts = await deployCounterparts(client, places);
  return {
    client,
    beacon,
    builder: execution.builder,
    provider: (id) => providers.get(id)!,
    account: (id) => places.account(id, 1),
    counterpart: (id) => counterparts.get(id)!,
  };
}

interface Places {
  readonly url: (id: bigint) => string;
  readonly account: (id: bigint, index: number) => HDNodeWallet;
}

async function deploy(places: Places, beaconUrl: string, stops: Stops): Promise<OmnichainClient> {
  const attestedBy = async (of: bigint): Promise<AttestorSet> => {
    const attestors = await startAttestorSet({ rpcUrl: places.url(of) });
    stops.push(async () => await attestors.stop());
    return attestors;
  };
  const [ofRelay, ofB] = [await attestedBy(RELAY), await attestedBy(B)];
  const place = (name: string, id: bigint) => ({ name, signer: places.account(id, 0), rpcUrl: places.url(id) });
  const terms = { historyWindow: HISTORY_WINDOW, trustingPeriod: DAY };
  const attested = (chainId: bigint, { signers, threshold }: AttestorSet) =>
    buildAttestorConfiguration({ ...terms, chainId, signers, threshold: BigInt(threshold) });
  const relay = { ...attested(RELAY, ofRelay), of: 'relay', sources: [ofRelay.url] };
  const committees = await buildSyncCommitteeConfiguration(new BeaconNode(beaconUrl), { ...terms, chainId: A });
  const lightClients: LightClientPlan[] = [
    { on: 'relay', of: 'A', ...committees, sources: [beaconUrl] },
    { on: 'relay', of: 'B', ...attested(B, ofB), sources: [ofB.url] },
    { on: 'A', ...relay },
    { on: 'B', ...relay },
  ];
  const deployment = await deployOmnichain({
    places: [place('relay', RELAY), place('A', A), place('B', B)],
    lightClients,
    lightClientDelay: DAY,
    fee: { perMessage: 1000n, perGas: 1n },
  });
  return await connectOmnichain(deployment);
}

async function deployCounterparts(client: OmnichainClient, { account }: Places): Promise<Map<bigint, Contract>> {
  const found = new Map<bigint, Contract>();
  for (const { chainId, service } of client.lane.chains) {
    const counterpart = await deployArtifact('Counterpart', account(chainId, 0), service);
    found.set(chainId, counterpart);
    for (const other of client.lane.chains) {
      if (other.chainId === chainId) continue;
      const allow = counterpart.getFunction('allow');
      const { hash } = await allow.send(other.chainId, account(other.chainId, 1).address, true);
      await waitForReceipt(account(chainId, 0).provider!, hash);
    }
  }
  return found;
}
