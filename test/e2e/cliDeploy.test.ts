import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { id, parseEther, ZeroAddress, type HDNodeWallet } from 'ethers';
import { expect, test } from 'vitest';

import { senderAllowlist } from '../../sdk/abi/SenderAllowlist.ts';
import { l1MessengerOf, l2MessengerOf, senderAllowlistAt, stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import type { RoleCall } from '../../sdk/chain/roleCalls.ts';
import { creationCode } from '../../sdk/chain/creationCode.ts';
import { parseDeployment } from '../../sdk/core/deployment.ts';
import { plannedLane } from '../../sdk/core/lanePlan.ts';
import { startChain } from '../support/chain.ts';
import type { CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { useDeployWorld } from '../support/deployWorld.ts';

/** Has no code. */
const NOBODY = '0x00000000000000000000000000000000000000AA';

const world = useDeployWorld();

test('a deployment that is killed leaves its plan, and goes on where it stopped', async () => {
  const killed = new AbortController();
  const first = await world.deploy({
    signal: killed.signal,
    onStderr: (text) => text.includes('StateCommitmentChain') && killed.abort(),
  });
  expect(first).toMatchObject({ code: -1, stdout: '' });
  expect(existsSync(world.out)).toBe(false);
  const plan = world.readPlan();
  const changed = await world.deploy({ args: ['--challenge-period', '60'] });
  expect(changed).toMatchObject({ code: 2, stdout: '' });
  expect(changed.stderr).toContain(`${world.planFile} plans a lane with challenge period 604800, and 60 is asked for`);

  const second = await world.deploy();
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/^l1 StateCommitmentChain \w+, was there already$/mu);
  expect(JSON.parse(readFileSync(world.out, 'utf8'))).toMatchObject(
    JSON.parse(JSON.stringify(plannedLane(plan), (_key, value) => (typeof value === 'bigint' ? Number(value) : value))),
  );
  expect(existsSync(world.planFile)).toBe(false);
  // The lane deployers and six contracts: nothing was sent twice.
  expect(await world.nonces()).toEqual([5, 3]);

  const third = await world.deploy();
  expect(third).toMatchObject({ code: 2, stdout: '' });
  expect(third.stderr).toContain(`${world.out} is there already`);
});

test('an L2 that takes no deposits is refused before anything is sent, unless it derives them', async () => {
  const l2 = await startChain(902);
  try {
    const refused = await world.deploy({ l2 });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^error: L2 takes no deposit transactions .*`--network optimism`; or repeat with `--deposits derived` if/mu,
    );
    expect(existsSync(world.planFile)).toBe(false);
    expect(await world.nonces()).toEqual([0, 0]);

    const derived = await world.deploy({ l2, args: ['--deposits', 'derived', '--no-value', '--json'] });
    expect(derived.code).toBe(0);
    expect(JSON.parse(derived.stdout)).toMatchObject({ l2ChainId: 902, deposits: 'derived', valueEnabled: false });
    expect(derived.stderr).not.toContain('vault');
  } finally {
    await l2.stop();
  }
});

test('an L2 whose blocks are too small is refused, and one whose blocks are small gets fewer deposits', async () => {
  const setLimit = async (gas: number): Promise<void> => {
    await world.chains.l2.provider.send('evm_setBlockGasLimit', [`0x${gas.toString(16)}`]);
    await world.chains.l2.provider.send('evm_mine', []);
  };
  await setLimit(16_777_216);
  const refused = await world.deploy();
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain("L2's block gas limit is 16777216");

  await setLimit(16_777_217);
  expect(await world.deploy()).toMatchObject({ code: 0 });
});

/** What production names: an account for each role, and what L2 has from its genesis. */
async function productionTerms(): Promise<Record<string, string | number>> {
  const { l2Signer } = world.chains.signers();
  const creation = { data: creationCode(senderAllowlist, [world.chains.l2.account(5).address]) };
  const { contractAddress } = (await (await l2Signer.sendTransaction(creation)).wait())!;
  const [owner, proposer, challenger, guardian] = [1, 2, 3, 4].map((number) => world.chains.l1.account(number).address);
  const roles = { owner: owner!, proposer: proposer!, challenger: challenger!, guardian: guardian! };
  const rest = { maxBlockGas: 18_000_000, startBlock: 1, genesisVault: parseEther('3').toString() };
  return { ...roles, ...rest, allowlist: contractAddress!, fraudProofWindow: 3600 };
}

