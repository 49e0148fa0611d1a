import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

import { concat, Contract, getCreateAddress, toBeHex, Wallet, type ContractTransactionResponse } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { crossDomainGateway } from '../../sdk/abi/CrossDomainGateway.ts';
import { deployGateways, type GatewayPair } from '../../sdk/actions/deployGateways.ts';
import { getMessages } from '../../sdk/actions/getMessages.ts';
import type { MessageState } from '../../sdk/actions/getStatus.ts';
import { waitForRelay } from '../../sdk/actions/waitForRelay.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { deployArtifact } from '../support/chain.ts';
import { startNetwork, type Network } from '../support/network.ts';
import { codeBlocks } from '../support/readme.ts';

const SUPPLY = 1000n;

let network: Network;
let pair: GatewayPair;
/** An ERC-20 token of L1, the bridge that keeps it, and the token that stands for it on L2: OpenZeppelin's contracts. */
let token: Contract;
let vault: Contract;
let onL2: Contract;

beforeAll(async () => {
  network = await startNetwork();
  const [l1, l2] = [network.account('l1', 8), network.account('l2', 8)];
  pair = await deployGateways(network.client, { l1Signer: l1, l2Signer: l2 });

  // The first bridge needs the second's address.
  const peer = interoperable('l2', await addressOfNext('l2'));
  token = await deployArtifact('PlainToken', l1, l1.address, SUPPLY);
  vault = await deployArtifact('TokenVault', l1, await token.getAddress(), [[pair.l1Gateway, peer]]);
  onL2 = await deployArtifact('CrosschainToken', l2, [[pair.l2Gateway, interoperable('l1', await vault.getAddress())]]);
});

afterAll(async () => {
  await network.stop();
});

async function addressOfNext(side: Side): Promise<string> {
  const { address, provider } = network.account(side, 8);
  return getCreateAddress({ from: address, nonce: await provider!.getTransactionCount(address) });
}

/** An account's address by ERC-7930. */
function interoperable(side: Side, address: string): string {
  const chainId = toBeHex(side === 'l1' ? network.deployment.l1ChainId : network.deployment.l2ChainId);
  return concat(['0x00010000', toBeHex(chainId.length / 2 - 1), chainId, '0x14', address]);
}

async function transfer(bridge: Contract, to: string, amount: bigint): Promise<MessageState> {
  const sent = (await bridge.getFunction('crosschainTransfer')(to, amount)) as ContractTransactionResponse;
  await sent.wait();
  const [message] = await getMessages(network.client, sent.hash);
  return await waitForRelay(network.client, { message: message! });
}

const balanceOf = async (of: Contract, account: string): Promise<bigint> =>
  (await of.getFunction('balanceOf')(account)) as bigint;

test('each gateway knows its messenger and the other gateway', async () => {
  const gateway = (address: string, side: Side): Contract =>
    new Contract(address, crossDomainGateway.abi, network.client[side]);
  const [l1, l2] = [gateway(pair.l1Gateway, 'l1'), gateway(pair.l2Gateway, 'l2')];
  expect(await l1.getFunction('remoteGateway')()).toBe(pair.l2Gateway);
  expect(await l2.getFunction('remoteGateway')()).toBe(pair.l1Gateway);
  expect(await l1.getFunction('messenger')()).toBe(network.deployment.l1Messenger);
  expect(await l2.getFunction('messenger')()).toBe(network.deployment.l2Messenger);
});

test('with Foundry a pair is deployed as the documentation says', async () => {
  const [recipe] = codeBlocks('docs/erc7786.md', 'sh');
  const there = recipe!.replace("'lane.json'", `'${network.deploymentPath}'`);
  expect(there).not.toBe(recipe);
  // So that its next contracts have different addresses on the two chains.
  const signer = network.account('l1', 7);
  await (await signer.sendTransaction({ to: signer.address })).wait();
  const env = { ...process.env, PRIVATE_KEY: signer.privateKey, L1: network.l1RpcUrl, L2: network.l2RpcUrl };
  const { stdout } = await promisify(execFile)('bash', ['-euc', there], { env });

  const [l1, l2] = [...stdout.matchAll(/^Deployed to: (0x\w{40})$/gmu)].map(([, address]) => address);
  expect(l1).not.toBe(l2);
  expect(stdout.endsWith(`\n${l2}\n${l1}\n`)).toBe(true);
  const messenger = new Contract(l1!, crossDomainGateway.abi, network.client.l1).getFunction('messenger');
  expect(await messenger()).toBe(network.deployment.l1Messenger);
});

test('an account that cannot pay deploys no gateways', async () => {
  const poor = Wallet.createRandom();
  const deployment = deployGateways(network.client, { l1Signer: poor, l2Signer: network.account('l2', 9) });
  await expect(deployment).rejects.toMatchObject({ code: 'insufficient-funds' });
});

test("a token crosses to L2 and back by OpenZeppelin's bridges over a pair of gateways", async () => {
  const { address } = network.account('l1', 8);
  const approved = (await token.getFunction('approve')(await vault.getAddress(), 100n)) as ContractTransactionResponse;
  await approved.wait();

  expect(await transfer(vault, interoperable('l2', address), 100n)).toMatchObject({ status: 'relayed' });
  expect(await balanceOf(onL2, address)).toBe(100n);
  expect(await balanceOf(token, address)).toBe(SUPPLY - 100n);

  expect(await transfer(onL2, interoperable('l1', address), 40n)).toMatchObject({ status: 'relayed' });
  expect(await balanceOf(onL2, address)).toBe(60n);
  expect(await balanceOf(token, address)).toBe(SUPPLY - 60n);
  expect(await balanceOf(token, await vault.getAddress())).toBe(60n);
});
