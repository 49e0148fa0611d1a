import fc from 'fast-check';
import { AbiCoder, concat, Contract, Interface, keccak256, toBeHex, type TransactionReceipt } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { canonicalTransactionChain } from '../../../sdk/abi/CanonicalTransactionChain.ts';
import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { encodeMessage, encodeNonce, sentMessageSlot } from '../../../sdk/core/message.ts';
import {
  applyL1ToL2Alias,
  hashMessage,
  parseDeposit,
  undoL1ToL2Alias,
  type Deposit,
  type DepositEvent,
} from '../../../sdk/core/optimism.ts';
import * as arbitrary from '../../support/arbitraries.ts';
import { deployArtifact } from '../../support/chain.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { describeVectors, readVectors } from '../../support/vectors.ts';

const GAS_LIMIT = 200_000n;
const queue = new Interface(canonicalTransactionChain.abi);

/** The only deposit of a transaction. */
function depositOf(receipt: TransactionReceipt | null): Deposit {
  const deposits = (receipt?.logs ?? []).flatMap((log) => {
    const event = queue.parseLog(log);
    if (event?.name !== 'TransactionDeposited') return [];
    const { from, to, version, opaqueData } = event.args as unknown as DepositEvent;
    return [parseDeposit({ from, to, version, opaqueData, blockHash: log.blockHash, logIndex: log.index })];
  });
  expect(deposits).toHaveLength(1);
  return deposits[0]!;
}

describe('a deposit of the real queue', () => {
  let chains: LaneChains;
  beforeAll(async () => {
    chains = await startLane();
  });
  afterAll(async () => await chains.stop());

  test('that an account enqueued comes from the account', async () => {
    const user = chains.l1.account(1);
    const ctc = new Contract(chains.lane.canonicalTransactionChain, canonicalTransactionChain.abi, user);
    const property = fc.asyncProperty(arbitrary.address, arbitrary.data, async (to, data) => {
      const receipt = await (await ctc.getFunction('enqueue')(to, GAS_LIMIT, data)).wait();
      expect(depositOf(receipt)).toMatchObject({
        from: user.address,
        to,
        mint: 0n,
        value: 0n,
        gasLimit: GAS_LIMIT,
        data,
      });
    });
    await fc.assert(property, { numRuns: 10 });
  });

  test('that a contract enqueued comes from its alias', async () => {
    const harness = await deployArtifact('MessageHarness', chains.l1.account(1));
    const self = await harness.getAddress();
    const call = queue.encodeFunctionData('enqueue', [self, GAS_LIMIT, '0x1234']);
    const sent = await harness.getFunction('forward')(chains.lane.canonicalTransactionChain, call);
    const from = applyL1ToL2Alias(self);
    expect(from).not.toBe(self);
    expect(depositOf(await sent.wait())).toMatchObject({
      from,
      to: self,
      mint: 0n,
      gasLimit: GAS_LIMIT,
      data: '0x1234',
    });
  });

  test('that a message with value became mints the value and delivers the message', async () => {
    const { lane, l1 } = chains;
    const user = l1.account(1);
    const messenger = new Contract(lane.l1Messenger, l1CrossDomainMessenger.abi, user);
    const nonce = (await messenger.getFunction('messageNonce')()) as bigint;
    const message = { nonce, sender: user.address, target: user.address, value: 7n, gasLimit: 50_000n, data: '0xabcd' };
    const send = messenger.getFunction('sendMessage');
    const sent = await send(message.target, message.data, message.gasLimit, { value: message.value });
    expect(depositOf(await sent.wait())).toMatchObject({
      from: applyL1ToL2Alias(lane.l1Messenger),
      to: lane.l2Messenger,
      mint: message.value,
      value: message.value,
      gasLimit: await messenger.getFunction('baseGas')(message.data, message.gasLimit),
      data: encodeMessage(message),
    });
  });
});