test('a file says all of a lane, a dry run shows it and sends nothing, and what was shown is what is deployed', async () => {
  const terms = await productionTerms();
  const before = await world.nonces();
  const config = join(world.folder, 'terms.json');
  writeFileSync(config, JSON.stringify({ ...terms, guardian: world.chains.l1.account(6).address }));
  const args = ['deploy', '--out', world.out, '--config', config, '--guardian', String(terms['guardian']), '--json'];
  const urls = { L1_RPC_URL: world.chains.l1.url, L2_RPC_URL: world.chains.l2.url };
  const dry = await runMain([...args, '--dry-run', '--from', world.chains.l1.account(0).address], urls);
  expect(dry.code).toBe(0);
  expect(await world.nonces()).toEqual(before);
  expect(existsSync(world.out)).toBe(false);
  const { planFile, ...shown } = JSON.parse(dry.stdout) as Record<string, string>;
  expect(planFile).toBe(world.planFile);
  expect(shown).toMatchObject({ ...terms, maxBlockGas: '18000000' });
  expect(dry.stderr).toContain('warning: the window of 3600 s is short');
  expect(dry.stderr).toContain('nothing was sent; the same command without --dry-run deploys');

  // On a chain that goes on meanwhile.
  await Promise.all(
    [world.chains.l1, world.chains.l2].map(async ({ provider }) => (await provider.send('evm_mine', [])) as string),
  );
  const deployed = await runMain(args, { ...urls, PRIVATE_KEY: world.chains.l1.account(0).privateKey });
  expect(deployed.code).toBe(0);
  const { deploymentFile, ...built } = JSON.parse(deployed.stdout) as Record<string, string>;
  expect([deploymentFile, built]).toEqual([world.out, shown]);

  const lane = parseDeployment(readFileSync(world.out, 'utf8'), world.out);
  const [messenger, commitments] = [
    l1MessengerOf(lane, world.chains.l1.provider),
    stateCommitmentChainOf(lane, world.chains.l1.provider),
  ];
  expect(await Promise.all([messenger.owner(), messenger.guardian()])).toEqual([terms['owner'], terms['guardian']]);
  expect(await Promise.all([commitments.owner(), commitments.proposer(), commitments.challenger()])).toEqual(
    ['owner', 'proposer', 'challenger'].map((role) => terms[role]),
  );
  expect(await world.chains.l1.provider.getBalance(lane.l1Messenger)).toBe(parseEther('3'));
  expect(await l2MessengerOf(lane, world.chains.l2.provider).senderAllowlist()).toBe(terms['allowlist']);
  const { stdout } = await runMain(['doctor', '--deployment', world.out, '--roles', 'watchtower'], urls);
  const { owner, proposer, challenger, guardian, allowlist } = terms;
  const holders = `owner ${owner}, proposer ${proposer}, challenger ${challenger}, guardian ${guardian}`;
  expect(stdout).toContain(`ok       lane role: ${holders}\n`);
  const [listOwner, sender] = [world.chains.l2.account(5), world.chains.l2.account(6).address];
  const empty = `warning  l2 allowlist: ${allowlist}, whose owner ${listOwner.address} says who sends from L2: nobody is on it`;
  expect(stdout).toContain(empty);
  expect(dry.stderr).toContain(`warning: nobody is on the allowlist ${allowlist} yet`);
  await expectListKept({ owner: listOwner, sender, allowlist: String(allowlist) });
});

