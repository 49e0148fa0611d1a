// Calldata from a function's signature and its arguments as they are typed.
import { AbiCoder, concat, FunctionFragment, type ParamType } from 'ethers';

import { XdmError } from '../sdk/core/errors.ts';
import { formatGiven } from './format.ts';
import { counted } from '../sdk/core/counted.ts';

/**
 * Encodes a call.
 * @param signature such as `transfer(address,uint256)`
 * @param args as typed: arrays and tuples in JSON, all others as they are
 * @throws {XdmError} `invalid-argument`, with the argument that does not fit
 */
export function encodeCall(signature: string, args: readonly string[]): string {
  const fragment = parseSignature(signature);
  const { inputs, selector } = fragment;
  if (args.length !== inputs.length) {
    throw new XdmError(
      'invalid-argument',
      `${fragment.format()} takes ${counted(inputs.length, 'argument')}, and ${formatGiven(args.length)}`,
      { hint: 'give each as one word after the options; quote those with spaces' },
    );
  }
  const values = inputs.map((input, position) =>
    parseArgument(fragment, input, { position, text: args[position] ?? '' }),
  );
  return concat([selector, AbiCoder.defaultAbiCoder().encode(inputs, values)]);
}

function parseSignature(signature: string): FunctionFragment {
  try {
    return FunctionFragment.from(signature);
  } catch (cause) {
    throw new XdmError('invalid-argument', `--sig "${signature}" is no function`, {
      cause,
      hint: "write its name and the types of its arguments, such as 'transfer(address,uint256)'",
    });
  }
}

interface TypedArgument {
  readonly position: number;
  readonly text: string;
}

function parseArgument(fragment: FunctionFragment, type: ParamType, { position, text }: TypedArgument): unknown {
  try {
    const value = isNested(type) ? parseNested(text) : text;
    const converted = convert(type, value);
    // Only ethers knows all ranges and lengths.
    AbiCoder.defaultAbiCoder().encode([type], [converted]);
    return converted;
  } catch (cause) {
    const hint = isNested(type)
      ? `write it as JSON, strings and addresses in double quotes, such as ${exampleOf(type)}`
      : `an example is ${exampleOf(type)}`;
    const problem = `argument ${position + 1} of ${fragment.format()}, "${text}", is no ${type.format()}`;
    throw new XdmError('invalid-argument', problem, { cause, hint });
  }
}

function isNested({ baseType }: ParamType): boolean {
  return baseType === 'array' || baseType === 'tuple';
}

/** JSON whose numbers keep all their digits. */
function parseNested(text: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { source: string }): unknown =>
    typeof value === 'number' ? context?.source : value;
  return JSON.parse(text, keepDigits);
}

function convert(type: ParamType, value: unknown): unknown {
  if (type.baseType === 'array') return elementsOf(value).map((item) => convert(childOf(type), item));
  if (type.baseType === 'tuple') {
    const elements = elementsOf(value);
    const components = type.components ?? [];
    if (elements.length !== components.length) throw new TypeError(`it takes ${counted(components.length, 'element')}`);
    return components.map((component, position) => convert(component, elements[position]));
  }
  if (type.baseType === 'bool') return parseBool(value);
  if (typeof value !== 'string') throw new TypeError('text or digits are expected');
  return /^u?int/u.test(type.baseType) ? parseInteger(value) : value;
}

function elementsOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('an array is expected');
  return value;
}

function childOf({ arrayChildren }: ParamType): ParamType {
  if (arrayChildren === null) throw new TypeError('an array has a type of its elements');
  return arrayChildren;
}

function parseBool(value: unknown): boolean {
  const text = String(value);
  if (text !== 'true' && text !== 'false') throw new TypeError('true or false is expected');
  return text === 'true';
}

function parseInteger(text: string): bigint {
  const [, sign, digits] = /^(-?)(\d+|0x[\da-f]+)$/iu.exec(text) ?? [];
  if (digits === undefined) throw new TypeError('an integer is expected');
  return sign === '-' ? -BigInt(digits) : BigInt(digits);
}

const EXAMPLES: readonly (readonly [pattern: RegExp, example: string])[] = [
  [/^uint/u, '42'],
  [/^int/u, '-42'],
  [/^bool$/u, 'true'],
  [/^address$/u, '"0x00000000000000000000000000000000000000aa"'],
  [/^string$/u, '"hello"'],
];

/** How a value of a type is written. */
function exampleOf(type: ParamType): string {
  if (type.baseType === 'array') return `[${exampleOf(childOf(type))}]`;
  if (type.baseType === 'tuple') return `[${(type.components ?? []).map(exampleOf).join(', ')}]`;
  const [, length] = /^bytes(\d+)$/u.exec(type.baseType) ?? [];
  if (length !== undefined) return `"0x${'ab'.repeat(Number(length))}"`;
  return EXAMPLES.find(([pattern]) => pattern.test(type.baseType))?.[1] ?? '"0xabcd"';
}
