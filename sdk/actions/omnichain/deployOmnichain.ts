import { ZeroAddress } from 'ethers';

import { laneDeployer } from '../../abi/LaneDeployer.ts';
import { creationCode } from '../../chain/creationCode.ts';
import {
  accountOn,
  CALL_GAS,
  contractCreation,
  creationGas,
  laneDeployerCreation,
  type ChainEstimate,
  type PlannedCreation,
  type PlannedPlace,
} from '../../chain/omnichain/plannedCreations.ts';
import {
  handover,
  pricing,
  registration,
  transactionOf,
  type PlannedCall,
  type ServiceCall,
} from '../../chain/omnichain/serviceCalls.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { sendOnce, type OneTimeTransaction } from '../../chain/sendOnce.ts';
import { connectionOf } from '../../chain/signers.ts';
import { XdmError } from '../../core/errors.ts';
import type { OmnichainDeployment } from '../../core/omnichain/deployment.ts';
import { plannedOmnichain, plannedSalt, type OmnichainPlan, type PlannedContract } from '../../core/omnichain/plan.ts';
import { planOmnichain, type PlanOmnichainParameters } from './planOmnichain.ts';

/** What an omnichain lane is deployed with. */
export interface DeployOmnichainParameters extends PlanOmnichainParameters {
  /** As `planOmnichain` made it of the same; made now where it is not given. With it a run that broke off is gone on with. */
  readonly plan?: OmnichainPlan | undefined;
  /** Told of each step when it is done; of those that were done already, too. */
  readonly onStep?: ((step: OmnichainStep) => void) | undefined;
  /** Ends the run between two steps, or while it waits. It can be repeated. */
  readonly signal?: AbortSignal | undefined;
}

/** Something that was to be done, and is done now. */
export interface OmnichainStep {
  /** Name of the chain that it was done on. */
  readonly on: string;
  /** Name of the chain that the contract is a light client of, or that the service is told of. */
  readonly of: string | undefined;
  readonly what: 'LaneDeployer' | 'service' | 'light client' | ServiceCall['purpose'];
  /** The contract that was created, or called. */
  readonly address: string;
  /** None where another run has done it. */
  readonly transactionHash: string | undefined;
  readonly gasUsed: bigint | undefined;
}

/**
 * Deploys an omnichain lane: a service on each chain, light clients between the relay chain and the others, each registered with the
 * others. Repeated with the same plan when it fails, it goes on where the last run stopped, and neither creates nor pays for anything twice.
 * @throws {XdmError} `invalid-argument` where a light client is missing, or a signer is not the plan's; `plan-stale` when the plan cannot
 * be carried out any more, `insufficient-funds`, `timeout`, the code of what a contract refuses, and what the endpoints throw
 */
