import { AbiCoder, getBytes, Interface, isCallException, ZeroHash } from 'ethers';

import { XdmError } from '../../core/errors.ts';
import { MAX_TRANSACTION_GAS } from '../../core/gas.ts';
import { decodeMessageData, type MessageData } from '../../core/omnichain/messageData.ts';
import { describeRevert } from '../reverts.ts';
import { toXdmError } from '../rpcErrors.ts';
import type { ConnectedChain } from './client.ts';
import { serviceAt } from './contracts.ts';

/** What a target of a message of type `message` implements; see contracts/omnichain/interfaces/IMapoExecutor.sol. */
const EXECUTOR_CALLS = new Interface(['function mapoExecute(uint256,uint256,bytes,bytes32,bytes) returns (bytes)']);

/** Gas of any transaction, and of a byte of its data: one that is zero, and another. */
const TRANSACTION_GAS = 21_000n;
const ZERO_BYTE_GAS = 4n;
const BYTE_GAS = 16n;

/** A message before it is sent, as its target would get it. */
export interface Trial {
  readonly fromChain: bigint;
  readonly toChain: bigint;
  readonly sender: string;
  readonly message: MessageData;
}

/** What came of trying it. */
export interface TrialResult {
  /** Why it would fail now, or may. */
  readonly doubts: readonly XdmError[];
  /** What the target would return, hex; undefined where it would fail. */
  readonly returned: string | undefined;
}

/**
 * Tries a message at its target without sending anything: what its service would check, and the call with the message's gas.
 * @param on the target's chain
 * @throws what the endpoint throws
 */
export async function tryTarget(on: ConnectedChain, trial: Trial): Promise<TrialResult> {
  const { message, sender, fromChain } = trial;
  const { target } = message;
  const [code, isAllowed] = await Promise.all([
    on.provider.getCode(target),
    serviceAt(on.service, on.provider).getExecutePermission(target, fromChain, sender),
  ]);
  const where = `${target} on chain ${on.name}`;
  if (BigInt(target) === BigInt(on.service)) {
    return failing(
      new XdmError('target-refused', `${where} is the service, which no message can call`, {
        hint: 'check the address of the target',
      }),
    );
  }
  if (code === '0x') {
    return failing(
      new XdmError('delivery-failed', `${where} has no code: the message would fail there`, {
        hint: 'check the address of the target; once it has code, the message can be tried again',
      }),
    );
  }
  const { doubts, returned } = await tryCall(on, trial);
  if (isAllowed) return { doubts, returned };
  const refused = new XdmError('sender-not-allowed', `${where} has not allowed ${sender} of chain ${fromChain}`, {
    hint: `the target must call addRemoteCaller(${fromChain}, ${sender}, true) of ${on.service} before the message arrives, or it fails until then`,
  });
  return { doubts: [refused, ...doubts], returned };
}

function failing(doubt: XdmError): TrialResult {
  return { doubts: [doubt], returned: undefined };
}

async function tryCall(on: ConnectedChain, trial: Trial): Promise<TrialResult> {
  const { message } = trial;
  const data = callDataOf(trial);
  const call = { from: on.service, to: message.target, data };
  const ownGas = gasOfData(data);
  const attempt = async (gasLimit: bigint): Promise<string | { readonly revert: string } | undefined> => {
    try {
      return await on.provider.call({ ...call, gasLimit });
    } catch (error) {
      if (isCallException(error)) return { revert: error.data ?? '0x' };
      const { code } = toXdmError(error);
      // A node that does not try it says nothing about the target.
      if (code === 'rpc-error') return undefined;
      throw error;
    }
  };
  const returned = await attempt(ownGas + message.gasLimit);
  if (typeof returned === 'string') return { doubts: [], returned };
  const withMore = returned === undefined ? undefined : await attempt(MAX_TRANSACTION_GAS);
  if (withMore === undefined) return { doubts: [], returned: undefined };
  const where = `${message.target} on chain ${on.name}`;
  if (typeof withMore !== 'string') {
    return failing(
      new XdmError('target-reverted', `${where} would refuse the message now: ${describeRevert(withMore.revert)}`, {
        hint: 'check what it is sent; a message that has failed can be tried again',
      }),
    );
  }
  const needed = (await on.provider.estimateGas(call)) - ownGas;
  return failing(
    new XdmError(
      'insufficient-gas',
      `${where} would take ${needed} gas now, and the message promises ${message.gasLimit}`,
      {
        hint: 'send it with a higher gas limit',
      },
    ),
  );
}

function callDataOf({ fromChain, toChain, sender, message: { msgType, payload } }: Trial): string {
  if (msgType === 'calldata') return payload;
  // Its order id is not known before it is sent.
  return EXECUTOR_CALLS.encodeFunctionData('mapoExecute', [fromChain, toChain, sender, ZeroHash, payload]);
}

function gasOfData(data: string): bigint {
  const bytes = getBytes(data);
  const zeros = BigInt(bytes.filter((byte) => byte === 0).length);
  return TRANSACTION_GAS + zeros * ZERO_BYTE_GAS + (BigInt(bytes.length) - zeros) * BYTE_GAS;
}

/**
 * What a target on the relay chain has answered, read as its service would.
 * @param returned what it has returned, hex
 * @param gasLimit of the message that it was asked with
 * @throws {XdmError} `delivery-failed` for what the service does not send on
 */
export function readAnswer(returned: string, gasLimit: bigint): MessageData {
  const hint = 'it must return abi.encode(bytes) of a MessageData with the same gas limit, without relay and value';
  let answer: MessageData;
  try {
    const coder = AbiCoder.defaultAbiCoder();
    const [bytes] = coder.decode(['bytes'], returned) as unknown as [string];
    // Other encodings of the same bytes the service refuses.
    if (coder.encode(['bytes'], [bytes]) !== returned.toLowerCase()) throw new TypeError('not as abi.encode has it');
    answer = decodeMessageData(bytes);
  } catch (cause) {
    throw new XdmError('delivery-failed', 'the target on the relay chain answers with no message', { cause, hint });
  }
  const { relay, value } = answer;
  const problem = relay
    ? 'asks for another target on the relay chain'
    : value !== 0n
      ? `has value ${value}`
      : answer.gasLimit !== gasLimit
        ? `has gas limit ${answer.gasLimit}, not ${gasLimit}`
        : undefined;
  if (problem === undefined) return answer;
  throw new XdmError('delivery-failed', `the answer of the target on the relay chain ${problem}`, { hint });
}
