import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { parseEther, ZeroAddress } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { planLane } from '../../sdk/actions/planLane.ts';
import { senderAllowlist } from '../../sdk/abi/SenderAllowlist.ts';
import { l1MessengerOf, l2MessengerOf, stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { creationCode } from '../../sdk/chain/creationCode.ts';
import { parseDeployment } from '../../sdk/core/deployment.ts';
import { parseLanePlan, plannedLane, serializeLanePlan, type LanePlan } from '../../sdk/core/lanePlan.ts';
import { startChain, type Chain } from '../support/chain.ts';
import { runCli, type CliOptions, type CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { startEmptyChains, type EmptyChains } from '../support/emptyChains.ts';

/** Has no code. */
const NOBODY = '0x00000000000000000000000000000000000000AA';

let chains: EmptyChains;
let folder: string;
let out: string;

beforeAll(async () => {
  chains = await startEmptyChains();
});

afterAll(async () => {
  await chains.stop();
});

beforeEach(async () => {
  await chains.reset();
  folder = mkdtempSync(join(tmpdir(), 'xdm-deploy-'));
  out = join(folder, 'lanes', 'lane.json');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Deploy extends CliOptions {
  readonly l2?: Chain;
  readonly args?: readonly string[];
}

async function deploy({ l2 = chains.l2, args = [], ...options }: Deploy = {}): Promise<CliRun> {
  const env = { PRIVATE_KEY: chains.l1.account(0).privateKey, L1_RPC_URL: chains.l1.url, L2_RPC_URL: l2.url };
  const line = ['deploy', '--out', out, ...args];
  // A process of its own takes more time, and is for what ends it.
  return Object.keys(options).length === 0 ? await runMain(line, env) : await runCli(line, { env, ...options });
}

async function nonces(): Promise<number[]> {
  const { l1Signer, l2Signer } = chains.signers();
  return [await l1Signer.getNonce(), await l2Signer.getNonce()];
}

/** The plan that the command makes where it is given no options. */
async function planAsDeployDoes(): Promise<LanePlan> {
  const signers = chains.signers();
  const { address } = signers.l1Signer;
  const roles = { owner: address, proposer: address, challenger: address, guardian: address };
  const limit = (await chains.l2.provider.getBlock('latest'))!.gasLimit;
  const terms = { fraudProofWindow: 604_800n, maxBlockGas: (limit * 2n) / 3n, valueEnabled: true, genesisVault: 0n };
  return await planLane(signers, { ...roles, ...terms });
}

test('a deployment that is killed leaves its plan, and goes on where it stopped', async () => {
  const killed = new AbortController();
  const first = await deploy({
    signal: killed.signal,
    onStderr: (text) => text.includes('StateCommitmentChain') && killed.abort(),
  });
  expect(first).toMatchObject({ code: -1, stdout: '' });
  expect(existsSync(out)).toBe(false);
  const plan = parseLanePlan(readFileSync(`${out}.plan`, 'utf8'), 'plan');
  const changed = await deploy({ args: ['--challenge-period', '60'] });
  expect(changed).toMatchObject({ code: 2, stdout: '' });
  expect(changed.stderr).toContain(`${out}.plan plans a lane with challenge period 604800, and 60 is asked for`);

  const second = await deploy();
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/^l1 StateCommitmentChain \w+, was there already$/mu);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject(
    JSON.parse(JSON.stringify(plannedLane(plan), (_key, value) => (typeof value === 'bigint' ? Number(value) : value))),
  );
  expect(existsSync(`${out}.plan`)).toBe(false);
  // The lane deployers and six contracts: nothing was sent twice.
  expect(await nonces()).toEqual([5, 3]);

  const third = await deploy();
  expect(third).toMatchObject({ code: 2, stdout: '' });
  expect(third.stderr).toContain(`${out} is there already`);
});

test.each([
  ['owner', 'owner'],
  ['proposer', 'proposer'],
  ['challenger', 'challenger'],
  ['guardian', 'guardian'],
  ['allowlist', 'allowlist'],
] as const)('a plan that somebody has changed the %s of is not carried out', async (key, name) => {
  const plan = await planAsDeployDoes();
  const stranger = chains.l1.account(7).address;
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(`${out}.plan`, serializeLanePlan({ ...plan, [key]: stranger }));

  const { code, stderr } = await deploy();
  expect(code).toBe(2);
  expect(stderr).toContain(`plans a lane with ${name} ${stranger}`);
  expect(await nonces()).toEqual([0, 0]);
});

test('a plan that has become stale is made anew', async () => {
  const { l2Signer } = chains.signers();
  const plan = await planAsDeployDoes();
  mkdirSync(dirname(out));
  writeFileSync(`${out}.plan`, serializeLanePlan(plan));
  await (await l2Signer.sendTransaction({ to: l2Signer.address })).wait();
  const dry = await deploy({ args: ['--dry-run'] });
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain('the account has sent something else since');
  const { code, stderr } = await deploy();

  expect(code).toBe(0);
  expect(stderr).toContain('planning anew: the next nonce of');
  expect(existsSync(out)).toBe(true);
});

test('an L2 that takes no deposits is refused before anything is sent, unless it derives them', async () => {
  const l2 = await startChain(902);
  try {
    const refused = await deploy({ l2 });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^error: L2 takes no deposit transactions .*`--network optimism`; or repeat with `--deposits derived` if/mu,
    );
    expect(existsSync(`${out}.plan`)).toBe(false);
    expect(await nonces()).toEqual([0, 0]);

    const derived = await deploy({ l2, args: ['--deposits', 'derived', '--no-value', '--json'] });
    expect(derived.code).toBe(0);
    expect(JSON.parse(derived.stdout)).toMatchObject({ l2ChainId: 902, deposits: 'derived', valueEnabled: false });
    expect(derived.stderr).not.toContain('vault');
  } finally {
    await l2.stop();
  }
});

test('an L2 whose blocks are too small is refused, and one whose blocks are small gets fewer deposits', async () => {
  const setLimit = async (gas: number): Promise<void> => {
    await chains.l2.provider.send('evm_setBlockGasLimit', [`0x${gas.toString(16)}`]);
    await chains.l2.provider.send('evm_mine', []);
  };
  await setLimit(16_777_216);
  const refused = await deploy();
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain("L2's block gas limit is 16777216");

  await setLimit(16_777_217);
  expect(await deploy()).toMatchObject({ code: 0 });
});

/** What production names: an account for each role, and what L2 has from its genesis. */
async function productionTerms(): Promise<Record<string, string | number>> {
  const { l2Signer } = chains.signers();
  const creation = { data: creationCode(senderAllowlist, [chains.l2.account(5).address]) };
  const { contractAddress } = (await (await l2Signer.sendTransaction(creation)).wait())!;
  const [owner, proposer, challenger, guardian] = [1, 2, 3, 4].map((number) => chains.l1.account(number).address);
  const roles = { owner: owner!, proposer: proposer!, challenger: challenger!, guardian: guardian! };
  const rest = { maxBlockGas: 18_000_000, startBlock: 1, genesisVault: parseEther('3').toString() };
  return { ...roles, ...rest, allowlist: contractAddress!, fraudProofWindow: 3600 };
}

test('a file says all of a lane, a dry run shows it and sends nothing, and what was shown is what is deployed', async () => {
  const terms = await productionTerms();
  const before = await nonces();
  const config = join(folder, 'terms.json');
  writeFileSync(config, JSON.stringify({ ...terms, guardian: chains.l1.account(6).address }));
  const args = ['deploy', '--out', out, '--config', config, '--guardian', String(terms['guardian']), '--json'];
  const urls = { L1_RPC_URL: chains.l1.url, L2_RPC_URL: chains.l2.url };
  const dry = await runMain([...args, '--dry-run', '--from', chains.l1.account(0).address], urls);
  expect(dry.code).toBe(0);
  expect(await nonces()).toEqual(before);
  expect(existsSync(out)).toBe(false);
  const { planFile, ...shown } = JSON.parse(dry.stdout) as Record<string, string>;
  expect(planFile).toBe(`${out}.plan`);
  expect(shown).toMatchObject({ ...terms, maxBlockGas: '18000000' });
  expect(dry.stderr).toContain('warning: the window of 3600 s is short');
  expect(dry.stderr).toContain('nothing was sent; the same command without --dry-run deploys');

  // On a chain that goes on meanwhile.
  await Promise.all(
    [chains.l1, chains.l2].map(async ({ provider }) => (await provider.send('evm_mine', [])) as string),
  );
  const deployed = await runMain(args, { ...urls, PRIVATE_KEY: chains.l1.account(0).privateKey });
  expect(deployed.code).toBe(0);
  const { deploymentFile, ...built } = JSON.parse(deployed.stdout) as Record<string, string>;
  expect([deploymentFile, built]).toEqual([out, shown]);

  const lane = parseDeployment(readFileSync(out, 'utf8'), out);
  const [messenger, commitments] = [
    l1MessengerOf(lane, chains.l1.provider),
    stateCommitmentChainOf(lane, chains.l1.provider),
  ];
  expect(await Promise.all([messenger.owner(), messenger.guardian()])).toEqual([terms['owner'], terms['guardian']]);
  expect(await Promise.all([commitments.owner(), commitments.proposer(), commitments.challenger()])).toEqual(
    ['owner', 'proposer', 'challenger'].map((role) => terms[role]),
  );
  expect(await chains.l1.provider.getBalance(lane.l1Messenger)).toBe(parseEther('3'));
  expect(await l2MessengerOf(lane, chains.l2.provider).senderAllowlist()).toBe(terms['allowlist']);
  const { stdout } = await runMain(['doctor', '--deployment', out, '--roles', 'watchtower'], urls);
  const { owner, proposer, challenger, guardian, allowlist } = terms;
  const holders = `owner ${owner}, proposer ${proposer}, challenger ${challenger}, guardian ${guardian}`;
  expect(stdout).toContain(`ok       lane role: ${holders}\n`);
  expect(stdout).toContain(`ok       l2 allowlist: ${allowlist}, whose owner ${chains.l2.account(5).address} says`);
});

test('an account without ether is told so', async () => {
  const poor = '0x00000000000000000000000000000000000000000000000000000000000000ff';
  const refused = await deploy({ args: ['--private-key', poor] });

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
  const refused = await deploy({ args });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`error: ${message}`);
});

test('deploy refuses a file that it cannot write', async () => {
  out = '/dev/null/lane.json';
  expect(await deploy()).toMatchObject({ code: 2, stderr: expect.stringContaining(`${out}.plan cannot be written`) });
});
