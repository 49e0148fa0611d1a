import { deployLane } from '../../sdk/actions/deployLane.ts';
import { planLane } from '../../sdk/actions/planLane.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import { startChain, type Chain } from './chain.ts';

/** A lane on two chains of a test's own. */
export interface LaneChains {
  readonly l1: Chain;
  readonly l2: Chain;
  /** With the endpoints of both chains. */
  readonly lane: Deployment;
  /** What the SDK's actions take. */
  readonly client: LaneClient;
  stop(): Promise<void>;
}

/** A lane, and the state of chains that hold nothing else, as anvil dumps it. */
interface Deployed {
  readonly lane: Deployment;
  readonly l1: string;
  readonly l2: string;
}

/** What this process has deployed once, by the fraud-proof window: to load it takes a fiftieth of the time. */
const deployed = new Map<bigint, Deployed>();

/**
 * Starts two chains with a lane, all of whose roles are account 0. L2 executes deposits.
 * @param args more options of both anvils
 * @param fraudProofWindow seconds
 */
export async function startLane(args: readonly string[] = [], fraudProofWindow = 10n): Promise<LaneChains> {
  const [l1, l2] = await Promise.all([
    startChain(900, ['--hardfork', 'prague', ...args]),
    startChain(901, ['--network', 'optimism', ...args]),
  ]);
  const known = deployed.get(fraudProofWindow);
  if (known !== undefined) {
    await Promise.all([l1.load(known.l1), l2.load(known.l2)]);
    // What was loaded can be minutes old, and a chain whose last block is so has stopped.
    await Promise.all([l1, l2].map(async ({ provider }) => await provider.send('evm_mine', [])));
    return laneOn(l1, l2, known.lane);
  }
  const chains = await deployOn(l1, l2, fraudProofWindow);
  const [l1State, l2State] = await Promise.all([l1.dump(), l2.dump()]);
  deployed.set(fraudProofWindow, { lane: chains.lane, l1: l1State, l2: l2State });
  return chains;
}

/** Deploys a lane on two chains that run, all of whose roles are account 0. */
export async function deployOn(l1: Chain, l2: Chain, fraudProofWindow = 10n): Promise<LaneChains> {
  const deployer = l1.account(0);
  const signers = { l1Signer: deployer, l2Signer: l2.account(0) };
  const plan = await planLane(signers, {
    owner: deployer.address,
    proposer: deployer.address,
    challenger: deployer.address,
    guardian: deployer.address,
    fraudProofWindow,
    maxBlockGas: 20_000_000n,
    startBlock: 0n,
    valueEnabled: true,
    genesisVault: 0n,
  });
  const lane = await deployLane(signers, plan);
  const { deployedAt: l1DeployedAt } = plan.l1;
  const { deployedAt: l2DeployedAt } = plan.l2;
  return laneOn(l1, l2, { ...lane, deposits: 'sequencer', l1DeployedAt, l2DeployedAt });
}

function laneOn(l1: Chain, l2: Chain, deployment: Deployment): LaneChains {
  const lane: Deployment = { ...deployment, l1RpcUrl: l1.url, l2RpcUrl: l2.url };
  return {
    l1,
    l2,
    lane,
    client: { lane, l1: l1.provider, l2: l2.provider },
    async stop() {
      await Promise.all([l1.stop(), l2.stop()]);
    },
  };
}
