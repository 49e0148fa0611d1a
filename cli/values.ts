// What is typed, as the types the SDK takes.
import { getAddress, isAddress, parseUnits } from 'ethers';

import type { Side } from '../sdk/core/deployment.ts';
import { XdmError } from '../sdk/core/errors.ts';
import type { Environment } from './command.ts';

const ENDPOINTS = {
  l1: { option: 'l1-rpc-url', variable: 'L1_RPC_URL' },
  l2: { option: 'l2-rpc-url', variable: 'L2_RPC_URL' },
} as const;

const MAX_UINT256 = 2n ** 256n - 1n;

type EndpointArguments = Readonly<Partial<Record<'l1-rpc-url' | 'l2-rpc-url', string | undefined>>>;

/** The endpoint that is asked for, if one is; what is typed goes before the environment. */
export function endpointOf(side: Side, args: EndpointArguments, { variables }: Environment): string | undefined {
  const { option, variable } = ENDPOINTS[side];
  return args[option] ?? variables[variable];
}

/** One of a few words. */
export function parseChoice<const T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((word) => word === text);
  if (choice === undefined) {
    throw new XdmError('invalid-argument', `--${option} "${text}" is not known`, {
      hint: `it is one of ${choices.join(', ')}`,
    });
  }
  return choice;
}

/** A whole number in decimal digits, from a smallest to a largest one. */
export function parseNatural(option: string, text: string, max: bigint = MAX_UINT256, min = 0n): bigint {
  const refuse = (problem: string, hint: string): XdmError =>
    new XdmError('invalid-argument', `--${option} "${text}" ${problem}`, { hint });
  if (!/^\d+$/u.test(text)) throw refuse('is not a whole number', 'give decimal digits');
  const number = BigInt(text);
  if (number > max) throw refuse('is too large', `give ${max} or less`);
  if (number < min) throw refuse('is too small', `give ${min} or more`);
  return number;
}

/** The gas limit of a transaction, if one is given. */
export async function parseGasLimit(text: string | undefined): Promise<bigint | undefined> {
  const { MAX_TRANSACTION_GAS } = await import('../sdk/core/gas.ts');
  return text === undefined ? undefined : parseNatural('gas-limit', text, MAX_TRANSACTION_GAS, 1n);
}

/** An address; where it has letters of both cases, its checksum is checked. */
export function parseAddress(option: string, text: string): string {
  if (!/^0x/iu.test(text) || !isAddress(text)) {
    const isShaped = /^0x[\da-f]{40}$/iu.test(text);
    throw new XdmError(
      'invalid-argument',
      `--${option} "${text}" ${isShaped ? 'has a wrong checksum' : 'is no address'}`,
      { hint: isShaped ? 'check it for typing errors' : 'an address is 0x and 40 hex digits' },
    );
  }
  return getAddress(text);
}

/** An address that is an argument, and not nobody's. */
export function parseAccount(text: string): string {
  if (/^0x/iu.test(text) && isAddress(text) && BigInt(text) !== 0n) return getAddress(text);
  throw new XdmError('invalid-argument', `"${text}" is no account's address, or its checksum is wrong`, {
    hint: 'give 0x and 40 hex digits',
  });
}

/** Bytes in hex. */
export function parseHex(option: string, text: string): string {
  const digits = /^0x([\da-f]*)$/iu.exec(text)?.[1];
  if (digits === undefined || digits.length % 2 === 1) {
    const problem = digits === undefined ? 'is not hex' : `has an odd number of hex digits, ${digits.length}`;
    throw new XdmError('invalid-argument', `--${option} "${text}" ${problem}`, {
      hint: 'bytes are 0x and two hex digits each',
    });
  }
  return text.toLowerCase();
}

/** Wei, from `5`, `10gwei` or `0.5ether`. */
export function parseWei(option: string, text: string): bigint {
  const [, amount = '', unit = 'wei'] = /^(\d+(?:\.\d+)?) *(wei|gwei|ether)?$/u.exec(text) ?? [];
  try {
    const wei = parseUnits(amount, unit);
    if (wei <= MAX_UINT256) return wei;
  } catch {
    // Empty, or more decimals than the unit has.
  }
  throw new XdmError('invalid-argument', `--${option} "${text}" is no amount of wei`, {
    hint: 'give wei, or an amount with its unit such as 10gwei or 0.5ether',
  });
}
