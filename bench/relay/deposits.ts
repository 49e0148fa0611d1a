import { id, isError, type JsonRpcProvider } from 'ethers';

import { applyL1ToL2Alias, encodeDeposit } from '../../sdk/core/optimism.ts';
import { encodeMessage, encodeNonce } from '../../sdk/core/message.ts';
import { startNodeProcess } from './nodeProcess.ts';
import { countArrived, GAS_LIMIT, send, senderOn, untilSo, untilThere, type World } from './world.ts';

/** How messages from L1 are delivered, and how many of their deposits L2's node itself executes, a second. */
export interface DepositFigures {
  readonly messages: number;
  readonly rate: number;
  readonly bareRate: number;
}

/** Deposits by which L2's own rate is measured, before and after. */
const BARE = 150;

/** Gas limit of a deposit: what the messenger on L1 asks for is little less. */
const DEPOSIT_GAS = 400_000n;

/** Sends messages from L1, then starts a node on them; and has L2 execute the same deposits by themselves, before and after. */
export async function measureDeposits(world: World, messages: number): Promise<DepositFigures> {
  await send(world, 'l1', messages, 0);
  const before = await executeBare(world, 0);
  const seconds = await executeByNode(world, messages);
  const after = await executeBare(world, BARE);
  return { messages, rate: messages / seconds, bareRate: (2 * BARE) / (before + after) };
}

/** Seconds from the first arrival to the last. */
async function executeByNode(world: World, messages: number): Promise<number> {
  const before = await countArrived(world, 'l2');
  const node = startNodeProcess(world, { settings: { roles: 'sequencer' } });
  try {
    let first = 0;
    const startedAt = await untilSo(async () => (first = (await countArrived(world, 'l2')) - before) > 0, 5);
    const endedAt = await untilSo(async () => (await countArrived(world, 'l2')) - before >= messages, 10);
    // What had arrived at the first look was not waited for.
    return ((endedAt - startedAt) / 1000) * (messages / Math.max(1, messages - first));
  } finally {
    await node.stop();
  }
}

/** Seconds. One after the other, as the queue is. */
async function executeBare(world: World, first: number): Promise<number> {
  const { client, recorders } = world;
  const { lane, l2 } = client;
  const target = await recorders.l2.getAddress();
  const from = applyL1ToL2Alias(lane.l1Messenger);
  const { address: sender } = senderOn(world, 'l1');
  const raws = Array.from({ length: BARE }, (_, place) => {
    const number = first + place;
    const data = recorders.l2.interface.encodeFunctionData('record', Array(4).fill(id(`${number}`)));
    // No message of the messenger on L1 has such a nonce.
    const nonce = encodeNonce(2n ** 200n + BigInt(number));
    const message = encodeMessage({ nonce, sender, target, value: 0n, gasLimit: BigInt(GAS_LIMIT), data });
    const fields = { sourceHash: id(`bare ${number}`), from, to: lane.l2Messenger, mint: 0n, value: 0n };
    return encodeDeposit({ ...fields, gasLimit: DEPOSIT_GAS, data: message });
  });
  const arrived = await countArrived(world, 'l2');
  const startedAt = performance.now();
  for (const raw of raws) await execute(l2, raw);
  const seconds = (performance.now() - startedAt) / 1000;
  if ((await countArrived(world, 'l2')) !== arrived + BARE) throw new Error('a deposit has not arrived');
  return seconds;
}

/** A node can have the one before in its pool for a moment after it has mined it, and refuses the next one then. */
async function execute(l2: JsonRpcProvider, raw: string): Promise<void> {
  await untilThere(async () => {
    try {
      await l2.send('eth_sendRawTransactionSync', [raw]);
      return true;
    } catch (error) {
      if (isError(error, 'UNKNOWN_ERROR')) return undefined;
      throw error;
    }
  }, 2);
}
