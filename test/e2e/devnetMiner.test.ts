import { dataSlice, id, JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startAnvil, type Anvil } from '../../devnet/anvil.ts';
import { startMiner, type Miner } from '../../devnet/miner.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import { encodeDeposit } from '../../sdk/core/optimism.ts';
import { until } from '../support/until.ts';

const DEPOSITS = 150;
const TO = `0x${'77'.repeat(20)}`;

let anvil: Anvil;
let provider: JsonRpcProvider;
let miner: Miner;

beforeAll(async () => {
  anvil = await startAnvil({ chainId: 901, args: ['--network', 'optimism', '--no-mining'] });
  provider = new JsonRpcProvider(anvil.url, undefined, { batchMaxCount: 1, cacheTimeout: -1, staticNetwork: true });
  miner = startMiner(anvil.url, 0.2);
});

afterAll(async () => {
  miner.stop();
  provider.destroy();
  await anvil.stop();
});

test('executes a deposit once, whatever other transactions come while it is mined', async () => {
  const [user] = (await provider.send('eth_accounts', [])) as string[];
  const done = new AbortController();
  const others = (async () => {
    for (let nonce = 0; !done.signal.aborted; nonce++) {
      const transaction = { from: user, to: user, nonce: `0x${nonce.toString(16)}`, gas: '0x5208' };
      await provider.send('eth_sendTransaction', [transaction]);
      await sleep(3 + Math.random() * 10);
    }
  })();
  try {
    for (let number = 0; number < DEPOSITS; number++) {
      // Each from another account: anvil takes none while it still has one of the account in its pool.
      const [sourceHash, from] = [id(`${number}`), dataSlice(id(`from ${number}`), 12)];
      const deposit = encodeDeposit({ sourceHash, from, to: TO, mint: 1n, value: 1n, gasLimit: 100_000n, data: '0x' });
      await provider.send('eth_sendRawTransactionSync', [deposit]);
    }
  } finally {
    done.abort();
    await others;
  }
  expect(await provider.getBalance(TO)).toBe(BigInt(DEPOSITS));
});

test('lets time go on where there are no transactions, and not more often', async () => {
  const before = await provider.getBlockNumber();
  const start = performance.now();
  await until(async () => (await provider.getBlockNumber()) >= before + 3);
  expect(performance.now() - start).toBeGreaterThan(300);
});
