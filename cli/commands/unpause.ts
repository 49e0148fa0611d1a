import { defineCommand } from '../command.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const unpause = defineCommand({
  name: 'unpause',
  parameters: '',
  arity: 0,
  summary: 'Ends a pause, for the owner',
  details: `Everything that waited can be relayed at once, by anyone. Where a false state batch has become
final during the pause, so can what is forged with it: never end that pause.

With --json it prints an array of what was sent: [] where there was nothing to do, as stderr says.`,
  options: ROLE_OPTIONS,
  only: { kind: 'rollup', otherwise: 'nobody can pause this one' },
  async run(args, around) {
    return await runRoleCommand(
      {
        action: { kind: 'unpause' },
        done: 'relaying is not paused',
        next: 'relaying goes on; a node tries what it has set aside within 10 minutes, or at once after `xdm retry --all` with its --store',
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
