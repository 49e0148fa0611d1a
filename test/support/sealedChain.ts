import { concat, encodeRlp, keccak256, toBeArray, toBeHex, toQuantity, Wallet, ZeroAddress, ZeroHash } from 'ethers';

import type { HeaderFields } from '../../sdk/core/omnichain/header.ts';
import { encodeHeader } from '../../sdk/core/omnichain/header.ts';
import { unseal, type SealScheme } from '../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import type { SealedBlock } from '../../sdk/core/omnichain/lightClient/sealedHeaderPlan.ts';
import { sealedHash, sealersOf, validatorsOf } from '../../sdk/core/omnichain/lightClient/sealers.ts';
import { startRpcServer, type Answer, type RpcRequest, type RpcServer } from './rpcServer.ts';

const VANITY = `0x${'00'.repeat(32)}`;

/** Scheme of the blocks' headers. */
export const SCHEME: SealScheme = 'qbft';

/** A validator's key, by any number. */
export function validator(index: number): Wallet {
  return new Wallet(keccak256(toBeHex(index + 1, 32)));
}

/** Who seals a block, and how. */
export interface Sealing {
  /** Those whom the header lists. */
  readonly validators: readonly Wallet[];
  /** Those of them who sign it. */
  readonly sealers: readonly Wallet[];
  readonly round: number;
}

/** Seals a header by QBFT, whatever extra data it had, and says by what hash its block goes then. */
export function seal(fields: HeaderFields, { validators, sealers, round }: Sealing): HeaderFields & { hash: string } {
  const extraData = (seals: readonly string[]): string =>
    encodeRlp([VANITY, validators.map(({ address }) => address), [], toBeArray(round), [...seals]]);
  const digest = sealedHash(unseal(encodeHeader({ ...fields, extraData: extraData([]) })!, SCHEME), SCHEME);
  const header = { ...fields, extraData: extraData(sealers.map((each) => signature(each, digest))) };
  return { ...header, hash: keccak256(unseal(encodeHeader(header)!, SCHEME).header) };
}

/** With the parity, 0 or 1, in its last byte. */
function signature({ signingKey }: Wallet, digest: string): string {
  const { r, s, yParity } = signingKey.sign(digest);
  return concat([r, s, Uint8Array.of(yParity)]);
}

/** A chain of QBFT headers whose seals are the validators' signatures. It has no state and no transactions. */
export class SealedChain {
  readonly #blocks: HeaderFields[] = [];
  readonly #startedAt: number;

  /** @param startedAt seconds; a block follows each second */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  get newest(): bigint {
    return BigInt(this.#blocks.length - 1);
  }

  /**
   * Appends a block.
   * @param sealers of the validators that it lists; all of them where they are not given
   * @param other fields of its header that are not as always
   * @param round in which they have sealed it
   */
  append(
    validators: readonly Wallet[],
    sealers = validators,
    other: HeaderFields = {},
    round = this.#blocks.length % 2,
  ): void {
    this.#blocks.push(seal({ ...this.#fieldsOf(this.#blocks.length), ...other }, { validators, sealers, round }));
  }

  /** Takes back the newest block. */
  drop(): void {
    this.#blocks.pop();
  }

  /** As nodes answer with it; undefined where there is none. */
  header(number: bigint): HeaderFields | undefined {
    return this.#blocks[Number(number)];
  }

  /** By its hash. */
  find(hash: string): HeaderFields | undefined {
    return this.#blocks.find((each) => each['hash'] === hash);
  }

  block(number: bigint): SealedBlock {
    const fields = this.#blocks[Number(number)]!;
    const sealed = unseal(encodeHeader(fields)!, SCHEME);
    const [validators, sealers] = [validatorsOf(sealed), sealersOf(sealed, SCHEME)];
    return { number, hash: fields['hash']!, sealed, validators, sealers };
  }

  #fieldsOf(number: number): HeaderFields {
    return {
      parentHash: this.#blocks.at(-1)?.['hash'] ?? ZeroHash,
      sha3Uncles: ZeroHash,
      miner: ZeroAddress,
      stateRoot: ZeroHash,
      transactionsRoot: ZeroHash,
      receiptsRoot: ZeroHash,
      logsBloom: `0x${'00'.repeat(256)}`,
      difficulty: '0x1',
      number: toQuantity(number),
      gasLimit: '0x1c9c380',
      gasUsed: '0x0',
      timestamp: toQuantity(this.#startedAt + number),
      mixHash: ZeroHash,
      nonce: '0x0000000000000000',
    };
  }
}

/** A history contract (EIP-2935), and how many blocks it remembers. */
export interface SealedHistory {
  readonly code: string;
  readonly window: bigint;
}

/** A node of the chain, which has no history contract unless one is given. */
export async function serveSealedChain(
  chain: SealedChain,
  chainId: bigint,
  history?: SealedHistory,
): Promise<RpcServer> {
  const stored = (slot: bigint, window: bigint): string => {
    const newest = chain.newest - 1n;
    if (slot >= window || newest < slot) return ZeroHash;
    return chain.header(newest - ((newest - slot) % window))!['hash']!;
  };
  const resultOf = ({ method, params: [first, second] }: RpcRequest): unknown => {
    if (method === 'eth_chainId') return toQuantity(chainId);
    if (method === 'eth_blockNumber') return toQuantity(chain.newest);
    if (method === 'eth_getCode') return history?.code ?? '0x';
    if (method === 'eth_getBlockByHash') return chain.find(String(first)) ?? null;
    if (method === 'eth_getStorageAt') return stored(BigInt(String(second)), history!.window);
    const number = first === 'latest' ? chain.newest : BigInt(String(first));
    return method === 'eth_getBlockByNumber' ? (chain.header(number) ?? null) : null;
  };
  const one = (body: RpcRequest): object => ({ jsonrpc: '2.0', id: body.id, result: resultOf(body) });
  const answer: Answer = (body, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(Array.isArray(body) ? body.map(one) : one(body as RpcRequest)));
  };
  return await startRpcServer(answer);
}
