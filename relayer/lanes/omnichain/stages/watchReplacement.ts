import { ZeroAddress } from 'ethers';

import { serviceAt } from '../../../../sdk/chain/omnichain/contracts.ts';
import type { FoundLightClient } from '../../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { formatTime } from '../../../../sdk/chain/time.ts';
import { keepAlarms } from '../../../alarms.ts';
import type { StageContext } from '../../../stages/stage.ts';
import type { MaintainedLightClient } from '../maintainedLightClient.ts';

const KIND = 'light-client-replaced';

/**
 * Calls an operator where a service reads a chain by another light client than the deployment file names, or can soon be made to: by one of
 * its own whoever owns the service can prove anything, and the time until then is for others to see it.
 */
export async function watchReplacement(
  { name, found, service }: Pick<MaintainedLightClient, 'name' | 'found' | 'service'>,
  context: StageContext,
): Promise<void> {
  const reason = await reasonFor(found, service);
  const { of, entry } = found;
  const message = `the service ${service} on chain ${entry.on} ${reason} of chain ${of}`;
  const alarms = reason === undefined ? [] : [{ kind: KIND, subject: name, message, halts: false } as const];
  await keepAlarms(context, KIND, alarms, (subject) => subject === name);
}

async function reasonFor({ of, address, provider }: FoundLightClient, service: string): Promise<string | undefined> {
  const contract = serviceAt(service, provider);
  const [[, inPlace], [announced, from]] = await Promise.all([contract.chainOf(of), contract.proposedLightClient(of)]);
  if (inPlace !== address) {
    // One that is announced is kept in sync before it is in place.
    if (announced === address) return undefined;
    return `reads by ${inPlace}, and not by ${address} as the deployment file says, which proves nothing any more: make sure that its owner has replaced it, and start the node with a file that names the new light client`;
  }
  if (announced === ZeroAddress) return undefined;
  return `can be made to read by ${announced} from ${formatTime(from)} on, which its owner has announced: find out what that believes; where nobody knows of it, have the owner cancel it, and receivers forbid their callers. Now it reads by ${address}, the light client`;
}
