import { JsonRpcProvider, toBeHex, Transaction } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { getBlockOf } from '../../../sdk/chain/omnichain/messageProof.ts';
import { getProvableBlock } from '../../../sdk/chain/omnichain/provableBlock.ts';
import { connect } from '../../../sdk/chain/rpc.ts';
import { PackedNodes } from '../../../sdk/core/merkleTrie.ts';
import { receiptKey } from '../../../sdk/core/omnichain/receipt.ts';
import { encodeDeposit } from '../../../sdk/core/optimism.ts';
import { startChain, type Chain } from '../../support/chain.ts';
import { startRpcProxy, type Fault, type RpcProxy } from '../../support/rpcProxy.ts';

/** Blocks with transactions of all kinds, one after the other, on a real chain. */
let chain: Chain;
let proxy: RpcProxy;
let provider: JsonRpcProvider;
let blockHash: string;
const KINDS = [0, 1, 2, 4];
const COUNT = 40;

beforeAll(async () => {
  chain = await startChain(901, ['--network', 'optimism', '--no-mining']);
  const account = chain.account(0);
  const authorization = await chain.account(1).authorize({ address: account.address, nonce: 0, chainId: 901 });
  for (let nonce = 0; nonce < COUNT; nonce += 1) {
    const type = KINDS[nonce % KINDS.length]!;
    const { signed } = await signTransaction(account, type, {
      nonce,
      ...(type === 4 && { authorizationList: [authorization] }),
    });
    await chain.provider.send('eth_sendRawTransaction', [signed]);
  }
  await chain.provider.send('eth_sendRawTransaction', [depositOf(chain.account(2).address)]);
  await chain.provider.send('evm_mine', []);
  blockHash = (await chain.provider.getBlock('latest'))!.hash!;
  proxy = await startRpcProxy(chain.url);
  provider = new JsonRpcProvider(proxy.url, 901, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
});

afterAll(async () => {
  provider.destroy();
  await proxy.stop();
  await chain.stop();
});

async function signTransaction(account: ReturnType<Chain['account']>, type: number, fields: object) {
  const fees =
    type === 0 || type === 1 ? { gasPrice: 10n ** 10n } : { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
  const signed = await account.signTransaction({
    type,
    to: account.address,
    chainId: 901n,
    gasLimit: 100_000n,
    ...fees,
    ...fields,
  });
  return { signed, hash: Transaction.from(signed).hash };
}

function depositOf(to: string): string {
  return encodeDeposit({
    from: to,
    to,
    mint: 0n,
    value: 0n,
    gasLimit: 100_000n,
    data: '0x',
    sourceHash: toBeHex(1, 32),
  });
}

describe('a block with receipts of all types', () => {
  test('is proven as a whole', async () => {
    const block = await getProvableBlock(provider, blockHash);
    expect(block.hash).toBe(blockHash);
    expect(proxy.calls).toContain('eth_getBlockReceipts');
    for (let index = 0; index <= COUNT; index += 1) {
      const nodes = new PackedNodes(await block.receipts.prove(index));
      expect(nodes.readValue(block.receipts.root, receiptKey(index))).not.toBe('0x');
    }
  });

  test.each<[string, Fault]>([
    ['does not know better', { kind: 'error', code: -32_601, message: 'no such method' }],
    ['has a limit', { kind: 'error', code: -32_005, message: 'response size exceeded' }],
    ['gives up', { kind: 'status', status: 504 }],
    ['breaks off', { kind: 'answer-cut' }],
  ])('is read receipt by receipt from a node that %s', async (_, fault) => {
    proxy.fault = () => undefined;
    const whole = await getProvableBlock(provider, blockHash);
    proxy.fault = ({ method }) => (method === 'eth_getBlockReceipts' ? fault : undefined);
    const calls = proxy.calls.length;
    const block = await getProvableBlock(provider, blockHash);
    expect(block.receipts.root).toBe(whole.receipts.root);
    const asked = proxy.calls.slice(calls).filter((method) => method === 'eth_getTransactionReceipt');
    expect(asked).toHaveLength(COUNT + 1);
  });

  test('is read from a node that says null of what a receipt does not have', async () => {
    const NOTHING = { root: null, depositNonce: null, depositReceiptVersion: null };
    const change = (all: unknown): unknown => (all as object[]).map((receipt) => ({ ...NOTHING, ...receipt }));
    proxy.fault = ({ method }) => (method === 'eth_getBlockReceipts' ? { kind: 'changed', change } : undefined);
    const calls = proxy.calls.length;
    await getProvableBlock(provider, blockHash);
    expect(proxy.calls.slice(calls)).not.toContain('eth_getTransactionReceipt');
  });

  test.each([
    ['a receipt has no outcome', 'eth_get', { status: null }, 'rpc-error'],
    ['a number has no digits', 'eth_getBlockByHash', { gasUsed: '0x' }, 'proof-invalid'],
  ])('is refused where %s', async (_, methods, fields, code) => {
    const spoil = (one: unknown): unknown => ({ ...(one as object), ...fields });
    const change = (result: unknown): unknown => (Array.isArray(result) ? result.map(spoil) : spoil(result));
    proxy.fault = ({ method }) => (method.startsWith(methods) ? { kind: 'changed', change } : undefined);
    await expect(getProvableBlock(provider, blockHash)).rejects.toMatchObject({ code });
  });

  test('is refused where a receipt is not as it was', async () => {
    proxy.fault = ({ method }) =>
      method === 'eth_getBlockReceipts'
        ? {
            kind: 'changed',
            change: (result) =>
              (result as { cumulativeGasUsed: string }[]).map((receipt) => ({ ...receipt, cumulativeGasUsed: '0x1' })),
          }
        : undefined;
    await expect(getProvableBlock(provider, blockHash)).rejects.toMatchObject({ code: 'proof-invalid' });
  });

  test('is refused where a receipt is missing', async () => {
    proxy.fault = ({ method }) =>
      method === 'eth_getBlockReceipts' ? { kind: 'changed', change: (all) => (all as unknown[]).slice(1) } : undefined;
    await expect(getProvableBlock(provider, blockHash)).rejects.toMatchObject({ code: 'proof-invalid' });
  });

  test('is refused where the header is not as it was', async () => {
    proxy.fault = ({ method }) =>
      method === 'eth_getBlockByHash'
        ? { kind: 'changed', change: (block) => ({ ...(block as object), gasUsed: '0x1' }) }
        : undefined;
    await expect(getProvableBlock(provider, blockHash)).rejects.toMatchObject({ code: 'proof-invalid' });
  });

  test.each<[string, Fault]>([
    ['tells other receipts', { kind: 'changed', change: (all) => (all as unknown[]).slice(1) }],
    ['has no receipts any more', { kind: 'result', result: null }],
  ])('is had from another node where the preferred one %s', async (_, fault) => {
    proxy.fault = ({ method }) => (method.endsWith('Receipts') || method.endsWith('Receipt') ? fault : undefined);
    const pooled = await connect([proxy.url, chain.url], { name: 'optimism' });
    const service = `0x${'00'.repeat(20)}`;
    const facts = { chainId: 901n, name: 'optimism', headers: 'ethereum', deployedAt: 0n, service } as const;
    const place = { blockNumber: 1, blockHash, transactionHash: blockHash, logIndex: 0 };
    const block = await getBlockOf({ ...facts, provider: pooled }, place);
    expect(block.transactions).toHaveLength(COUNT + 1);
    expect(proxy.calls).toContain('eth_getBlockReceipts');
    pooled.destroy();
  });

  test('that the node does not know is named', async () => {
    proxy.fault = () => undefined;
    const unknown = toBeHex(1, 32);
    await expect(getProvableBlock(provider, unknown)).rejects.toMatchObject({
      code: 'rpc-error',
      message: expect.stringContaining(unknown) as string,
    });
  });
});
