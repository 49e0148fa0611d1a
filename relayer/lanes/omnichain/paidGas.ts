import { XdmError } from '../../../sdk/core/errors.ts';

/** By how much nodes may say more than a call needs, in parts of 1,000 of what they say: Geth ends its search there, and others after it. */
const ESTIMATE_TOLERANCE = 15n;

/** What a hop takes, and what its message has paid for. */
export interface HopGas {
  /** Gas that the destination's node asks for. */
  readonly estimate: bigint;
  /** The message's own limit. */
  readonly gasLimit: bigint;
  /** Most gas beyond that; no limit where it is undefined. */
  readonly maxUnpaidGas: bigint | undefined;
}

/**
 * A fee counts a message's gas limit, and nothing else that makes a hop dear: the message's length, that of the other logs of its
 * transaction, the answer of a target on the relay chain. What is beyond the limit is therefore the messenger's to bound. It is
 * counted in gas, as fees are in the currency of the chain where a message was sent, or in a token.
 * @throws {XdmError} `unpaid-gas`
 */
export function checkPaidGas({ estimate, gasLimit, maxUnpaidGas }: HopGas): void {
  if (maxUnpaidGas === undefined) return;
  // Of a high gas limit the tolerance is more than what the hop itself takes.
  const least = estimate - (estimate * ESTIMATE_TOLERANCE) / 1000n;
  const unpaid = least - gasToPromise(gasLimit);
  if (unpaid <= maxUnpaidGas) return;
  const beyond = `${unpaid} gas beyond its gas limit of ${gasLimit}`;
  throw new XdmError('unpaid-gas', `the hop takes at least ${beyond}, and maxUnpaidGas is ${maxUnpaidGas}`);
}

/**
 * Gas that a transaction must have so that a target can be promised its limit. A CALL gives 63/64 of what there is (EIP-150), and a
 * target on the relay chain is called by two of them. The rest is not used up, but an estimate has it.
 */
function gasToPromise(gasLimit: bigint): bigint {
  return (gasLimit * 64n ** 2n) / 63n ** 2n;
}
