// What demonstrations have in common: a local network of their own, what they print, and that they leave nothing behind.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { Contract, ContractFactory, type InterfaceAbi, type Wallet } from 'ethers';

import type { LocalNetwork } from '../devnet/localNetwork.ts';

/** Longest time for one message, milliseconds; it takes some 15 seconds. */
export const DEADLINE_MS = 90_000;

export const say = (line = ''): void => console.log(line);
export const step = (name: string, text: string): void => say(`  ${name.padEnd(26)}${text}`);

/** Deploys a contract of the examples, and says so. */
export async function deployExample(
  { contract, place }: { readonly contract: string; readonly place: string },
  wallet: Wallet,
  args: readonly unknown[],
): Promise<Contract> {
  const artifact = `cache/examples/out/${contract}.sol/${contract}.json`;
  const { abi, bytecode } = JSON.parse(readFileSync(artifact, 'utf8')) as {
    abi: InterfaceAbi;
    bytecode: { object: string };
  };
  const deployed = await new ContractFactory(abi, bytecode.object, wallet).deploy(...args);
  const receipt = await deployed.deploymentTransaction()?.wait();
  const address = await deployed.getAddress();
  step(`greeter on ${place}`, `${address}   ${receipt?.gasUsed.toLocaleString('en')} gas`);
  return new Contract(address, abi, wallet);
}

/** What is shown, on which network. */
export interface Demonstration<Network extends LocalNetwork> {
  /** What it says first: a start takes some seconds. */
  readonly title: string;
  readonly start: (dataDir: string) => Promise<Network>;
  /** Whether all that was sent has arrived. */
  readonly run: (network: Network) => Promise<boolean>;
  readonly success: string;
}

/** Runs a demonstration on a network of its own, which it ends. What did not arrive, or is no success otherwise, is the exit code 1. */
export async function demonstrate<Network extends LocalNetwork>(shown: Demonstration<Network>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xdm-demo-'));
  let network: Network | undefined;
  const stop = async (): Promise<void> => {
    await network?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  // Not once: Ctrl-C can reach this process twice, from the terminal and from npm.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    say(shown.title);
    network = await shown.start(dataDir);
    const isDone = await shown.run(network);
    say();
    say(isDone ? shown.success : 'A greeting did not arrive as it was sent.');
    say();
    process.exitCode = isDone ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await stop();
  }
}
