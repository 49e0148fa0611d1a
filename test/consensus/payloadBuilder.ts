import { id, toQuantity, ZeroHash, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { hash, hex, request } from '../../sdk/chain/request.ts';

/** `ForkchoiceStateV1` of the Engine API. */
export interface ForkChoice {
  readonly headBlockHash: string;
  readonly safeBlockHash: string;
  readonly finalizedBlockHash: string;
}

/** `PayloadAttributesV2`. */
export interface PayloadAttributes {
  readonly timestamp: string;
  readonly prevRandao: string;
  readonly suggestedFeeRecipient: string;
  readonly withdrawals?: readonly unknown[];
}

/** `ExecutionPayloadV2`. */
export type ShownPayload = Readonly<Record<string, string | readonly unknown[]>> & { readonly blockHash: string };

/** A number as the Engine API has it. */
const quantity = z.string().regex(/^0x[\da-f]+$/iu, 'not a number');

const blockSchema = z
  .object({
    parentHash: hash,
    miner: hex,
    stateRoot: hash,
    receiptsRoot: hash,
    logsBloom: hex,
    number: quantity,
    gasLimit: quantity,
    gasUsed: quantity,
    timestamp: quantity,
    extraData: hex,
    baseFeePerGas: quantity,
    hash,
    transactions: z.array(hash),
  })
  .nullable();

type Block = NonNullable<z.infer<typeof blockSchema>>;

const accountsSchema = z.record(z.string(), z.record(z.string(), z.object({ hash })));
const poolSchema = z.object({ pending: accountsSchema, queued: accountsSchema });

/** A block that was made, with what it takes to make it again. */
interface MadeBlock {
  readonly payload: ShownPayload;
  readonly parent: string;
  readonly terms: Terms;
  /** In their order. */
  readonly transactions: readonly string[];
}

/** What a consensus client says of a block: with the same transactions on the same parent it is the same block. */
type Terms = Pick<PayloadAttributes, 'timestamp' | 'suggestedFeeRecipient'>;

interface Wanted {
  readonly parent: string;
  readonly attributes: PayloadAttributes;
}

/** Anvil would take a block's from the one that it has made last, dropped or not. */
const BASE_FEE = toQuantity(1_000_000_000);

/** Makes an anvil chain's blocks as a consensus client wants them, and goes from one branch to another with it. */
export class PayloadBuilder {
  readonly #provider: JsonRpcProvider;
  readonly #wanted = new Map<string, Wanted>();
  readonly #built = new Map<string, Promise<ShownPayload>>();
  /** By their hashes. */
  readonly #made = new Map<string, MadeBlock>();
  #choice: ForkChoice = { headBlockHash: ZeroHash, safeBlockHash: ZeroHash, finalizedBlockHash: ZeroHash };
  #last: Promise<unknown> = Promise.resolve();
  readonly #reads = new Set<Promise<unknown>>();
  #switches = 0;

  constructor(provider: JsonRpcProvider) {
    this.#provider = provider;
  }

  /** How many blocks were made, and how often the consensus client went to another branch. */
  get counts(): { readonly made: number; readonly switches: number } {
    return { made: this.#made.size, switches: this.#switches };
  }

  /** Number of the block that the consensus client calls safe or final: the first one before it does. */
  async numberOf(tag: 'safe' | 'finalized'): Promise<string> {
    const { safeBlockHash, finalizedBlockHash } = this.#choice;
    const chosen = await this.#block(tag === 'safe' ? safeBlockHash : finalizedBlockHash);
    return chosen?.number ?? toQuantity(0);
  }

  /** `engine_forkchoiceUpdated`: the head is the newest block then, and one upon it is made when it is asked for. */
  async choose(choice: ForkChoice, attributes: PayloadAttributes | null | undefined): Promise<object> {
    const { headBlockHash: head } = choice;
    if (!this.#made.has(head) && (await this.#block(head)) === undefined) {
      return { payloadStatus: { status: 'SYNCING', latestValidHash: null, validationError: null }, payloadId: null };
    }
    await this.#inTurn(async () => await this.#goTo(head));
    this.#choice = choice;
    const payloadStatus = { status: 'VALID', latestValidHash: head, validationError: null };
    if (attributes === null || attributes === undefined) return { payloadStatus, payloadId: null };
    const payloadId = id(JSON.stringify([head, attributes])).slice(0, 18);
    this.#wanted.set(payloadId, { parent: head, attributes });
    return { payloadStatus, payloadId };
  }

  /** `engine_getPayload`: each is built once, of the transactions that there are by then. */
  async build(payloadId: string): Promise<ShownPayload> {
    const wanted = this.#wanted.get(payloadId);
    if (wanted === undefined) throw new Error(`there is no payload ${payloadId}`);
    const built = this.#built.get(payloadId) ?? this.#inTurn(async () => await this.#build(wanted));
    this.#built.set(payloadId, built);
    return await built;
  }

  /** `engine_newPayload`: there are no others than were built here. */
  check(payload: ShownPayload): object {
    const known = this.#made.get(payload.blockHash)?.payload;
    if (known === undefined) return { status: 'SYNCING', latestValidHash: null, validationError: null };
    const wrong = Object.keys(known).find((key) => JSON.stringify(known[key]) !== JSON.stringify(payload[key]));
    return wrong === undefined
      ? { status: 'VALID', latestValidHash: payload.blockHash, validationError: null }
      : { status: 'INVALID', latestValidHash: payload['parentHash'], validationError: `${wrong} is another` };
  }

  /** Asks the chain something while it is on the branch that the consensus client has chosen. */
  async read<T>(ask: () => Promise<T>): Promise<T> {
    for (let seen: unknown; seen !== this.#last; await this.#last) seen = this.#last;
    const asked = ask();
    this.#reads.add(asked);
    try {
      return await asked;
    } finally {
      this.#reads.delete(asked);
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      await Promise.allSettled(this.#reads);
      return await work();
    });
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #build({ parent, attributes }: Wanted): Promise<ShownPayload> {
    await this.#goTo(parent);
    const block = await this.#mine(attributes);
    if (block.parentHash !== parent) throw new Error(`block ${block.number} is not upon ${parent}`);
    const transactions = await this.#raw(block.transactions);
    const payload = show(block, transactions, attributes);
    this.#made.set(block.hash, { payload, parent, terms: attributes, transactions });
    // It may never be proposed: nobody sees it until the consensus client has chosen it.
    await this.#goTo(parent);
    return payload;
  }

  async #mine({ timestamp, suggestedFeeRecipient }: Terms): Promise<Block> {
    await this.#provider.send('anvil_setCoinbase', [suggestedFeeRecipient]);
    await this.#provider.send('anvil_setNextBlockBaseFeePerGas', [BASE_FEE]);
    await this.#provider.send('evm_mine', [timestamp]);
    return await this.#newest();
  }

  /** Makes a block the newest one. Transactions of blocks that are dropped by that wait to be taken again. */
  async #goTo(target: string): Promise<void> {
    const branch: MadeBlock[] = [];
    let common = target;
    for (; (await this.#block(common)) === undefined; common = branch[0]!.parent) {
      branch.unshift(this.#made.get(common)!);
    }
    const waiting: string[] = [];
    let depth = 0;
    for (let at = (await this.#newest()).hash; at !== common; depth++) {
      const { parent, transactions } = this.#made.get(at)!;
      waiting.unshift(...transactions);
      at = parent;
    }
    if (depth === 0 && branch.length === 0) return;
    // Transactions of the blocks come first: those that are in the pool may be of the same accounts, and later.
    waiting.push(...(await this.#emptyPool()));
    if (depth > 0) await this.#provider.send('anvil_rollback', [depth]);
    for (const made of branch) await this.#remake(made);
    if (depth > 0 && branch.length > 0) this.#switches += 1;
    const taken = new Set(branch.flatMap(({ transactions }) => transactions));
    for (const transaction of waiting) {
      // What cannot follow on this branch is forgotten.
      if (!taken.has(transaction)) await this.#send(transaction).catch(() => undefined);
    }
  }

  async #remake({ payload, terms, transactions }: MadeBlock): Promise<void> {
    for (const transaction of transactions) await this.#send(transaction);
    const { hash: made, number } = await this.#mine(terms);
    if (made !== payload.blockHash) throw new Error(`block ${number} is ${made} now, and was ${payload.blockHash}`);
  }

  async #emptyPool(): Promise<string[]> {
    const content = await request(this.#provider, 'txpool_content', { parameters: [], schema: poolSchema });
    const found = [content.pending, content.queued].flatMap(Object.values).flatMap(Object.values);
    const waiting = await this.#raw(found.map((each) => each.hash));
    await this.#provider.send('anvil_dropAllTransactions', []);
    return waiting;
  }

  async #send(transaction: string): Promise<void> {
    await this.#provider.send('eth_sendRawTransaction', [transaction]);
  }

  async #raw(transactions: readonly string[]): Promise<string[]> {
    return await Promise.all(
      transactions.map(
        async (each) =>
          await request(this.#provider, 'eth_getRawTransactionByHash', { parameters: [each], schema: hex }),
      ),
    );
  }

  async #newest(): Promise<Block> {
    const parameters = ['latest', false];
    return (await request(this.#provider, 'eth_getBlockByNumber', { parameters, schema: blockSchema }))!;
  }

  /** Undefined where it is not on the branch that the chain is on. */
  async #block(blockHash: string): Promise<Block | undefined> {
    if (blockHash === ZeroHash) return undefined;
    const parameters = [blockHash, false];
    return (await request(this.#provider, 'eth_getBlockByHash', { parameters, schema: blockSchema })) ?? undefined;
  }
}

/**
 * A block as a payload. Anvil cannot be told the beacon chain's randomness: the payload has what the consensus client wants, the block's own
 * header another, and all else is in both; the hash is that of the real block.
 */
function show(
  block: Block,
  transactions: readonly string[],
  { prevRandao, withdrawals = [] }: PayloadAttributes,
): ShownPayload {
  return {
    parentHash: block.parentHash,
    feeRecipient: block.miner,
    stateRoot: block.stateRoot,
    receiptsRoot: block.receiptsRoot,
    logsBloom: block.logsBloom,
    prevRandao,
    blockNumber: block.number,
    gasLimit: block.gasLimit,
    gasUsed: block.gasUsed,
    timestamp: block.timestamp,
    extraData: block.extraData,
    baseFeePerGas: block.baseFeePerGas,
    blockHash: block.hash,
    transactions,
    withdrawals,
  };
}
