import { keccak256, toQuantity, type Wallet } from 'ethers';

import { stringsOf } from '../../sdk/chain/omnichain/provableBlock.ts';
import type { HeaderFields } from '../../sdk/core/omnichain/header.ts';
import { startChain, type Chain } from './chain.ts';
import { startRpcServer, type RpcRequest, type RpcServer } from './rpcServer.ts';
import { seal } from './sealedChain.ts';

/**
 * A simulated sealed chain: anvil's blocks, each under a QBFT header that simulated validators have sealed. State, transactions and
 * receipts, and their roots, are anvil's; what the consensus of such a chain puts into a header is not, nor is any block's hash. Its nodes
 * answer as Besu's do, in place of which they stand. What the chain itself says of block hashes, as `BLOCKHASH` does, stays anvil's.
 */
export interface SimulatedSealedChain {
  /** Of its nodes, each of which has heard of the seals of others. */
  readonly urls: readonly string[];
  /** What mines the blocks: it knows nothing of seals. */
  readonly anvil: Chain;
  /** Requests for blocks by what no such node knows: `finalized` and `safe`. */
  readonly refused: string[];
  /** Has others list themselves in the blocks from the next one on, and seal them. */
  follow(validators: readonly Wallet[]): Promise<void>;
  stop(): Promise<void>;
}

/** What QBFT puts there in place of a mix of hashes. */
const MIX_HASH = '0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365';

/** What Besu says of a block that there is none of. */
const UNKNOWN_BLOCK = { code: -39_001, message: 'Unknown block' };

/** What its node knows no block by, where validators make each block final. */
const UNKNOWN_TAGS: ReadonlySet<unknown> = new Set(['finalized', 'safe']);

/** Its nodes, by their numbers. */
const NODES = [0, 1];

/** Starts it. */
export async function startSimulatedSealedChain(
  chainId: bigint,
  validators: readonly Wallet[],
): Promise<SimulatedSealedChain> {
  // It has no history contract, which would know anvil's hashes.
  const anvil = await startChain(Number(chainId), ['--hardfork', 'cancun']);
  const blocks = new SealedBlocks(anvil.url, validators);
  const refused: string[] = [];
  const servers = await Promise.all(NODES.map(async (node) => await serve(blocks, { node, refused })));
  return {
    urls: servers.map(({ url }) => url),
    anvil,
    refused,
    follow: async (others) => await blocks.follow(others),
    async stop() {
      await Promise.all(servers.map(async (server) => await server.stop()));
      await anvil.stop();
    },
  };
}

interface Node {
  readonly node: number;
  readonly refused: string[];
}

async function serve(blocks: SealedBlocks, { node, refused }: Node): Promise<RpcServer> {
  const isUnknown = ({ params }: RpcRequest): boolean => params.some((each) => UNKNOWN_TAGS.has(each));
  const answer = async (requests: readonly RpcRequest[]): Promise<object[]> => {
    const unknown = requests.filter(isUnknown);
    refused.push(...unknown.map(({ method }) => method));
    const refusals = unknown.map(({ id }) => ({ jsonrpc: '2.0', id, error: UNKNOWN_BLOCK }));
    const known = requests.filter((each) => !isUnknown(each));
    return [...refusals, ...(await blocks.answer(known, node))];
  };
  return await startRpcServer((body, response) => {
    const isBatch = Array.isArray(body);
    answer(isBatch ? (body as RpcRequest[]) : [body as RpcRequest]).then(
      (replies) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isBatch ? replies : replies[0]));
      },
      // Anvil is gone, as at the end of a test.
      () => response.destroy(),
    );
  });
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
}

type Header = HeaderFields & { readonly hash: string };

/** The blocks' headers, sealed in order as anvil mines them, and what anvil says in terms of them. */
class SealedBlocks {
  readonly #url: string;
  #validators: readonly Wallet[];
  /** As each node has them: with the same hash. */
  readonly #headers: Header[][] = [];
  /** Hashes of the same blocks. */
  readonly #sealed = new Map<string, string>();
  readonly #mined = new Map<string, string>();
  #sealing: Promise<void> = Promise.resolve();

