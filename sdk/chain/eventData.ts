import { isHexString } from 'ethers';

import { toChecksum } from '../core/address.ts';

/** Hex digits of a word. */
const WORD = 64;

/**
 * What an event carries, read word by word. It is for events that come by the thousand: a decoder for any ABI takes some hundred
 * microseconds for each.
 */
export class EventData {
  readonly #digits: string;

  /**
   * @param data hex: a topic, or an event's data
   * @throws {RangeError} when it is not hex, or no whole number of words
   */
  constructor(data: string) {
    this.#digits = data.slice(2).toLowerCase();
    if (!isHexString(data) || this.#digits.length % WORD !== 0) {
      throw new RangeError(`event data ${data.slice(0, 80)} is no row of words`);
    }
  }

  /** The word at an index. */
  uint(index: number): bigint {
    return BigInt(`0x${this.#word(index)}`);
  }

  address(index: number): string {
    const word = this.#word(index);
    if (!/^0{24}/u.test(word)) throw new RangeError(`word ${index} of an event is no address: 0x${word}`);
    return toChecksum(`0x${word.slice(24)}`);
  }

  /** Bytes of any length, whose place stands at an index. */
  bytes(index: number): string {
    const offset = this.#size(this.uint(index));
    const start = 2 * offset + WORD;
    const length = 2 * this.#size(BigInt(`0x${this.#slice(2 * offset, WORD)}`));
    return `0x${this.#slice(start, length)}`;
  }

  #word(index: number): string {
    return this.#slice(index * WORD, WORD);
  }

  /** A number of bytes that is not beyond the end. */
  #size(bytes: bigint): number {
    if (bytes > BigInt(this.#digits.length)) throw new RangeError(`an event's data ends before byte ${bytes}`);
    return Number(bytes);
  }

  #slice(start: number, length: number): string {
    if (start + length > this.#digits.length) {
      throw new RangeError(`an event's data ends before digit ${start + length}`);
    }
    return this.#digits.slice(start, start + length);
  }
}
