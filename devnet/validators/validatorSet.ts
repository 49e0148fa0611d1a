import { toQuantity, type JsonRpcProvider } from 'ethers';

import { connect } from '../../sdk/chain/rpc.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { SimulatedBeaconChain, type Payload } from './beaconChain.ts';
import { getPayload } from './payload.ts';
import { serveBeacon } from './beaconServer.ts';

/** Milliseconds between two looks at the chain. */
const POLL_MS = 250;

/** Slots between two signatures that nobody has asked for, so that each period has an update. */
const SIGN_EVERY = 8n;

export interface ValidatorSetOptions {
  /** Of the local chain that it plays the consensus layer of. */
  readonly rpcUrl: string;
  /** On 127.0.0.1; a free one where it is not given. */
  readonly port?: number | undefined;
}

/** A simulated validator set: it signs what a local chain calls final, and has no stake to lose. */
export interface ValidatorSet {
  /** Of its Beacon API. */
  readonly url: string;
  readonly chain: SimulatedBeaconChain;
  /** Settles once the chain's newest block has its beacon block. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the simulated validator set of a local chain: a beacon chain over its blocks, from the first one on, whose sync committee signs the
 * head whenever it is asked for.
 * @throws {XdmError} `rpc-unreachable`, `in-use` for a port
 */
export async function startValidatorSet({ rpcUrl, port }: ValidatorSetOptions): Promise<ValidatorSet> {
  const provider = await connect(rpcUrl, { name: 'the local chain' });
  const genesis = await getPayload(provider, toQuantity(0));
  const chain = new SimulatedBeaconChain(provider._network.chainId, genesis?.timestamp ?? 0n);
  const follower = new Follower(provider, chain);
  await follower.follow();
  const server = await serveBeacon(chain, port ?? 0);
  const stopped = new AbortController();
  const running = run(follower, stopped.signal);
  return {
    url: server.url,
    chain,
    caughtUp: async () => await follower.follow(),
    async stop() {
      stopped.abort();
      await running;
      await server.close();
      provider.destroy();
    },
  };
}

async function run(follower: Follower, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await follower.follow();
    } catch (error) {
      // The chain does not answer for a while, or is at its end.
      if (toXdmError(error).code === 'internal') throw error;
    }
    await sleep(POLL_MS, signal);
  }
}

/** Keeps a beacon chain up with the blocks of a local chain. */
class Follower {
  readonly #provider: JsonRpcProvider;
  readonly #chain: SimulatedBeaconChain;
  #signedSlot = 0n;
  #pass: Promise<void> = Promise.resolve();

  constructor(provider: JsonRpcProvider, chain: SimulatedBeaconChain) {
    this.#provider = provider;
    this.#chain = chain;
  }

  /** One pass at a time. */
  async follow(): Promise<void> {
    const pass = this.#pass.catch(() => undefined).then(async () => await this.#followOnce());
    this.#pass = pass;
    await pass;
  }

  async #followOnce(): Promise<void> {
    await this.#unwind();
    const payloads = await this.#newPayloads();
    if (payloads.length === 0) return;
    // Asked for after them: what is final by the time of the newest is in its state.
    const final = await getPayload(this.#provider, 'finalized');
    for (const payload of payloads) {
      this.#chain.append(payload, final?.block_number ?? 0n);
      const slot = payload.timestamp - this.#chain.network.genesisTime;
      if (slot < this.#signedSlot + SIGN_EVERY) continue;
      this.#chain.sign();
      this.#signedSlot = slot;
    }
  }

  /** Payloads behind the head, each linked to the one before: where a block was dropped meanwhile, the next pass sees to it. */
  async #newPayloads(): Promise<Payload[]> {
    const payloads: Payload[] = [];
    for (let last = this.#chain.head; ; last = payloads.at(-1)) {
      const next = await getPayload(this.#provider, toQuantity((last?.block_number ?? -1n) + 1n));
      if (next === undefined || (last !== undefined && next.parent_hash !== last.block_hash)) return payloads;
      payloads.push(next);
    }
  }

  /** Goes back to the newest block that the chain still has. */
  async #unwind(): Promise<void> {
    for (let { head } = this.#chain; head !== undefined; { head } = this.#chain) {
      const current = await getPayload(this.#provider, toQuantity(head.block_number));
      if (current?.block_hash === head.block_hash) return;
      this.#chain.rewind(head.block_number - 1n);
    }
  }
}
