import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { RelayResult } from '../../../sdk/actions/attemptRelay.ts';
import { buildPath } from '../../../sdk/actions/buildPath.ts';
import { buildProof } from '../../../sdk/actions/buildProof.ts';
import { getStatus } from '../../../sdk/actions/getStatus.ts';
import { relayMessage } from '../../../sdk/actions/relayMessage.ts';
import { relayMessages, type RelayMessagesParameters } from '../../../sdk/actions/relayMessages.ts';
import type { ProvenRoot, RelayedMessage } from '../../../sdk/actions/relayRun.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import { l1MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import type { ErrorCode } from '../../../sdk/core/errors.ts';
import { hashMessage } from '../../../sdk/core/optimism.ts';
import { deployArtifact } from '../../support/chain.ts';
import { mineAt } from '../../support/clock.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { executeQueue } from '../../support/executeQueue.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { sendTogether, type Call } from '../../support/sendTogether.ts';

let chains: LaneChains;
/** Takes every call. */
let target: FragileTarget;
beforeEach(async () => {
  chains = await startLane();
  target = await deployFragile(chains.l1.account(3), 'closed on Sundays');
  await target.repair();
});
afterEach(async () => await chains.stop());

const commit = async (): Promise<bigint> =>
  (await commitBlocks(chains.client, chains.l1.account(0))).timestamp + chains.lane.fraudProofWindow;

/** Sends messages from L2, and waits until they can be relayed. */
async function sendAndWait(calls: readonly Call[]): Promise<LaneMessage[]> {
  const sent = await sendTogether(chains, calls);
  await mineAt(chains.l1.provider, await commit());
  return sent;
}

const ready = async (count: number): Promise<LaneMessage[]> =>
  await sendAndWait(Array.from({ length: count }, () => ({ target: target.address, data: '0x1234' })));

type Parameters = Partial<RelayMessagesParameters>;

const relay = async (messages: readonly LaneMessage[], account = 2, more: Parameters = {}): Promise<RelayedMessage[]> =>
  await relayMessages(chains.client, { messages, signer: chains.l1.account(account), ...more });

/** What came of messages, in a word each. */
const wordsOf = (relayed: readonly RelayedMessage[]): string[] =>
  relayed.map((each) => ('result' in each ? each.result.outcome : each.error.code));

/** The messenger's functions that the messages' transactions called. */
async function functionsOf(relayed: readonly RelayedMessage[]): Promise<(string | undefined)[]> {
  const { interface: abi } = l1MessengerOf(chains.lane, chains.client.l1);
  const transactions = relayed.map(async (each) => {
    const hash = 'result' in each ? each.result.transactionHash : undefined;
    const transaction = await chains.client.l1.getTransaction(hash!);
    return abi.parseTransaction(transaction!)?.name;
  });
  return await Promise.all(transactions);
}

/** Does something while what is sent to L1 stands in no block; what is sent then at a higher price comes first. */
async function whilePending(pending: number, act: () => Promise<unknown>): Promise<void> {
  const { provider } = chains.l1;
  // A chain that mines by itself has one in its pool for a moment, too.
  const isPending = { minesItself: false, pending: `0x${pending.toString(16)}` };
  const look = async (): Promise<object> => ({
    minesItself: (await provider.send('anvil_getAutomine', [])) as boolean,
    ...((await provider.send('txpool_status', [])) as object),
  });
  await expect.poll(look).toMatchObject(isPending);
  await act();
  await provider.send('evm_mine', []);
  await provider.send('evm_setAutomine', [true]);
}

const DEAR = { maxPriorityFeePerGas: 10n ** 11n, maxFeePerGas: 10n ** 12n };

/** How many messages each of the transactions was for; no message is missing. */
function batchSizesOf(relayed: readonly RelayedMessage[]): number[] {
  const sizes = new Map(
    relayed.map((each) => {
      const { transactionHash, batchSize } = (each as { result: RelayResult }).result;
      return [transactionHash, batchSize!] as const;
    }),
  );
  expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBe(relayed.length);
  return [...sizes.values()];
}

async function expectOneAttemptEach(messages: readonly LaneMessage[]): Promise<void> {
  const { delivery } = l1MessengerOf(chains.lane, chains.client.l1);
  for (const { messageHash } of messages) expect((await delivery(messageHash)).attempts).toBe(1n);
}

