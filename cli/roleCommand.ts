// What the commands of accounts with a role have in common.
import type { L1Client } from '../sdk/chain/client.ts';
import type { RoleAction, RoleCall, RoleSender } from '../sdk/chain/roleCalls.ts';
import { XdmError } from '../sdk/core/errors.ts';
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
  /** What it takes, where that depends on L1. */
  readonly calls?: (client: L1Client) => Promise<readonly RoleCall[]>;
  /** What may not be meant, a sentence each. */
  readonly warnings?: (client: L1Client) => Promise<readonly string[]>;
  /** What to say where there is nothing to do. */
  readonly done: string;
  /** What to say once it is done. */
  readonly next?: string;
}

interface Surroundings {
  readonly environment: Environment;
  readonly output: Output;
}

/** Does something that takes a role, or prints the calls that it takes. */
export async function runRoleCommand(
  command: RoleCommand,
  args: Arguments<typeof ROLE_OPTIONS>,
  { environment, output }: Surroundings,
): Promise<ExitCode> {
  const { openAccount } = await import('./signer.ts');
  const { withL1 } = await import('./lane.ts');

  if (args.calldata) return await printCalls(command, args, { environment, output });
  const signer = await openAccount(args, environment);
  const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
  const calls = await withL1(args, environment, async (client) => {
    await warn(command, client, output);
    return await command.send(client, { signer, onSent });
  });
  showCalls(calls, output);
  const remark = calls.length === 0 ? `nothing to do: ${command.done}` : command.next;
  if (remark !== undefined) output.log(remark);
  return EXIT.done;
}

/** For a multisignature: without a key, and without a chain where the calls do not depend on it. */
async function printCalls(
  command: RoleCommand,
  args: Arguments<typeof ROLE_OPTIONS>,
  { environment, output }: Surroundings,
): Promise<ExitCode> {
  const { readDeployment, withL1 } = await import('./lane.ts');

  const { action, calls: read, warnings, done } = command;
  if (read === undefined) {
    const { buildRoleCalls } = await import('../sdk/chain/roleCalls.ts');
    const calls = buildRoleCalls(readDeployment(args, environment), action);
    if (warnings !== undefined) {
      try {
        await withL1(args, environment, async (client) => await warn(command, client, output));
      } catch (error) {
        if (!(error instanceof XdmError)) throw error;
        output.log(`note: L1 was not asked what speaks against it: ${error.message}`);
      }
    }
    showCalls(calls, output);
    return EXIT.done;
  }
  const calls = await withL1(args, environment, read);
  showCalls(calls, output);
  if (calls.length === 0) output.log(`nothing to do: ${done}`);
  return EXIT.done;
}

async function warn({ warnings }: RoleCommand, client: L1Client, output: Output): Promise<void> {
  for (const warning of (await warnings?.(client)) ?? []) output.log(`warning: ${warning}`);
}

/** As JSON always an array: how many there are depends on who owns what. */
export function showCalls(calls: readonly RoleCall[], output: Output): void {
  const values = calls.map(({ chainId, ...call }) => ({ chainId: Number(chainId), ...call }));
  if (output.json) output.data(values);
  else if (calls.length > 0) output.results(values.map((each) => ({ values: each })));
}
