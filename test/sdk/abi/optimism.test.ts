import { EventFragment, FunctionFragment, Interface, keccak256, type InterfaceAbi, type ParamType } from 'ethers';
import { expect, test } from 'vitest';

import { canonicalTransactionChain } from '../../../sdk/abi/CanonicalTransactionChain.ts';
import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../../../sdk/abi/L2CrossDomainMessenger.ts';
import { encodeMessage, type Message } from '../../../sdk/core/message.ts';
import { hashMessage } from '../../../sdk/core/optimism.ts';
import { describeVectors, readVectors } from '../../support/vectors.ts';

const L1 = new Interface(l1CrossDomainMessenger.abi);
const L2 = new Interface(l2CrossDomainMessenger.abi);
const QUEUE = new Interface(canonicalTransactionChain.abi);

const READS = ['xDomainMessageSender', 'successfulMessages'];
const BEDROCK_FUNCTIONS = ['sendMessage', 'messageNonce', 'failedMessages', 'baseGas', 'MESSAGE_VERSION', ...READS];
const OVM1_EVENTS = ['SentMessage', 'RelayedMessage', 'FailedRelayedMessage'];
const BEDROCK_EVENTS = [...OVM1_EVENTS, 'SentMessageExtension1'];

/** What an application sees of an ABI entry: everything but the names of a function's parameters. */
function shapeOf(abi: Interface, name: string): object {
  const fragment = abi.getFunction(name) ?? abi.getEvent(name);
  const types = (parameters: readonly ParamType[]): string[] => parameters.map(({ type }) => type);
  if (fragment instanceof EventFragment) {
    const inputs = fragment.inputs.map(
      (input) => `${input.type}${input.indexed === true ? ' indexed' : ''} ${input.name}`,
    );
    return { topic: fragment.topicHash, inputs, anonymous: fragment.anonymous };
  }
  if (!(fragment instanceof FunctionFragment)) throw new Error(`the ABI has neither a function nor an event ${name}`);
  const { selector, stateMutability, outputs } = fragment;
  return { selector, stateMutability, outputs: types(outputs) };
}

function published(file: string): Interface {
  return new Interface(readVectors(`abi/${file}.json`) as InterfaceAbi);
}

describeVectors('the application ABI', () => {
  test.each([
    ['optimism-bedrock/L1CrossDomainMessenger', L1, [...BEDROCK_FUNCTIONS, ...BEDROCK_EVENTS]],
    ['optimism-bedrock/L2CrossDomainMessenger', L2, [...BEDROCK_FUNCTIONS, ...BEDROCK_EVENTS, 'relayMessage']],
    ['optimism-bedrock/OptimismPortal', QUEUE, ['TransactionDeposited']],
    ['optimism-ovm1/L1CrossDomainMessenger', L1, ['sendMessage', 'relayedMessages', ...READS, ...OVM1_EVENTS]],
    [
      'optimism-ovm1/L2CrossDomainMessenger',
      L2,
      ['sendMessage', 'messageNonce', 'sentMessages', 'relayedMessages', ...READS, ...OVM1_EVENTS],
    ],
  ])('is that of %s', (file, ours, names) => {
    const theirs = published(file);
    for (const name of names) {
      const expected = shapeOf(theirs, name);
      // Ours returns the message hash, which a caller that expects nothing ignores; OVM 1.0 took no value.
      const allowed = name === 'sendMessage' ? { outputs: ['bytes32'], stateMutability: 'payable' } : {};
      expect({ name, ...shapeOf(ours, name) }).toEqual({ name, ...expected, ...allowed });
    }
  });

  test('reads the message of a real receipt', () => {
    const { logs } = readVectors('messages/bridge-withdrawal-receipt.json') as {
      logs: { topics: string[]; data: string }[];
    };
    const events = logs.map((log) => L2.parseLog(log)).filter((event) => event !== null);
    expect(events.map(({ name }) => name)).toEqual(['SentMessage', 'SentMessageExtension1']);

    const [sent, extension] = events.map(({ args }) => args);
    expect(extension!['sender']).toBe(sent!['sender']);
    const message: Message = {
      nonce: sent!['messageNonce'] as bigint,
      sender: sent!['sender'] as string,
      target: sent!['target'] as string,
      value: extension!['value'] as bigint,
      gasLimit: sent!['gasLimit'] as bigint,
      data: sent!['message'] as string,
    };
    expect(message).toMatchObject({ sender: '0x4200000000000000000000000000000000000010', value: 0n, gasLimit: 0n });
    expect(message.target).toBe('0x6900000000000000000000000000000000000003');

    // The passer's log of the same receipt has the message as the other side is called with it.
    const passed = new Interface([
      'event MessagePassed(uint256 indexed, address indexed, address indexed, uint256, uint256, bytes data, bytes32)',
    ]);
    const data = logs.map((log) => passed.parseLog(log)).find((event) => event !== null)?.args['data'] as string;
    expect(encodeMessage(message)).toBe(data);
    expect(hashMessage(message)).toBe(keccak256(data));
  });
});
