import { defineCommand } from '../command.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const acceptOwnership = defineCommand({
  name: 'acceptOwnership',
  parameters: '',
  arity: 0,
  summary: 'Accepts ownership of a lane, for whom it was offered to',
  details: `Of the L1 messenger, of the state-commitment chain, or of both, as they were offered by \`xdm
setRole owner ADDRESS\`. It needs L1 alone. With --calldata it prints a call for each contract that
is offered to somebody now, and from is who has to make it; with --from, those of that account.`,
  options: ROLE_OPTIONS,
  only: {
    kind: 'rollup',
    otherwise: 'whom a service of this one was offered takes it with acceptOwnership() of the service',
  },
  async run(args, around) {
    const { parseAddress } = await import('../values.ts');
    const from = args.from === undefined ? undefined : parseAddress('from', args.from);
    return await runRoleCommand(
      {
        action: { kind: 'acceptOwnership' },
        done: `nothing is offered${from === undefined ? '' : ` to ${from}`}`,
        async send(client, sender) {
          const actions = await import('../../sdk/actions/acceptOwnership.ts');
          return await actions.acceptOwnership(client, sender);
        },
        async calls(client) {
          const { buildAcceptances } = await import('../../sdk/actions/acceptOwnership.ts');
          const calls = await buildAcceptances(client);
          return from === undefined ? calls : calls.filter((call) => call.from === from);
        },
      },
      args,
      around,
    );
  },
});
