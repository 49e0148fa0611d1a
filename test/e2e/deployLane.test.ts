import { Contract, type HDNodeWallet, type InterfaceAbi, type TransactionResponse } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { canonicalTransactionChain } from '../../sdk/abi/CanonicalTransactionChain.ts';
import { chainStorageContainer } from '../../sdk/abi/ChainStorageContainer.ts';
import { l1CrossDomainMessenger } from '../../sdk/abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../../sdk/abi/L2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from '../../sdk/abi/L2ToL1MessagePasser.ts';
import { laneDeployer } from '../../sdk/abi/LaneDeployer.ts';
import { stateCommitmentChain } from '../../sdk/abi/StateCommitmentChain.ts';
import { deployLane, type DeploymentStep } from '../../sdk/actions/deployLane.ts';
import { planLane } from '../../sdk/actions/planLane.ts';
import type { Lane } from '../../sdk/core/lane.ts';
import { laneDeployerOf, plannedLane, type LanePlan } from '../../sdk/core/lanePlan.ts';
import { deployArtifact, type Chain } from '../support/chain.ts';
import { startEmptyChains, TERMS, type EmptyChains, type Signers } from '../support/emptyChains.ts';

const STEPS = [
  'l1 LaneDeployer',
  'l2 LaneDeployer',
  'l1 ChainStorageContainer',
  'l1 StateCommitmentChain',
  'l1 CanonicalTransactionChain',
  'l1 L1CrossDomainMessenger',
  'l2 L2ToL1MessagePasser',
  'l2 L2CrossDomainMessenger',
];
const EACH_STEP = STEPS.map((step, index) => [index, step] as const);

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

describe('a deployment', () => {
  test('wires the lane as planned', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    const { lane, steps } = await deploy(plan);

    expect(steps.map(nameOf)).toEqual(STEPS);
    for (const { transactionHash, gasUsed } of steps) {
      expect(transactionHash).toMatch(/^0x[0-9a-f]{64}$/u);
      expect(gasUsed).toBeGreaterThan(0n);
    }
    expect(lane).toMatchObject({ fraudProofWindow: 600n, startBlock: 3n, valueEnabled: true });
    await expectValues(chains.l1, laneDeployer, laneDeployerOf(plan.l1), { owner: plan.l1.account });
    await expectValues(chains.l2, laneDeployer, laneDeployerOf(plan.l2), { owner: plan.l2.account });
    await expectL1Wired(lane);
    await expectL2Wired(lane);
  });

  test('that is repeated sends nothing', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    const { lane } = await deploy(plan);
    const again = await deploy(plan, failing(0));

    expect(again.lane).toEqual(lane);
    expect(again.steps.map(nameOf)).toEqual(STEPS);
    expect(again.steps.some(isSent)).toBe(false);
  });

  test.each(EACH_STEP)('that broke off after %i transactions goes on with %s', async (count) => {
    const plan = await planLane(chains.signers(), TERMS);
    await expect(deploy(plan, failing(count))).rejects.toMatchObject({ cause: { message: 'broken off' } });
    const { lane, steps } = await deploy(plan);

    expect(lane).toEqual(plannedLane(plan));
    expect(steps.map(nameOf)).toEqual(STEPS);
    expect(steps.map(isSent)).toEqual(STEPS.map((_, index) => index >= count));
    await expectOneTransactionEach();
  });

  test.each(EACH_STEP)('that broke off with transaction %i on its way (%s) does not send it again', async (count) => {
    const plan = await planLane(chains.signers(), TERMS);
    const chain = STEPS[count]!.startsWith('l1') ? chains.l1 : chains.l2;
    const broken = failing(count, async () => await chain.provider.send('evm_setAutomine', [false]));
    await expect(deploy(plan, broken)).rejects.toMatchObject({ cause: { message: 'broken off' } });

    const running = deploy(plan);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await chain.provider.send('evm_mine', []);
    await chain.provider.send('evm_setAutomine', [true]);
    const { steps } = await running;

    expect(steps.map(isSent)).toEqual(STEPS.map((_, index) => index > count));
    await expectOneTransactionEach();
  });

  test('that a signal ends can be repeated', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    await expect(deployLane(chains.signers(), plan, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(await nonces()).toEqual([0, 0]);

    await chains.l1.provider.send('evm_setAutomine', [false]);
    await expect(deployLane(chains.signers(), plan, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: 'timeout',
    });
    await expect(deployLane(chains.signers(), plan, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: 'timeout',
    });
    await chains.l1.provider.send('evm_mine', []);
    await chains.l1.provider.send('evm_setAutomine', [true]);
    await deploy(plan);
    await expectOneTransactionEach();
  });
});

