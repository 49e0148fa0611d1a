import { defineCommand } from '../command.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const pause = defineCommand({
  name: 'pause',
  parameters: '',
  arity: 0,
  summary: 'Stops relaying on L1, for the guardian',
  details: `No message from L2 is relayed and no root is proven until the owner ends the pause with
\`xdm unpause\`; none is lost. Sending goes on, and so does delivery on L2, which nobody can stop.
State batches can be committed and deleted, and their windows pass. It needs L1 alone.

With --json it prints an array of what was sent: [] where there was nothing to do, as stderr says.`,
  options: ROLE_OPTIONS,
  only: { kind: 'rollup', otherwise: 'nobody can pause this one' },
  async run(args, around) {
    return await runRoleCommand(
      {
        action: { kind: 'pause' },
        done: 'relaying is paused',
        next: 'relaying is paused, until the owner ends that with `xdm unpause`',
        async send(client, sender) {
          const { pauseRelaying } = await import('../../sdk/actions/pauseRelaying.ts');
          const sent = await pauseRelaying(client, sender);
          return sent === undefined ? [] : [sent];
        },
      },
      args,
      around,
    );
  },
});
