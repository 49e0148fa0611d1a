// The plan of a deployment on disk, by which a run that broke off is gone on with.
import { rmSync } from 'node:fs';

import { deployLane, type DeployLaneOptions } from '../sdk/actions/deployLane.ts';
import { planLane, type PlanLaneParameters } from '../sdk/actions/planLane.ts';
import { connectionOf, type LaneSigners } from '../sdk/chain/signers.ts';
import { XdmError } from '../sdk/core/errors.ts';
import { parseLanePlan, plannedLane, serializeLanePlan, type LanePlan } from '../sdk/core/lanePlan.ts';
import { readIfThere, writeResult } from './files.ts';
import { isOvertaken, verifyMadeBefore, type PlannedAt } from './plannedChain.ts';

export interface PlannedDeployment {
  readonly signers: LaneSigners;
  readonly terms: PlanLaneParameters;
  /** Whether the L2 gas of deposits was asked for; otherwise it follows from L2's latest block. */
  readonly isBlockGasAsked: boolean;
  /** The plan's file. */
  readonly path: string;
  /** Whether a plan that can no longer be carried out may be made anew. */
  readonly isReplanning: boolean;
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
 * The plan in a file. One that is not there is made, and written before anything is sent; so is, where that is allowed, one that can
 * no longer be carried out.
 * @throws {XdmError} `invalid-argument` where the file's plan is of another lane, or would have to be made anew, and what planning
 * throws
 */
export async function planByFile(deployment: PlannedDeployment): Promise<FiledPlan> {
  const plan = await readPlan(deployment);
  if (plan === undefined) return { plan: await writePlan(deployment), isOld: false };
  if (!(await isAnyOvertaken(deployment.signers, plan))) return { plan, isOld: true };
  const cause = new XdmError('plan-stale', `the account has sent something else since ${deployment.path} was written`);
  return { plan: await planAnew(deployment, plan, cause), isOld: false };
}

/**
 * Deploys a lane by the plan in a file. An old one that can no longer be carried out is made anew where that is allowed.
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
    const renewed = await planAnew(deployment, plan, error);
    await deployLane(signers, renewed, { onStep });
    return renewed;
  }
}

async function isAnyOvertaken(signers: LaneSigners, plan: LanePlan): Promise<boolean> {
  return (await Promise.all(chainsOf(signers, plan).map(isOvertaken))).includes(true);
}

function chainsOf({ l1Signer, l2Signer }: LaneSigners, { l1, l2 }: LanePlan): readonly PlannedAt[] {
  return [
    { plan: l1, provider: connectionOf(l1Signer), name: 'L1' },
    { plan: l2, provider: connectionOf(l2Signer), name: 'L2' },
  ];
}

/**
 * Makes a plan anew, as long as no contract of it is there: another lane would be paid for again, its vault included. Its addresses
 * are others than those that were shown and maybe passed on, so whoever deploys has to say so.
 */
async function planAnew(deployment: PlannedDeployment, plan: LanePlan, cause: XdmError): Promise<LanePlan> {
  const { signers, path, isReplanning, log } = deployment;
  if (await isBegun(signers, plan)) throw begun(cause, path);
  // By the terms that were shown, too: whoever is refused here is told the addresses that come of it.
  const renewed = await planLane(signers, planTerms(deployment, plan));
  if (isReplanning) {
    log(`planning anew: ${cause.message}`);
    return keepPlan(renewed, path);
  }
  const [old, other] = [plannedLane(plan), plannedLane(renewed)];
  const moved = (['l1Messenger', 'l2Messenger'] as const).map((name) => `${name} ${other[name]}, not ${old[name]}`);
  throw new XdmError('invalid-argument', `${cause.message}: the lane would get other addresses, ${moved.join('; ')}`, {
    cause,
    hint: 'to deploy at these, say --replan, and pass them on to whoever was told the others',
  });
}

/** Whether a contract of the lane is there. Lane deployers alone hold nothing. */
async function isBegun({ l1Signer, l2Signer }: LaneSigners, plan: LanePlan): Promise<boolean> {
  const lane = plannedLane(plan);
  const onL1 = [lane.batches, lane.stateCommitmentChain, lane.canonicalTransactionChain, lane.l1Messenger];
  const onL2 = [lane.messagePasser, lane.l2Messenger];
  const codes = await Promise.all([
    ...onL1.map(async (address) => await connectionOf(l1Signer).getCode(address)),
    ...onL2.map(async (address) => await connectionOf(l2Signer).getCode(address)),
  ]);
  return codes.some((code) => code !== '0x');
}

function begun(cause: XdmError, path: string): XdmError {
  return new XdmError('plan-stale', `${cause.message}; contracts of the lane that ${path} plans are there already`, {
    cause,
    hint: `go on with the version of xdm that has begun it; only who gives up what is there, its vault included, deletes ${path}`,
  });
}

/** Forgets the plan once the lane is described elsewhere. */
export function removePlan(path: string): void {
  rmSync(path, { force: true });
}

async function writePlan({ signers, terms, path }: PlannedDeployment): Promise<LanePlan> {
  return keepPlan(await planLane(signers, terms), path);
}

function keepPlan(plan: LanePlan, path: string): LanePlan {
  verifyStartBlock(plan);
  writeResult(path, serializeLanePlan(plan));
  return plan;
}

/** What is asked for, and what nobody asked for as the chains were when a plan was made. */
function planTerms({ terms, isBlockGasAsked }: PlannedDeployment, plan: LanePlan): PlanLaneParameters {
  const maxBlockGas = isBlockGasAsked ? terms.maxBlockGas : plan.maxBlockGas;
  return { ...terms, maxBlockGas, startBlock: terms.startBlock ?? plan.startBlock };
}

async function readPlan(deployment: PlannedDeployment): Promise<LanePlan | undefined> {
  const { signers, path, log } = deployment;
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const plan = parseLanePlan(text, path);
  const asked = await planLane(signers, planTerms(deployment, plan));
  verifyPlannedBlocks(plan, asked, path);
  verifyStartBlock(asked);
  const compared = [
    ['L1 chain id', plan.l1.chainId, asked.l1.chainId],
    ['L2 chain id', plan.l2.chainId, asked.l2.chainId],
    ['account on L1', plan.l1.account, asked.l1.account],
    ['account on L2', plan.l2.account, asked.l2.account],
    // A plan is only a file: of it is taken over only what nobody has asked for otherwise, which is the L2 gas of deposits and the
    // start block; and the blocks that it was made at.
    ['owner', plan.owner, asked.owner],
    ['proposer', plan.proposer, asked.proposer],
    ['challenger', plan.challenger, asked.challenger],
    ['guardian', plan.guardian, asked.guardian],
    ['allowlist', plan.allowlist, asked.allowlist],
    ['challenge period', plan.fraudProofWindow, asked.fraudProofWindow],
    ['L2 gas of deposits in a block', plan.maxBlockGas, asked.maxBlockGas],
    ['start block', plan.startBlock, asked.startBlock],
    ['vault of', plan.genesisVault, asked.genesisVault],
    ['value', onOrOff(plan.valueEnabled), onOrOff(asked.valueEnabled)],
  ] as const;
  const difference = compared.find(([, planned, wanted]) => planned !== wanted);
  if (difference === undefined) {
    for (const chain of chainsOf(deployment.signers, plan)) await verifyMadeBefore(chain, path, log);
    return plan;
  }
  const [what, planned, wanted] = difference;
  throw new XdmError('invalid-argument', `${path} plans a lane with ${what} ${planned}, and ${wanted} is asked for`, {
    hint: 'repeat the command that broke off, or delete the file to deploy another lane',
  });
}

/** No state root can be committed before L2 has come so far. */
function verifyStartBlock({ startBlock, l2 }: LanePlan): void {
  if (startBlock <= l2.deployedAt) return;
  throw new XdmError('invalid-argument', `the start block ${startBlock} is above L2's latest block ${l2.deployedAt}`, {
    hint: 'give a block that L2 has, or none for the latest',
  });
}

/** Logs are read from there on: what a lane does before that block, nobody would see. */
function verifyPlannedBlocks(plan: LanePlan, now: LanePlan, path: string): void {
  for (const side of ['l1', 'l2'] as const) {
    const [planned, head] = [plan[side].deployedAt, now[side].deployedAt];
    if (planned <= head) continue;
    throw new XdmError(
      'invalid-argument',
      `${path} was made at block ${planned} of ${side.toUpperCase()}, whose latest block is ${head}`,
      { hint: 'ask an endpoint that is in sync, or delete the file to plan anew' },
    );
  }
}

function onOrOff(enabled: boolean): string {
  return enabled ? 'on' : 'off';
}
