import { readFileSync, rmSync } from 'node:fs';

import { id, parseEther } from 'ethers';
import { expect, test } from 'vitest';

import { laneCreations } from '../../sdk/chain/laneCreations.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { parseDeployment } from '../../sdk/core/deployment.ts';
import { plannedLane } from '../../sdk/core/lanePlan.ts';
import { useDeployWorld } from '../support/deployWorld.ts';

const world = useDeployWorld();

test.each([
  ['owner', 'owner'],
  ['proposer', 'proposer'],
  ['challenger', 'challenger'],
  ['guardian', 'guardian'],
  ['allowlist', 'allowlist'],
] as const)('a plan that somebody has changed the %s of is not carried out', async (key, name) => {
  const plan = await world.plan();
  const stranger = world.chains.l1.account(7).address;
  world.writePlan({ ...plan, [key]: stranger });

  const { code, stderr } = await world.deploy();
  expect(code).toBe(2);
  expect(stderr).toContain(`plans a lane with ${name} ${stranger}`);
  expect(await world.nonces()).toEqual([0, 0]);
});

test('a plan that has become stale is made anew where that is asked for: the addresses become others', async () => {
  const { l2Signer } = world.chains.signers();
  const plan = await world.plan();
  world.writePlan(plan);
  await (await l2Signer.sendTransaction({ to: l2Signer.address })).wait();
  const before = await world.nonces();
  const moved = new RegExp(`l2Messenger (0x\\w{40}), not ${plannedLane(plan).l2Messenger}`, 'u');
  const others = new Set<string | undefined>();
  for (const args of [['--dry-run'], []]) {
    const { code, stdout, stderr } = await world.deploy({ args });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('the account has sent something else since');
    others.add(moved.exec(stderr)?.[1]);
    expect(stderr).toContain('--replan');
  }
  expect(world.readPlan()).toEqual(plan);
  expect(await world.nonces()).toEqual(before);

  await world.chains.l2.provider.send('evm_mine', []);
  const { code, stderr } = await world.deploy({ args: ['--replan'] });
  expect(code).toBe(0);
  expect(stderr).toContain('planning anew: the account has sent something else');
  // Where it was said, though L2 has gone on meanwhile.
  expect([...others]).toEqual([parseDeployment(readFileSync(world.out, 'utf8'), world.out).l2Messenger]);
});

test('a plan of another version of xdm is made anew where that is asked for', async () => {
  world.writePlan({ ...(await world.plan()), creationCodeHash: id('another version') });
  const refused = await world.deploy();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    'the plan is of another version of xdm, whose contracts are not the same: the lane would',
  );
  expect((await world.deploy({ args: ['--replan'] })).code).toBe(0);
});

test('a lane that another version of xdm has begun is not paid for again', async () => {
  const { l1Signer, l2Signer } = world.chains.signers();
  const terms = { genesisVault: parseEther('3'), creationCodeHash: id('another version') };
  const plan = { ...(await world.plan()), ...terms };
  for (const { side, contract, transaction } of laneCreations(plan)) {
    const signer = side === 'l1' ? l1Signer : l2Signer;
    const { hash } = await signer.sendTransaction(transaction);
    await waitForReceipt(signer.provider!, hash);
    if (contract === 'L1CrossDomainMessenger') break;
  }
  world.writePlan(plan);
  const before = await world.nonces();

  const { code, stderr } = await world.deploy({ args: ['--genesis-vault', '3ether'] });
  expect(code).not.toBe(0);
  expect(stderr).toContain(`contracts of the lane that ${world.planFile} plans are there already`);
  expect(await world.nonces()).toEqual(before);
  expect(world.readPlan()).toEqual(plan);
});

test.each([
  ['l1', { l1: 123_456n }, 'was made at block 123456 of L1'],
  ['l2', { l2: 123_456n }, 'was made at block 123456 of L2'],
  ['start', { start: 888_888n }, "the start block 888888 is above L2's latest block"],
])('a plan of blocks that are not there yet is not carried out: %s', async (_, blocks, problem) => {
  const plan = await world.plan();
  const {
    l1 = plan.l1.deployedAt,
    l2 = plan.l2.deployedAt,
    start = plan.startBlock,
  } = blocks as Record<string, bigint>;
  const changed = { l1: { ...plan.l1, deployedAt: l1 }, l2: { ...plan.l2, deployedAt: l2 }, startBlock: start };
  world.writePlan({ ...plan, ...changed });
  const { code, stderr } = await world.deploy();
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
  expect(await world.nonces()).toEqual([0, 0]);
});

test.each(['l1', 'l2'] as const)(
  'a plan that says a later block of %s than the lane was begun in is not gone on with',
  async (side) => {
    const plan = await world.plan();
    world.writePlan(plan);
    expect((await world.deploy()).code).toBe(0);
    const lane = readFileSync(world.out, 'utf8');
    rmSync(world.out);
    const before = await world.nonces();
    const head = BigInt(await world.chains[side].provider.getBlockNumber());
    world.writePlan({ ...plan, [side]: { ...plan[side], deployedAt: head } });
    const { code, stderr } = await world.deploy();
    expect(code).toBe(2);
    const problem = `says block ${head} of ${side.toUpperCase()}, where the lane was begun already`;
    expect(stderr).toContain(problem);
    expect(await world.nonces()).toEqual(before);

    world.writePlan(plan);
    expect((await world.deploy()).code).toBe(0);
    expect(readFileSync(world.out, 'utf8')).toBe(lane);
  },
);

test("a plan is carried out though L2's block gas limit has moved since", async () => {
  const dry = await world.deploy({ args: ['--dry-run'] });
  expect(dry.code).toBe(0);
  const planned = world.readPlan();
  const limit = (await world.chains.l2.provider.getBlock('latest'))!.gasLimit - 12_287n;
  await world.chains.l2.provider.send('evm_setBlockGasLimit', [`0x${limit.toString(16)}`]);
  await world.chains.l2.provider.send('evm_mine', []);
  const asked = await world.deploy({ args: ['--max-block-gas', '17000000'] });
  expect(asked.stderr).toContain(`plans a lane with L2 gas of deposits in a block ${planned.maxBlockGas}`);

  expect((await world.deploy()).code).toBe(0);
  expect(parseDeployment(readFileSync(world.out, 'utf8'), world.out).l1Messenger).toBe(
    plannedLane(planned).l1Messenger,
  );
});
