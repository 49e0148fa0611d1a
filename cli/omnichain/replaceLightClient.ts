// The three acts by which the owner of a service replaces a light client.
import type { ContractRunner } from 'ethers';

import { chainOf, type OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { lightClientAt, serviceAt } from '../../sdk/chain/omnichain/contracts.ts';
import { readProposed, verifyApplicable, type OwnerAction } from '../../sdk/chain/omnichain/ownerCalls.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { LIGHT_CLIENT_KINDS } from '../../sdk/core/omnichain/deployment.ts';
import type { Arguments, Environment } from '../command.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatDuration } from '../format.ts';
import type { OWNER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { parseAccount } from '../values.ts';
import { runOwnerCommand, type OwnerFacts } from './ownerCommand.ts';

/** What to do about the light client that is announced, or is to be. */
export type Replacing = 'propose' | 'cancel' | 'apply';

/** Which light client, and by what it is to be replaced. */
interface Replacement {
  readonly act: Replacing;
  readonly on: string | undefined;
  readonly of: string | undefined;
  readonly address: string | undefined;
}

/**
 * Announces another light client, takes that back, or puts it in place.
 * @throws {XdmError} `invalid-argument` for what is missing, and as `runOwnerCommand`
 */
export async function replaceLightClient(
  { act, on, of, address }: Replacement,
  args: Omit<Arguments<typeof OWNER_OPTIONS>, 'rest'>,
  around: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  if (on === undefined || of === undefined) {
    throw new XdmError('invalid-argument', 'which light client is meant is not given', {
      hint: 'give the chain that it is on with --on, and the one whose blocks it knows with --of',
    });
  }
  if ((act === 'propose') !== (address !== undefined)) {
    throw new XdmError('invalid-argument', `--address is ${address === undefined ? 'missing' : 'for propose alone'}`, {
      hint: 'propose takes the light client that is to be put in place later; cancel and apply are about what was proposed',
    });
  }
  const proposed = address === undefined ? undefined : parseAccount(address);
  return await runOwnerCommand(
    {
      on,
      action: actionOf(act, of, proposed),
      facts: async (client, isDue) => await factsOf(client, { act, on, of, proposed, isDue }),
      // Only the block that it stands in says from when on.
      ...(act === 'propose' && { factsAfter: async (client) => await announcedFacts(client, { on, of }) }),
      next: NEXT[act](on, of),
    },
    args,
    around,
  );
}

function actionOf(act: Replacing, of: string, proposed: string | undefined): OwnerAction {
  if (proposed !== undefined) return { kind: 'proposeLightClient', of, lightClient: proposed };
  return { kind: act === 'apply' ? 'applyLightClient' : 'cancelLightClient', of };
}

const NEXT: Readonly<Record<Replacing, (on: string, of: string) => string>> = {
  propose: (on, of) =>
    `keep it in sync meanwhile, by a copy of the deployment file that names it; then: xdm lightclient apply --on ${on} --of ${of}`,
  cancel: () => 'what was proposed is not put in place',
  apply: () => 'name it in the deployment file, with its kind and sources, and start the nodes anew',
};

interface Act {
  readonly act: Replacing;
  readonly on: string;
  readonly of: string;
  readonly proposed: string | undefined;
  readonly isDue: boolean;
}

async function factsOf(client: OmnichainClient, { act, on, of, proposed, isDue }: Act): Promise<OwnerFacts> {
  if (act === 'apply' && isDue) await verifyApplicable(client, { on, of });
  const { service, provider } = chainOf(client, on);
  const address = proposed ?? (await readProposed(client, { on, of }))?.address;
  const [kind, head] = address === undefined ? [] : await describe(address, provider);
  const known = { of, lightClient: address, kind, head };
  if (act !== 'propose') {
    const { values, texts } = await announcedFacts(client, { on, of });
    return { values: { ...known, ...values }, texts };
  }
  const delay = await serviceAt(service, provider).lightClientDelay();
  const block = await provider.getBlock('latest');
  const earliest = BigInt(block?.timestamp ?? 0) + delay;
  return {
    values: { ...known, delay, applicableFrom: earliest },
    texts: { delay: formatDuration(delay), applicableFrom: `${formatTime(earliest)}, if it is announced now` },
  };
}

/** From when on what is announced can be put in place. */
async function announcedFacts(
  client: OmnichainClient,
  which: { readonly on: string; readonly of: string },
): Promise<OwnerFacts> {
  const applicableFrom = (await readProposed(client, which))?.applicableFrom;
  const texts = applicableFrom === undefined ? {} : { applicableFrom: formatTime(applicableFrom) };
  return { values: { applicableFrom }, texts };
}

/** What the contract says of itself; nothing of what is no light client, which the service refuses. */
async function describe(address: string, provider: ContractRunner): Promise<readonly [kind?: string, head?: bigint]> {
  const contract = lightClientAt(address, provider);
  try {
    const [kind, [head]] = await Promise.all([contract.kind(), contract.head()]);
    return [LIGHT_CLIENT_KINDS[Number(kind)] ?? `kind ${kind}`, head];
  } catch {
    return [];
  }
}
