// The plan of a deployment on disk, by which a run that broke off is gone on with.
import { rmSync } from 'node:fs';

import { deployLane, type DeployLaneOptions } from '../sdk/actions/deployLane.ts';
import { planLane, type PlanLaneParameters } from '../sdk/actions/planLane.ts';
import { connectionOf, type LaneSigners } from '../sdk/chain/signers.ts';
import { XdmError } from '../sdk/core/errors.ts';
import { laneDeployerOf, parseLanePlan, serializeLanePlan, type LanePlan } from '../sdk/core/lanePlan.ts';
import { readIfThere, writeResult } from './files.ts';

export interface PlannedDeployment {
  readonly signers: LaneSigners;
  readonly terms: PlanLaneParameters;
  /** The plan's file. */
  readonly path: string;
  readonly log: (line: string) => void;
  readonly onStep: DeployLaneOptions['onStep'];
}

/** A plan that stands in its file. */
export interface FiledPlan {
  readonly plan: LanePlan;
  /** Whether it stood there before. */
  readonly isOld: boolean;
}

/**
 * The plan in a file. One that is not there is made, and written before anything is sent.
 * @throws {XdmError} `invalid-argument` where the file's plan is of another lane, and what planning throws
 */
export async function planByFile(deployment: PlannedDeployment): Promise<FiledPlan> {
  const plan = await readPlan(deployment);
  return plan === undefined ? { plan: await writePlan(deployment), isOld: false } : { plan, isOld: true };
}

/**
 * Deploys a lane by the plan in a file. An old one that can no longer be carried out is made anew.
 * @throws {XdmError} what planning and deploying throw
 */
export async function deployByFile(deployment: PlannedDeployment, { plan, isOld }: FiledPlan): Promise<LanePlan> {
  const { signers, path, log, onStep } = deployment;
  if (isOld) log(`going on with the deployment that ${path} plans`);
  try {
    await deployLane(signers, plan, { onStep });
    return plan;
  } catch (error) {
    if (!isOld || !(error instanceof XdmError) || error.code !== 'plan-stale') throw error;
    log(`planning anew: ${error.message}`);
  }
  const renewed = await writePlan(deployment);
  await deployLane(signers, renewed, { onStep });
  return renewed;
}

/** Whether the account has sent something else since the plan was made: it can be carried out no more, and is made anew. */
export async function isOvertaken({ l1Signer, l2Signer }: LaneSigners, { l1, l2 }: LanePlan): Promise<boolean> {
  const sides = [
    { provider: connectionOf(l1Signer), plan: l1 },
    { provider: connectionOf(l2Signer), plan: l2 },
  ];
  const overtaken = await Promise.all(
    sides.map(async ({ provider, plan }) => {
      const [nonce, code] = await Promise.all([
        provider.getTransactionCount(plan.account),
        provider.getCode(laneDeployerOf(plan)),
      ]);
      return nonce > plan.nonce && code === '0x';
    }),
  );
  return overtaken.includes(true);
}

/** Forgets the plan once the lane is described elsewhere. */
export function removePlan(path: string): void {
  rmSync(path, { force: true });
}

async function writePlan({ signers, terms, path }: PlannedDeployment): Promise<LanePlan> {
  const plan = await planLane(signers, terms);
  writeResult(path, serializeLanePlan(plan));
  return plan;
}

async function readPlan({ signers, terms, path }: PlannedDeployment): Promise<LanePlan | undefined> {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const plan = parseLanePlan(text, path);
  const asked = await planLane(signers, terms);
  const compared = [
    ['L1 chain id', plan.l1.chainId, asked.l1.chainId],
    ['L2 chain id', plan.l2.chainId, asked.l2.chainId],
    ['account on L1', plan.l1.account, asked.l1.account],
    ['account on L2', plan.l2.account, asked.l2.account],
    // A plan is only a file: nothing of it is taken over that was not asked for.
    ['owner', plan.owner, asked.owner],
    ['proposer', plan.proposer, asked.proposer],
    ['challenger', plan.challenger, asked.challenger],
    ['guardian', plan.guardian, asked.guardian],
    ['allowlist', plan.allowlist, asked.allowlist],
    ['challenge period', plan.fraudProofWindow, asked.fraudProofWindow],
    ['L2 gas of deposits in a block', plan.maxBlockGas, asked.maxBlockGas],
    // L2's latest block, which is another one by now, unless one was asked for.
    ['start block', plan.startBlock, terms.startBlock ?? plan.startBlock],
    ['vault of', plan.genesisVault, asked.genesisVault],
    ['value', onOrOff(plan.valueEnabled), onOrOff(asked.valueEnabled)],
  ] as const;
  const difference = compared.find(([, planned, wanted]) => planned !== wanted);
  if (difference === undefined) return plan;
  const [what, planned, wanted] = difference;
  throw new XdmError('invalid-argument', `${path} plans a lane with ${what} ${planned}, and ${wanted} is asked for`, {
    hint: 'repeat the command that broke off, or delete the file to deploy another lane',
  });
}

function onOrOff(enabled: boolean): string {
  return enabled ? 'on' : 'off';
}
