import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import type { Allowlist } from '../../sdk/actions/getAllowlist.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { READER_OPTIONS } from '../options.ts';

/** Milliseconds that L2 has for an answer: who has the roles on L1 must be told while it stands still. */
const PATIENCE_MS = 5000;

export const roles = defineCommand({
  name: 'roles',
  parameters: '',
  arity: 0,
  summary: 'Shows who has which role',
  details: `A line for each role: who has it by which contract, and to whom ownership is offered. The owner
replaces proposer, challenger and guardian with \`xdm setRole\`. All are on L1 but the owner of the
allowlist, of a lane that has one: where L2 does not answer, that line is missing.`,
  options: READER_OPTIONS,
  only: {
    kind: 'rollup',
    otherwise: 'this one has no roles but the owner of each service, whom owner() of the service names',
  },
  async run(args, { environment, output }) {
    const { getRoles } = await import('../../sdk/actions/getRoles.ts');
    const { getAllowlist } = await import('../../sdk/actions/getAllowlist.ts');
    const { withL1, withL2 } = await import('../lane.ts');

    const [holders, allowlist] = await Promise.all([
      withL1(args, environment, getRoles),
      withL2(args, environment, getAllowlist, PATIENCE_MS).catch((error: unknown) => {
        if (error instanceof XdmError) return error;
        throw error;
      }),
    ]);
    const rows = [...holders, ...(allowlist instanceof XdmError ? [] : ownersOf(allowlist))];
    output.table(
      rows.map((row) => ({ values: { ...row } })),
      ['role', 'holder', 'offeredTo', 'contract'],
    );
    if (allowlist instanceof XdmError) {
      output.log(`L2 was not asked for an allowlist and its owner: ${allowlist.message}`);
    } else if (allowlist !== undefined && allowlist.owner === undefined) {
      output.log(`the allowlist ${allowlist.address} on L2 names no owner`);
    }
    return EXIT.done;
  },
});

function ownersOf(
  allowlist: Allowlist | undefined,
): Record<'role' | 'contract' | 'holder' | 'offeredTo', string | undefined>[] {
  if (allowlist?.owner === undefined) return [];
  return [{ role: 'owner', contract: 'SenderAllowlist', holder: allowlist.owner, offeredTo: allowlist.offeredTo }];
}
