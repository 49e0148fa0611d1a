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

/**
 * Starts two chains, of which L2 executes deposits, and deploys a lane, all of whose roles are account 0.
 * @param args more options of both anvils
 * @param fraudProofWindow seconds
 */
export async function startLane(args: readonly string[] = [], fraudProofWindow = 10n): Promise<LaneChains> {
  const [l1, l2] = await Promise.all([
    startChain(900, ['--hardfork', 'prague', ...args]),
    startChain(901, ['--network', 'optimism', ...args]),
  ]);
  return await deployOn(l1, l2, fraudProofWindow);
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
  const lane: Deployment = {
    ...(await deployLane(signers, plan)),
    deposits: 'sequencer',
    l1DeployedAt: plan.l1.deployedAt,
    l2DeployedAt: plan.l2.deployedAt,
    l1RpcUrl: l1.url,
    l2RpcUrl: l2.url,
  };
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
