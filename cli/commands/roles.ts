import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { L1_READER_OPTIONS } from '../options.ts';

export const roles = defineCommand({
  name: 'roles',
  parameters: '',
  arity: 0,
  summary: 'Shows who has which role on L1',
  details: `A line for each role: who has it by which contract, and to whom ownership is offered. The owner
replaces proposer, challenger and guardian with \`xdm setRole\`. It needs L1 alone.`,
  options: L1_READER_OPTIONS,
  only: {
    kind: 'rollup',
    otherwise: 'this one has no roles but the owner of each service, whom owner() of the service names',
  },
  async run(args, { environment, output }) {
    const { getRoles } = await import('../../sdk/actions/getRoles.ts');
    const { withL1 } = await import('../lane.ts');

    const holders = await withL1(args, environment, getRoles);
    output.table(
      holders.map((holder) => ({ values: { ...holder } })),
      ['role', 'holder', 'offeredTo', 'contract'],
    );
    return EXIT.done;
  },
});