describe('messages from L2', () => {
  test('go in one batch, once the root of their tree is proven, each of them once and in the order given', async () => {
    const sent = await ready(10);
    const given = [...sent.toReversed(), sent[4]!];
    const told: RelayedMessage[] = [];
    const roots: ProvenRoot[] = [];
    const relayed = await relay(given, 2, {
      onAttempt: (each) => told.push(each),
      onRootProven: (root) => roots.push(root),
    });
    expect(relayed.map(({ message }) => message)).toEqual(given);
    const [first] = relayed;
    const by = { rootTransactionHash: roots[0]?.transactionHash, rootGasUsed: roots[0]?.gasUsed };
    const result = { outcome: 'relayed', batchSize: 10, relayer: chains.l1.account(2).address, ...by };
    expect(first).toMatchObject({ result });
    for (const each of relayed) expect(each).toEqual({ ...first, message: each.message });
    expect(await functionsOf([first!])).toEqual(['relayMessages']);
    expect(told.map(({ message }) => message)).toEqual(sent);
    expect(roots).toMatchObject([{ count: 10, transactionHash: expect.stringMatching(/^0x\w{64}$/u) }]);
    expect(await target.count()).toBe(10n);
    const { transactionHash } = (first as { result: { transactionHash: string } }).result;
    expect(await getStatus(chains.client, sent[7]!)).toMatchObject({
      status: 'relayed',
      relayTransactionHash: transactionHash,
      batchSize: 10,
    });

    const again = await relay(sent, 5);
    expect(new Set(wordsOf(again))).toEqual(new Set(['already-relayed']));
    expect(again[3]).toMatchObject({ result: { transactionHash, batchSize: 10, gasUsed: undefined } });
    expect(await chains.client.l1.getTransactionCount(chains.l1.account(5).address)).toBe(0);
  });

  test('go alone where there are few, and by the path where a root is proven that holds them', async () => {
    const sent = await ready(12);
    const [alone] = await relay([sent[0]!]);
    expect(alone).toMatchObject({ result: { outcome: 'relayed', batchSize: 1 } });
    expect(await functionsOf([alone!])).toEqual(['relayMessage']);

    await relay(sent.slice(1, 11));
    const [byPath] = await relay([sent[11]!]);
    // The root was there.
    expect(byPath).toMatchObject({ result: { outcome: 'relayed', batchSize: 1, rootGasUsed: undefined } });
    expect(await functionsOf([byPath!])).toEqual(['relayMessageByPath']);
    expect(await target.count()).toBe(12n);
  });

  test('of several state batches go by the tree of the newest', async () => {
    const sent = [...(await ready(4)), ...(await ready(4))];
    const roots: ProvenRoot[] = [];
    const relayed = await relay(sent, 2, { onRootProven: (root) => roots.push(root) });
    expect(roots).toMatchObject([{ count: 8 }]);
    expect(relayed).toMatchObject(sent.map(() => ({ result: { outcome: 'relayed', batchSize: 8 } })));
  });

  test('whose targets fail are recorded, and tried again', async () => {
    const closed = await deployFragile(chains.l1.account(3), 'back at 5');
    const calls = Array.from({ length: 10 }, (_, index) => ({ target: (index % 2 ? closed : target).address }));
    const sent = await sendAndWait(calls);
    const relayed = await relay(sent);
    expect(wordsOf(relayed)).toEqual(calls.map((_, index) => (index % 2 ? 'failed' : 'relayed')));
    expect(relayed[1]).toMatchObject({ result: { failureReason: 'Error("back at 5")', batchSize: 10 } });
    await closed.repair();
    const again = await relay(sent);
    expect(wordsOf(again)).toEqual(calls.map((_, index) => (index % 2 ? 'relayed' : 'already-relayed')));
    expect(again[1]).toMatchObject({ result: { batchSize: 5 } });
  });

  test('that cannot be relayed do not hold up the others', async () => {
    const [first, ...rest] = await ready(10);
    await relayMessage(chains.client, { message: first!, signer: chains.l1.account(4) });
    const [inside] = await sendTogether(chains, [{ target: target.address }]);
    const readyAt = await commit();
    const [uncommitted] = await sendTogether(chains, [{ target: target.address }]);
    const unknown = { ...rest[0]!.message, nonce: rest[0]!.message.nonce + 1000n };
    const neverSent = { ...rest[0]!, message: unknown, messageHash: `0x${'12'.repeat(32)}` };
    const [mistaken, forged] = [neverSent, { ...rest[0]!, messageHash: hashMessage(unknown), message: unknown }];
    const relayed = await relay([first!, inside!, uncommitted!, mistaken, forged, ...rest]);
    const codes: ErrorCode[] = ['not-ready', 'not-ready', 'invalid-argument', 'proof-invalid'];
    expect(wordsOf(relayed)).toEqual(['already-relayed', ...codes, ...rest.map(() => 'relayed')]);
    expect(relayed[1]).toMatchObject({ error: { readyAt } });
    expect(relayed[4]).toMatchObject({ error: { message: `L2 has not recorded a message ${forged.messageHash}` } });
    expect(relayed.at(-1)).toMatchObject({ result: { batchSize: 9 } });
  });

  test('that take more than one transaction can carry go in several', async () => {
    const eater = await (await deployArtifact('GasEater', chains.l1.account(3))).getAddress();
    const calls = Array.from({ length: 12 }, (_, index) =>
      index % 3 === 2 ? { target: target.address } : { target: eater, gasLimit: 3_500_000 },
    );
    const sent = await sendAndWait(calls);
    const relayed = await relay(sent);
    expect(wordsOf(relayed)).toEqual(calls.map((_, index) => (index % 3 === 2 ? 'relayed' : 'failed')));
    expect(batchSizesOf(relayed).length).toBeGreaterThan(1);
    expect(await target.count()).toBe(4n);
    await expectOneAttemptEach(sent);
  });

  test('that a batch has left out are tried again', async () => {
    const { provider } = chains.l1;
    const calls = Array.from({ length: 8 }, () => ({ target: target.address, gasLimit: 3_000_000 }));
    const sent = await sendAndWait(calls);
    const relaying = relay(sent, 2, { onRootProven: () => void provider.send('evm_setAutomine', [false]) });
    await whilePending(1, async () => {
      // Since the batch was tried, the target has become dear.
      await provider.send('anvil_setCode', [target.address, '0xfe']);
    });
    const relayed = await relaying;
    expect(wordsOf(relayed)).toEqual(sent.map(() => 'failed'));
    expect(batchSizesOf(relayed).slice(0, 2)).toEqual([1, 5]);
    await expectOneAttemptEach(sent);
  });

  test('whose relayer cannot pay are not relayed', async () => {
    const sent = await ready(5);
    await chains.l1.provider.send('anvil_setBalance', [chains.l1.account(9).address, '0x1']);
    const troubles: ErrorCode[] = [];
    const relayed = await relay(sent, 9, { onTrouble: ({ code }) => troubles.push(code) });
    expect(wordsOf(relayed)).toEqual(sent.map(() => 'insufficient-funds'));
    expect(troubles).toEqual(['insufficient-funds']);
  });
});

