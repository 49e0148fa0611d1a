import { concat, dataLength, dataSlice, Interface, keccak256, toBeHex } from 'ethers';

/** Bytes of the payload that all figures are for unless they say otherwise: a selector and four words. */
export const TYPICAL_PAYLOAD = 132;

/** Bytes of the payloads that are compared. */
export const PAYLOADS: readonly number[] = [0, 32, TYPICAL_PAYLOAD, 1024, 4096];

/** Gas limit of all messages. */
export const GAS_LIMIT = 200_000n;

const recorder = new Interface(['function record(bytes32,bytes32,bytes32,bytes32)']);

/**
 * A payload of so many bytes, another one for each index: hashes, which have hardly a zero byte, behind the selector of a
 * recorder's function where there is room for its parameters.
 */
export function payload(bytes: number, index: number): string {
  const words = Array.from({ length: Math.ceil(bytes / 32) }, (_, word) =>
    keccak256(toBeHex(256 * index + word + 1, 32)),
  );
  if (!takesSelector(bytes)) return dataSlice(concat(words), 0, bytes);
  return dataSlice(concat([recorder.getFunction('record')!.selector, ...words]), 0, bytes);
}

/** Whether a payload of so many bytes calls a recorder's function; any other reaches a fallback. */
function takesSelector(bytes: number): boolean {
  return bytes >= TYPICAL_PAYLOAD;
}

/** Which contract of test/contracts/support/targets takes a payload. */
export function targetFor(data: string): 'recorder' | 'fallbackRecorder' {
  return takesSelector(dataLength(data)) ? 'recorder' : 'fallbackRecorder';
}
