import { chainOf, type OmnichainClient } from '../../chain/omnichain/client.ts';
import type { OwnerCall } from '../../chain/omnichain/ownerCalls.ts';
import { sendRoleCall, type RoleSender } from '../../chain/roleCalls.ts';
import { XdmError } from '../../core/errors.ts';

/** An owner's call that stands in a block. */
export interface SentOwnerCall extends OwnerCall {
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/**
 * Makes a call of a service's owner, as `buildOwnerCall` has built it, and waits until it stands in a block.
 * @throws {XdmError} `unauthorized` for another account, the code of what the service refuses, and what the endpoint throws
 */
export async function callAsOwner(client: OmnichainClient, call: OwnerCall, by: RoleSender): Promise<SentOwnerCall> {
  const sender = await by.signer.getAddress();
  const { chain, chainId, to, from } = call;
  if (sender !== from) {
    const whose = call.purpose === 'acceptOwnership' ? 'offered to' : 'owned by';
    throw new XdmError('unauthorized', `the service ${to} on chain ${chain} is ${whose} ${from}, not ${sender}`, {
      hint: 'use that account; a multisignature is given the call by --calldata',
    });
  }
  return await sendRoleCall(chainOf(client, chainId).provider, by, call);
}
