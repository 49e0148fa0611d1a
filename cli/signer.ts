import { readFileSync } from 'node:fs';

import { isKeystoreJson, Wallet, type HDNodeWallet } from 'ethers';

import { XdmError } from '../sdk/core/errors.ts';
import type { Arguments, Environment } from './command.ts';
import type { SIGNER_OPTIONS } from './options.ts';

type SignerArguments = Omit<Arguments<typeof SIGNER_OPTIONS>, 'rest'>;

/** An account whose key is known, connected to no chain. */
export type Account = Wallet | HDNodeWallet;

/**
 * The account that pays, from a key or a keystore; what is typed goes before the environment.
 * @throws {XdmError} `invalid-argument`, which never says the key
 */
export async function openAccount(args: SignerArguments, environment: Environment): Promise<Account> {
  const { 'private-key': typedKey, keystore } = args;
  if (typedKey !== undefined && keystore !== undefined) {
    throw new XdmError('invalid-argument', '--private-key and --keystore are both given', { hint: 'give one of them' });
  }
  if (keystore !== undefined) return await openKeystore(keystore, args['password-file'], environment);
  if (typedKey !== undefined) return readKey(typedKey, '--private-key');
  const key = environment.variables['PRIVATE_KEY'];
  if (key !== undefined) return readKey(key, 'PRIVATE_KEY');
  throw new XdmError('invalid-argument', 'no account is given', {
    hint: 'give one with --private-key, PRIVATE_KEY or --keystore',
  });
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
  const json = readText(path, '--keystore');
  if (!isKeystoreJson(json)) {
    throw new XdmError('invalid-argument', `--keystore ${path} is no encrypted JSON keystore`, {
      hint: 'make one with `cast wallet import`, or give another file',
    });
  }
  const password = await readPassword(path, passwordFile, environment);
  try {
    return await Wallet.fromEncryptedJson(json, password);
  } catch (cause) {
    throw new XdmError('invalid-argument', `--keystore ${path} does not open with this password`, {
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
  throw new XdmError('invalid-argument', `the password of --keystore ${keystore} cannot be asked for: no terminal`, {
    hint: 'give a file that holds it with --password-file',
  });
}

function readText(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new XdmError('invalid-argument', `${option} ${path} cannot be read`, { cause, hint: 'check the path' });
  }
}
