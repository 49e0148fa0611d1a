// Where the tests of `xdm deploy` run it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

import { planLane } from '../../sdk/actions/planLane.ts';
import { parseLanePlan, serializeLanePlan, type LanePlan } from '../../sdk/core/lanePlan.ts';
import type { Chain } from './chain.ts';
import { runCli, type CliOptions, type CliRun } from './cli.ts';
import { runMain } from './cliMain.ts';
import { startEmptyChains, type EmptyChains } from './emptyChains.ts';

export interface Deploy extends CliOptions {
  /** In place of the empty one. */
  readonly l2?: Chain;
  readonly args?: readonly string[];
  readonly out?: string;
}

/** Two chains on which nothing has happened, and an empty folder: both anew for each test. */
export class DeployWorld {
  #chains: EmptyChains | undefined;
  #folder = '';

  get chains(): EmptyChains {
    return this.#chains!;
  }

  get folder(): string {
    return this.#folder;
  }

  /** The deployment file that the command is to write. Its folder is not there. */
  get out(): string {
    return join(this.#folder, 'lanes', 'lane.json');
  }

  /** The file with the plan of a deployment that is not finished. */
  get planFile(): string {
    return `${this.out}.plan`;
  }

  async start(): Promise<void> {
    this.#chains = await startEmptyChains();
  }

  async reset(): Promise<void> {
    await this.chains.reset();
    this.#folder = mkdtempSync(join(tmpdir(), 'xdm-deploy-'));
  }

  leave(): void {
    rmSync(this.#folder, { recursive: true });
  }

  async stop(): Promise<void> {
    await this.#chains?.stop();
  }

  async deploy({ l2 = this.chains.l2, args = [], out = this.out, ...options }: Deploy = {}): Promise<CliRun> {
    const { l1 } = this.chains;
    const env = { PRIVATE_KEY: l1.account(0).privateKey, L1_RPC_URL: l1.url, L2_RPC_URL: l2.url };
    const line = ['deploy', '--out', out, ...args];
    // A process of its own takes more time, and is for what ends it.
    return Object.keys(options).length === 0 ? await runMain(line, env) : await runCli(line, { env, ...options });
  }

  /** Of the account that deploys, on L1 and on L2. */
  async nonces(): Promise<number[]> {
    const { l1Signer, l2Signer } = this.chains.signers();
    return [await l1Signer.getNonce(), await l2Signer.getNonce()];
  }

  /** The plan that the command makes where it is given no options. */
  async plan(): Promise<LanePlan> {
    const signers = this.chains.signers();
    const { address } = signers.l1Signer;
    const roles = { owner: address, proposer: address, challenger: address, guardian: address };
    const limit = (await this.chains.l2.provider.getBlock('latest'))!.gasLimit;
    const terms = { fraudProofWindow: 604_800n, maxBlockGas: (limit * 2n) / 3n, valueEnabled: true, genesisVault: 0n };
    return await planLane(signers, { ...roles, ...terms });
  }

  writePlan(plan: LanePlan): void {
    mkdirSync(dirname(this.planFile), { recursive: true });
    writeFileSync(this.planFile, serializeLanePlan(plan));
  }

  readPlan(): LanePlan {
    return parseLanePlan(readFileSync(this.planFile, 'utf8'), this.planFile);
  }
}

/** A world for the tests of a file. */
export function useDeployWorld(): DeployWorld {
  const world = new DeployWorld();
  beforeAll(async () => await world.start());
  afterAll(async () => await world.stop());
  beforeEach(async () => await world.reset());
  afterEach(() => world.leave());
  return world;
}
