import { AbiCoder, concat, getAddress, Interface, keccak256, toBeHex, toUtf8Bytes } from 'ethers';
import { describe, expect, test } from 'vitest';

import { canonicalTransactionChain } from '../../../sdk/abi/CanonicalTransactionChain.ts';
import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { stateCommitmentChain } from '../../../sdk/abi/StateCommitmentChain.ts';
import {
  parseDeletedStateBatches,
  parseDeliveries,
  parseQueueElements,
  parseSentMessages,
  parseStateBatches,
  type RawLog,
} from '../../../sdk/chain/logs.ts';
import { describeRevert } from '../../../sdk/chain/reverts.ts';
import { encodeNonce, type Message } from '../../../sdk/core/message.ts';
import { hashMessage } from '../../../sdk/core/optimism.ts';
import { describeVectors, readVectors } from '../../support/vectors.ts';

const MESSENGER = getAddress('0x00000000000000000000000000000000000000aa');
const OTHER = getAddress('0x00000000000000000000000000000000000000bb');
const messenger = new Interface(l1CrossDomainMessenger.abi);
const queue = new Interface(canonicalTransactionChain.abi);
const commitments = new Interface(stateCommitmentChain.abi);

type Event = Pick<RawLog, 'address' | 'topics' | 'data'>;

function event(abi: Interface, name: string, values: unknown[], address = MESSENGER): Event {
  return { address, ...abi.encodeEventLog(name, values) };
}

/** The events as the logs of one transaction. */
function inOrder(events: readonly Event[]): RawLog[] {
  const place = { blockNumber: 7, blockHash: toBeHex(7, 32), transactionHash: toBeHex(77, 32) };
  return events.map((each, index) => ({ ...each, ...place, index: 10 + index }));
}

const message = (counter: number): Message => ({
  nonce: encodeNonce(BigInt(counter)),
  sender: '0x0000000000000000000000000000000000000001',
  target: '0x0000000000000000000000000000000000000002',
  value: BigInt(counter),
  gasLimit: 100_000n,
  data: '0x1234',
});

function sent({ target, sender, data, nonce, gasLimit, value }: Message, address = MESSENGER): [Event, Event] {
  return [
    event(messenger, 'SentMessage', [target, sender, data, nonce, gasLimit], address),
    event(messenger, 'SentMessageExtension1', [sender, value], address),
  ];
}

const HASHES = [1, 2, 3].map((number) => toBeHex(number, 32));

describe('messages that were sent', () => {
  test('are read, several of a transaction too, with their places', () => {
    const logs = inOrder([...sent(message(0)), ...sent(message(1)), ...sent(message(2))]);
    const found = parseSentMessages(logs, MESSENGER);
    expect(found.map((each) => each.message)).toEqual([message(0), message(1), message(2)]);
    expect(found.map((each) => each.messageHash)).toEqual([0, 1, 2].map((each) => hashMessage(message(each))));
    expect(found[2]).toMatchObject({ blockNumber: 7, transactionHash: toBeHex(77, 32), logIndex: 14 });
  });

  test('are read whatever other contracts emit between their events', () => {
    const [first, second] = sent(message(0));
    const imitation = sent(message(5), OTHER);
    const queued = event(queue, 'QueueElement', [0, toBeHex(0, 32)], OTHER);
    const logs = inOrder([imitation[0], first, imitation[1], queued, ...imitation, second, imitation[0]]);
    expect(parseSentMessages(logs, MESSENGER).map((each) => each.message)).toEqual([message(0)]);
  });

  test('are read whatever else the messenger emits between their events', () => {
    const [first, second] = sent(message(0));
    const logs = inOrder([event(messenger, 'RelayedMessage', [HASHES[0]]), first, second]);
    expect(parseSentMessages(logs, MESSENGER)).toHaveLength(1);
  });

  test('are read from an address in any case', () => {
    const logs = inOrder(sent(message(0), MESSENGER.toLowerCase()));
    expect(parseSentMessages(logs, MESSENGER)).toHaveLength(1);
    expect(parseSentMessages(inOrder(sent(message(0))), MESSENGER.toLowerCase())).toHaveLength(1);
  });

  test.each([
    ['no log', []],
    ['the first event alone', [sent(message(0))[0]]],
    ['the second event alone', [sent(message(0))[1]]],
    ['an event without topics', [{ address: MESSENGER, topics: [], data: '0x' }]],
  ])('are none in %s', (_, events) => {
    expect(parseSentMessages(inOrder(events), MESSENGER)).toEqual([]);
  });
});

