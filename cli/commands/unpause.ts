import { defineCommand } from '../command.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const unpause = defineCommand({
  name: 'unpause',
  parameters: '',
  arity: 0,
  summary: 'Ends a pause, for the owner',
  details: `Everything that waited can be relayed at once, by anyone. Where a false state batch has become final
during the pause, so can what is forged with it: never end that pause.`,
  options: ROLE_OPTIONS,
  only: { kind: 'rollup', otherwise: 'nobody can pause this one' },
  async run(args, around) {
    return await runRoleCommand(
      {
        action: { kind: 'unpause' },
        done: 'relaying is not paused',
        async send(client, sender) {
          const { unpauseRelaying } = await import('../../sdk/actions/unpauseRelaying.ts');
          const sent = await unpauseRelaying(client, sender);
          return sent === undefined ? [] : [sent];
        },
      },
      args,
      around,
    );
  },
});
