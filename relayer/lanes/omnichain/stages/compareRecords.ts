import { ZeroHash } from 'ethers';

import { getAgreedBlock } from '../../../../sdk/chain/agreedBlock.ts';
import { planContradiction, type AncestorCall } from '../../../../sdk/chain/omnichain/ancestors.ts';
import { chainOf, type OmnichainClient } from '../../../../sdk/chain/omnichain/client.ts';
import { lightClientAt } from '../../../../sdk/chain/omnichain/contracts.ts';
import { getRecordedBlocks, type BlockOfHeight } from '../../../../sdk/chain/omnichain/recordedBlocks.ts';
import { toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
import type { XdmError } from '../../../../sdk/core/errors.ts';
import { withMargin } from '../../../../sdk/core/gas.ts';
import { clearAlarm, raiseAlarm } from '../../../alarms.ts';
import type { Finality } from '../../../route.ts';
import type { StageContext } from '../../../stages/stage.ts';
import { openAlarms } from '../../../store/alarms.ts';
import type { MaintainedLightClient } from '../maintainedLightClient.ts';

const CONTRADICTED = 'light-client-contradicted';

/** Blocks looked back over at the start, a day of most chains: what was recorded while no node has looked. */
const LOOK_BACK = 7200;

/** Blocks that are looked at once more in each pass: they can have been dropped, and others taken their place. */
const OVERLAP = 64;

/** Milliseconds for which the chain's node may not call final what a light client knows: it can be behind. */
const PATIENCE_MS = 900_000;

/** What a light client has recorded. */
interface Recorded {
  readonly hash: string;
  /** When this process has seen it first, on a clock that nobody sets. */
  readonly seenAt: number;
}

/** What to compare, and with what. */
export interface ComparisonOptions {
  /** From which block on the chain's node is believed. */
  readonly finality: Finality;
  /** See `PATIENCE_MS`. */
  readonly patience?: number;
}

/** Compares the blocks that a light client records, by whomever, with those that its chain's own node has. */
export class RecordComparison {
  readonly #lane: OmnichainClient;
  readonly #client: MaintainedLightClient;
  readonly #options: Required<ComparisonOptions>;
  /** Not compared yet, or found to be others: by their numbers. */
  readonly #open = new Map<number, Recorded>();
  #next: number | undefined;

  constructor(lane: OmnichainClient, client: MaintainedLightClient, options: ComparisonOptions) {
    this.#lane = lane;
    this.#client = client;
    this.#options = { patience: PATIENCE_MS, ...options };
  }

  /**
   * Calls an operator for a block that the chain does not have, and shows that to the light client as soon as that can be done: it freezes.
   * @returns number of transactions sent
   */
  async run(context: StageContext): Promise<number> {
    const { found } = this.#client;
    const lightClient = lightClientAt(found.address, found.provider);
    if (await lightClient.isFrozen()) return 0;
    await this.#read(context);
    if (this.#open.size === 0) return 0;
    const final = await getAgreedBlock(found.source, this.#options.finality);
    const others: BlockOfHeight[] = [];
    for (const [number, recorded] of this.#open) {
      // Its block can have been dropped, or the light client replaced.
      const isThere = (await lightClient.finalizedBlockHash(BigInt(number))) === recorded.hash;
      if (!isThere) await this.#settle(number, context);
      else if (number > final.number) await this.#doubt(number, recorded, context);
      else others.push(...(await this.#compare(number, recorded, context)));
    }
    return await this.#contradictAll(others, context);
  }

  /** Returns the chain's own block where it is another one. */
  async #compare(number: number, recorded: Recorded, context: StageContext): Promise<BlockOfHeight[]> {
    const hash = (await this.#client.found.source.getBlock(number))?.hash;
    // Of several nodes one can be behind, which has no such block yet.
    if (typeof hash !== 'string') return [];
    if (hash === recorded.hash) {
      await this.#settle(number, context);
      return [];
    }
    await this.#raise(number, recorded.hash, `the chain's node has ${hash}`, context);
    return [{ number, hash }];
  }

  /** One of them that cannot be shown keeps no other from it: any of them freezes the light client. */
  async #contradictAll(blocks: readonly BlockOfHeight[], context: StageContext): Promise<number> {
    let sent = 0;
    const failures: XdmError[] = [];
    for (const block of blocks) {
      try {
        sent += await this.#contradict(block, context);
      } catch (error) {
        failures.push(toXdmError(error));
      }
    }
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    return sent;
  }

  /** There is nothing wrong with it, or no more. */
  async #settle(number: number, context: StageContext): Promise<void> {
    this.#open.delete(number);
    await clearAlarm(context, { kind: CONTRADICTED, subject: this.#subject(number) });
  }

  #subject(number: number): string {
    return `${this.#client.name}, block ${number}`;
  }

  async #read(context: StageContext): Promise<void> {
    const { address, provider } = this.#client.found;
    const newest = await provider.getBlockNumber();
    const seenAt = performance.now();
    if (this.#next === undefined) {
      const prefix = this.#subject(0).slice(0, -1);
      for (const { kind, subject } of await openAlarms(context.store.db)) {
        if (kind !== CONTRADICTED || !subject.startsWith(prefix)) continue;
        const number = Number(subject.slice(prefix.length));
        const hash = await lightClientAt(address, provider).finalizedBlockHash(BigInt(number));
        if (hash === ZeroHash) await clearAlarm(context, { kind, subject });
        else this.#open.set(number, { hash, seenAt });
      }
    }
    const fromBlock = Math.max(0, this.#next === undefined ? newest - LOOK_BACK : this.#next - OVERLAP);
    for (const { number, hash } of await getRecordedBlocks(provider, address, { fromBlock, toBlock: newest })) {
      if (this.#open.get(number)?.hash !== hash) this.#open.set(number, { hash, seenAt });
    }
    this.#next = newest + 1;
  }

  /** What the node does not call final may be the newest of a chain that it follows slowly. */
  async #doubt(number: number, { hash, seenAt }: Recorded, context: StageContext): Promise<void> {
    if (performance.now() - seenAt < this.#options.patience) return;
    await this.#raise(number, hash, `the chain's node still does not call any block of that height final`, context);
  }

  async #raise(number: number, hash: string, but: string, context: StageContext): Promise<void> {
    const { found } = this.#client;
    const { on, of, address } = found.entry;
    await raiseAlarm(context, {
      kind: CONTRADICTED,
      subject: this.#subject(number),
      message: `the light client ${address} on chain ${on} knows block ${number} of chain ${of} as ${hash}, and ${but}: those who vouch for the chain have lied, or the node is behind or on another branch. Find out which; the light client freezes once a later block shows that it is wrong`,
      halts: false,
    });
  }

  async #contradict(block: BlockOfHeight, context: StageContext): Promise<number> {
    const { found, name, engine } = this.#client;
    const [on, source] = [chainOf(this.#lane, found.entry.on), chainOf(this.#lane, found.of)];
    const call = await planContradiction(on, source, found.entry, block);
    if (call === undefined || (await engine.pending(call.purpose)) > 0) return 0;
    const gasLimit = await this.#estimate(call);
    if (gasLimit === undefined) return 0;
    const { purpose, to, data } = call;
    await engine.submit([{ purpose, to, data, gasLimit }]);
    context.logger.error({ lightClient: name, block: block.number, signer: engine.address }, 'freezing');
    return 1;
  }

  /** Undefined where somebody else was faster. */
  async #estimate({ to, data }: AncestorCall): Promise<bigint | undefined> {
    const { found, engine } = this.#client;
    try {
      return withMargin(await found.provider.estimateGas({ from: engine.address, to, data }));
    } catch (cause) {
      const error = toXdmError(cause);
      if (error.code === 'light-client-frozen') return undefined;
      throw error;
    }
  }
}
