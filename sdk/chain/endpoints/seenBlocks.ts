import type { RpcAnswer } from './answers.ts';
import type { RpcRequest } from './requests.ts';

/** Blocks whose hashes are remembered. */
const REMEMBERED = 256;

/** A sign that an endpoint is behind where it was. */
export interface LagSign {
  /** The block that it ends with, or has no more. */
  readonly block: number;
  /** The newest block that it had. */
  readonly earlier: number;
  /** Whether it can still be a reorganisation: no hash was given. */
  readonly isUncertain: boolean;
  /** Whether it was not behind before. */
  readonly isNew: boolean;
}

/** What one endpoint has said of its blocks, by which it is seen to say less later. */
export class SeenBlocks {
  #head = -1;
  #isBehind = false;
  readonly #hashes = new Map<number, string>();

  /** The newest block that it had. */
  get head(): number {
    return this.#head;
  }

  /** Whether its latest answers are from behind its earlier ones. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Takes note of an answer. Returns what is wrong with it. */
  observe({ method, params }: RpcRequest, answer: RpcAnswer): LagSign | undefined {
    if (!('result' in answer)) return undefined;
    const { result } = answer;
    if (method === 'eth_blockNumber') {
      return typeof result === 'string' ? this.#observeHead(Number(result), undefined) : undefined;
    }
    if (method !== 'eth_getBlockByNumber' && method !== 'eth_getBlockByHash') return undefined;
    const [asked] = params as [unknown];
    if (result === null) return this.#observeNothing(asked);
    const { number, hash } = result as { readonly number?: unknown; readonly hash?: unknown };
    if (typeof number !== 'string' || typeof hash !== 'string') return undefined;
    if (asked === 'latest') return this.#observeHead(Number(number), hash);
    if (method === 'eth_getBlockByNumber' && asked !== 'pending') this.#observeBlock(Number(number), hash);
    return undefined;
  }

  /** Says that an uncertain sign was none of a reorganisation. */
  takeAsBehind({ block }: LagSign): LagSign {
    return this.#behind(block, false);
  }

  #observeHead(number: number, hash: string | undefined): LagSign | undefined {
    if (!Number.isSafeInteger(number)) return undefined;
    if (hash !== undefined) this.#observeBlock(number, hash);
    if (number >= this.#head) {
      this.#head = number;
      this.#isBehind = false;
      return undefined;
    }
    return this.#behind(number, hash === undefined);
  }

  /** Where another block was there, there was a reorganisation: the head is where it is now. */
  #observeBlock(number: number, hash: string): void {
    const known = this.#hashes.get(number);
    if (known !== undefined && known !== hash) {
      for (const each of this.#hashes.keys()) if (each >= number) this.#hashes.delete(each);
      this.#head = number;
      this.#isBehind = false;
    }
    this.#head = Math.max(this.#head, number);
    this.#hashes.delete(number);
    this.#hashes.set(number, hash);
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > REMEMBERED && oldest !== undefined) this.#hashes.delete(oldest);
  }

  #observeNothing(asked: unknown): LagSign | undefined {
    const known = [...this.#hashes].find(([, hash]) => hash === asked)?.[0];
    const block = known ?? (typeof asked === 'string' && asked.length < 20 ? Number(asked) : Number.NaN);
    // Of words such as "finalized" a node may know nothing yet.
    if (Number.isNaN(block) || block > this.#head) return undefined;
    return this.#behind(block, false);
  }

  #behind(block: number, isUncertain: boolean): LagSign {
    const isNew = !this.#isBehind;
    if (!isUncertain) this.#isBehind = true;
    return { block, earlier: this.#head, isUncertain, isNew };
  }
}
