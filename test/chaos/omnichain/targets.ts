import type { Contract } from 'ethers';

import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { encodeMessageData, type MessageData } from '../../../sdk/core/omnichain/messageData.ts';
import { deployArtifact } from '../../support/chain.ts';
import { A, B, RELAY, text, type OmnichainLane } from '../../support/omnichainLane.ts';

/** What messages call, by the chain that it is on. */
export interface Targets {
  /** Takes everything, and answers what goes on to B's. */
  readonly sound: ReadonlyMap<bigint, Target>;
  /** Does the same once it was repaired. */
  readonly broken: ReadonlyMap<bigint, Target>;
  /** Whether those were repaired for a while. */
  wereRepaired: boolean;
}

export interface Target {
  readonly address: string;
  readonly chainId: bigint;
  readonly contract: Contract;
}

/** What a target is promised. */
export const GAS_LIMIT = 200_000n;

/** Accounts that send messages, on each chain: one for each kind of them. */
export const SENDERS = [1, 2, 3, 4, 5] as const;

const CHAINS = [B, A, RELAY];

/** Deploys them: each hears all that the senders of other chains send. */
export async function deployTargets(lane: OmnichainLane): Promise<Targets> {
  const [sound, broken] = [new Map<bigint, Target>(), new Map<bigint, Target>()];
  for (const id of CHAINS) {
    sound.set(id, await deploy(lane, id));
    broken.set(id, await deploy(lane, id));
    for (const { contract } of [sound.get(id)!, broken.get(id)!]) {
      await call(contract, 'answer', encodeMessageData(messageTo(sound.get(B)!.address, 'answered')));
    }
    await breakTarget(broken.get(id)!);
  }
  return { sound, broken, wereRepaired: false };
}

/** A plain message to a target. */
export function messageTo(target: string, words: string, relay = false): MessageData {
  return { relay, msgType: 'message', target, payload: text(words), gasLimit: GAS_LIMIT, value: 0n };
}

export async function repairTarget({ contract }: Target): Promise<void> {
  await call(contract, 'refuse', '0x');
}

export async function breakTarget({ contract }: Target): Promise<void> {
  await call(contract, 'refuse', text('out of order'));
}

async function deploy(lane: OmnichainLane, id: bigint): Promise<Target> {
  const { service } = lane.client.chains.get(id)!;
  const contract = await deployArtifact('Counterpart', lane.chain(id).account(0), service);
  for (const from of CHAINS.filter((each) => each !== id)) {
    for (const sender of SENDERS) await call(contract, 'allow', from, lane.chain(from).account(sender).address, true);
  }
  // As messages name it.
  return { address: (await contract.getAddress()).toLowerCase(), chainId: id, contract };
}

async function call(contract: Contract, name: string, ...args: unknown[]): Promise<void> {
  const { hash } = (await contract.getFunction(name).send(...args)) as { readonly hash: string };
  await waitForReceipt(contract.runner!.provider!, hash);
}
