import { XdmError } from '../../sdk/core/errors.ts';
import type { OmnichainDeployment, OmnichainLightClient } from '../../sdk/core/omnichain/deployment.ts';
import { defineCommand } from '../command.ts';
import type { Replacing } from '../omnichain/replaceLightClient.ts';
import { OWNER_OPTIONS, SOURCE_OPTIONS } from '../options.ts';

type Action = 'status' | 'update' | Replacing;

/** What there is to do, and the options that are for that, and not for all of it. */
const ACTIONS: Readonly<Record<Action, readonly string[]>> = {
  status: ['source-urls'],
  update: ['source-urls'],
  propose: ['address', 'calldata', 'dry-run'],
  cancel: ['calldata', 'dry-run'],
  apply: ['calldata', 'dry-run'],
};

export const lightclient = defineCommand({
  name: 'lightclient',
  parameters: 'status|update|propose|apply|cancel',
  arity: 1,
  summary: 'Says how far light clients of an omnichain lane are, updates or replaces them',
  details: `status, which needs no key: a line for each light client. on is the chain that it is on, of the
one whose blocks it knows, head the newest of them, age how long ago that was, expiresIn for how
long it is trusted unless it is updated. state begins with ok where nothing is to be done: it is in
sync, or its source has updates that are sent once a message waits for one of their blocks; with
due where they are to be sent now, to bring those who sign next or before its trusting period is
over; otherwise it is what is wrong, such as an endpoint or a source that does not answer, which
leaves out no other light client. Exit code 1 where one is frozen or expired, otherwise that of
what keeps an endpoint or a source from answering, otherwise 0.

update: brings each as far as its source goes, by hand what the node's role maintainer does, and
prints a line for each transaction. One that cannot be updated holds up no other, and is said on
stderr. Exit code 0 where all are as far as their sources.

propose, apply and cancel, for the owner of the service on the chain --on: they replace the light
client of --of there. propose announces another one, --address; apply puts it in place once the
delay is over, a day at least, and until then ends with exit code 4; cancel takes that back.
applicableFrom is from when on it can be put in place. docs/adding-a-chain.md says how to deploy
one, and what is to be done meanwhile and afterwards.

With --json, an array with all that is known of each light client; times are Unix seconds.`,
  options: {
    on: { type: 'string', requiresArg: true, describe: 'Only those on this chain, name or id' },
    of: { type: 'string', requiresArg: true, describe: 'Only those that know the blocks of this chain, name or id' },
    address: { type: 'string', requiresArg: true, describe: 'The light client to propose' },
    ...SOURCE_OPTIONS,
    ...OWNER_OPTIONS,
  },
  only: { kind: 'omnichain', otherwise: 'this one has none: its chains know each other by state batches and a queue' },
  async run(args, { environment, output }) {
    const { chooseLightClients } = await import('../omnichain/lightClients.ts');
    const { withOmnichain, withReachable } = await import('../omnichain/lane.ts');
    const { openAccount } = await import('../signer.ts');

    const action = parseAction(args);
    const { on, of, address } = args;
    if (action !== 'status' && action !== 'update') {
      const { replaceLightClient } = await import('../omnichain/replaceLightClient.ts');
      return await replaceLightClient({ act: action, on, of, address }, args, { environment, output });
    }
    const chains = (lane: OmnichainDeployment): bigint[] =>
      chooseLightClients(lane, args, environment).flatMap(({ entry }) => [entry.on, entry.of]);
    if (action === 'status') {
      const { showLightClients } = await import('../omnichain/showLightClients.ts');
      const wrong = new Map<OmnichainLightClient, XdmError>();
      return await withReachable(args, environment, {
        chains,
        onWrong: (each, error) => wrong.set(each, error),
        use: async (client, silent) => {
          const chosen = chooseLightClients(client.lane, args, environment);
          return await showLightClients(client, { chosen, silent, wrong }, output);
        },
      });
    }
    const signer = await openAccount(args, environment);
    const { updateLightClients } = await import('../omnichain/updateLightClients.ts');
    return await withOmnichain(args, environment, {
      chains,
      use: async (client) => {
        const chosen = chooseLightClients(client.lane, args, environment);
        return await updateLightClients(client, { chosen, signer, output });
      },
    });
  },
});

/** What is to be done; refuses options that are for something else, such as a dry run of what is no owner's act. */
function parseAction(args: Readonly<Record<string, unknown>> & { readonly rest: readonly string[] }): Action {
  const [action = ''] = args.rest;
  const own = Object.entries(ACTIONS).find(([name]) => name === action)?.[1];
  if (own === undefined) {
    throw new XdmError('invalid-argument', `"${action}" is nothing to do with light clients`, {
      hint: `it is one of ${Object.keys(ACTIONS).join(', ')}`,
    });
  }
  const foreign = new Set(Object.values(ACTIONS).flat());
  for (const option of foreign) {
    if (own.includes(option) || args[option] === undefined || args[option] === false) continue;
    const takers = Object.entries(ACTIONS).filter(([, options]) => options.includes(option));
    throw new XdmError('invalid-argument', `--${option} means nothing for ${action}`, {
      hint: `leave it out; it is for ${takers.map(([name]) => name).join(', ')}`,
    });
  }
  return action as Action;
}
