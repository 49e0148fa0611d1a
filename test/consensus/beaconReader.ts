import { z } from 'zod';

const finality = z.object({ data: z.object({ finalized: z.object({ epoch: z.coerce.bigint() }) }) });

const block = z.object({
  data: z.object({
    message: z.object({
      slot: z.coerce.bigint(),
      body: z.object({
        execution_payload: z.object({ block_number: z.coerce.bigint(), block_hash: z.string() }),
      }),
    }),
  }),
});

/** A payload as a consensus client has it. */
export interface BeaconPayload {
  readonly number: bigint;
  readonly hash: string;
}

/** What a consensus client says of its chain, by the part of its Beacon API that light clients have no use for. */
export class BeaconReader {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** 0 before there is one, and while nobody listens yet. */
  async finalizedEpoch(): Promise<bigint> {
    const answer = await this.#get('/eth/v1/beacon/states/head/finality_checkpoints').catch(() => undefined);
    return answer === undefined ? 0n : finality.parse(answer).data.finalized.epoch;
  }

  /** The payload of the block of a slot. */
  async payloadAt(slot: bigint): Promise<BeaconPayload> {
    const { message } = block.parse(await this.#get(`/eth/v2/beacon/blocks/${slot}`)).data;
    if (message.slot !== slot) throw new Error(`slot ${slot} has no block`);
    const { block_number: number, block_hash: hash } = message.body.execution_payload;
    return { number, hash };
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  }
}
