import { hexlify, isError, randomBytes, type JsonRpcProvider } from 'ethers';

import { waitForReceipt } from '../chain/receipts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { XdmError, type ErrorCode } from '../core/errors.ts';
import { encodeDeposit } from '../core/optimism.ts';

/** What a call without data costs. */
const GAS_LIMIT = 21_000n;

/** Longest wait for the probe to be in a block. */
const TIMEOUT_MS = 30_000;

/** How it is that a deposit is not executed. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['rpc-error', 'transaction-reverted', 'timeout']);

const HINT =
  'start anvil with `--network optimism`; or repeat with `--deposits derived` if the L2 node derives deposits from the queue, or for L2 to L1 alone';

/**
 * Finds out whether an L2 takes deposit transactions (type 0x7e) over RPC, as a sequencer of ours sends them: executes
 * one from an account that nobody has to itself, without value.
 * @throws {XdmError} `deposit-refused`, and what the endpoint throws when it does not answer
 */
export async function probeDeposits(l2: JsonRpcProvider): Promise<void> {
  const nobody = hexlify(randomBytes(20));
  const deposit = encodeDeposit({
    sourceHash: hexlify(randomBytes(32)),
    from: nobody,
    to: nobody,
    mint: 0n,
    value: 0n,
    gasLimit: GAS_LIMIT,
    data: '0x',
  });
  try {
    const hash = (await l2.send('eth_sendRawTransaction', [deposit])) as string;
    await waitForReceipt(l2, hash, { timeout: TIMEOUT_MS });
  } catch (cause) {
    const error = toXdmError(cause);
    // A gateway that fails says nothing of the node behind it.
    if (!REFUSALS.has(error.code) || isError(cause, 'SERVER_ERROR')) throw error;
    throw new XdmError('deposit-refused', `L2 takes no deposit transactions (type 0x7e): ${error.message}`, {
      cause,
      hint: HINT,
    });
  }
}
