import { AbiCoder, concat } from 'ethers';
import { expect, test } from 'vitest';

import { readAnswer } from '../../../../sdk/chain/omnichain/trial.ts';
import { encodeMessageData, type MessageData } from '../../../../sdk/core/omnichain/messageData.ts';

const ANSWER: MessageData = {
  relay: false,
  msgType: 'message',
  target: `0x${'11'.repeat(20)}`,
  payload: '0x1234',
  gasLimit: 100_000n,
  value: 0n,
};

function returned(part: Partial<MessageData> = {}): string {
  return AbiCoder.defaultAbiCoder().encode(['bytes'], [encodeMessageData({ ...ANSWER, ...part })]);
}

test('an answer is read as the service on the relay chain reads it', () => {
  expect(readAnswer(returned(), ANSWER.gasLimit)).toEqual(ANSWER);
});

test.each([
  ['asks for the relay chain again', returned({ relay: true })],
  ['has another gas limit', returned({ gasLimit: 1n })],
  ['has value', returned({ value: 1n })],
  ['has bytes behind it', concat([returned(), `0x${'00'.repeat(32)}`])],
  ['stands elsewhere', concat([`0x${'40'.padStart(64, '0')}${'00'.repeat(32)}`, `0x${returned().slice(66)}`])],
  ['is no message', AbiCoder.defaultAbiCoder().encode(['bytes'], ['0x1234'])],
  ['is nothing', '0x'],
])('an answer is doubted that %s', (_, answer) => {
  expect(() => readAnswer(answer, ANSWER.gasLimit)).toThrow(expect.objectContaining({ code: 'delivery-failed' }));
});
