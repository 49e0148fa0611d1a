import { defineCommand } from '../command.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const acceptOwnership = defineCommand({
  name: 'acceptOwnership',
  parameters: '',
  arity: 0,
  summary: 'Accepts ownership of a lane, for whom it was offered to',
  details: `Of the L1 messenger, of the state-commitment chain, or of both, as they were offered by
\`xdm setRole owner ADDRESS\`. It needs L1 alone.`,
  options: ROLE_OPTIONS,
  async run(args, around) {
    return await runRoleCommand(
      {
        action: { kind: 'acceptOwnership' },
        done: 'nothing was offered',
        async send(client, sender) {
          const actions = await import('../../sdk/actions/acceptOwnership.ts');
          return await actions.acceptOwnership(client, sender);
        },
      },
      args,
      around,
    );
  },
});
