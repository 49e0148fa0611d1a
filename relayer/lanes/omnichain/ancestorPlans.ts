import { planAncestor, type AncestorCall } from '../../../sdk/chain/omnichain/ancestors.ts';
import { lightClientBetween, type ConnectedChain, type OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import type { BlockOfHeight } from '../../../sdk/chain/omnichain/recordedBlocks.ts';
import type { Signers } from '../../tx/signers.ts';

/** A hop, and who pays at its end. */
interface Hop {
  readonly source: ConnectedChain;
  readonly destination: ConnectedChain;
  readonly signers: Signers;
}

/** What has to be sent before messages of a block can be. */
export type BlockState =
  /** Nothing. */
  | 'known'
  /** What was sent to make it known is not mined. */
  | 'underway'
  | AncestorCall;

/** What makes blocks known to the light client of a hop: to plan it takes many questions, and one transaction after the other. */
export class AncestorPlans {
  readonly #client: OmnichainClient;
  readonly #hop: Hop;
  /** What is next for blocks that were not known, by their numbers. */
  readonly #planned = new Map<number, string>();

  constructor(client: OmnichainClient, hop: Hop) {
    this.#client = client;
    this.#hop = hop;
  }

  /**
   * What has to be sent for a block.
   * @throws {XdmError} as `planAncestor`
   */
  async next(block: BlockOfHeight): Promise<BlockState> {
    const { source, destination, signers } = this.#hop;
    const before = this.#planned.get(block.number);
    if (before !== undefined && (await signers.pending(before)) > 0) return 'underway';
    this.#planned.delete(block.number);
    const entry = lightClientBetween(this.#client, destination.chainId, source.chainId);
    const [call] = await planAncestor(destination, source, entry, block);
    if (call === undefined) return 'known';
    this.#planned.set(block.number, call.purpose);
    return call;
  }
}
