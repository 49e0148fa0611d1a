import { buildProof } from '../../../sdk/actions/buildProof.ts';
import type { SentMessage } from '../../../sdk/chain/logs.ts';
import { encodeRelay } from '../../../sdk/chain/relayCalls.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { MAX_TRANSACTION_GAS } from '../../../sdk/core/gas.ts';
import type { ParkedReason } from '../../../relayer/parkedReasons.ts';
import { nodeAccount } from '../../../devnet/accounts.ts';
import type { RollupWorld } from './world.ts';

/**
 * Asks L1 itself why a message from L2 is not delivered, by a proof made here, whatever the node did and tried. Returns what is wrong
 * with the reason for which the node has set it aside.
 */
export async function checkReason(
  { network: { client } }: RollupWorld,
  sent: SentMessage,
  reason: ParkedReason | null,
): Promise<string[]> {
  const { l1, lane } = client;
  const { proof } = await buildProof(client, { fromChain: 'l2', ...sent });
  const call = { from: nodeAccount().address, to: lane.l1Messenger, data: encodeRelay(sent.message, proof) };
  const block = await l1.getBlock('latest');
  const room = block === null || block.gasLimit > MAX_TRANSACTION_GAS ? MAX_TRANSACTION_GAS : block.gasLimit;
  const where = `message ${sent.messageHash}, set aside for ${reason},`;
  try {
    await l1.call({ ...call, gasLimit: room });
    return [`${where} can be delivered`];
  } catch (error) {
    const { code, message } = toXdmError(error);
    return code === reason ? [] : [`${where} is refused by L1 for ${code}: ${message}`];
  }
}
