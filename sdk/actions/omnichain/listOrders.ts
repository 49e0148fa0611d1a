import { toBeHex } from 'ethers';

import { chainOf, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { OMNICHAIN_TOPICS, parseMessagesOut, type OrderEvent } from '../../chain/omnichain/logs.ts';
import { scanLogsBackwards } from '../../chain/scanLogs.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { serviceOf } from './serviceOf.ts';

/**
 * Messages that were sent from a chain, the newest first, read as far back as the caller goes on.
 * @param fromChain its name or id
 * @throws {XdmError} `invalid-argument`, and what the endpoint throws
 */
export async function* listOrders(client: OmnichainClient, fromChain: string | bigint): AsyncGenerator<OrderEvent> {
  const { chainId, service, provider, deployedAt } = chainOf(client, fromChain);
  // The relay chain's service logs those of other chains, too.
  const filter = { address: service, topics: [OMNICHAIN_TOPICS.messageOut, toBeHex(chainId, 32)] };
  try {
    for await (const logs of scanLogsBackwards(provider, filter, Number(deployedAt))) {
      yield* parseMessagesOut(logs, service, serviceOf(client)).orders.toReversed();
    }
  } catch (error) {
    throw toXdmError(error);
  }
}
