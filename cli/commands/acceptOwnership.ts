import { defineCommand } from '../command.ts';
import { laneKindOf, refuseOptions } from '../deploymentFile.ts';
import { ANY_LANE_OPTIONS } from '../options.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const acceptOwnership = defineCommand({
  name: 'acceptOwnership',
  parameters: '',
  arity: 0,
  summary: 'Accepts ownership of a lane, for whom it was offered to',
  details: `Of the L1 messenger, of the state-commitment chain, or of both, as they were offered by \`xdm
setRole owner ADDRESS\`. It needs L1 alone. With --calldata it prints a call for each contract that
is offered to somebody now, and from is who has to make it; with --from, those of that account.

Of an omnichain lane, of the services that the account is offered, on all chains.`,
  options: { ...ROLE_OPTIONS, 'rpc-urls': ANY_LANE_OPTIONS['rpc-urls'] },
  async run(args, around) {
    if (laneKindOf(args, around.environment) === 'omnichain') {
      const { acceptServices } = await import('../omnichain/acceptServices.ts');
      refuseOptions('omnichain', args, ['l1-rpc-url', 'l2-rpc-url']);
      return await acceptServices(args, around);
    }
    refuseOptions('rollup', args, ['rpc-urls']);
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
