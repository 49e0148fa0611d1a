import { ZeroAddress, type TransactionRequest } from 'ethers';

import { SERVICE_CALLS, serviceAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import { encodeMessageData } from '../../../sdk/core/omnichain/messageData.ts';
import { A, B, RELAY } from '../../support/omnichainLane.ts';
import { sendRound } from '../rounds.ts';
import type { Traffic } from '../scenario.ts';
import { GAS_LIMIT, messageTo, type SENDERS } from './targets.ts';
import type { OmnichainWorld } from './world.ts';

/** One kind of message: from an account of its own, so that none waits for another. */
interface Kind {
  readonly from: bigint;
  readonly to: bigint;
  readonly sender: (typeof SENDERS)[number];
  readonly target: 'sound' | 'broken';
  /** Whether the target is on the relay chain, and what it answers goes on. */
  readonly relay?: boolean;
}

const KINDS: readonly Kind[] = [
  { from: A, to: B, sender: 1, target: 'sound' },
  { from: A, to: B, sender: 2, target: 'broken' },
  { from: A, to: B, sender: 3, target: 'sound', relay: true },
  { from: A, to: B, sender: 4, target: 'broken', relay: true },
  { from: A, to: RELAY, sender: 5, target: 'sound' },
  { from: RELAY, to: B, sender: 1, target: 'sound' },
  { from: RELAY, to: A, sender: 2, target: 'broken' },
  { from: B, to: A, sender: 1, target: 'sound' },
  { from: B, to: RELAY, sender: 2, target: 'broken' },
];

/** More than any of them takes, and than any block asks for. */
const TERMS = { gasLimit: 500_000n, maxFeePerGas: 100_000_000_000n };

/** Sends messages over all routes. */
export async function sendTraffic(world: OmnichainWorld, { rounds, count, pause }: Traffic): Promise<void> {
  await Promise.all(
    KINDS.map(async (kind) => {
      const wallet = world.lane.chain(kind.from).account(kind.sender);
      for (let round = 0; round < rounds; round++) {
        const labels = Array.from({ length: count }, (_, offset) => `${round * count + offset}`);
        const requests = await Promise.all(labels.map(async (label) => await messageOf(world, kind, label)));
        await sendRound(wallet, requests, TERMS);
        await sleep(pause);
      }
    }),
  );
}

async function messageOf(
  { lane, targets }: OmnichainWorld,
  { from, to, target, relay = false }: Kind,
  label: string,
): Promise<TransactionRequest> {
  const { service, provider } = lane.client.chains.get(from)!;
  const { address } = targets[target].get(relay ? RELAY : to)!;
  const [value] = await serviceAt(service, provider).getMessageFee(to, ZeroAddress, GAS_LIMIT);
  const message = encodeMessageData(messageTo(address, label, relay));
  return { to: service, value, data: SERVICE_CALLS.encodeFunctionData('transferOut', [to, message, ZeroAddress]) };
}
