import type { L2Client } from '../../sdk/chain/client.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { L2_OPTIONS } from '../options.ts';
import { ROLE_OPTIONS, showCalls } from '../roleCommand.ts';

export const allow = defineCommand({
  name: 'allow',
  parameters: 'ACCOUNT',
  arity: 1,
  summary: "Lets an account send from L2, for the allowlist's owner",
  details: `Of a lane that was deployed with an allowlist: on any other everyone may send. With --remove the
account may not send any more; what it has sent is delivered. \`xdm roles\` names the list's owner.
It needs L2 alone.`,
  options: {
    remove: { type: 'boolean', default: false, describe: 'Take the account off the list' },
    ...ROLE_OPTIONS,
    ...L2_OPTIONS,
  },
  only: { kind: 'rollup', otherwise: 'over this one everyone may send' },
  async run(args, { environment, output }) {
    const { buildAllowance, setAllowed } = await import('../../sdk/actions/setAllowed.ts');
    const { withL2 } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');
    const { parseAccount } = await import('../values.ts');

    const change = { account: parseAccount(args.rest[0] ?? ''), isAllowed: !args.remove };
    if (args.calldata) {
      const build = async (client: L2Client) => [await buildAllowance(client, change)];
      showCalls(await withL2(args, environment, build), output);
      return EXIT.done;
    }
    const signer = await openAccount(args, environment);
    const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
    const sent = await withL2(
      args,
      environment,
      async (client) => await setAllowed(client, { ...change, signer, onSent }),
    );
    showCalls(sent === undefined ? [] : [sent], output);
    const state = `${change.account} ${change.isAllowed ? 'may' : 'may not'} send from L2`;
    output.log(sent === undefined ? `nothing to do: ${state}` : state);
    return EXIT.done;
  },
});