describe('while others relay', () => {
  test('the root can be proven by somebody else', async () => {
    const sent = await ready(10);
    const { rootProof } = await buildPath(chains.client, sent[0]!);
    await chains.l1.provider.send('evm_setAutomine', [false]);
    const relaying = relay(sent);
    await whilePending(1, async () => {
      const { proveMessageRoot } = l1MessengerOf(chains.lane, chains.l1.account(6));
      const { count, peaks, proof } = rootProof!;
      await proveMessageRoot(count, peaks, proof, { ...DEAR, gasLimit: 500_000n });
    });
    expect(wordsOf(await relaying)).toEqual(sent.map(() => 'relayed'));
    expect(await target.count()).toBe(10n);
  });

  test('a message of the batch can be relayed before it, or with it', async () => {
    const sent = await ready(10);
    const signer = chains.l1.account(6);
    const other = async (message: LaneMessage): Promise<void> => {
      const { proof } = await buildProof(chains.client, message);
      await l1MessengerOf(chains.lane, signer).relayMessage(message.message, proof, { ...DEAR, gasLimit: 500_000n });
    };
    await chains.l1.provider.send('evm_setAutomine', [false]);
    const relaying = relay(sent, 2, {
      // The batch is sent next.
      onRootProven: () => void chains.l1.provider.send('evm_setAutomine', [false]),
    });
    await whilePending(1, async () => await other(sent[3]!));
    await whilePending(1, async () => await other(sent[5]!));
    const relayed = await relaying;
    const expected = sent.map((_, index) => (index === 3 || index === 5 ? 'already-relayed' : 'relayed'));
    expect(wordsOf(relayed)).toEqual(expected);
    expect(relayed[0]).toMatchObject({ result: { batchSize: 8 } });
    expect(relayed[5]).toMatchObject({ result: { batchSize: 1, relayer: signer.address } });
    expect(await target.count()).toBe(10n);
  });
});

describe('messages of both directions', () => {
  test('are relayed together', async () => {
    const { client, l1, l2 } = chains;
    const there = await deployFragile(l2.account(3), 'not now');
    const call = { fromChain: 'l1', target: there.address, data: '0x', gasLimit: 100_000n } as const;
    const failed = await sendMessage(client, { ...call, signer: l1.account(1) });
    await executeQueue(client);
    const waiting = await sendMessage(client, { ...call, signer: l1.account(1) });
    await there.repair();
    const fromL2 = await ready(3);
    const relayed = await relay([failed, ...fromL2, waiting]);
    expect(wordsOf(relayed)).toEqual(['relayed', 'relayed', 'relayed', 'relayed', 'not-ready']);
    expect(relayed[0]).toMatchObject({ result: { batchSize: 1, relayer: l2.account(2).address } });
    expect(await there.count()).toBe(1n);
  });
});

test('a function that throws when it is told ends nothing', async () => {
  const sent = await ready(4);
  const problem = new Error('the disk is full');
  const fail = (): never => {
    throw problem;
  };
  await expect(relay(sent, 2, { onAttempt: fail, onRootProven: fail })).rejects.toBe(problem);
  expect(await target.count()).toBe(4n);
});

test('nothing to relay is nothing to do', async () => {
  expect(await relay([])).toEqual([]);
});