describe('elements of the queue', () => {
  const opaque = concat([toBeHex(3, 32), toBeHex(2, 32), toBeHex(50_000, 8), '0x00', '0x1234']);
  const element = (index: number, address = MESSENGER): [Event, Event] => [
    event(queue, 'TransactionDeposited', [OTHER, MESSENGER, 0, opaque], address),
    event(queue, 'QueueElement', [index, toBeHex(index, 32)], address),
  ];

  test('are read with their deposits', () => {
    const logs = inOrder([...element(4), element(9, OTHER)[0], ...element(5)]);
    const found = parseQueueElements(logs, MESSENGER);
    expect(found.map(({ index }) => index)).toEqual([4n, 5n]);
    expect(found[0]!.deposit).toMatchObject({
      from: OTHER,
      to: MESSENGER,
      mint: 3n,
      value: 2n,
      gasLimit: 50_000n,
      data: '0x1234',
    });
  });

  test('are none where one of their events is missing', () => {
    expect(parseQueueElements(inOrder([element(4)[0]]), MESSENGER)).toEqual([]);
    expect(parseQueueElements(inOrder([element(4)[1]]), MESSENGER)).toEqual([]);
  });
});

describe('deliveries', () => {
  const [first, second, third] = HASHES;
  const text = concat(['0x08c379a0', AbiCoder.defaultAbiCoder().encode(['bytes'], [toUtf8Bytes('closed on Sundays')])]);

  test('are read with the reasons of those that failed', () => {
    const logs = inOrder([
      event(messenger, 'RelayedMessage', [first]),
      event(messenger, 'FailedRelayedMessage', [second]),
      event(messenger, 'FailureReason', [second, '0x99'], OTHER),
      event(messenger, 'FailureReason', [second, text]),
      event(messenger, 'FailedRelayedMessage', [third]),
      event(messenger, 'FailureReason', [third, '0x']),
    ]);
    const found = parseDeliveries(logs, MESSENGER);
    expect(found.map(({ messageHash, outcome }) => [messageHash, outcome])).toEqual([
      [first, 'relayed'],
      [second, 'failed'],
      [third, 'failed'],
    ]);
    expect(found[0]).not.toHaveProperty('reason');
    expect(describeRevert(found[1]!.reason!)).toBe('Error("closed on Sundays")');
    expect(describeRevert(found[2]!.reason!)).toBe('reverted without a reason, as when gas runs out');
  });

  test('of other messengers that failed without a reason are read', () => {
    const logs = inOrder([
      event(messenger, 'FailedRelayedMessage', [first]),
      event(messenger, 'RelayedMessage', [second]),
    ]);
    expect(parseDeliveries(logs, MESSENGER)).toMatchObject([
      { messageHash: first, outcome: 'failed', reason: '0x' },
      { messageHash: second, outcome: 'relayed' },
    ]);
  });
});

test('state batches are read, those that were deleted too', () => {
  const root = keccak256('0x01');
  const logs = inOrder([
    event(commitments, 'StateBatchAppended', [3, root, 100, 400, 1_700_000_000]),
    event(commitments, 'StateBatchAppended', [9, root, 1, 0, 1], OTHER),
    event(commitments, 'StateBatchDeleted', [3, root]),
  ]);
  expect(parseStateBatches(logs, MESSENGER)).toEqual([
    {
      batchIndex: 3n,
      batchRoot: root,
      batchSize: 100n,
      prevTotalElements: 400n,
      timestamp: 1_700_000_000n,
      blockNumber: 7,
      blockHash: toBeHex(7, 32),
      transactionHash: toBeHex(77, 32),
      logIndex: 10,
    },
  ]);
  expect(parseDeletedStateBatches(logs, MESSENGER)).toMatchObject([{ batchIndex: 3n, logIndex: 12 }]);
});

interface ReceiptLog {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: string;
}

describeVectors('a real receipt', () => {
  test("of Optimism's has a message", () => {
    const { logs } = readVectors('messages/bridge-withdrawal-receipt.json') as { logs: ReceiptLog[] };
    const raw = logs.map((log) => ({ ...log, blockNumber: Number(log.blockNumber), index: Number(log.logIndex) }));
    const found = parseSentMessages(raw, '0x4200000000000000000000000000000000000007');
    expect(found).toMatchObject([
      {
        message: {
          nonce: encodeNonce(0n),
          sender: '0x4200000000000000000000000000000000000010',
          target: '0x6900000000000000000000000000000000000003',
          value: 0n,
          gasLimit: 0n,
        },
        blockNumber: 0x36,
        transactionHash: logs[0]!.transactionHash,
      },
    ]);
    // The passer's log of the receipt has the message as the other side is called with it.
    const passed = new Interface([
      'event MessagePassed(uint256 indexed, address indexed, address indexed, uint256, uint256, bytes data, bytes32)',
    ]);
    const data = logs.map((log) => passed.parseLog(log)).find((each) => each !== null)?.args['data'] as string;
    expect(found[0]!.messageHash).toBe(keccak256(data));
  });
});
