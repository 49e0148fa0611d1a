// What a lane will be or is, and what it takes, for readers; scripts get the same as JSON.
import type { Signer } from 'ethers';

import { estimateOmnichain } from '../../sdk/actions/omnichain/deployOmnichain.ts';
import {
  findChain,
  serializeOmnichainDeployment,
  type OmnichainDeployment,
} from '../../sdk/core/omnichain/deployment.ts';
import { plannedOmnichain } from '../../sdk/core/omnichain/plan.ts';
import { formatNested, type Values } from '../format.ts';
import type { Output, TextResult } from '../output.ts';
import { prospectsOf, prospectsText, prospectValues, type Prospect } from './prospects.ts';
import type { FiledLane } from './undertaking.ts';

/**
 * What a deployment takes on each chain. Tries each creation.
 * @throws {XdmError} what a contract refuses
 */
export async function previewLane(lane: FiledLane, output: Output): Promise<Prospect[]> {
  const signerOn = (name: string): Signer => lane.places.find((place) => place.name === name)!.signer;
  return await prospectsOf(await estimateOmnichain(lane), signerOn, output);
}

/** What a plan leads to, and takes. */
export function plannedResult({ plan }: FiledLane, prospects: readonly Prospect[], planFile: string): TextResult {
  const lane = plannedOmnichain(plan);
  const trusts = (on: bigint, of: bigint): string =>
    plan.lightClients.find((each) => each.on === on && each.of === of)!.trusts;
  const costs = prospects.map(prospectValues);
  const owners = new Map(plan.chains.map(({ chainId, owner }) => [chainId, owner]));
  const chains = lane.chains.map((chain) => ({ ...chain, owner: owners.get(chain.chainId) }));
  const lightClients = lane.lightClients.map((each) => ({ ...each, trusts: trusts(each.on, each.of) }));
  const fee = { perMessage: plan.fee.perMessage, perGas: plan.fee.perGas };
  return {
    values: { planFile, relayChain: lane.relayChainId, chains, lightClients, fee, costs },
    texts: {
      ...tables(lane, owners),
      fee: `${fee.perMessage} wei, and ${fee.perGas} for each unit of gas`,
      costs: prospectsText(prospects),
    },
  };
}

/** A lane that is deployed: as the file says, and for readers by tables. */
export function deployedResult(lane: OmnichainDeployment, { plan }: FiledLane, deploymentFile: string): TextResult {
  const values = JSON.parse(serializeOmnichainDeployment(lane)) as Values;
  const owners = new Map(plan.chains.map(({ chainId, owner }) => [chainId, owner]));
  return { values: { deploymentFile, ...values }, texts: tables(lane, owners) };
}

function tables(lane: OmnichainDeployment, owners: ReadonlyMap<bigint, string>): Readonly<Record<string, string>> {
  const nameOf = (id: bigint): string => findChain(lane, id).name;
  return {
    relayChain: nameOf(lane.relayChainId),
    chains: formatNested(
      lane.chains.map(({ chainId, name, service }) => ({ name, chainId, service, owner: owners.get(chainId) })),
    ),
    lightClients: formatNested(
      lane.lightClients.map(({ on, of, kind, address }) => ({ on: nameOf(on), of: nameOf(of), kind, address })),
    ),
  };
}