describe('a TransactionDeposited event', () => {
  const header = (creation: number): string =>
    concat([toBeHex(3, 32), toBeHex(2, 32), toBeHex(50_000, 8), toBeHex(creation, 1)]);
  const event: DepositEvent = {
    from: '0x0000000000000000000000000000000000000001',
    to: '0x0000000000000000000000000000000000000002',
    version: 0n,
    opaqueData: header(0),
    blockHash: keccak256('0x01'),
    logIndex: 4,
  };

  test('gives back what was packed', () => {
    const gas = fc.bigInt(0n, 2n ** 64n - 1n);
    const property = fc.property(
      arbitrary.uint256,
      arbitrary.uint256,
      gas,
      arbitrary.data,
      (mint, value, gasLimit, data) => {
        const opaqueData = concat([toBeHex(mint, 32), toBeHex(value, 32), toBeHex(gasLimit, 8), '0x00', data]);
        expect(parseDeposit({ ...event, opaqueData })).toMatchObject({ mint, value, gasLimit, data });
      },
    );
    fc.assert(property);
  });

  test('without data is a plain transfer', () => {
    expect(parseDeposit(event)).toMatchObject({ mint: 3n, value: 2n, gasLimit: 50_000n, data: '0x' });
  });

  test.each([
    ['another version', { version: 1n }],
    ['a creation', { opaqueData: header(1) }],
    ['a header cut short', { opaqueData: header(0).slice(0, -2) }],
  ])('with %s is refused', (_, change) => {
    expect(() => parseDeposit({ ...event, ...change })).toThrow(RangeError);
  });
});

/** A message in the vectors' words. */
interface MessageVector {
  readonly version: number;
  readonly nonce_counter: number;
  readonly sender: string;
  readonly target: string;
  readonly value: string;
  readonly gasLimit: string;
  readonly data: string;
}

describeVectors("Optimism's vectors", () => {
  const read = (): Record<string, unknown> =>
    readVectors('messages/xdomain-hash-vectors.json') as Record<string, unknown>;
  const toMessage = ({ nonce_counter: counter, sender, target, value, gasLimit, data }: MessageVector) => ({
    nonce: encodeNonce(BigInt(counter)),
    sender,
    target,
    value: BigInt(value),
    gasLimit: BigInt(gasLimit),
    data,
  });

  test('of version-1 encodings are ours', () => {
    const vectors = (read()['encode'] as (MessageVector & { encoded: string })[]).filter(
      ({ version }) => version === 1,
    );
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) expect(encodeMessage(toMessage(vector))).toBe(vector.encoded);
  });

  test('of version-1 hashes are ours', () => {
    const vectors = (read()['hash'] as (MessageVector & { hash: string })[]).filter(({ version }) => version === 1);
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) expect(hashMessage(toMessage(vector))).toBe(vector.hash);
  });

  test('of aliases are ours, both ways', () => {
    const vectors = read()['alias'] as { l1: string; l2: string }[];
    expect(vectors.length).toBeGreaterThan(0);
    for (const { l1, l2 } of vectors) {
      expect(applyL1ToL2Alias(l1).toLowerCase()).toBe(l2);
      expect(undoL1ToL2Alias(l2).toLowerCase()).toBe(l1);
    }
  });

  test('of source hashes are those of parsed deposits', () => {
    const vectors = read()['deposit_source'] as { l1BlockHash: string; logIndex: number; sourceHash: string }[];
    expect(vectors.length).toBeGreaterThan(0);
    const zero = '0x0000000000000000000000000000000000000000';
    for (const { l1BlockHash: blockHash, logIndex, sourceHash } of vectors) {
      const event = { from: zero, to: zero, version: 0n, opaqueData: `0x${'00'.repeat(73)}`, blockHash, logIndex };
      expect(parseDeposit(event).sourceHash).toBe(sourceHash);
    }
  });

  test('of slots in the passer are ours', () => {
    const vectors = read()['withdrawals'] as (Omit<MessageVector, 'nonce_counter'> & {
      nonce: string;
      withdrawalHash: string;
      storageSlot: string;
    })[];
    expect(vectors.length).toBeGreaterThan(0);
    const types = ['uint256', 'address', 'address', 'uint256', 'uint256', 'bytes'];
    for (const { nonce, sender, target, value, gasLimit, data, ...expected } of vectors) {
      const encoded = AbiCoder.defaultAbiCoder().encode(types, [nonce, sender, target, value, gasLimit, data]);
      expect(keccak256(encoded)).toBe(expected.withdrawalHash);
      expect(sentMessageSlot(keccak256(encoded))).toBe(expected.storageSlot);
    }
  });
});
