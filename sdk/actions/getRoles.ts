import { ZeroAddress } from 'ethers';

import type { L1Client } from '../chain/client.ts';
import { l1MessengerOf, stateCommitmentChainOf } from '../chain/contracts.ts';
import type { OwnedContract } from '../chain/roleCalls.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import type { LaneRole } from '../core/lanePlan.ts';

/** Who has a role of a lane, on L1. */
export interface RoleHolder {
  readonly role: LaneRole;
  /** The contract that says so: there are two owners, which are two accounts while ownership is handed over. */
  readonly contract: OwnedContract;
  readonly holder: string;
  /** Account that the owner has offered ownership to, and that has not accepted it yet. */
  readonly offeredTo: string | undefined;
}

/**
 * Who has the roles of a lane, by its contracts as they are now.
 * @throws {XdmError} what the endpoints throw
 */
export async function getRoles({ lane, l1 }: L1Client): Promise<RoleHolder[]> {
  const messenger = l1MessengerOf(lane, l1);
  const commitments = stateCommitmentChainOf(lane, l1);
  try {
    const [guardian, proposer, challenger, ...ownership] = await Promise.all([
      messenger.guardian(),
      commitments.proposer(),
      commitments.challenger(),
      messenger.owner(),
      messenger.pendingOwner(),
      commitments.owner(),
      commitments.pendingOwner(),
    ]);
    const [messengerOwner, messengerOffer, commitmentsOwner, commitmentsOffer] = ownership;
    const [onMessenger, onCommitments] = [
      { contract: 'L1CrossDomainMessenger', offeredTo: undefined },
      { contract: 'StateCommitmentChain', offeredTo: undefined },
    ] as const;
    return [
      { ...onMessenger, role: 'owner', holder: messengerOwner, offeredTo: unlessZero(messengerOffer) },
      { ...onCommitments, role: 'owner', holder: commitmentsOwner, offeredTo: unlessZero(commitmentsOffer) },
      { ...onCommitments, role: 'proposer', holder: proposer },
      { ...onCommitments, role: 'challenger', holder: challenger },
      { ...onMessenger, role: 'guardian', holder: guardian },
    ];
  } catch (error) {
    throw toXdmError(error);
  }
}

function unlessZero(account: string): string | undefined {
  return account === ZeroAddress ? undefined : account;
}
