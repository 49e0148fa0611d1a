import { getAgreedBlock } from '../../../../sdk/chain/agreedBlock.ts';
import { planContradiction, type AncestorCall } from '../../../../sdk/chain/omnichain/ancestors.ts';
import { chainOf, type OmnichainClient } from '../../../../sdk/chain/omnichain/client.ts';
import { lightClientAt } from '../../../../sdk/chain/omnichain/contracts.ts';
import { getRecordedBlocks, type BlockOfHeight } from '../../../../sdk/chain/omnichain/recordedBlocks.ts';
import { toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
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

/** Compares the blocks that a light client records, by whomever, with those that its chain's own node has. */
export class RecordComparison {
  readonly #lane: OmnichainClient;
  readonly #client: MaintainedLightClient;
  readonly #finality: Finality;
  /** Not compared yet, or found to be others: by their numbers. */
  readonly #open = new Map<number, string>();
  #next: number | undefined;

  /** @param finality from which block on the chain's node is believed */
  constructor(lane: OmnichainClient, client: MaintainedLightClient, finality: Finality) {
    this.#lane = lane;
    this.#client = client;
    this.#finality = finality;
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
    const final = await getAgreedBlock(found.source, this.#finality);
    let sent = 0;
    for (const [number, recorded] of this.#open) {
      if (number > final.number) continue;
      const hash = (await found.source.getBlock(number))?.hash;
      const isRecorded = (await lightClient.finalizedBlockHash(BigInt(number))) === recorded;
      // A node that is behind has no such block yet.
      if (typeof hash !== 'string') continue;
      if (hash !== recorded && isRecorded) {
        sent += await this.#contradict({ number, hash }, recorded, context);
      } else {
        this.#open.delete(number);
        await clearAlarm(context, { kind: CONTRADICTED, subject: this.#subject(number) });
      }
    }
    return sent;
  }

  #subject(number: number): string {
    return `${this.#client.name}, block ${number}`;
  }

  async #read({ store }: StageContext): Promise<void> {
    const { address, provider } = this.#client.found;
    const newest = await provider.getBlockNumber();
    if (this.#next === undefined) {
      const prefix = this.#subject(0).slice(0, -1);
      const alarms = (await openAlarms(store.db)).filter(({ kind, subject }) => {
        return kind === CONTRADICTED && subject.startsWith(prefix);
      });
      for (const { subject } of alarms) {
        const number = Number(subject.slice(prefix.length));
        this.#open.set(number, await lightClientAt(address, provider).finalizedBlockHash(BigInt(number)));
      }
    }
    const fromBlock = Math.max(0, this.#next === undefined ? newest - LOOK_BACK : this.#next - OVERLAP);
    const recorded = await getRecordedBlocks(provider, address, { fromBlock, toBlock: newest });
    for (const { number, hash } of recorded) this.#open.set(number, hash);
    this.#next = newest + 1;
  }

  async #contradict(block: BlockOfHeight, recorded: string, context: StageContext): Promise<number> {
    const { found, name, engine } = this.#client;
    const { number, hash } = block;
    await raiseAlarm(context, {
      kind: CONTRADICTED,
      subject: this.#subject(number),
      message: `the light client ${found.address} on chain ${found.entry.on} knows block ${number} of chain ${found.of} as ${recorded}, and the chain's node has ${hash}: those who vouch for the chain have lied, or the node is on another branch. Find out which; the light client freezes once a later block shows that it is wrong`,
      halts: false,
    });
    const [on, source] = [chainOf(this.#lane, found.entry.on), chainOf(this.#lane, found.of)];
    const call = await planContradiction(on, source, found.entry, block);
    if (call === undefined || (await engine.pending(call.purpose)) > 0) return 0;
    const gasLimit = await this.#estimate(call);
    if (gasLimit === undefined) return 0;
    const { purpose, to, data } = call;
    await engine.submit([{ purpose, to, data, gasLimit }]);
    context.logger.error({ lightClient: name, block: number, signer: engine.address }, 'freezing');
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
