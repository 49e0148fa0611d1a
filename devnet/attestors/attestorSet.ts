import { toQuantity, type JsonRpcProvider, type Wallet } from 'ethers';
import { Hono } from 'hono';

import { connect } from '../../sdk/chain/rpc.ts';
import {
  attestationData,
  rotationData,
  type AttestedLightClient,
  type TypedData,
} from '../../sdk/core/omnichain/lightClient/attestation.ts';
import { serveLocally } from '../httpServer.ts';
import { simulatedAttestors } from './attestorKeys.ts';

export interface AttestorSetOptions {
  /** Of the local chain whose final blocks it attests. */
  readonly rpcUrl: string;
  /** On 127.0.0.1; a free one where it is not given. */
  readonly port?: number | undefined;
  readonly size?: number | undefined;
  readonly threshold?: number | undefined;
}

/** A simulated attestor set: one server signs for all of them what a local chain calls final, to any light client that asks. */
export interface AttestorSet {
  /** Of its HTTP API. */
  readonly url: string;
  /** Of the first epoch, by ascending address. */
  readonly signers: readonly string[];
  readonly threshold: number;
  /** Has those of one more epoch follow. */
  rotate(): void;
  stop(): Promise<void>;
}

/** Epoch that contracts begin with. */
const FIRST_EPOCH = 1n;

const SIZE = 3;
const THRESHOLD = 2;

const BAD_REQUEST = { error: 'on, of, lightClient and epoch are wanted' };

/**
 * Starts the simulated attestor set of a local chain.
 * @throws {XdmError} `rpc-unreachable`, `in-use` for a port
 */
export async function startAttestorSet(options: AttestorSetOptions): Promise<AttestorSet> {
  const { rpcUrl, port = 0, size = SIZE, threshold = THRESHOLD } = options;
  const provider = await connect(rpcUrl, { name: 'the local chain' });
  const { chainId } = provider._network;
  const attestors = new Attestors(provider, { size, threshold });
  const server = await serveLocally(attestorApp(attestors), port);
  return {
    url: server.url,
    signers: simulatedAttestors(chainId, FIRST_EPOCH, size).map(({ address }) => address),
    threshold,
    rotate: () => attestors.rotate(),
    async stop() {
      await server.close();
      provider.destroy();
    },
  };
}

function attestorApp(attestors: Attestors): Hono {
  const app = new Hono();
  app.get('/v1/attestations', async (context) => {
    const asked = readQuery(context.req.query());
    if (asked === undefined) return context.json(BAD_REQUEST, 400);
    return context.json({ attestations: await attestors.attest(asked) });
  });
  app.get('/v1/rotations', async (context) => {
    const asked = readQuery(context.req.query());
    if (asked === undefined) return context.json(BAD_REQUEST, 400);
    return context.json({ rotations: await attestors.follow(asked) });
  });
  return app;
}

interface Question {
  readonly client: AttestedLightClient;
  readonly epoch: bigint;
  readonly number: bigint | undefined;
}

function readQuery({ on, of, lightClient, epoch, number }: Readonly<Record<string, string>>): Question | undefined {
  if (![on, of, epoch, number ?? '0'].every((each) => /^\d{1,20}$/u.test(each ?? ''))) return undefined;
  if (!/^0x[\da-f]{40}$/iu.test(lightClient ?? '')) return undefined;
  return {
    client: { on: BigInt(on!), of: BigInt(of!), address: lightClient! },
    epoch: BigInt(epoch!),
    number: number === undefined ? undefined : BigInt(number),
  };
}

/** A signature, and what it is for. */
type Signed = Readonly<Record<string, string | number | readonly string[]>>;

class Attestors {
  readonly #provider: JsonRpcProvider;
  readonly #terms: { readonly size: number; readonly threshold: number };
  #lastEpoch = FIRST_EPOCH;

  constructor(provider: JsonRpcProvider, terms: { readonly size: number; readonly threshold: number }) {
    this.#provider = provider;
    this.#terms = terms;
  }

  rotate(): void {
    this.#lastEpoch += 1n;
  }

  /** What those of an epoch say of the newest final block, or of one of a height. */
  async attest({ client, epoch, number }: Question): Promise<Signed[]> {
    const final = await this.#provider.getBlock('finalized');
    const isFinal = final !== null && (number ?? 0n) <= BigInt(final.number);
    if (!isFinal || client.of !== this.#provider._network.chainId || epoch > this.#lastEpoch) return [];
    const block = number === undefined ? final : await this.#provider.getBlock(toQuantity(number));
    if (block?.hash === null || block?.hash === undefined) return [];
    const said = { number: block.number, blockHash: block.hash };
    const data = attestationData(client, { epoch, number: BigInt(block.number), blockHash: block.hash });
    return await signAll(this.#of(epoch), data, said);
  }

  /** Whom those of the epoch before want to be followed by. */
  async follow({ client, epoch }: Question): Promise<Signed[]> {
    if (client.of !== this.#provider._network.chainId || epoch > this.#lastEpoch || epoch <= FIRST_EPOCH) return [];
    const { threshold } = this.#terms;
    const signers = this.#of(epoch).map(({ address }) => address);
    const data = rotationData(client, { epoch, signers, threshold: BigInt(threshold) });
    return await signAll(this.#of(epoch - 1n), data, { signers, threshold });
  }

  #of(epoch: bigint): Wallet[] {
    return simulatedAttestors(this.#provider._network.chainId, epoch, this.#terms.size);
  }
}

async function signAll(
  wallets: readonly Wallet[],
  { domain, types, value }: TypedData,
  said: Signed,
): Promise<Signed[]> {
  return await Promise.all(
    wallets.map(async (wallet) => ({ ...said, signature: await wallet.signTypedData(domain, types, value) })),
  );
}
