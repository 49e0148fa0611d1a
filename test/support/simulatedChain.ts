import { id, toQuantity, Transaction, ZeroAddress, ZeroHash } from 'ethers';

import { MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';

const GWEI = 10n ** 9n;

/** Gas that a call to itself takes. */
const LEAST_GAS = 21_000n;

/** Transactions in a block. */
const BLOCK_CAPACITY = 5;

/** Blocks behind the newest that cannot be dropped. */
const FINALITY_DEPTH = 4;

/** A block, and the account as it is after it. */
interface SimulatedBlock {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: number;
  readonly baseFee: bigint;
  readonly mined: readonly MinedTransaction[];
  readonly nonce: number;
  readonly balance: bigint;
}

interface MinedTransaction {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly price: bigint;
  readonly reverted: boolean;
}

/** A node's refusal, in JSON-RPC. */
export class NodeError extends Error {
  readonly code = -32_000;
}

/** A chain with one account and a node with a pool, in memory: what nodes do with transactions, in as many ways as they do. */
export class SimulatedChain {
  readonly chainId: number;
  readonly address: string;
  /** What the chain charges for a transaction's data beside gas, wei. */
  readonly dataFee: bigint;
  readonly #blocks: SimulatedBlock[];
  readonly #pool = new Map<number, Transaction>();
  /** All that was ever handed to the node, by hash. */
  readonly broadcast = new Map<string, Transaction>();
  /** Of the blocks to come. */
  baseFee = GWEI;
  /** Least that the node takes for the producer, wei. */
  leastTip = 0n;
  #foreign = 0;
  #fork = 0;

  constructor(chainId: number, address: string, dataFee: bigint) {
    this.chainId = chainId;
    this.address = address;
    this.dataFee = dataFee;
    const genesis = { number: 0, hash: id('0'), parentHash: ZeroHash, timestamp: 1, baseFee: GWEI, mined: [] };
    this.#blocks = [{ ...genesis, nonce: 0, balance: 10n ** 20n }];
    this.mine(1);
  }

  get head(): SimulatedBlock {
    return this.#blocks.at(-1) as SimulatedBlock;
  }

  /** Where a transaction stands on the chain as it is; undefined where it does not. */
  minedIn(hash: string): (MinedTransaction & { readonly block: SimulatedBlock }) | undefined {
    for (const block of this.#blocks) {
      const found = block.mined.find((each) => each.hash === hash);
      if (found !== undefined) return { ...found, block };
    }
    return undefined;
  }

  mine(count: number): void {
    for (let mined = 0; mined < count; mined++) this.#mineOne();
  }

  #mineOne(): void {
    const parent = this.head;
    let { nonce, balance } = parent;
    const mined: MinedTransaction[] = [];
    for (; this.#foreign > 0; this.#foreign--) nonce++;
    while (mined.length < BLOCK_CAPACITY) {
      const next = this.#pool.get(nonce);
      if (next === undefined || feeOf(next) < this.baseFee || costOf(next) > balance) break;
      const one = execute(next, this.baseFee);
      mined.push(one);
      balance -= one.gasUsed * one.price + this.dataFee;
      nonce++;
    }
    for (const used of this.#pool.keys()) if (used < nonce) this.#pool.delete(used);
    const number = parent.number + 1;
    const hash = id(`${this.#fork} ${number}`);
    const { hash: parentHash, timestamp } = parent;
    this.#blocks.push({
      number,
      hash,
      parentHash,
      timestamp: timestamp + 12,
      baseFee: this.baseFee,
      mined,
      nonce,
      balance,
    });
  }

  /** Somebody else with the same key has the next nonce in the next block. */
  foreign(): void {
    this.#foreign++;
  }

  /** Drops blocks that are not final, and mines one more in their place; what was in them comes back to the pool, or is gone. */
  reorganise(depth: number, isKept: boolean): void {
    const dropped = this.#blocks.splice(Math.max(2, this.#blocks.length - Math.min(depth, FINALITY_DEPTH - 1)));
    this.#fork++;
    for (const { hash } of dropped.flatMap(({ mined }) => mined)) {
      const transaction = this.broadcast.get(hash);
      if (isKept && transaction !== undefined) this.#pool.set(transaction.nonce, transaction);
    }
    this.mine(dropped.length + 1);
  }

  dropPool(): void {
    this.#pool.clear();
  }

  /** Drops the first in the pool alone. */
  dropFirst(): void {
    this.#pool.delete(Math.min(...this.#pool.keys()));
  }

  setBalance(balance: bigint): void {
    this.#blocks.push({ ...(this.#blocks.pop() as SimulatedBlock), balance });
  }

  /**
   * What a node answers.
   * @param lag blocks that it is behind
   * @throws {NodeError}
   */
  answer(method: string, params: readonly unknown[], lag: number): unknown {
    const view = this.#blocks.slice(0, Math.max(2, this.#blocks.length - lag));
    const [first, second] = params;
    switch (method) {
      case 'eth_getBlockByNumber':
        return blockAnswer(this.#find(view, first));
      case 'eth_getTransactionCount':
        return toQuantity(this.#stateAt(view, second).nonce);
      case 'eth_getBalance':
        return toQuantity(this.#stateAt(view, second).balance);
      case 'eth_getTransactionReceipt':
        return this.#receipt(view, first as string);
      case 'eth_getTransactionByHash':
        return this.#known(first as string);
      case 'eth_sendRawTransaction':
        return this.#take(first as string);
      case 'eth_gasPrice':
        return toQuantity(this.head.baseFee + GWEI);
      case 'eth_maxPriorityFeePerGas':
        return toQuantity(GWEI);
      case 'eth_estimateGas':
        return toQuantity(LEAST_GAS);
      case 'eth_getLogs':
        return [];
      default:
        throw new NodeError(`the method ${method} does not exist`);
    }
  }

  #find(view: readonly SimulatedBlock[], tag: unknown): SimulatedBlock | undefined {
    if (tag === 'latest') return view.at(-1);
    if (tag === 'finalized') return view[Math.max(0, view.length - 1 - FINALITY_DEPTH)];
    return view[Number(tag)];
  }

  #stateAt(view: readonly SimulatedBlock[], tag: unknown): SimulatedBlock {
    const block = this.#find(view, tag);
    if (block === undefined) throw new NodeError('header not found');
    return block;
  }

  #receipt(view: readonly SimulatedBlock[], hash: string): unknown {
    const found = this.minedIn(hash);
    if (found === undefined || found.block.number > (view.at(-1)?.number ?? 0)) return null;
    return {
      transactionHash: hash,
      blockNumber: toQuantity(found.block.number),
      status: found.reverted ? '0x0' : '0x1',
      gasUsed: toQuantity(found.gasUsed),
      effectiveGasPrice: toQuantity(found.price),
      ...(this.dataFee > 0n && { l1Fee: toQuantity(this.dataFee) }),
    };
  }

  #known(hash: string): unknown {
    const isInPool = [...this.#pool.values()].some((transaction) => transaction.hash === hash);
    return isInPool || this.minedIn(hash) !== undefined ? { hash } : null;
  }

  /** As geth does. */
  #take(raw: string): string {
    const transaction = Transaction.from(raw);
    const { nonce, gasLimit } = transaction;
    const hash = transaction.hash ?? '';
    this.broadcast.set(hash, transaction);
    if (gasLimit > MAX_TRANSACTION_GAS) throw new NodeError('transaction gas limit too high');
    if (nonce < this.head.nonce) throw new NodeError('nonce too low');
    const earlier = this.#pool.get(nonce);
    if (earlier?.hash === hash) throw new NodeError('already known');
    if (tipOf(transaction) < this.leastTip) throw new NodeError('transaction underpriced');
    const others = [...this.#pool.values()].filter((each) => each.nonce !== nonce);
    const costs = [...others, transaction].reduce((sum, each) => sum + costOf(each), 0n);
    if (costs > this.head.balance) throw new NodeError('insufficient funds for gas * price + value');
    if (earlier !== undefined && !replaces(earlier, transaction)) {
      throw new NodeError('replacement transaction underpriced');
    }
    this.#pool.set(nonce, transaction);
    return hash;
  }
}

