import {
  concat,
  getBytes,
  hexlify,
  Interface,
  isCallException,
  keccak256,
  toBeHex,
  Wallet,
  type Contract,
  type HDNodeWallet,
} from 'ethers';

import { simulatedCommittee } from '../../devnet/validators/committee.ts';
import { startValidatorSet, type ValidatorSet } from '../../devnet/validators/validatorSet.ts';
import { attestorLightClient } from '../../sdk/abi/AttestorLightClient.ts';
import { syncCommitteeLightClient } from '../../sdk/abi/SyncCommitteeLightClient.ts';
import { deployOmnichain } from '../../sdk/actions/omnichain/deployOmnichain.ts';
import { creationCode } from '../../sdk/chain/creationCode.ts';
import { connectOmnichain, disconnectOmnichain, type OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { encodeBootstrap, encodeUpdate } from '../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import { deployArtifact, startChain, type Chain } from './chain.ts';

/** Chain ids of a lane of three chains. */
export const RELAY = 7000n;
export const A = 7001n;
export const B = 7002n;

const SLOTS_PER_PERIOD = 64n;
const DAY = 86_400n;

/** Blocks before EIP-2935's contract forgets one. */
const HISTORY_WINDOW = 8191n;

/** Three real chains, their services, and light clients between them: by simulated validator sets, and by attestors. */
export interface OmnichainLane {
  readonly client: OmnichainClient;
  chain(id: bigint): Chain;
  /** An account with funds, other ones on each chain. */
  account(id: bigint): HDNodeWallet;
  /** A contract `Counterpart` on each chain: hears those of the other chains. */
  counterpart(id: bigint): Contract;
  /** Mines blocks until the newest ones with transactions are final, and lets the other chains' light clients know. */
  finalize(id: bigint): Promise<void>;
  /** Has the attestors vouch for a block of the relay chain, true or not, on another chain. */
  vouch(id: bigint, block: AttestedBlock): Promise<void>;
  stop(): Promise<void>;
}

/** Starts them. */
export async function startOmnichainLane(): Promise<OmnichainLane> {
  const chains = new Map<bigint, Chain>();
  const ids = [RELAY, A, B];
  for (const id of ids) {
    // The others' blocks are made a second apart, and sooner than that: what they sign must not be of the relay chain's future.
    const timestamp = Math.floor(Date.now() / 1000) + (id === RELAY ? 3600 : 0);
    const args = ['--slots-in-an-epoch', '1', '--timestamp', `${timestamp}`];
    chains.set(id, await startChain(Number(id), args));
  }
  const chainOf = (id: bigint): Chain => chains.get(id)!;
  const sets = new Map<bigint, ValidatorSet>();
  for (const id of [A, B]) {
    await mine(chainOf(id), 4);
    sets.set(id, await startValidatorSet({ rpcUrl: chainOf(id).url }));
  }
  const lane = await deploy(chainOf, sets);
  const client = await connectOmnichain(lane);
  const committees = new Committees(client, chainOf, sets);
  const counterparts = await deployCounterparts(client, chainOf);
  return {
    client,
    chain: chainOf,
    account: (id) => chainOf(id).account(1),
    counterpart: (id) => counterparts.get(id)!,
    async finalize(id) {
      await mine(chainOf(id), 3);
      if (id === RELAY) await attest(client, chainOf);
      else await committees.update(id);
    },
    vouch: async (id, block) => await vouchOn(client, chainOf(id), block),
    async stop() {
      disconnectOmnichain(client);
      await Promise.all([...sets.values()].map(async (set) => await set.stop()));
      await Promise.all([...chains.values()].map(async (chain) => await chain.stop()));
    },
  };
}

async function mine(chain: Chain, blocks: number): Promise<void> {
  await chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`, '0x1']);
}

async function deploy(chainOf: (id: bigint) => Chain, sets: ReadonlyMap<bigint, ValidatorSet>) {
  const place = (name: string, id: bigint) => ({ name, signer: chainOf(id).account(0), rpcUrl: chainOf(id).url });
  const attestors = creationCode(attestorLightClient, [
    RELAY,
    HISTORY_WINDOW,
    ATTESTORS.map(({ address }) => address),
    2,
  ]);
  const planned = (name: string, id: bigint) => [
    {
      on: 'relay',
      of: name,
      kind: 'sync-committee' as const,
      creationCode: ofValidators(id, sets.get(id)!),
      sources: [],
    },
    { on: name, of: 'relay', kind: 'attestor' as const, creationCode: attestors, sources: [] },
  ];
  return await deployOmnichain({
    places: [place('relay', RELAY), place('A', A), place('B', B)],
    lightClients: [...planned('A', A), ...planned('B', B)],
    lightClientDelay: DAY,
    fee: { perMessage: 1000n, perGas: 1n },
  });
}

function ofValidators(chainId: bigint, { chain }: ValidatorSet): string {
  const root = chain.finalRoot!;
  const bootstrap = chain.bootstrap(root)!;
  const configuration = {
    ...chain.network,
    chainId,
    historyWindow: HISTORY_WINDOW,
    trustingPeriod: DAY,
    trustedBlockRoot: root,
    bootstrap: encodeBootstrap(bootstrap),
  };
  return creationCode(syncCommitteeLightClient, [configuration]);
}

/** Keeps the relay chain's light clients up with the simulated validator sets. */
class Committees {
  readonly #client: OmnichainClient;
  readonly #chainOf: (id: bigint) => Chain;
  readonly #sets: ReadonlyMap<bigint, ValidatorSet>;
  readonly #calls = new Interface(syncCommitteeLightClient.abi);

  constructor(client: OmnichainClient, chainOf: (id: bigint) => Chain, sets: ReadonlyMap<bigint, ValidatorSet>) {
    this.#client = client;
    this.#chainOf = chainOf;
    this.#sets = sets;
  }

  async update(id: bigint): Promise<void> {
    const set = this.#sets.get(id)!;
    await set.caughtUp();
    const update = set.chain.sign()!;
    const relay = this.#chainOf(RELAY);
    const { address } = this.#client.lane.lightClients.find(({ on, of }) => on === RELAY && of === id)!;
    const newest = set.chain.updates(0n, update.signatureSlot / SLOTS_PER_PERIOD + 1n);
    await this.#reach(set.chain.network.genesisTime + update.signatureSlot);
    for (const each of [...newest, update]) {
      const committee = simulatedCommittee(id, each.signatureSlot / SLOTS_PER_PERIOD, 32n);
      const encoded = encodeUpdate(each, { committee, slotsPerPeriod: SLOTS_PER_PERIOD });
      const data = this.#calls.encodeFunctionData('update', [encoded]);
      try {
        const { hash } = await relay.account(0).sendTransaction({ to: address, data });
        await waitForReceipt(relay.provider, hash);
      } catch (error) {
        // One that it knows already.
        if (!isCallException(error)) throw error;
      }
    }
  }

  async #reach(timestamp: bigint): Promise<void> {
    const { provider } = this.#chainOf(RELAY);
    if ((await provider.getBlock('latest'))!.timestamp >= Number(timestamp)) return;
    await provider.send('evm_setNextBlockTimestamp', [Number(timestamp)]);
    await provider.send('evm_mine', []);
  }
}

/** Who attests the relay chain's blocks, by ascending address. */
const ATTESTORS = [1, 2, 3]
  .map((index) => new Wallet(keccak256(toBeHex(index, 32))))
  .toSorted((one, other) => (BigInt(one.address) < BigInt(other.address) ? -1 : 1));

async function attest(client: OmnichainClient, chainOf: (id: bigint) => Chain): Promise<void> {
  const { number, hash } = (await chainOf(RELAY).provider.getBlock('finalized'))!;
  for (const { on, of } of client.lane.lightClients) {
    if (of === RELAY) await vouchOn(client, chainOf(on), { number, hash: hash! });
  }
}

/** A block by what attestors sign. */
interface AttestedBlock {
  readonly number: number;
  readonly hash: string;
}

async function vouchOn(
  client: OmnichainClient,
  chain: Chain,
  { number, hash: blockHash }: AttestedBlock,
): Promise<void> {
  const { chainId } = await chain.provider.getNetwork();
  const { address } = client.lane.lightClients.find(({ on }) => on === chainId)!;
  const domain = { name: 'AttestorLightClient', version: '1', chainId, verifyingContract: address };
  const types = {
    Attestation: [
      { name: 'sourceChain', type: 'uint256' },
      { name: 'epoch', type: 'uint256' },
      { name: 'number', type: 'uint64' },
      { name: 'blockHash', type: 'bytes32' },
    ],
  };
  const value = { sourceChain: RELAY, epoch: 1n, number, blockHash };
  const signatures = await Promise.all(
    ATTESTORS.slice(0, 2).map(async (signer) => await signer.signTypedData(domain, types, value)),
  );
  const calls = new Interface(attestorLightClient.abi);
  const data = calls.encodeFunctionData('attest', [number, blockHash, concat(signatures)]);
  const { hash } = await chain.account(0).sendTransaction({ to: address, data });
  await waitForReceipt(chain.provider, hash);
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
