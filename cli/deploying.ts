// What the commands have in common that deploy a lane, of whatever kind.
import { existsSync, statSync } from 'node:fs';

import type { VoidSigner } from 'ethers';

import { XdmError } from '../sdk/core/errors.ts';
import type { Arguments, Environment, OptionsByName } from './command.ts';
import { SIGNER_OPTIONS } from './options.ts';
import type { Account } from './signer.ts';

/** Where the lane is described, who deploys it, and whether at all. */
export const DEPLOYING_OPTIONS = {
  out: { type: 'string', requiresArg: true, demandOption: true, describe: 'File to describe the lane in' },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Plan the lane, show it with all addresses, and send nothing; needs no key with --from',
  },
  ...SIGNER_OPTIONS,
} as const satisfies OptionsByName;

/** The account that deploys; where nothing is sent, its address is enough. @throws {XdmError} `invalid-argument` */
export async function openDeployer(
  args: Omit<Arguments<typeof DEPLOYING_OPTIONS>, 'out' | 'rest'>,
  environment: Environment,
): Promise<Account | VoidSigner> {
  const { isKeyGiven, openAccount } = await import('./signer.ts');
  const { parseAddress } = await import('./values.ts');
  const { VoidSigner } = await import('ethers');
  return args['dry-run'] && args.from !== undefined && !isKeyGiven(args, environment)
    ? new VoidSigner(parseAddress('from', args.from))
    : await openAccount(args, environment);
}

/** Makes sure that the file can be written, and describes no lane. @throws {XdmError} `invalid-argument` */
export function verifyOut(out: string): void {
  const problem =
    out === ''
      ? '--out is empty'
      : statSync(out, { throwIfNoEntry: false })?.isDirectory() === true
        ? `--out ${out} is a folder`
        : existsSync(out)
          ? `${out} is there already, and describes a lane`
          : undefined;
  if (problem === undefined) return;
  throw new XdmError('invalid-argument', problem, { hint: 'give another file with --out' });
}

/** Whether an endpoint can stand in a file that is passed on: a key would be in one of the parts it does not have. */
export function isPublic(url: string): boolean {
  const { username, password, pathname, search } = new URL(url);
  return username === '' && password === '' && pathname === '/' && search === '';
}
