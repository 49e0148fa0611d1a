import type { AncestorCall } from '../../../sdk/chain/omnichain/ancestors.ts';
import type { ConnectedChain, OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import { SERVICE_CALLS } from '../../../sdk/chain/omnichain/contracts.ts';
import type { BlockOfHeight } from '../../../sdk/chain/omnichain/recordedBlocks.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import { withMargin } from '../../../sdk/core/gas.ts';
import type { PreparedDelivery, Refusal, Submitter } from '../../route.ts';
import { readProof, type PendingMessage } from '../../store/messages.ts';
import { positionsOf } from '../../store/positions.ts';
import type { Database } from '../../store/schema.ts';
import type { TransactionEngine } from '../../tx/engine.ts';
import type { Signers } from '../../tx/signers.ts';
import { AncestorPlans, type BlockState } from './ancestorPlans.ts';
import { checkPaidGas } from './paidGas.ts';
import { unpackProof } from './prover.ts';

/** A hop, and at what cost messages are taken over it. */
interface HopTerms {
  readonly source: ConnectedChain;
  readonly destination: ConnectedChain;
  readonly signers: Signers;
  /** See `checkPaidGas`. */
  readonly maxUnpaidGas: bigint | undefined;
}

/**
 * Takes messages over one hop, each in a transaction of its own, so that none holds up another. Where a message's block is not
 * known to the light client, that is proven first, once for all of the block.
 */
export function omnichainSubmitter(
  client: OmnichainClient,
  { source, destination, signers, maxUnpaidGas }: HopTerms,
): Submitter {
  const plans = new AncestorPlans(client, { source, destination, signers });

  async function prepareOne(
    db: Database,
    message: PendingMessage,
    engine: TransactionEngine,
  ): Promise<PreparedDelivery | undefined> {
    const packed = await readProof(db, message.id);
    // Withdrawn meanwhile.
    if (packed === undefined) return undefined;
    const { logIndex, proof } = unpackProof(packed);
    const data = SERVICE_CALLS.encodeFunctionData('transferInWithIndex', [source.chainId, logIndex, proof]);
    const call = { from: engine.address, to: destination.service, data };
    const estimate = await destination.provider.estimateGas(call);
    checkPaidGas({ estimate, gasLimit: message.message.gasLimit, maxUnpaidGas });
    const gasLimit = withMargin(estimate);
    return { purpose: 'transfer message', to: destination.service, data, gasLimit, messages: [message] };
  }

  return {
    signers,
    async prepare(db, messages, { engine, transactions }) {
      const deliveries: PreparedDelivery[] = [];
      const refused: Refusal[] = [];
      const states = new Map<number, BlockState>();
      const budget = new Budget(engine, await engine.affordableGas());
      for (const message of messages) {
        if (deliveries.length >= transactions) break;
        try {
          const { blockNumber } = message;
          const state = states.get(blockNumber) ?? (await plans.next(await blockOf(db, message)));
          states.set(blockNumber, state);
          if (state === 'underway') continue;
          const delivery =
            state === 'known'
              ? await prepareOne(db, message, engine)
              : await prepareAncestor({ ancestor: state, deliveries, destination, engine, signers });
          if (delivery === undefined) continue;
          if (!(await budget.covers(delivery))) break;
          deliveries.push(delivery);
        } catch (error) {
          refused.push({ message, error: toXdmError(error) });
        }
      }
      return { deliveries, refused, setbacks: [] };
    },
  };
}

/** What an account can pay for together. */
class Budget {
  readonly #engine: TransactionEngine;
  readonly #whole: bigint;
  #left: bigint;

  /** @param gas that it can pay for now */
  constructor(engine: TransactionEngine, gas: bigint) {
    this.#engine = engine;
    [this.#whole, this.#left] = [gas, gas];
  }

  /**
   * Whether a transaction can be sent beside those before it; otherwise it comes after them.
   * @throws {XdmError} `insufficient-funds`, `spending-limit` for one that cannot be paid for alone: it holds up no other
   */
  async covers({ gasLimit }: PreparedDelivery): Promise<boolean> {
    if (gasLimit > this.#left && gasLimit <= this.#whole) return false;
    if (gasLimit > this.#left) await this.#engine.requirePayable(gasLimit);
    this.#left -= gasLimit;
    return true;
  }
}

/** Where a message was sent. */
async function blockOf(db: Database, { id, messageHash }: PendingMessage): Promise<BlockOfHeight> {
  const position = (await positionsOf(db, [id])).get(id);
  if (position === undefined) throw new XdmError('internal', `message ${messageHash} is not in the store`);
  return { number: position.blockNumber, hash: position.blockHash };
}

interface AncestorStep {
  readonly ancestor: AncestorCall;
  readonly deliveries: readonly PreparedDelivery[];
  readonly destination: ConnectedChain;
  readonly engine: TransactionEngine;
  readonly signers: Signers;
}

/** Undefined where it is on its way already. */
async function prepareAncestor(step: AncestorStep): Promise<PreparedDelivery | undefined> {
  const { ancestor, deliveries, destination, engine, signers } = step;
  const { purpose, to, data } = ancestor;
  const isPlanned = deliveries.some((each) => each.purpose === purpose);
  if (isPlanned || (await signers.pending(purpose)) > 0) return undefined;
  const gasLimit = withMargin(await destination.provider.estimateGas({ from: engine.address, to, data }));
  return { purpose, to, data, gasLimit, messages: [] };
}