describe('a plan', () => {
  test.each([
    ['L1', 0],
    ['L2', 1],
  ])('is stale when the nonce on %s has moved before the lane deployer is there', async (name, sent) => {
    const plan = await planLane(chains.signers(), TERMS);
    const chain = name === 'L1' ? chains.l1 : chains.l2;
    const account = chain.account(0);
    await (await account.sendTransaction({ to: account.address })).wait();

    await expect(deploy(plan)).rejects.toMatchObject({ code: 'plan-stale', retryable: false });
    expect(await nonces()).toEqual([1, sent]);

    await deploy(await planLane(chains.signers(), TERMS));
  });

  test('holds when the nonces move after the lane deployers are there', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    await expect(deploy(plan, failing(2))).rejects.toThrow('broken off');
    for (const chain of [chains.l1, chains.l2]) {
      const account = chain.account(0);
      await (await account.sendTransaction({ to: account.address })).wait();
    }
    const { steps } = await deploy(plan);
    expect(steps.filter(isSent)).toHaveLength(6);
  });

  test('is stale when another contract stands where the lane deployer should be', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    const foreign = await deployArtifact('GasEater', chains.l1.account(0));
    expect(await foreign.getAddress()).toBe(laneDeployerOf(plan.l1));

    await expect(deploy(plan)).rejects.toMatchObject({ code: 'plan-stale' });
    expect(await nonces()).toEqual([1, 0]);
    await deploy(await planLane(chains.signers(), TERMS));
  });

  test('of another version of the contracts is stale', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    const other = { ...plan, creationCodeHash: `0x${'0'.repeat(64)}` };
    await expect(deploy(other)).rejects.toMatchObject({ code: 'plan-stale' });
    expect(await nonces()).toEqual([0, 0]);
  });

  test('is for its accounts and chains alone', async () => {
    const plan = await planLane(chains.signers(), TERMS);
    const swapped = { l1Signer: chains.l2.account(0), l2Signer: chains.l1.account(0) };
    await expect(deploy(plan, swapped)).rejects.toMatchObject({ code: 'wrong-chain' });
    const other = { ...chains.signers(), l2Signer: chains.l2.account(1) };
    await expect(deploy(plan, other)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

/**
 * Signers that break off after so many transactions: instead of sending one more, or, where `prepare` is given, after
 * sending it.
 */
function failing(count: number, prepare?: () => Promise<unknown>): Signers {
  let sent = 0;
  const wallets = chains.signers();
  for (const wallet of Object.values(wallets) as HDNodeWallet[]) {
    const send = wallet.sendTransaction.bind(wallet);
    wallet.sendTransaction = async (transaction): Promise<TransactionResponse> => {
      if (sent < count) {
        sent += 1;
        return await send(transaction);
      }
      if (prepare !== undefined) {
        await prepare();
        await send(transaction);
      }
      throw new Error('broken off');
    };
  }
  return wallets;
}

async function deploy(
  plan: LanePlan,
  accounts: Signers = chains.signers(),
): Promise<{ lane: Lane; steps: DeploymentStep[] }> {
  const steps: DeploymentStep[] = [];
  const lane = await deployLane(accounts, plan, { onStep: (step) => steps.push(step) });
  return { lane, steps };
}

const nameOf = ({ side, contract }: DeploymentStep): string => `${side} ${contract}`;
const isSent = ({ transactionHash }: DeploymentStep): boolean => transactionHash !== undefined;

async function nonces(): Promise<number[]> {
  return await Promise.all([chains.l1, chains.l2].map(async (chain) => await chain.account(0).getNonce('pending')));
}

async function expectOneTransactionEach(): Promise<void> {
  expect(await nonces()).toEqual([5, 3]);
}

async function expectL1Wired(lane: Lane): Promise<void> {
  const { owner, proposer, challenger, guardian } = TERMS;
  await expectValues(chains.l1, chainStorageContainer, lane.batches, { owner: lane.stateCommitmentChain });
  await expectValues(chains.l1, stateCommitmentChain, lane.stateCommitmentChain, {
    owner,
    proposer,
    challenger,
    batches: lane.batches,
    FRAUD_PROOF_WINDOW: 600n,
    startBlock: 3n,
  });
  await expectValues(chains.l1, canonicalTransactionChain, lane.canonicalTransactionChain, {
    l1Messenger: lane.l1Messenger,
    l2Messenger: lane.l2Messenger,
    maxBlockGas: 20_000_000n,
  });
  await expectValues(chains.l1, l1CrossDomainMessenger, lane.l1Messenger, {
    otherMessenger: lane.l2Messenger,
    messagePasser: lane.messagePasser,
    l1ChainId: 900n,
    l2ChainId: 901n,
    valueEnabled: true,
    owner,
    guardian,
  });
  expect(await chains.l1.provider.getBalance(lane.l1Messenger)).toBe(5n);
}

async function expectL2Wired(lane: Lane): Promise<void> {
  await expectValues(chains.l2, l2ToL1MessagePasser, lane.messagePasser, { messenger: lane.l2Messenger });
  await expectValues(chains.l2, l2CrossDomainMessenger, lane.l2Messenger, {
    otherMessenger: lane.l1Messenger,
    messagePasser: lane.messagePasser,
    l1ChainId: 900n,
    l2ChainId: 901n,
    valueEnabled: true,
    senderAllowlist: TERMS.allowlist,
  });
}

/** Expects a contract's functions to return the values. */
async function expectValues(
  { provider }: Chain,
  { abi }: { readonly abi: InterfaceAbi },
  address: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const contract = new Contract(address, abi, provider);
  for (const [name, value] of Object.entries(values)) expect(await contract.getFunction(name)()).toBe(value);
}
