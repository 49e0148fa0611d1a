import { chainOf, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { SERVICE_CALLS } from '../../chain/omnichain/contracts.ts';

/** A caller on another chain that a target is to hear. */
export interface RemoteCaller {
  /** Name or id of the target's chain, whose service is asked. */
  readonly onChain: string | bigint;
  /** Name or id of the caller's chain. */
  readonly fromChain: string | bigint;
  /** The caller's address there. */
  readonly from: string;
  readonly allowed: boolean;
}

/**
 * The call by which a target allows or forbids a caller. The target itself must make it: no transaction of an account's own would
 * do, unless the account is the target.
 * @throws {XdmError} `invalid-argument`
 */
export function buildRemoteCallerCall(
  client: OmnichainClient,
  { onChain, fromChain, from, allowed }: RemoteCaller,
): { readonly to: string; readonly data: string } {
  const args = [chainOf(client, fromChain).chainId, from, allowed];
  return { to: chainOf(client, onChain).service, data: SERVICE_CALLS.encodeFunctionData('addRemoteCaller', args) };
}
