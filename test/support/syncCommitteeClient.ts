import { ContractFactory, isCallException, type Contract, type TransactionReceipt } from 'ethers';

import { syncCommitteeLightClient } from '../../sdk/abi/SyncCommitteeLightClient.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import type { BeaconBootstrap, BeaconUpdate, SyncCommittee } from '../../sdk/core/omnichain/lightClient/beaconApi.ts';
import type { BeaconNetwork } from '../../sdk/core/omnichain/lightClient/forks.ts';
import {
  beaconRoot,
  encodeBootstrap,
  encodeUpdate,
  type SyncCommitteeUpdate,
} from '../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import type { Chain } from './chain.ts';

const TRUSTING_PERIOD = 100n * 86_400n;

/** A light client on a chain of the test's own, and what a maintainer knows of its committees. */
export interface SyncCommitteeClient {
  readonly contract: Contract;
  readonly address: string;
  /** The form of an update that the contract takes. */
  encode(update: BeaconUpdate): SyncCommitteeUpdate;
  /** Sends an update once the slot of its signature has begun. */
  update(update: BeaconUpdate): Promise<TransactionReceipt>;
  /** The name of the error that an update is refused with, in the state that is now. */
  refusal(update: BeaconUpdate): Promise<string | undefined>;
  finalizedSlot(): Promise<bigint>;
  /** Keeps a committee that signs later updates. */
  learn(period: bigint, committee: SyncCommittee | undefined): void;
  periodOf(slot: bigint): bigint;
}

/** Deploys a light client of a network, to start from a trusted block. */
export async function deploySyncCommitteeClient(
  chain: Chain,
  network: BeaconNetwork,
  trustedBlockRoot: string,
  bootstrap: BeaconBootstrap,
): Promise<SyncCommitteeClient> {
  const { abi, bytecode } = syncCommitteeLightClient;
  const signer = chain.account(0);
  const contract = (await new ContractFactory(abi, bytecode, signer).deploy({
    ...network,
    chainId: 1n,
    historyWindow: 8191n,
    trustingPeriod: TRUSTING_PERIOD,
    trustedBlockRoot,
    bootstrap: encodeBootstrap(bootstrap),
  })) as Contract;
  await waitForReceipt(chain.provider, contract.deploymentTransaction()!.hash);

  const slotsPerPeriod = network.slotsPerEpoch * network.epochsPerPeriod;
  const committees = new Map<bigint, SyncCommittee>();
  const periodOf = (slot: bigint): bigint => slot / slotsPerPeriod;
  committees.set(periodOf(bootstrap.header.beacon.slot), bootstrap.committee);

  const encode = (update: BeaconUpdate): SyncCommitteeUpdate => {
    const committee = committees.get(periodOf(update.signatureSlot));
    if (committee === undefined) throw new Error(`no committee is known of slot ${update.signatureSlot}`);
    return encodeUpdate(update, { committee, slotsPerPeriod });
  };
  return {
    contract,
    address: await contract.getAddress(),
    encode,
    async update(update) {
      await reachSlot(chain, network, update.signatureSlot);
      const { hash } = await contract.getFunction('update').send(encode(update), { gasLimit: 4_000_000n });
      return await waitForReceipt(chain.provider, hash);
    },
    async refusal(update) {
      await reachSlot(chain, network, update.signatureSlot);
      try {
        await contract.getFunction('update').staticCall(encode(update));
        return undefined;
      } catch (error) {
        if (!isCallException(error)) throw error;
        return error.revert?.name;
      }
    },
    finalizedSlot: async () => (await contract.getFunction('finalizedSlot')()) as bigint,
    learn(period, committee) {
      if (committee !== undefined) committees.set(period, committee);
    },
    periodOf,
  };
}

/** Has the newest block be of a slot, or of a later one. */
async function reachSlot(chain: Chain, network: BeaconNetwork, slot: bigint): Promise<void> {
  const beginsAt = network.genesisTime + slot * network.secondsPerSlot;
  const newest = await chain.provider.getBlock('latest');
  if (newest!.timestamp >= beginsAt) return;
  await chain.provider.send('evm_setNextBlockTimestamp', [Number(beginsAt)]);
  await chain.provider.send('evm_mine', []);
}

/** Root of the block that a bootstrap starts from. */
export function bootstrapRoot({ header }: BeaconBootstrap): string {
  return beaconRoot(header.beacon);
}
