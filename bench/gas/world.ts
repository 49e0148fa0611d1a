import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keccak256, toBeHex, toQuantity } from 'ethers';

import { deployArtifact, startChain, type Chain } from '../../test/support/chain.ts';
import { deployOn, type LaneChains } from '../../test/support/lane.ts';
import type { targetFor } from './payloads.ts';
import { sendTransaction } from './transactions.ts';

/** Contracts that record what they are sent, by the length of what they take. */
type Recorders = Readonly<Record<ReturnType<typeof targetFor>, string>>;

/** Two chains with a lane and recorders, L2 with as many accounts as asked for. */
export interface World extends LaneChains {
  readonly recorders: { readonly l1: Recorders; readonly l2: Recorders };
  /** An account that sends messages and relays them, on both chains. */
  readonly user: string;
}

/** Timestamp of both genesis blocks: it goes into calldata, whose zero bytes cost less than others. */
const GENESIS_TIMESTAMP = '1700000000';

/**
 * Starts the chains; the same ones each time, down to the timestamps. Stop them.
 * @param accounts on L2, beside the lane's own and anvil's
 * @param shift transactions before the lane is deployed: for each number of them it has other addresses
 */
export async function startWorld(accounts: number, shift: number): Promise<World> {
  const [l1, l2] = await startChains(accounts);
  const deployer = l2.account(0).address;
  for (let sent = 0; sent < shift; sent++) {
    await sendTransaction(l2.provider, { from: deployer, to: deployer, data: '0x', gasLimit: 21_000 });
  }
  const chains = await deployOn(l1, l2);
  const { lane } = chains;
  const deploy = async (chain: Chain, messenger: string): Promise<Recorders> => {
    const first = await deployArtifact('Recorder', chain.account(0), messenger);
    const second = await deployArtifact('FallbackRecorder', chain.account(0), messenger);
    return { recorder: await first.getAddress(), fallbackRecorder: await second.getAddress() };
  };
  const recorders = { l1: await deploy(l1, lane.l1Messenger), l2: await deploy(l2, lane.l2Messenger) };
  return { ...chains, recorders, user: l1.account(2).address };
}

async function startChains(accounts: number): Promise<[Chain, Chain]> {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-bench-'));
  try {
    const genesis = join(folder, 'genesis.json');
    writeFileSync(genesis, JSON.stringify({ config: { chainId: 901 }, difficulty: '0x0', alloc: alloc(accounts) }));
    const common = ['--timestamp', GENESIS_TIMESTAMP];
    const chains = await Promise.all([
      startChain(900, ['--hardfork', 'prague', '--enable-tx-gas-limit', ...common]),
      startChain(901, ['--network', 'optimism', '--init', genesis, ...common]),
    ]);
    for (const { provider } of chains) await provider.send('anvil_setBlockTimestampInterval', [1]);
    return chains;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function alloc(accounts: number): Record<string, { balance: string }> {
  const addresses = Array.from({ length: accounts }, (_, index) => `0x${keccak256(toBeHex(index, 32)).slice(26)}`);
  return Object.fromEntries(addresses.map((address) => [address, { balance: toQuantity(10n ** 18n) }]));
}
