// The three acts by which the owner of a service replaces a light client.
import type { JsonRpcProvider } from 'ethers';

import {
  chainOf,
  lightClientBetween,
  type ConnectedChain,
  type OmnichainClient,
} from '../../sdk/chain/omnichain/client.ts';
import { readLightClient, type LightClientState } from '../../sdk/chain/omnichain/maintenance/lightClientState.ts';
import { lightClientAt, serviceAt } from '../../sdk/chain/omnichain/contracts.ts';
import {
  readProposed,
  verifyApplicable,
  type OwnerAction,
  type ProposedLightClient,
} from '../../sdk/chain/omnichain/ownerCalls.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { findChain, LIGHT_CLIENT_KINDS, type OmnichainLightClient } from '../../sdk/core/omnichain/deployment.ts';
import type { Arguments, Environment } from '../command.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatDuration } from '../format.ts';
import type { OWNER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { parseAccount } from '../values.ts';
import { withReachable } from './lane.ts';
import { runOwnerCommand, type OwnerFacts } from './ownerCommand.ts';
import { verifyProposal } from './proposedLightClient.ts';

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
      facts: async (client, isDue) => {
        const { doubts = [], ...facts } = await factsOf(client, { act, on, of, proposed, isDue });
        const found = proposed === undefined ? [] : await verify(client, { on, of, address: proposed }, args, around);
        return { ...facts, doubts: [...doubts, ...found] };
      },
      // Only the block that it stands in says from when on.
      ...(act === 'propose' && { factsAfter: async (client) => factsOfTime(await readProposed(client, { on, of })) }),
      next: NEXT[act](on, of),
    },
    args,
    around,
  );
}

/** What may not be meant of a light client that is to be announced, also by the word of the chain whose blocks it knows. */
async function verify(
  client: OmnichainClient,
  { on, of, address }: Readonly<Record<'on' | 'of' | 'address', string>>,
  args: Omit<Arguments<typeof OWNER_OPTIONS>, 'rest'>,
  { environment }: { readonly environment: Environment },
): Promise<string[]> {
  const { chainId, provider } = chainOf(client, on);
  const known = findChain(client.lane, of);
  const entry = lightClientBetween(client, chainId, known.chainId);
  return await withReachable(args, environment, {
    chains: () => [known.chainId],
    // What that chain knows of others is nothing to this.
    onWrong: () => undefined,
    use: async (others, silent) => {
      const source = silent.get(known.chainId) ?? chainOf(others, known.chainId).provider;
      return await verifyProposal({ address, provider, of: known, entry }, source);
    },
  });
}

function actionOf(act: Replacing, of: string, proposed: string | undefined): OwnerAction {
  if (proposed !== undefined) return { kind: 'proposeLightClient', of, lightClient: proposed };
  return { kind: act === 'apply' ? 'applyLightClient' : 'cancelLightClient', of };
}

const NEXT: Readonly<Record<Replacing, (on: string, of: string) => string>> = {
  propose: (on, of) =>
    `keep it in sync meanwhile, by a copy of the deployment file that names it; then: xdm lightclient apply --on ${on} --of ${of}`,
  cancel: () => 'what was proposed is not put in place',
  apply: () =>
    'name it in the deployment file, with its kind and sources: commands refuse the file until then; and start the nodes anew',
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
  const { chainId, service, provider, name } = chainOf(client, on);
  if (proposed !== undefined) await verifyThere(proposed, { name, provider });
  const known = findChain(client.lane, of).chainId;
  const [announced, [, inPlace]] = await Promise.all([
    readProposed(client, { on, of }),
    serviceAt(service, provider).chainOf(known),
  ]);
  if (act === 'cancel' && isDue && announced === undefined) throw nothingToCancel(on, of);
  const address = proposed ?? announced?.address;
  const described = address === undefined ? undefined : await describe({ on: chainId, of: known, address }, provider);
  const { kind, state } = described ?? {};
  const values = { of, lightClient: address, kind, head: state?.head.number };
  const doubts = act === 'cancel' ? [] : doubtsOf({ act, proposed, announced, inPlace, state });
  if (act !== 'propose') {
    const when = factsOfTime(announced);
    return { values: { ...values, ...when.values }, texts: when.texts, doubts };
  }
  const delay = await serviceAt(service, provider).lightClientDelay();
  const block = await provider.getBlock('latest');
  const earliest = BigInt(block?.timestamp ?? 0) + delay;
  return {
    values: { ...values, delay, applicableFrom: earliest },
    texts: { delay: formatDuration(delay), applicableFrom: `${formatTime(earliest)}, if it is announced now` },
    doubts,
  };
}

/** The service refuses what is no contract as one of chain 0. */
export async function verifyThere(
  address: string,
  { name, provider }: Pick<ConnectedChain, 'name' | 'provider'>,
): Promise<void> {
  if ((await provider.getCode(address)) !== '0x') return;
  throw new XdmError('invalid-argument', `there is no contract at ${address} on chain ${name}`, {
    hint: 'deploy the light client on that chain first, and give its address there',
  });
}

function nothingToCancel(on: string, of: string): XdmError {
  return new XdmError('misconfigured', `no light client of ${of} is announced on ${on}`, {
    hint: `there is nothing to take back; which one is in place: xdm lightclient status --on ${on} --of ${of}`,
  });
}

/** What is known of a light client that is to be announced or put in place, and of the others there. */
interface Known {
  readonly act: Exclude<Replacing, 'cancel'>;
  readonly proposed: string | undefined;
  readonly announced: ProposedLightClient | undefined;
  readonly inPlace: string;
  readonly state: Pick<LightClientState, 'isFrozen' | 'isExpired'> | undefined;
}

/** What the service does not look at, and its owner may not mean. */
export function doubtsOf({ act, proposed, announced, inPlace, state }: Known): string[] {
  const isOther = act === 'propose' && announced !== undefined;
  return [
    ...(state?.isFrozen === true ? ['it is frozen, for good: nothing can be proven by it'] : []),
    ...(state?.isExpired === true ? ['it has expired, and takes no update any more'] : []),
    ...(proposed === inPlace ? ['it is in place already'] : []),
    ...(isOther
      ? [
          `${announced.address}, which can be put in place from ${formatTime(announced.applicableFrom)}, is announced no more then: the delay begins anew`,
        ]
      : []),
  ];
}

/** From when on what is announced can be put in place. */
function factsOfTime(announced: ProposedLightClient | undefined): OwnerFacts {
  const applicableFrom = announced?.applicableFrom;
  const texts = applicableFrom === undefined ? {} : { applicableFrom: formatTime(applicableFrom) };
  return { values: { applicableFrom }, texts };
}

/** What the contract says of itself; nothing of what is no light client, which the service refuses. */
async function describe(
  which: Pick<OmnichainLightClient, 'on' | 'of' | 'address'>,
  provider: JsonRpcProvider,
): Promise<{ readonly kind: string; readonly state?: LightClientState } | undefined> {
  const { address, of } = which;
  try {
    const number = Number(await lightClientAt(address, provider).kind());
    const kind = LIGHT_CLIENT_KINDS[number];
    if (kind === undefined) return { kind: `kind ${number}` };
    return { kind, state: await readLightClient({ entry: { ...which, kind, sources: [] }, address, provider, of }) };
  } catch {
    return undefined;
  }
}
