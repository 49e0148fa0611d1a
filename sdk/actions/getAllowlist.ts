import { ZeroAddress, type JsonRpcProvider } from 'ethers';

import type { L2Client } from '../chain/client.ts';
import { l2MessengerOf, senderAllowlistAt } from '../chain/contracts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';

/** The contract that says who may send from L2. */
export interface Allowlist {
  readonly address: string;
  /** Who puts senders on it; undefined of a contract that is no SenderAllowlist. */
  readonly owner: string | undefined;
  /** Account that the owner has offered ownership to, and that has not accepted it yet. */
  readonly offeredTo: string | undefined;
}

/**
 * The allowlist of a lane, as it is now; undefined where everyone may send from L2.
 * @throws {XdmError} what the endpoints throw
 */
export async function getAllowlist({ lane, l2 }: L2Client): Promise<Allowlist | undefined> {
  try {
    const address = await l2MessengerOf(lane, l2).senderAllowlist();
    return address === ZeroAddress ? undefined : await readAllowlist(l2, address);
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * The contract at an address, as an allowlist.
 * @throws {XdmError} what the endpoints throw
 */
export async function readAllowlist(l2: JsonRpcProvider, address: string): Promise<Allowlist> {
  try {
    const allowlist = senderAllowlistAt(address, l2);
    const ownership = Promise.all([allowlist.owner(), allowlist.pendingOwner()]);
    const [owner, offeredTo] = await ownership.catch(noneOfAnother);
    return { address, owner, offeredTo: offeredTo === ZeroAddress ? undefined : offeredTo };
  } catch (error) {
    throw toXdmError(error);
  }
}

/** A lane's allowlist can be any contract, which need not have an owner. */
function noneOfAnother(cause: unknown): [undefined, undefined] {
  const { code } = toXdmError(cause);
  if (code === 'rpc-unreachable' || code === 'rpc-rate-limited') throw cause;
  return [undefined, undefined];
}
