// What the commands of accounts with a role have in common.
import type { L1Client } from '../sdk/chain/client.ts';
import type { RoleAction, RoleCall, RoleSender } from '../sdk/chain/roleCalls.ts';
import type { Arguments, Environment, OptionsByName } from './command.ts';
import { EXIT, type ExitCode } from './exitCodes.ts';
import { L1_OPTIONS, SIGNER_OPTIONS } from './options.ts';
import type { Output } from './output.ts';

export const ROLE_OPTIONS = {
  calldata: {
    type: 'boolean',
    default: false,
    describe: 'Print the calls for a multisignature to make, and send nothing; needs no key',
  },
  ...L1_OPTIONS,
  ...SIGNER_OPTIONS,
} as const satisfies OptionsByName;

interface RoleCommand {
  readonly action: RoleAction;
  /** Does it. */
  readonly send: (client: L1Client, sender: RoleSender) => Promise<readonly RoleCall[]>;
  /** What to say where there is nothing to do. */
  readonly done: string;
  /** What to say once it is done. */
  readonly next?: string;
}

/** Does something that takes a role, or prints the calls that it takes. */
export async function runRoleCommand(
  { action, send, done, next }: RoleCommand,
  args: Arguments<typeof ROLE_OPTIONS>,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  const { openAccount } = await import('./signer.ts');
  const { readDeployment, withL1 } = await import('./lane.ts');

  if (args.calldata) {
    const { buildRoleCalls } = await import('../sdk/chain/roleCalls.ts');
    show(buildRoleCalls(readDeployment(args, environment), action), output);
    return EXIT.done;
  }
  const signer = await openAccount(args, environment);
  const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
  const calls = await withL1(args, environment, async (client) => await send(client, { signer, onSent }));
  show(calls, output);
  const remark = calls.length === 0 ? `nothing to do: ${done}` : next;
  if (remark !== undefined) output.log(remark);
  return EXIT.done;
}

/** As JSON always an array: how many there are depends on who owns what. */
function show(calls: readonly RoleCall[], output: Output): void {
  if (output.json) output.data(calls.map((call) => ({ ...call })));
  else if (calls.length > 0) output.results(calls.map((call) => ({ values: { ...call } })));
}
