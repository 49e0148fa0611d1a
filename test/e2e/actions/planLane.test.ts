import { concat, Interface, ZeroAddress, type InterfaceAbi } from 'ethers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { canonicalTransactionChain } from '../../../sdk/abi/CanonicalTransactionChain.ts';
import { stateCommitmentChain } from '../../../sdk/abi/StateCommitmentChain.ts';
import { deployLane } from '../../../sdk/actions/deployLane.ts';
import { planLane } from '../../../sdk/actions/planLane.ts';
import { plannedLane, verifyLanePlan } from '../../../sdk/core/lanePlan.ts';
import { startEmptyChains, TERMS, type EmptyChains } from '../../support/emptyChains.ts';

let chains: EmptyChains;

beforeAll(async () => {
  chains = await startEmptyChains();
});

afterAll(async () => {
  await chains.stop();
});

beforeEach(async () => {
  await chains.reset();
});

test('a plan starts where the chains are, and is open to every sender, unless it says otherwise', async () => {
  await chains.l1.provider.send('anvil_mine', ['0x5']);
  await chains.l2.provider.send('anvil_mine', ['0x9']);

  const plan = await planLane(chains.signers(), { ...TERMS, startBlock: undefined, allowlist: undefined });
  expect(plan).toMatchObject({ startBlock: 9n, allowlist: ZeroAddress });
  expect([plan.l1.deployedAt, plan.l2.deployedAt]).toEqual([5n, 9n]);
  expect(await planLane(chains.signers(), TERMS)).toMatchObject(TERMS);
});

test('a plan counts what the account has sent already', async () => {
  const { l1 } = chains;
  const account = l1.account(0);
  await l1.provider.send('evm_setAutomine', [false]);
  await account.sendTransaction({ to: account.address });
  const plan = await planLane(chains.signers(), TERMS);
  await l1.provider.send('evm_mine', []);
  await l1.provider.send('evm_setAutomine', [true]);

  expect(plan.l1.nonce).toBe(1);
  expect(await deployLane(chains.signers(), plan)).toEqual(plannedLane(plan));
});

test('a plan leaves room in an L2 block', async () => {
  const { gasLimit } = (await chains.l2.provider.getBlock('latest'))!;
  const planWith = async (maxBlockGas: bigint): Promise<unknown> =>
    await planLane(chains.signers(), { ...TERMS, maxBlockGas });
  await expect(planWith(gasLimit)).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(planWith(gasLimit - 1n)).resolves.toMatchObject({ maxBlockGas: gasLimit - 1n });
});

test('a plan needs accounts that are connected', async () => {
  const signers = { ...chains.signers(), l1Signer: chains.l1.account(0).connect(null) };
  await expect(planLane(signers, TERMS)).rejects.toMatchObject({ code: 'invalid-argument' });
});

test.each([
  [0n, 16_777_216n],
  [1n, 16_777_216n],
  [31_536_000n, 2n ** 64n - 1n],
  [31_536_001n, 2n ** 64n - 1n],
  [600n, 16_777_215n],
  [600n, 2n ** 64n],
])('a window of %i s and %i gas a block are refused exactly where the contracts refuse them', async (window, gas) => {
  const plan = { ...(await planLane(chains.signers(), TERMS)), fraudProofWindow: window, maxBlockGas: gas };
  const { owner, proposer, challenger } = TERMS;
  const configuration = { owner, proposer, challenger, batches: owner, fraudProofWindow: window, startBlock: 0n };
  const isAccepted = await all([
    create(stateCommitmentChain, [configuration]),
    create(canonicalTransactionChain, [owner, owner, gas]),
  ]);

  const isVerified = await all([Promise.resolve().then(() => verifyLanePlan(plan))]);
  expect(isVerified).toBe(isAccepted);
});

/** Tries a contract's constructor. */
async function create(
  { abi, bytecode }: { readonly abi: InterfaceAbi; readonly bytecode: string },
  args: readonly unknown[],
): Promise<string> {
  return await chains.l1.provider.call({ data: concat([bytecode, new Interface(abi).encodeDeploy(args)]) });
}

/** Whether none fails. */
async function all(attempts: readonly Promise<unknown>[]): Promise<boolean> {
  return (await Promise.allSettled(attempts)).every(({ status }) => status === 'fulfilled');
}