function execute(transaction: Transaction, baseFee: bigint): MinedTransaction {
  const tip = tipOf(transaction);
  const price = feeOf(transaction) < baseFee + tip ? feeOf(transaction) : baseFee + tip;
  const hash = transaction.hash ?? '';
  // One in sixteen reverts, always the same.
  return { hash, price, gasUsed: (transaction.gasLimit * 4n) / 5n, reverted: hash.endsWith('0') };
}

function feeOf({ maxFeePerGas, gasPrice }: Transaction): bigint {
  return maxFeePerGas ?? gasPrice ?? 0n;
}

function tipOf(transaction: Transaction): bigint {
  return transaction.maxPriorityFeePerGas ?? feeOf(transaction);
}

function costOf(transaction: Transaction): bigint {
  return transaction.gasLimit * feeOf(transaction);
}

/** Some nodes want 12.5 % more on both fees. */
function replaces(earlier: Transaction, later: Transaction): boolean {
  return [feeOf, tipOf].every((fee) => fee(later) * 1000n >= fee(earlier) * 1125n && fee(later) > fee(earlier));
}

function blockAnswer(block: SimulatedBlock | undefined): unknown {
  if (block === undefined) return null;
  const { number, hash, parentHash, timestamp, baseFee } = block;
  const rest = { nonce: '0x0000000000000000', difficulty: '0x0', extraData: '0x', gasUsed: '0x0', gasLimit: '0x0' };
  const header = { number: toQuantity(number), hash, parentHash, timestamp: toQuantity(timestamp) };
  return { ...header, ...rest, miner: ZeroAddress, baseFeePerGas: toQuantity(baseFee), transactions: [] };
}
