import { Interface, type JsonRpcProvider } from 'ethers';

import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import type { Message } from '../core/message.ts';
import type { MessageTree } from '../core/messageTree.ts';
import { batchGasLimit, sizeOf } from '../core/relayGas.ts';
import { encodeTreeRelay } from './relayCalls.ts';
import { toXdmError } from './rpcErrors.ts';

const messenger = new Interface(l1CrossDomainMessenger.abi);

/** By what messages are relayed, and who relays them. */
export interface TreeRelayer {
  readonly tree: MessageTree;
  /** Number of leaves of the tree that is proven. */
  readonly count: number;
  readonly from: string;
  /** The L1 messenger. */
  readonly to: string;
  /** Most gas of a transaction that the account can pay for, 16,777,216 at the most. */
  readonly maxGas: bigint;
}

/** A transaction that relays messages by a tree. */
export interface TreeRelayCall {
  /** How many of the messages it relays, from the first. */
  readonly length: number;
  readonly data: string;
  /** Undefined for a single message, which goes by its path: estimated as any other transaction is. */
  readonly gasLimit: bigint | undefined;
}

/**
 * Finds what one transaction relays: as many of the messages, from the first, as its gas can carry. It is found by trying: an
 * estimate would be of no use, for a batch succeeds when it has started its first message.
 * @param messages in the order of their nonces, at least one, all of them leaves of the tree
 * @throws what the call reverts with
 */
export async function fitTreeRelay(
  provider: JsonRpcProvider,
  relayer: TreeRelayer,
  messages: readonly Message[],
): Promise<TreeRelayCall> {
  const data = encodeTreeRelay(messages, relayer.tree, relayer.count);
  const { length } = messages;
  if (length === 1) return { length, data, gasLimit: undefined };
  const { maxGas } = relayer;
  for (let limit = BigInt(batchGasLimit(messages.map(sizeOf), relayer.count)); ; limit *= 2n) {
    const isMost = limit >= maxGas;
    const gasLimit = isMost ? maxGas : limit;
    const done = await tryBatch(provider, relayer, { data, gasLimit });
    if (done === length) return { length, data, gasLimit };
    if (isMost) return await fitTreeRelay(provider, relayer, messages.slice(0, Math.max(1, done)));
  }
}

/** How many messages a batch is done with, from the first; none where the first cannot start. */
async function tryBatch(
  provider: JsonRpcProvider,
  { from, to }: TreeRelayer,
  { data, gasLimit }: { readonly data: string; readonly gasLimit: bigint },
): Promise<number> {
  try {
    const answer = await provider.call({ from, to, data, gasLimit });
    return Number(messenger.decodeFunctionResult('relayMessages', answer)[0]);
  } catch (error) {
    if (toXdmError(error).code !== 'insufficient-gas') throw error;
    return 0;
  }
}
