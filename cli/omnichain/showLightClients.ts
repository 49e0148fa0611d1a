import { getLightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { XdmError } from '../../sdk/core/errors.ts';
import type { OmnichainLightClient } from '../../sdk/core/omnichain/deployment.ts';
import { worstOf, type ExitCode } from '../exitCodes.ts';
import { lightClientResult, type LightClientReport } from './lightClientResult.ts';
import type { Output } from '../output.ts';
import type { ChosenLightClient } from './lightClients.ts';

const COLUMNS = ['on', 'of', 'kind', 'head', 'age', 'expiresIn', 'frozen', 'state'];

/** What is asked about, and what is known to be amiss. */
interface Shown {
  readonly chosen: readonly ChosenLightClient[];
  /** What speaks against chains that are not connected, by their ids. */
  readonly silent: ReadonlyMap<bigint, XdmError>;
  /** What speaks against light clients that are not what the deployment says: nothing else is to be said of these. */
  readonly wrong: ReadonlyMap<OmnichainLightClient, XdmError>;
}

/** Says how light clients are, a line for each. */
export async function showLightClients(
  client: OmnichainClient,
  { chosen, ...amiss }: Shown,
  output: Output,
): Promise<ExitCode> {
  const reports = await Promise.all(chosen.map(async (each) => await report(client, each, amiss)));
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
  { silent, wrong }: Omit<Shown, 'chosen'>,
): Promise<LightClientReport> {
  const { entry, sources } = light;
  const problem = silent.get(entry.on) ?? wrong.get(entry);
  if (problem !== undefined) return { light, problem };
  const status = await getLightClientStatus(client, { on: entry.on, of: entry.of, sources });
  // What speaks against its chain's endpoint says more than that it is not connected.
  const ofSource = status.problem === undefined ? undefined : (silent.get(entry.of) ?? status.problem);
  return { light, status: { ...status, problem: ofSource } };
}
