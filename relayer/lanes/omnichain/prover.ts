import { concat, dataSlice, toBeHex } from 'ethers';

import type { ConnectedChain, OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import { lightClientBetween } from '../../../sdk/chain/omnichain/client.ts';
import { lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { getBlockOf, proveMessage } from '../../../sdk/chain/omnichain/messageProof.ts';
import type { ProvableBlock } from '../../../sdk/chain/omnichain/provableBlock.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import type { XdmError } from '../../../sdk/core/errors.ts';
import { isEndpointFault } from '../../endpointFault.ts';
import type { Prover, Proofs, Refusal } from '../../route.ts';
import type { PendingMessage, ProvenMessage } from '../../store/messages.ts';
import { positionsOf } from '../../store/positions.ts';
import type { Database } from '../../store/schema.ts';

/** Blocks of which messages are proven in one pass: each is read with all of its receipts. */
const BLOCKS = 16;

/** A stored proof: the log's position in its receipt, then what the service takes. */
function packProof(logIndex: number, proof: string): string {
  return concat([toBeHex(logIndex, 4), proof]);
}

/** See `packProof`. */
export function unpackProof(packed: string): { readonly logIndex: number; readonly proof: string } {
  return { logIndex: Number(dataSlice(packed, 0, 4)), proof: dataSlice(packed, 4) };
}

/**
 * Proves messages of a chain to the next one on their way, as soon as that one's light client has come as far as their blocks: by
 * then these are final.
 */
export function omnichainProver(client: OmnichainClient, source: ConnectedChain, destination: ConnectedChain): Prover {
  const { address } = lightClientBetween(client, destination.chainId, source.chainId);
  const lightClient = lightClientAt(address, destination.provider);
  return {
    unfounded: async () => await Promise.resolve([]),
    async forget() {
      await Promise.resolve();
    },
    async prove(db, messages) {
      const [head] = await lightClient.head();
      const ready = messages.filter(({ blockNumber }) => blockNumber <= Number(head));
      return await proveMessages(db, source, ready);
    },
  };
}

async function proveMessages(
  db: Database,
  source: ConnectedChain,
  messages: readonly PendingMessage[],
): Promise<Proofs> {
  const positions = await positionsOf(
    db,
    messages.map(({ id }) => id),
  );
  const proven: ProvenMessage[] = [];
  const refused: Refusal[] = [];
  const byBlock = Map.groupBy(messages, ({ id }) => positions.get(id)?.blockHash ?? '');
  for (const some of [...byBlock.values()].slice(0, BLOCKS)) {
    let block: ProvableBlock;
    try {
      block = await getBlockOf(source, positions.get(some[0]!.id)!);
    } catch (cause) {
      const error = toXdmError(cause);
      if (isEndpointFault(error) && proven.length === 0) await throwIfSilent(source, error);
      refused.push(...some.map((message) => ({ message, error })));
      continue;
    }
    for (const message of some) {
      const { id, messageHash, blockNumber } = message;
      try {
        const { proof, logIndex } = await proveMessage(source, block, { ...positions.get(id)!, orderId: messageHash });
        proven.push({ id, proof: packProof(logIndex, proof), readyAt: 0, blockNumber, batchEventId: null });
      } catch (cause) {
        refused.push({ message, error: toXdmError(cause) });
      }
    }
  }
  return { proven, refused, record: async () => await Promise.resolve() };
}

/**
 * An endpoint that answers nothing else either is no message's fault. One that only cannot give this block must not hold up the
 * messages of later ones.
 */
async function throwIfSilent({ provider }: ConnectedChain, error: XdmError): Promise<void> {
  try {
    await provider.send('eth_blockNumber', []);
  } catch {
    throw error;
  }
}
