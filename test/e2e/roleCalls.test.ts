import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { l1MessengerOf, stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { buildRoleCalls, sendRoleCalls } from '../../sdk/chain/roleCalls.ts';
import { startLane, type LaneChains } from '../support/lane.ts';

let chains: LaneChains;

beforeAll(async () => {
  chains = await startLane();
});

afterAll(async () => {
  await chains.stop();
});

/** The calls that offer the lane to an account. */
const offersTo = (account: string) => buildRoleCalls(chains.lane, { kind: 'setRole', role: 'owner', account });

test('two calls follow each other though the node does not know of the first', async () => {
  const { provider } = chains.l1;
  const [owner, next] = [chains.l1.account(0), chains.l1.account(5).address];
  const count = vi.spyOn(provider, 'getTransactionCount').mockResolvedValue(await owner.getNonce());
  await provider.send('evm_setAutomine', [false]);
  const hashes: string[] = [];
  try {
    const onSent = (hash: string): void => void hashes.push(hash);
    const sent = sendRoleCalls(provider, { signer: owner, onSent }, offersTo(next));
    await expect.poll(() => hashes).toHaveLength(2);
    await provider.send('evm_mine', []);
    expect((await sent).map(({ transactionHash }) => transactionHash)).toEqual(hashes);
  } finally {
    count.mockRestore();
    await provider.send('evm_setAutomine', [true]);
  }
  expect(await l1MessengerOf(chains.lane, provider).pendingOwner()).toBe(next);
  expect(await stateCommitmentChainOf(chains.lane, provider).pendingOwner()).toBe(next);
});

test('a call that is refused is told of though the one before is stuck', async () => {
  const { provider } = chains.l1;
  const [first, second] = offersTo(chains.l1.account(6).address);
  await provider.send('evm_setAutomine', [false]);
  try {
    // What the contract does not have.
    const calls = [first!, { ...second!, data: '0x12345678' }];
    const refused = sendRoleCalls(provider, { signer: chains.l1.account(0) }, calls);
    await expect(refused).rejects.toThrow('revert');
  } finally {
    await provider.send('evm_setAutomine', [true]);
    await provider.send('evm_mine', []);
  }
});
