import type { Signer } from 'ethers';

import { updateLightClient, type SentUpdate } from '../../sdk/actions/omnichain/updateLightClient.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { XdmError } from '../../sdk/core/errors.ts';
import { EXIT_CODES, worstOf, type ExitCode } from '../exitCodes.ts';
import { sentenceOf, type Output } from '../output.ts';
import type { ChosenLightClient } from './lightClients.ts';

/** Brings light clients as far as their sources go, one after the other; none holds up the next. */
export async function updateLightClients(
  client: OmnichainClient,
  {
    chosen,
    signer,
    output,
  }: { readonly chosen: readonly ChosenLightClient[]; readonly signer: Signer; readonly output: Output },
): Promise<ExitCode> {
  const outcomes: Outcome[] = [];
  for (const each of chosen) outcomes.push(await updateOne(client, each, { signer, output }));
  if (output.json) output.data(outcomes.map(valuesOf));
  const failures = outcomes.flatMap(({ error }) => error ?? []);
  return worstOf(failures.map(({ code }) => EXIT_CODES[code]));
}

interface Outcome {
  readonly light: ChosenLightClient;
  readonly updates: readonly SentUpdate[];
  readonly error: XdmError | undefined;
}

async function updateOne(
  client: OmnichainClient,
  light: ChosenLightClient,
  { signer, output }: { readonly signer: Signer; readonly output: Output },
): Promise<Outcome> {
  const { entry, sources } = light;
  const name = `${light.of} on ${light.on}`;
  const updates: SentUpdate[] = [];
  const onUpdate = (update: SentUpdate): void => {
    updates.push(update);
    const line = `${name}: ${update.brings}, in transaction ${update.transactionHash}`;
    if (output.json) output.log(line);
    else output.text(line);
  };
  try {
    await updateLightClient(client, { on: entry.on, of: entry.of, sources, signer, onUpdate });
    if (updates.length === 0) output.log(`${name}: there is nothing new`);
    return { light, updates, error: undefined };
  } catch (cause) {
    const error = toXdmError(cause);
    output.log(`error: ${name}: ${sentenceOf(error)}`);
    return { light, updates, error };
  }
}

function valuesOf({ light: { on, of, entry }, updates, error }: Outcome) {
  return {
    on,
    of,
    address: entry.address,
    updates: updates.map(({ brings, transactionHash, gasUsed }) => ({ brings, transactionHash, gasUsed })),
    error: error && { code: error.code, message: error.message, hint: error.hint },
  };
}
