import { encodeRlp, toBeArray } from 'ethers';

/** A block's header as nodes answer with it: hex strings, of which newer forks have more. */
export type HeaderFields = Readonly<Record<string, string | undefined>>;

/** How a field is encoded: a number without leading zeros, or bytes as they are. */
type Form = keyof typeof FORMS;

const FORMS = { number: /^0x[\da-f]+$/iu, bytes: /^0x(?:[\da-f]{2})*$/iu } as const;

/** Fields that every header has, in their order. */
const FIELDS: readonly (readonly [name: string, form: Form])[] = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'number'],
  ['number', 'number'],
  ['gasLimit', 'number'],
  ['gasUsed', 'number'],
  ['timestamp', 'number'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
];

/** Those that forks have added, in their order: London, Shanghai, Cancun (three), Prague. */
const ADDED: readonly (readonly [name: string, form: Form])[] = [
  ['baseFeePerGas', 'number'],
  ['withdrawalsRoot', 'bytes'],
  ['blobGasUsed', 'number'],
  ['excessBlobGas', 'number'],
  ['parentBeaconBlockRoot', 'bytes'],
  ['requestsHash', 'bytes'],
];

/**
 * A header's RLP, hex. Whether it is the block's, its hash tells: a chain with fields of its own has another.
 * @returns undefined where a field is missing or is no hex number
 */
export function encodeHeader(header: HeaderFields): string | undefined {
  const present = ADDED.filter(([name]) => header[name] !== undefined);
  const encoded: (string | Uint8Array)[] = [];
  for (const [name, form] of [...FIELDS, ...present]) {
    const value = header[name];
    if (value === undefined || !FORMS[form].test(value)) return undefined;
    encoded.push(form === 'number' ? toBeArray(BigInt(value)) : value);
  }
  return encodeRlp(encoded);
}
