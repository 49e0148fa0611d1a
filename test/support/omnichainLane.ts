import { concat, getBytes, hexlify, type Contract, type HDNodeWallet } from 'ethers';

import { simulatedAttestors } from '../../devnet/attestors/attestorKeys.ts';
import { startAttestorSet, type AttestorSet } from '../../devnet/attestors/attestorSet.ts';
import { startValidatorSet, type ValidatorSet } from '../../devnet/validators/validatorSet.ts';
import { deployOmnichain } from '../../sdk/actions/omnichain/deployOmnichain.ts';
import type { LightClientPlan } from '../../sdk/actions/omnichain/planOmnichain.ts';
import { updateLightClient } from '../../sdk/actions/omnichain/updateLightClient.ts';
import { BeaconNode } from '../../sdk/chain/omnichain/beaconNode.ts';
import {
  connectOmnichain,
  disconnectOmnichain,
  lightClientBetween,
  type OmnichainClient,
} from '../../sdk/chain/omnichain/client.ts';
import {
  buildAttestorConfiguration,
  buildSyncCommitteeConfiguration,
} from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { ATTESTOR_CALLS } from '../../sdk/chain/omnichain/maintenance/contracts.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { attestationData } from '../../sdk/core/omnichain/lightClient/attestation.ts';
import type { OmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import type { MessageData } from '../../sdk/core/omnichain/messageData.ts';
import { deployArtifact, startChain, type Chain } from './chain.ts';

/** Chain ids of a lane of three chains. */
export const RELAY = 7000n;
export const A = 7001n;
export const B = 7002n;

const DAY = 86_400n;

/** Blocks before EIP-2935's contract forgets one. */
const HISTORY_WINDOW = 8191n;

/** Three real chains, their services, and light clients between them: by simulated validator sets, and by attestors. */
export interface OmnichainLane {
  readonly client: OmnichainClient;
  readonly attestors: AttestorSet;
  chain(id: bigint): Chain;
  /** An account with funds, other ones on each chain. */
  account(id: bigint): HDNodeWallet;
  /** A contract `Counterpart` on each chain: hears those of the other chains. */
  counterpart(id: bigint): Contract;
  /** Mines blocks, a second apart, and waits for those who vouch for them. The newest with transactions are final after three. */
  advance(id: bigint, blocks: number): Promise<void>;
  /** Mines blocks until the newest ones with transactions are final, and lets the other chains' light clients know. */
  finalize(id: bigint): Promise<void>;
  /** Has the attestors vouch for a block of the relay chain, true or not, on another chain. */
  vouch(id: bigint, block: AttestedBlock): Promise<void>;
  stop(): Promise<void>;
}

export interface OmnichainLaneOptions {
  /** Blocks that the safe block is behind the newest, and half of those that the final one is; 1 unless given. */
  readonly epochSlots?: number;
  /** Seconds that the relay chain's clock is ahead of the others'; an hour unless given. */
  readonly lead?: number;
}

/** Starts them. */
export async function startOmnichainLane({
  epochSlots = 1,
  lead = 3600,
}: OmnichainLaneOptions = {}): Promise<OmnichainLane> {
  const chains = new Map<bigint, Chain>();
  const ids = [RELAY, A, B];
  for (const id of ids) {
    // The others' blocks are made a second apart, and sooner than that: what they sign must not be of the relay chain's future.
    const timestamp = Math.floor(Date.now() / 1000) + (id === RELAY ? lead : 0);
    const args = ['--slots-in-an-epoch', `${epochSlots}`, '--timestamp', `${timestamp}`];
    chains.set(id, await startChain(Number(id), args));
  }
  const chainOf = (id: bigint): Chain => chains.get(id)!;
  const sets = new Map<bigint, ValidatorSet>();
  for (const id of [A, B]) {
    await mine(chainOf(id), 4 * epochSlots);
    sets.set(id, await startValidatorSet({ rpcUrl: chainOf(id).url }));
  }
  const attestors = await startAttestorSet({ rpcUrl: chainOf(RELAY).url });
  const client = await connectOmnichain(await deploy(chainOf, sets, attestors));
  const counterparts = await deployCounterparts(client, chainOf);
  const advance = async (id: bigint, blocks: number): Promise<void> => {
    await mine(chainOf(id), blocks);
    await sets.get(id)?.caughtUp();
  };
  return {
    client,
    attestors,
    chain: chainOf,
    account: (id) => chainOf(id).account(1),
    counterpart: (id) => counterparts.get(id)!,
    advance,
    async finalize(id) {
      await advance(id, 2 * epochSlots + 1);
      for (const { on, of } of client.lane.lightClients) {
        if (of === id) await updateLightClient(client, { on, of, signer: chainOf(on).account(0) });
      }
    },
    vouch: async (id, block) => await vouchOn(client, chainOf(id), block),
    async stop() {
      disconnectOmnichain(client);
      await Promise.all([...sets.values(), attestors].map(async (set) => await set.stop()));
      await Promise.all([...chains.values()].map(async (chain) => await chain.stop()));
    },
  };
}

async function mine(chain: Chain, blocks: number): Promise<void> {
  await chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`, '0x1']);
}

async function deploy(
  chainOf: (id: bigint) => Chain,
  sets: ReadonlyMap<bigint, ValidatorSet>,
  attestors: AttestorSet,
): Promise<OmnichainDeployment> {
  const place = (name: string, id: bigint) => ({ name, signer: chainOf(id).account(0), rpcUrl: chainOf(id).url });
  const terms = { historyWindow: HISTORY_WINDOW, trustingPeriod: DAY };
  const { signers } = attestors;
  const attested = buildAttestorConfiguration({
    ...terms,
    chainId: RELAY,
    signers,
    threshold: BigInt(attestors.threshold),
  });
  const planned = async (name: string, chainId: bigint): Promise<LightClientPlan[]> => {
    const { url } = sets.get(chainId)!;
    const validated = await buildSyncCommitteeConfiguration(new BeaconNode(url), { ...terms, chainId });
    return [
      { on: 'relay', of: name, ...validated, sources: [url] },
      { on: name, of: 'relay', ...attested, sources: [attestors.url] },
    ];
  };
  return await deployOmnichain({
    places: [place('relay', RELAY), place('A', A), place('B', B)],
    lightClients: [...(await planned('A', A)), ...(await planned('B', B))],
    lightClientDelay: DAY,
    fee: { perMessage: 1000n, perGas: 1n },
  });
}

/** A block by what attestors sign. */
interface AttestedBlock {
  readonly number: number;
  readonly hash: string;
}

async function vouchOn(client: OmnichainClient, chain: Chain, { number, hash }: AttestedBlock): Promise<void> {
  const { chainId: on } = await chain.provider.getNetwork();
  const { address } = lightClientBetween(client, on, RELAY);
  const block = { epoch: 1n, number: BigInt(number), blockHash: hash };
  const { domain, types, value } = attestationData({ on, of: RELAY, address }, block);
  const signatures = await Promise.all(
    simulatedAttestors(RELAY, 1n, 3)
      .slice(0, 2)
      .map(async (signer) => await signer.signTypedData(domain, types, value)),
  );
  const data = ATTESTOR_CALLS.encodeFunctionData('attest', [number, hash, concat(signatures)]);
  const sent = await chain.account(0).sendTransaction({ to: address, data });
  await waitForReceipt(chain.provider, sent.hash);
}

async function deployCounterparts(
  client: OmnichainClient,
  chainOf: (id: bigint) => Chain,
): Promise<ReadonlyMap<bigint, Contract>> {
  const found = new Map<bigint, Contract>();
  for (const { chainId, service } of client.lane.chains) {
    found.set(chainId, await deployArtifact('Counterpart', chainOf(chainId).account(0), service));
  }
  return found;
}

/** Text as bytes, hex. */
export function text(words: string): string {
  return hexlify(getBytes(new TextEncoder().encode(words)));
}

/** A message with words to a contract that takes messages, without a relay. */
export function wordsTo(target: string, words: string): MessageData {
  return { relay: false, msgType: 'message', target, payload: text(words), gasLimit: 300_000n, value: 0n };
}