/** Its owner, and nobody else, says who sends from L2. */
async function expectListKept(list: {
  readonly owner: HDNodeWallet;
  readonly sender: string;
  readonly allowlist: string;
}): Promise<void> {
  const { owner, sender, allowlist } = list;
  // L1 is not needed.
  const endpoints = { L1_RPC_URL: 'http://127.0.0.1:1', L2_RPC_URL: world.chains.l2.url, XDM_DEPLOYMENT: world.out };
  const run = async (key: HDNodeWallet, ...args: readonly string[]): Promise<CliRun> =>
    await runMain(['allow', ...args, '--json'], { ...endpoints, PRIVATE_KEY: key.privateKey });
  const isAllowed = async (): Promise<boolean> =>
    await senderAllowlistAt(allowlist, world.chains.l2.provider).isAllowed(sender);
  const verdict = async (): Promise<string | undefined> => {
    const args = ['doctor', '--deployment', world.out, '--roles', 'watchtower'];
    const { stdout } = await runMain(args, { L1_RPC_URL: world.chains.l1.url, L2_RPC_URL: world.chains.l2.url });
    return /^(\w+) +l2 allowlist/mu.exec(stdout)?.[1];
  };
  const stranger = await run(world.chains.l2.account(6), sender);
  expect([stranger.code, stranger.stdout]).toEqual([1, expect.stringContaining('"code": "unauthorized"')]);
  const call = { chainId: 901, contract: 'SenderAllowlist', to: allowlist };
  const printed = await run(owner, sender, '--calldata');
  expect(await isAllowed()).toBe(false);
  const added = await run(owner, sender);
  expect(JSON.parse(added.stdout)).toMatchObject([
    { ...call, data: (JSON.parse(printed.stdout) as RoleCall[])[0]!.data },
  ]);
  expect(await isAllowed()).toBe(true);
  expect(await verdict()).toBe('ok');
  expect(JSON.parse((await run(owner, sender)).stdout)).toEqual([]);
  expect((await run(owner, sender, '--remove')).code).toBe(0);
  expect(await isAllowed()).toBe(false);
  expect(await verdict()).toBe('warning');

  const roles = await runMain(['roles', '--json'], { ...endpoints, L1_RPC_URL: world.chains.l1.url });
  expect(JSON.parse(roles.stdout)).toContainEqual({
    role: 'owner',
    contract: 'SenderAllowlist',
    holder: owner.address,
    offeredTo: null,
  });
}

test('an allowlist of another kind, which has no owner, is not said to be empty', async () => {
  // Answers isAllowed(address) with true, whoever it is, and reverts otherwise.
  const code = `0x60003560e01c63${id('isAllowed(address)').slice(2, 10)}14601357600080fd5b600160005260206000f3`;
  await world.chains.l2.provider.send('anvil_setCode', [NOBODY, code]);
  const { code: exit, stderr } = await world.deploy({ args: ['--dry-run', '--allowlist', NOBODY] });
  expect(stderr).not.toContain('allowlist');
  expect(stderr).toContain('warning: ');
  expect(exit).toBe(0);
});

test('an account without ether is told so', async () => {
  const poor = '0x00000000000000000000000000000000000000000000000000000000000000ff';
  const refused = await world.deploy({ args: ['--private-key', poor] });

  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('error: the account cannot pay');
});

test.each([
  [['--deposits', 'both'], '--deposits "both" is not known'],
  [['--challenge-period', '0'], 'a fraud-proof window of 0 s'],
  [['--challenge-period', '1h'], '--challenge-period "1h"'],
  [['--guardian', '0x12'], '--guardian "0x12" is no address'],
  [['--owner', ZeroAddress], `the owner "${ZeroAddress}" is not an account's address`],
  [['--allowlist', NOBODY], `the allowlist ${NOBODY} is no sender allowlist on L2`],
  [['--genesis-vault', '5', '--no-value'], '5 wei could never leave the vault of a lane without value'],
  [['--l1-rpc-url', 'localhost'], 'L1\'s endpoint "localhost" is no http or https URL'],
])('deploy refuses %s', async (args, message) => {
  const refused = await world.deploy({ args });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`error: ${message}`);
});

test('deploy refuses a file that it cannot write', async () => {
  const out = '/dev/null/lane.json';
  expect(await world.deploy({ out })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`${out}.plan cannot be written`),
  });
});
