import { getLightClientStatus, type LightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import type { OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { Environment } from '../command.ts';
import { sourcesFor } from './lightClients.ts';
import { nextHop } from './orderResult.ts';

/** Where a light client's updates come from. */
interface Sources {
  readonly args: Parameters<typeof sourcesFor>[2]['args'];
  readonly environment: Environment;
  /** How long these may take to answer, milliseconds; as always where it is not given. */
  readonly timeout?: number;
}

/**
 * How the light client is that an order waits for: only its source says whether there is anything to wait for. Undefined where it waits
 * for none.
 * @throws {XdmError} what the endpoint of its chain throws
 */
export async function readAwaited(
  client: OmnichainClient,
  trace: OrderTrace,
  { timeout, ...means }: Sources,
): Promise<LightClientStatus | undefined> {
  const next = trace.status === 'waiting-for-light-client' ? nextHop(trace) : undefined;
  if (next === undefined) return undefined;
  const sources = sourcesFor(client.lane, next, means);
  return await getLightClientStatus(client, { on: next.on, of: next.of, sources, timeout });
}
