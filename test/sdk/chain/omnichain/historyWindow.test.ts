import { JsonRpcProvider } from 'ethers';
import { expect, test } from 'vitest';

import { checkHistoryWindow, HISTORY_CODE } from '../../../../sdk/chain/omnichain/maintenance/historyWindow.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { SealedChain, serveSealedChain, validator, type SealedHistory } from '../../../support/sealedChain.ts';

const OTHER_CODE = '0x60';

/** What is wrong with a number for a chain of so many blocks; undefined where nothing is. */
async function problemOf(window: bigint, blocks: number, history?: SealedHistory): Promise<string | undefined> {
  const chain = new SealedChain(1_000_000);
  for (let block = 0; block < blocks; block++) chain.append([validator(0)]);
  const server = await serveSealedChain(chain, 7100n, history);
  const node = await connect(server.url, { name: 'C' });
  try {
    await checkHistoryWindow(node, window);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    node.destroy();
    await server.stop();
  }
}

test("of Ethereum's contract it is known, also on a chain that is young", async () => {
  const history = { code: HISTORY_CODE, window: 8191n };
  expect(await problemOf(8191n, 1, history)).toBeUndefined();
  expect(await problemOf(8191n, 5, history)).toBeUndefined();
  for (const wrong of [8190n, 8192n, 16_382n]) {
    const problem = `historyWindow of ${wrong} is wrong for chain 7100: its history contract remembers 8191 blocks`;
    expect(await problemOf(wrong, 5, history)).toBe(problem);
  }
});

test('of another contract it is seen in what that has stored, wherever the chain is', async () => {
  const history = { code: OTHER_CODE, window: 4n };
  for (let blocks = 14; blocks < 22; blocks++) {
    expect(await problemOf(4n, blocks, history)).toBeUndefined();
    for (const wrong of [1n, 2n, 3n, 5n, 8n, 12n]) {
      expect(await problemOf(wrong, blocks, history)).toContain('its history contract');
    }
  }
  expect(await problemOf(4n, 4, history)).toContain('too early to see');
});

test('is 0 of a chain without a contract, and may be of any', async () => {
  expect(await problemOf(8191n, 5)).toContain('it has no history contract');
  expect(await problemOf(0n, 5)).toBeUndefined();
  expect(await problemOf(0n, 5, { code: HISTORY_CODE, window: 8191n })).toBeUndefined();
});

test("is refused where Ethereum's contract is there and nobody feeds it", async () => {
  const unfed = { code: HISTORY_CODE, window: 1n };
  expect(await problemOf(8191n, 5, unfed)).toContain('does not have block 3 in slot 3');
});

test("is refused alike by ethers' own provider, which does not know its chain before it has asked", async () => {
  const chain = new SealedChain(1_000_000);
  chain.append([validator(0)]);
  const server = await serveSealedChain(chain, 7100n);
  const node = new JsonRpcProvider(server.url);
  try {
    await expect(checkHistoryWindow(node, 8191n)).rejects.toThrow('8191 is wrong for chain 7100: it has no history');
  } finally {
    node.destroy();
    await server.stop();
  }
});
