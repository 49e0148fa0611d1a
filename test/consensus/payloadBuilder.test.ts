import { ZeroHash } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startChain, type Chain } from '../support/chain.ts';
import { DRIVEN } from './lane.ts';
import { PayloadBuilder, type ShownPayload } from './payloadBuilder.ts';

let chain: Chain;
let builder: PayloadBuilder;
let genesis: string;
let started: number;

beforeEach(async () => {
  chain = await startChain(1, ['--hardfork', 'prague', ...DRIVEN]);
  builder = new PayloadBuilder(chain.provider);
  const block = (await chain.provider.getBlock(0))!;
  [genesis, started] = [block.hash!, block.timestamp];
});

afterEach(async () => {
  await chain.stop();
});

async function choose(head: string, final = ZeroHash): Promise<void> {
  const choice = { headBlockHash: head, safeBlockHash: final, finalizedBlockHash: final };
  expect(await builder.choose(choice, null)).toMatchObject({ payloadStatus: { status: 'VALID' } });
}

/** A block upon another, some seconds after the first one. */
async function build(parent: string, seconds: number): Promise<ShownPayload> {
  const choice = { headBlockHash: parent, safeBlockHash: ZeroHash, finalizedBlockHash: ZeroHash };
  const attributes = {
    timestamp: `0x${(started + seconds).toString(16)}`,
    prevRandao: `0x${'01'.repeat(32)}`,
    suggestedFeeRecipient: `0x${'fe'.repeat(20)}`,
    withdrawals: [],
  };
  const { payloadId } = (await builder.choose(choice, attributes)) as { payloadId: string };
  return await builder.build(payloadId);
}

async function newest(): Promise<string> {
  return (await chain.provider.getBlock('latest'))!.hash!;
}

async function pay(): Promise<string> {
  const signer = chain.account(1);
  return (await signer.sendTransaction({ to: signer.address, value: 1n })).hash;
}

async function blockOf(transaction: string): Promise<string | undefined> {
  return (await chain.provider.getTransactionReceipt(transaction))?.blockHash;
}

test('a block is made when it is asked for, once, and is there when it is chosen', async () => {
  const transaction = await pay();
  const made = await build(genesis, 4);
  expect(made['transactions']).toHaveLength(1);
  expect(await newest()).toBe(genesis);
  await pay();
  expect(await build(genesis, 4)).toEqual(made);
  expect(builder.check(made)).toMatchObject({ status: 'VALID' });
  expect(builder.check({ ...made, stateRoot: ZeroHash })).toMatchObject({ status: 'INVALID' });
  expect(builder.check({ ...made, blockHash: ZeroHash })).toMatchObject({ status: 'SYNCING' });
  await choose(made.blockHash);
  expect(await newest()).toBe(made.blockHash);
  expect(await blockOf(transaction)).toBe(made.blockHash);
});

test('a block that was dropped for another is the same when it is gone back to', async () => {
  const early = await pay();
  const first = await build(genesis, 4);
  const second = await build(first.blockHash, 8);
  await choose(second.blockHash);
  const late = await pay();
  // Its transaction is taken again, and the later one with it.
  const other = await build(genesis, 12);
  await choose(other.blockHash);
  expect(await blockOf(early)).toBe(other.blockHash);
  expect(await blockOf(late)).toBe(other.blockHash);

  await choose(second.blockHash);
  expect(await newest()).toBe(second.blockHash);
  expect(await blockOf(early)).toBe(first.blockHash);
  expect(await blockOf(late)).toBeUndefined();
  expect(builder.counts).toEqual({ made: 3, switches: 1 });
  const third = await build(second.blockHash, 16);
  await choose(third.blockHash);
  expect(await blockOf(late)).toBe(third.blockHash);
});

test('nobody who asks the chain sees a block that is not chosen', async () => {
  const seen = new Set<string>();
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) seen.add(await builder.read(newest));
  })();
  for (let seconds = 4; seconds < 40; seconds += 4) await build(genesis, seconds);
  done.abort();
  await watching;
  expect([...seen]).toEqual([genesis]);
});

test('the final block is the one that was said to be', async () => {
  const first = await build(genesis, 4);
  const second = await build(first.blockHash, 8);
  expect(await builder.numberOf('finalized')).toBe('0x0');
  await choose(second.blockHash, first.blockHash);
  expect(await builder.numberOf('finalized')).toBe('0x1');
  const unknown = { headBlockHash: `0x${'11'.repeat(32)}`, safeBlockHash: ZeroHash, finalizedBlockHash: ZeroHash };
  expect(await builder.choose(unknown, null)).toMatchObject({ payloadStatus: { status: 'SYNCING' } });
});
