import { Contract, toQuantity, Wallet } from 'ethers';

import { deployerAccount } from '../../../devnet/accounts.ts';
import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { MAX_TRANSACTION_GAS } from '../../../sdk/core/gas.ts';
import { nothing, type Fault } from '../faults.ts';
import type { RollupWorld } from './world.ts';

/** Blocks of L1 that ask for more than the node may pay; the base fee falls by an eighth a block after that, unless it is told to. */
export function baseFee(gwei: bigint): Fault<RollupWorld> {
  const set = async ({ network }: RollupWorld, wei: bigint): Promise<void> => {
    await network.client.l1.send('anvil_setNextBlockBaseFeePerGas', [toQuantity(wei)]);
  };
  return {
    name: `a base fee of ${gwei} gwei`,
    async begin(world) {
      await set(world, gwei * 10n ** 9n);
      return async () => await set(world, 10n ** 9n);
    },
  };
}

/** Hours pass on L1 between two of its blocks. */
export function passTime(hours: number): Fault<RollupWorld> {
  return {
    name: `${hours} hours`,
    async begin({ network }) {
      await network.client.l1.send('evm_increaseTime', [hours * 3600]);
      return nothing;
    },
  };
}

/** The guardian stops relaying on L1; after that the owner lets it go on. */
export const pause: Fault<RollupWorld> = {
  name: 'a pause',
  async begin({ network }) {
    const owner = new Wallet(deployerAccount().privateKey, network.client.l1);
    const messenger = new Contract(network.deployment.l1Messenger, l1CrossDomainMessenger.abi, owner);
    const call = async (name: 'pause' | 'unpause'): Promise<void> => {
      const { hash } = (await messenger.getFunction(name)()) as { hash: string };
      await waitForReceipt(network.client.l1, hash);
    };
    await call('pause');
    return async () => await call('unpause');
  },
};

/** Blocks of L1 have room for so much gas: no transaction delivers what needs more. */
export function smallBlocks(gas: bigint): Fault<RollupWorld> {
  return {
    name: `blocks of ${gas} gas`,
    async begin({ network: { client } }) {
      const before = (await client.l1.getBlock('latest'))?.gasLimit ?? MAX_TRANSACTION_GAS;
      const set = async (limit: bigint): Promise<void> => {
        await client.l1.send('evm_setBlockGasLimit', [toQuantity(limit)]);
      };
      await set(gas);
      return async () => await set(before);
    },
  };
}

/** Somebody sends a message to L1 whose target is promised so much gas. */
export function greedyMessage(gas: bigint): Fault<RollupWorld> {
  return {
    name: `a message that wants ${gas} gas`,
    async begin({ network, targets }) {
      const messenger = l2MessengerOf(network.deployment, network.account('l2', 7));
      const { hash } = await messenger.sendMessage(targets.l1.sound.address, '0x', gas);
      await waitForReceipt(network.client.l2, hash);
      return nothing;
    },
  };
}
