import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { isKeystoreJson, Wallet, type HDNodeWallet } from 'ethers';

import { XdmError } from '../sdk/core/errors.ts';
import type { Arguments, Environment } from './command.ts';
import type { SIGNER_OPTIONS } from './options.ts';
import { parseAddress } from './values.ts';

type SignerArguments = Omit<Arguments<typeof SIGNER_OPTIONS>, 'rest'>;

/** An account whose key is known, connected to no chain. */
export type Account = Wallet | HDNodeWallet;

/** Where Foundry keeps keystores, under a home directory. */
const FOUNDRY_KEYSTORES = join('.foundry', 'keystores');

const MAKE_KEYSTORE = 'make one with `cast wallet import`, or give another name or file';

/**
 * The account that pays, from a key or a keystore; what is typed goes before the environment.
 * @throws {XdmError} `invalid-argument`, which never says the key
 */
export async function openAccount(args: SignerArguments, environment: Environment): Promise<Account> {
  const account = await openAny(args, environment);
  const { from } = args;
  if (from !== undefined && parseAddress('from', from) !== account.address) {
    throw new XdmError('invalid-argument', `the account given is ${account.address}, not ${from} as --from wants`, {
      hint: 'give the key of that account, or leave out --from',
    });
  }
  return account;
}

/** Whether one is named on the command line. */
export function isAccountTyped({ 'private-key': key, keystore, account, from }: SignerArguments): boolean {
  return [key, keystore, account, from].some((option) => option !== undefined);
}

/** Whether there is a key to open, typed or in the environment. */
export function isKeyGiven(
  { 'private-key': key, keystore, account }: SignerArguments,
  { variables }: Environment,
): boolean {
  return [key, keystore, account, variables['PRIVATE_KEY']].some((given) => given !== undefined);
}

async function openAny(args: SignerArguments, environment: Environment): Promise<Account> {
  const { 'private-key': typedKey, keystore, account } = args;
  const typed = { '--private-key': typedKey, '--keystore': keystore, '--account': account };
  const [first, second] = Object.entries(typed).filter(([, value]) => value !== undefined);
  if (first !== undefined && second !== undefined) {
    const problem = `${first[0]} and ${second[0]} are both given`;
    throw new XdmError('invalid-argument', problem, { hint: 'give one of them' });
  }
  const file = keystore ?? (account === undefined ? undefined : foundryKeystore(account, environment));
  if (file !== undefined) return await openKeystore(file, args['password-file'], environment);
  if (typedKey !== undefined) return readKey(typedKey, '--private-key');
  const key = environment.variables['PRIVATE_KEY'];
  if (key !== undefined) return readKey(key, 'PRIVATE_KEY');
  throw new XdmError('invalid-argument', 'no account is given', {
    hint: 'give one with --private-key, PRIVATE_KEY, --keystore or --account',
  });
}

function foundryKeystore(name: string, { variables }: Environment): string {
  const home = variables['HOME'] ?? variables['USERPROFILE'];
  if (home === undefined || name === '' || basename(name) !== name) {
    throw new XdmError('invalid-argument', `--account "${name}" is no name of a keystore of Foundry's`, {
      hint: '`cast wallet list` shows them; --keystore takes a path',
    });
  }
  return join(home, FOUNDRY_KEYSTORES, name);
}

function readKey(key: string, source: string): Wallet {
  const digits = key.trim().replace(/^0x/iu, '');
  if (!/^[\da-f]{64}$/iu.test(digits)) {
    const problem = /^[\da-f]*$/iu.test(digits) ? `has ${digits.length} hex digits, not 64` : 'is not hex';
    throw new XdmError('invalid-argument', `the private key of ${source} ${problem}`, {
      hint: 'a private key is 0x and 64 hex digits',
    });
  }
  try {
    return new Wallet(`0x${digits}`);
  } catch {
    // Its cause would hold the key.
    throw new XdmError('invalid-argument', `the private key of ${source} is zero, or too large to be a key`);
  }
}

async function openKeystore(
  path: string,
  passwordFile: string | undefined,
  environment: Environment,
): Promise<Account> {
  const json = readText(path, 'the keystore', MAKE_KEYSTORE);
  if (!isKeystoreJson(json)) {
    throw new XdmError('invalid-argument', `the keystore ${path} is no encrypted JSON keystore`, {
      hint: MAKE_KEYSTORE,
    });
  }
  const password = await readPassword(path, passwordFile, environment);
  try {
    return await Wallet.fromEncryptedJson(json, password);
  } catch (cause) {
    throw new XdmError('invalid-argument', `the keystore ${path} does not open with this password`, {
      cause,
      hint: 'check the password, and that the file is whole',
    });
  }
}

async function readPassword(
  keystore: string,
  passwordFile: string | undefined,
  { askSecret }: Environment,
): Promise<string> {
  if (passwordFile !== undefined) return readText(passwordFile, '--password-file').replace(/\r?\n$/u, '');
  if (askSecret !== undefined) return await askSecret(`Password of ${keystore}: `);
  throw new XdmError('invalid-argument', `the password of the keystore ${keystore} cannot be asked for: no terminal`, {
    hint: 'give a file that holds it with --password-file',
  });
}

function readText(path: string, option: string, hint = 'check the path'): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new XdmError('invalid-argument', `${option} ${path} cannot be read`, { cause, hint });
  }
}