export async function deployOmnichain(parameters: DeployOmnichainParameters): Promise<OmnichainDeployment> {
  const plan = parameters.plan ?? (await planOmnichain(parameters));
  try {
    const steps = await stepsOf(plan, parameters);
    // Until all lane deployers are there, nothing of the plan is; a service is told of others that are.
    for (const stage of ['deployer', 'contracts', 'calls'] as const) {
      await settled(steps.map(async (onChain) => await takeAll(onChain[stage], parameters)));
    }
    return plannedOmnichain(plan);
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * What is left to be paid for on each chain, without sending anything: parameters that a contract refuses show.
 * @throws {XdmError} as `deployOmnichain`
 */
export async function estimateOmnichain(parameters: DeployOmnichainParameters): Promise<ChainEstimate[]> {
  const plan = parameters.plan ?? (await planOmnichain(parameters));
  try {
    const steps = await stepsOf(plan, parameters);
    return await Promise.all(
      steps.map(async ({ deployer, contracts, calls }): Promise<ChainEstimate> => {
        const left = await undone([...deployer, ...contracts, ...calls]);
        const gas = await Promise.all(left.map(gasOf));
        return { on: deployer[0]!.told.on, gas: gas.reduce((sum, each) => sum + each, 0n), transactions: left.length };
      }),
    );
  } catch (error) {
    throw toXdmError(error);
  }
}

/** Ends once all have ended: what is sent on one chain is told, though another one fails. */
async function settled(runs: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** One after the other: an account's nonces are counted by its chain. */
async function takeAll(steps: readonly Step[], { onStep, signal }: DeployOmnichainParameters): Promise<void> {
  for (const { place, told, transaction } of steps) {
    const receipt = await sendOnce(transaction, { signer: place.signer, signal });
    onStep?.({ ...told, transactionHash: receipt?.hash, gasUsed: receipt?.gasUsed });
  }
}

async function undone(steps: readonly Step[]): Promise<Step[]> {
  const done = await Promise.all(steps.map(async ({ transaction }) => await transaction.isDone()));
  return steps.filter((_, position) => done[position] === false);
}

async function gasOf({ place, code }: Step): Promise<bigint> {
  return code === undefined ? CALL_GAS : await creationGas(place, code);
}

interface Step {
  readonly place: PlannedPlace;
  readonly told: Omit<OmnichainStep, 'transactionHash' | 'gasUsed'>;
  readonly transaction: OneTimeTransaction;
  /** What creates the contract, hex; undefined of a call. */
  readonly code: string | undefined;
}

interface StepsOnChain {
  readonly deployer: readonly Step[];
  readonly contracts: readonly Step[];
  readonly calls: readonly Step[];
}

/** All that a plan does, by chains. */
async function stepsOf(plan: OmnichainPlan, { places }: PlanOmnichainParameters): Promise<StepsOnChain[]> {
  return await Promise.all(
    plan.chains.map(async (chain): Promise<StepsOnChain> => {
      const found = places.find(({ name }) => name === chain.name);
      if (found === undefined) {
        throw new XdmError('invalid-argument', `the plan is for a chain ${chain.name}, for which there is no signer`);
      }
      const signer = await accountOn(connectionOf(found.signer), found.signer, chain);
      const place = { plan: chain, signer, name: chain.name };
      return { deployer: [deployerStep(place)], contracts: contractSteps(plan, place), calls: callSteps(plan, place) };
    }),
  );
}

function deployerStep(place: PlannedPlace): Step {
  const { address, transaction } = laneDeployerCreation(place);
  const code = creationCode(laneDeployer, [place.plan.account]);
  return { place, told: { on: place.name, of: undefined, what: 'LaneDeployer', address }, transaction, code };
}

function contractSteps(plan: OmnichainPlan, place: PlannedPlace): Step[] {
  const { chainId: on } = place.plan;
  const { serviceCode } = plan.chains.find(({ chainId }) => chainId === on)!;
  const created = (contract: PlannedContract, what: 'service' | 'light client', code: string): Step => {
    const deployed: PlannedCreation = contractCreation(place, { what, salt: plannedSalt(plan, contract), code });
    const of = plan.chains.find(({ chainId }) => chainId === contract.of)?.name;
    return { place, told: { on: place.name, of, what, address: deployed.address }, ...deployed, code };
  };
  const clients = plan.lightClients.filter((each) => each.on === on);
  return [
    created({ on, of: undefined }, 'service', serviceCode),
    ...clients.map(({ of, creationCode: code }) => created({ on, of }, 'light client', code)),
  ];
}

/** What a service is told: of the other chains, what messages to them cost, and whose it is. */
function callSteps(plan: OmnichainPlan, place: PlannedPlace): Step[] {
  const { chains, lightClients } = plannedOmnichain(plan);
  const { chainId, account } = place.plan;
  const { owner } = plan.chains.find((chain) => chain.chainId === chainId)!;
  const service = { ...chains.find((chain) => chain.chainId === chainId)!, provider: connectionOf(place.signer) };
  const told = (call: PlannedCall): Step => {
    const what = { on: place.name, of: call.of, what: call.purpose, address: call.to };
    return { place, told: what, transaction: transactionOf(call), code: undefined };
  };
  const others = chains.filter((chain) => chain.chainId !== chainId);
  return [
    ...others.flatMap((other) => {
      const known = lightClients.find(({ on, of }) => on === chainId && of === other.chainId)?.address;
      const registered = { ...other, lightClient: known ?? ZeroAddress };
      return [told(registration(service, registered)), told(pricing(service, other, plan.fee))];
    }),
    ...(owner === account ? [] : [told(handover(service, account, owner))]),
  ];
}
