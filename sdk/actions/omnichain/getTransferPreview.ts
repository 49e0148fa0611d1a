import { ZeroAddress } from 'ethers';

import { chainOf, type ConnectedChain, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { serviceAt, tokenAt } from '../../chain/omnichain/contracts.ts';
import { readAnswer, tryTarget, type Trial } from '../../chain/omnichain/trial.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { XdmError } from '../../core/errors.ts';
import type { TransferOutParameters } from './transferOut.ts';
import { verifyTransfer } from './transferOut.ts';

/** A message that is to be sent, and by whom. */
export interface TransferPreviewParameters extends Pick<
  TransferOutParameters,
  'fromChain' | 'toChain' | 'message' | 'feeToken'
> {
  /** Who would send it, and pay. */
  readonly sender: string;
}

/** What sending a message would come to. */
export interface TransferPreview {
  /** In the fee token's smallest unit. */
  readonly fee: bigint;
  /** Why the message would fail if it arrived now: each says what to do about it. None of them keeps it from being sent. */
  readonly doubts: readonly XdmError[];
}

/**
 * What a message would cost, and whether its target would take it now: on the relay chain the one that answers it, too. The
 * state in which it arrives can be another.
 * @throws {XdmError} `invalid-argument` for what cannot be sent, `insufficient-funds` where the sender lacks the fee in a token or
 * has not approved it, and what the endpoints throw
 */
export async function getTransferPreview(
  client: OmnichainClient,
  { sender, message, feeToken = ZeroAddress, ...route }: TransferPreviewParameters,
): Promise<TransferPreview> {
  const [from, to] = [chainOf(client, route.fromChain), chainOf(client, route.toChain)];
  verifyTransfer(client, { fromChain: from.chainId, toChain: to.chainId, message });
  try {
    const [fee] = await serviceAt(from.service, from.provider).getMessageFee(to.chainId, feeToken, message.gasLimit);
    if (feeToken !== ZeroAddress) await verifyToken(from, { token: feeToken, sender, fee });
    const trial = { fromChain: from.chainId, toChain: to.chainId, sender, message };
    return { fee, doubts: await doubtsOf(client, to, trial) };
  } catch (error) {
    throw toXdmError(error);
  }
}

async function verifyToken(
  { provider, service, name }: ConnectedChain,
  { token, sender, fee }: { readonly token: string; readonly sender: string; readonly fee: bigint },
): Promise<void> {
  const contract = tokenAt(token, provider);
  const [balance, allowance] = await Promise.all([contract.balanceOf(sender), contract.allowance(sender, service)]);
  const costs = `the fee is ${fee} of the token ${token} on chain ${name}`;
  if (balance < fee) {
    throw new XdmError('insufficient-funds', `${costs}, of which ${sender} has ${balance}`, {
      hint: 'fund the account, or pay with another token',
    });
  }
  if (allowance < fee) {
    throw new XdmError('insufficient-funds', `${costs}, of which ${sender} has approved ${allowance} to the service`, {
      hint: `call approve(${service}, ${fee}) of the token first`,
    });
  }
}

async function doubtsOf(client: OmnichainClient, to: ConnectedChain, trial: Trial): Promise<readonly XdmError[]> {
  const { message } = trial;
  if (!message.relay) return (await tryTarget(to, trial)).doubts;
  const { doubts, returned } = await tryTarget(chainOf(client, client.lane.relayChainId), trial);
  if (returned === undefined) return doubts;
  try {
    const answer = readAnswer(returned, message.gasLimit);
    return [...doubts, ...(await tryTarget(to, { ...trial, message: answer })).doubts];
  } catch (error) {
    if (error instanceof XdmError && error.code === 'delivery-failed') return [...doubts, error];
    throw error;
  }
}
