import { JsonRpcProvider, makeError, Network } from 'ethers';

import { NodeError, type SimulatedChain } from './simulatedChain.ts';

/** What is wrong with a node and the way to it. */
export interface Troubles {
  /** One request in so many does not arrive, or its answer does not; 0 for none. */
  lostOneIn: number;
  answerLostOneIn: number;
  /** Blocks that the node is behind, every other time that it is asked. */
  lag: number;
  /** Whether it denies to know transactions, and receipts. */
  deniesTransactions: boolean;
  deniesReceipts: boolean;
  /** What it says to every transaction. */
  refusal: string | undefined;
}

export const NO_TROUBLES: Troubles = {
  lostOneIn: 0,
  answerLostOneIn: 0,
  lag: 0,
  deniesTransactions: false,
  deniesReceipts: false,
  refusal: undefined,
};

/** A process that can end at any request and at any write. */
export interface Mortal {
  /** Steps until it ends. */
  stepsLeft: number;
}

/** @throws {Error} where the process has ended by now */
export function step(process: Mortal): void {
  if (process.stepsLeft-- <= 0) throw new Error('the process has ended');
}

/** ethers' client of a chain that is simulated in this process: no request leaves it. */
export class SimulatedProvider extends JsonRpcProvider {
  readonly #chain: SimulatedChain;
  readonly #troubles: Troubles;
  readonly #process: Mortal;
  /** Called with each raw transaction before it arrives anywhere. */
  readonly #onSend: (raw: string) => Promise<void>;
  #requests = 0;

  constructor(
    chain: SimulatedChain,
    { troubles, process, onSend }: { troubles: Troubles; process: Mortal; onSend: (raw: string) => Promise<void> },
  ) {
    super('http://127.0.0.1:1', Network.from(chain.chainId), { staticNetwork: true, cacheTimeout: -1 });
    this.#chain = chain;
    this.#troubles = troubles;
    this.#process = process;
    this.#onSend = onSend;
  }

  override async send(method: string, params: unknown[]): Promise<unknown> {
    step(this.#process);
    const request = ++this.#requests;
    const { lostOneIn, answerLostOneIn, lag, refusal } = this.#troubles;
    if (method === 'eth_sendRawTransaction') await this.#onSend(params[0] as string);
    if (isOneOf(request, lostOneIn)) throw noAnswer(method);
    try {
      if (refusal !== undefined && method === 'eth_sendRawTransaction') throw new NodeError(refusal);
      const isDenied = this.#denies(method);
      const answer = isDenied ? null : this.#chain.answer(method, params, request % 2 === 0 ? lag : 0);
      if (isOneOf(request, answerLostOneIn)) throw noAnswer(method);
      return answer;
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { code, message } = error;
      throw this.getRpcError({ method, params, id: 1, jsonrpc: '2.0' }, { id: 1, error: { code, message } });
    }
  }

  #denies(method: string): boolean {
    const { deniesTransactions, deniesReceipts } = this.#troubles;
    if (method === 'eth_getTransactionReceipt') return deniesReceipts;
    return method === 'eth_getTransactionByHash' && deniesTransactions;
  }
}

function noAnswer(method: string): Error {
  return makeError('nobody answers', 'TIMEOUT', { operation: method, reason: 'lost' });
}

function isOneOf(request: number, oneIn: number): boolean {
  return oneIn > 0 && request % oneIn === 0;
}
