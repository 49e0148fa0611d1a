import { getLightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { XdmError } from '../../sdk/core/errors.ts';
import { worstOf, type ExitCode } from '../exitCodes.ts';
import { lightClientResult, type LightClientReport } from './lightClientResult.ts';
import type { Output } from '../output.ts';
import type { ChosenLightClient } from './lightClients.ts';

const COLUMNS = ['on', 'of', 'kind', 'head', 'age', 'expiresIn', 'frozen', 'state'];

/**
 * Says how light clients are, a line for each.
 * @param silent what speaks against chains that are not connected, by their ids
 */
export async function showLightClients(
  client: OmnichainClient,
  { chosen, silent }: { readonly chosen: readonly ChosenLightClient[]; readonly silent: ReadonlyMap<bigint, XdmError> },
  output: Output,
): Promise<ExitCode> {
  const reports = await Promise.all(chosen.map(async (each) => await report(client, each, silent)));
  const shown = reports.map(lightClientResult);
  output.table(
    shown.map(({ result }) => result),
    COLUMNS,
  );
  return worstOf(shown.map(({ exitCode }) => exitCode));
}

async function report(
  client: OmnichainClient,
  light: ChosenLightClient,
  silent: ReadonlyMap<bigint, XdmError>,
): Promise<LightClientReport> {
  const { entry, sources } = light;
  const problem = silent.get(entry.on);
  if (problem !== undefined) return { light, problem };
  const status = await getLightClientStatus(client, { on: entry.on, of: entry.of, sources });
  // What speaks against its chain's endpoint says more than that it is not connected.
  const ofSource = status.problem === undefined ? undefined : (silent.get(entry.of) ?? status.problem);
  return { light, status: { ...status, problem: ofSource } };
}
