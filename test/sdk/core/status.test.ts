import { describe, expect, test } from 'vitest';

import {
  MESSAGE_STATUSES,
  readyAt,
  statusOf,
  type DeliveryStatus,
  type MessageFacts,
  type MessageStatus,
} from '../../../sdk/core/status.ts';

const BATCH = 1_000n;
const WINDOW = 10n;
const END = BATCH + WINDOW;

type Clock = 'before' | 'at' | 'after';
const TIMES: Readonly<Record<Clock, bigint>> = { before: END - 1n, at: END, after: END + 1n };

const SIDES = ['l1', 'l2'] as const;
const SENT = [true, false];
const DELIVERIES: readonly DeliveryStatus[] = ['unattempted', 'failed', 'relayed'];
const BATCHES = [undefined, BATCH];
const CLOCKS: readonly Clock[] = ['before', 'at', 'after'];

interface Case extends Omit<MessageFacts, 'l1Timestamp' | 'fraudProofWindow'> {
  readonly clock: Clock;
}

/** All there are. */
const CASES: readonly Case[] = SIDES.flatMap((fromChain) =>
  SENT.flatMap((isSent) =>
    DELIVERIES.flatMap((delivery) =>
      BATCHES.flatMap((batchTimestamp) =>
        CLOCKS.map((clock) => ({ fromChain, isSent, delivery, batchTimestamp, clock })),
      ),
    ),
  ),
);

/** The table, written down once more in other words: the first row that fits. */
const TABLE: readonly [fits: Partial<Case>, status: MessageStatus][] = [
  [{ delivery: 'relayed' }, 'relayed'],
  [{ delivery: 'failed' }, 'failed'],
  [{ fromChain: 'l1' }, 'unconfirmed'],
  [{ isSent: false }, 'unconfirmed'],
  [{ batchTimestamp: undefined }, 'state-root-not-published'],
  [{ clock: 'before' }, 'in-challenge-period'],
  [{ clock: 'at' }, 'ready-for-relay'],
  [{ clock: 'after' }, 'ready-for-relay'],
];

function expected(facts: Case): MessageStatus {
  const fits = (row: Partial<Case>): boolean =>
    Object.entries(row).every(([name, value]) => facts[name as keyof Case] === value);
  return TABLE.find(([row]) => fits(row))![1];
}

describe('the status', () => {
  test.each(CASES)('from $fromChain, sent $isSent, $delivery, batch $batchTimestamp, $clock the end', (facts) => {
    const { clock, ...rest } = facts;
    const status = statusOf({ ...rest, fraudProofWindow: WINDOW, l1Timestamp: TIMES[clock] });
    expect(status).toBe(expected(facts));
  });

  test('takes every value there is', () => {
    expect(new Set(CASES.map(expected))).toEqual(new Set(MESSAGE_STATUSES));
  });
});

test('a message is ready when the window of its batch ends, and at no known time without a batch', () => {
  expect(readyAt({ batchTimestamp: BATCH, fraudProofWindow: WINDOW })).toBe(END);
  expect(readyAt({ fraudProofWindow: WINDOW })).toBeUndefined();
});