  /** @param url anvil's */
  constructor(url: string, validators: readonly Wallet[]) {
    this.#url = url;
    this.#validators = validators;
  }

  async follow(validators: readonly Wallet[]): Promise<void> {
    await this.#sealAll();
    this.#validators = validators;
  }

  /** Asks anvil. What it has mined by then is sealed before anybody hears of it. */
  async answer(requests: readonly RpcRequest[], node: number): Promise<Reply[]> {
    const replies = await this.#ask(
      requests.map((each) => ({ ...each, params: replaced(each.params, this.#asMined) })),
    );
    await this.#sealAll();
    const methods = new Map(requests.map(({ id, method }) => [id, method]));
    return replies.map((reply) => {
      const said = replaced(reply, this.#asSealed) as Reply;
      const isBlock = /^eth_getBlockBy(?:Number|Hash)$/u.test(methods.get(reply.id)!) && said.result !== null;
      return isBlock ? { ...said, result: this.#underHeader(said.result as HeaderFields, node) } : said;
    });
  }

  /** It knows no block by the hash that anvil has for it. */
  readonly #asMined = (text: string): string =>
    this.#mined.get(text) ?? (this.#sealed.has(text) ? keccak256(text) : text);

  readonly #asSealed = (text: string): string => this.#sealed.get(text) ?? text;

  /** Null for the pending block, which nobody has sealed. */
  #underHeader(block: HeaderFields, node: number): object | null {
    const header = this.#headers[Number(block['number'])]?.[node];
    return header === undefined ? null : { ...block, ...header };
  }

  async #ask(requests: readonly object[]): Promise<Reply[]> {
    if (requests.length === 0) return [];
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(this.#url, { method: 'POST', headers, body: JSON.stringify(requests) });
    return (await answer.json()) as Reply[];
  }

  async #sealAll(): Promise<void> {
    this.#sealing = this.#sealing.then(async () => {
      const question = { jsonrpc: '2.0', id: 0, method: 'eth_blockNumber', params: [] };
      const [answer] = await this.#ask([question]);
      const first = this.#headers.length;
      const numbers = Array.from({ length: Number(answer!.result) + 1 - first }, (_, index) => first + index);
      const blocks = await this.#ask(
        numbers.map((id) => ({ jsonrpc: '2.0', id, method: 'eth_getBlockByNumber', params: [toQuantity(id), false] })),
      );
      for (const number of numbers) this.#seal(blocks.find(({ id }) => id === number)!.result as HeaderFields);
    });
    await this.#sealing;
  }

  #seal(block: HeaderFields): void {
    const number = this.#headers.length;
    const { hash, ...fields } = stringsOf(block);
    const parentHash = this.#headers.at(-1)?.[0]!.hash ?? fields['parentHash'];
    const own = { ...fields, parentHash, difficulty: '0x1', mixHash: MIX_HASH, nonce: '0x0000000000000000' };
    const validators = this.#validators;
    const round = number % 5 === 0 ? 1 : 0;
    const headers = NODES.map((node) => seal(own, { validators, sealers: quorumOf(validators, number + node), round }));
    this.#headers.push(headers);
    this.#sealed.set(hash!, headers[0]!.hash);
    this.#mined.set(headers[0]!.hash, hash!);
  }
}

/** The seals that a node has, others each time: as Besu's nodes do, it waits for no more than a quorum. */
function quorumOf(validators: readonly Wallet[], first: number): Wallet[] {
  const quorum = Math.ceil((2 * validators.length) / 3);
  return validators.map((_, index) => validators[(first + index) % validators.length]!).slice(0, quorum);
}

/** A value with some of its strings replaced, wherever they are. */
function replaced(value: unknown, by: (text: string) => string): unknown {
  if (typeof value === 'string') return by(value);
  if (Array.isArray(value)) return value.map((each) => replaced(each, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, by)]));
}
