import { spawn } from 'node:child_process';
import process from 'node:process';

import { Wallet } from 'ethers';
import { expect, onTestFinished, test } from 'vitest';

import {
  AttestorApi,
  AttestorMaintainer,
  type AttestorSource,
} from '../../sdk/chain/omnichain/maintenance/attestor.ts';
import { buildAttestorConfiguration } from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { attestorLightClientAt } from '../../sdk/chain/omnichain/maintenance/contracts.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { startChain } from '../support/chain.ts';
import { createProject } from '../support/project.ts';
import { codeBlocks } from '../support/readme.ts';
import { until } from '../support/until.ts';
import { firstOutput } from '../support/xdmProcess.ts';

const ATTESTED = 7000;
const HEIGHT = 9;

/** Runs the documentation's attestor in a project of its own. */
async function startAttestor(key: string, rpcUrl: string): Promise<string> {
  const program = codeBlocks('docs/adding-a-chain.md', 'js').find((text) => text.includes('ATTESTOR_KEY'))!;
  const project = createProject({ 'attestor.mjs': program }, { packages: ['ethers'] });
  const child = spawn(process.execPath, ['attestor.mjs'], {
    cwd: project.folder,
    env: { ...process.env, ATTESTOR_KEY: key, RPC_URL: rpcUrl, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    project.remove();
  });
  const [, port] = /on port (\d+)/u.exec(await firstOutput(child))!;
  return `http://127.0.0.1:${port}`;
}

test("a light client follows the documentation's attestor up to the block that is final", async () => {
  const chain = await startChain(ATTESTED, ['--hardfork', 'prague', '--slots-in-an-epoch', '1']);
  onTestFinished(async () => await chain.stop());
  const attestor = Wallet.createRandom();
  const { creationCode } = buildAttestorConfiguration({
    chainId: BigInt(ATTESTED),
    historyWindow: 0n,
    signers: [attestor.address],
    threshold: 1n,
  });
  const { provider } = chain;
  const deployed = await chain.account(0).sendTransaction({ data: creationCode });
  const address = (await waitForReceipt(provider, deployed.hash)).contractAddress!;
  await provider.send('anvil_mine', [HEIGHT]);
  const final = await provider.getBlock('finalized');

  const api = new AttestorApi(await startAttestor(attestor.privateKey, chain.url));
  const calls = await new AttestorMaintainer({ provider, address, of: BigInt(ATTESTED) }, api).next();
  for (const { to, data, gasLimit } of calls) {
    const { hash } = await chain.account(0).sendTransaction({ to, data, gasLimit });
    await waitForReceipt(provider, hash);
  }
  expect(final!.number).toBeGreaterThan(0);
  expect(await attestorLightClientAt(address, provider).head()).toEqual([BigInt(final!.number), final!.hash]);

  const client = { on: BigInt(ATTESTED), of: BigInt(ATTESTED), address };
  expect(await api.getAttestations(client, 1n, 3n)).toMatchObject([{ number: 3n }]);
  expect(await api.getAttestations(client, 1n, 1000n)).toEqual([]);
  expect(await api.getAttestations({ ...client, of: 1n }, 1n)).toEqual([]);

  // Of blocks that are wanted none is asked for only once there is an answer to another one.
  await provider.send('anvil_mine', [HEIGHT]);
  const wanted = [1n, 7n].map((offset) => BigInt(final!.number) + offset);
  // The program's provider gives the same answer again for a moment.
  await until(async () => (await api.getAttestations(client, 1n, wanted[1])).length > 0);
  const everyOne = Promise.withResolvers<undefined>();
  let left = wanted.length;
  const patient: AttestorSource = {
    getRotations: async (...of) => await api.getRotations(...of),
    async getAttestations(...of) {
      left -= 1;
      if (left === 0) everyOne.resolve(undefined);
      await everyOne.promise;
      return await api.getAttestations(...of);
    },
  };
  const maintainer = new AttestorMaintainer({ provider, address, of: BigInt(ATTESTED) }, patient);
  expect((await maintainer.next(async () => await Promise.resolve(wanted))).map(({ block }) => block)).toEqual(wanted);
});
