import { getLightClientStatus, type LightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { counted } from '../../sdk/core/counted.ts';
import { EXIT, EXIT_CODES, worstOf, type ExitCode } from '../exitCodes.ts';
import { formatDuration } from '../format.ts';
import { sentenceOf, type Output, type Result } from '../output.ts';
import type { ChosenLightClient } from './lightClients.ts';

const COLUMNS = ['on', 'of', 'kind', 'head', 'age', 'expiresIn', 'frozen', 'state'];

/** Says how light clients are, a line for each. */
export async function showLightClients(
  client: OmnichainClient,
  chosen: readonly ChosenLightClient[],
  output: Output,
): Promise<ExitCode> {
  const known = await Promise.all(
    chosen.map(async (each) => {
      const { entry, sources } = each;
      return { ...each, status: await getLightClientStatus(client, { on: entry.on, of: entry.of, sources }) };
    }),
  );
  output.table(known.map(resultOf), COLUMNS);
  return worstOf(known.map(({ status }) => exitOf(status)));
}

/** That there are updates is no error: whoever maintains it sends them. */
function exitOf({ isFrozen, isExpired, problem }: LightClientStatus): ExitCode {
  if (isFrozen || isExpired) return EXIT.error;
  return problem === undefined ? EXIT.done : EXIT_CODES[problem.code];
}

function resultOf({ on, of, status }: ChosenLightClient & { readonly status: LightClientStatus }): Result {
  const { kind, address, head, age, trustedUntil, trustedFor, isFrozen, isExpired, next, problem } = status;
  return {
    values: {
      on,
      of,
      kind,
      address,
      head: { number: head.number, hash: head.hash },
      age,
      trustedUntil,
      expiresIn: trustedFor,
      frozen: isFrozen,
      expired: isExpired,
      next,
      problem: problem && { code: problem.code, message: problem.message, hint: problem.hint },
    },
    texts: {
      head: `${head.number}`,
      age: age === undefined ? '-' : formatDuration(age),
      expiresIn: trustedFor === undefined ? 'never' : isExpired ? 'expired' : formatDuration(trustedFor),
      frozen: isFrozen ? 'yes' : 'no',
      state: stateOf(status),
    },
  };
}

function stateOf({ isFrozen, isExpired, next, problem }: LightClientStatus): string {
  if (isFrozen) return 'frozen: two blocks of one height were vouched for';
  if (isExpired) return 'expired: it takes no update any more';
  if (problem !== undefined) return sentenceOf(problem);
  return next.length === 0 ? 'in sync' : `${counted(next.length, 'update')} to ${next.at(-1)}`;
}
