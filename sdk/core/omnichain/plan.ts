import { AbiCoder, keccak256 } from 'ethers';
import { z } from 'zod';

import { address, natural, object, parseJson, serializeJson, url, version } from '../jsonFile.ts';
import { deployedAddress } from '../laneDeployer.ts';
import { laneDeployerOf, type ChainPlan } from '../lanePlan.ts';
import { bytes, place, plannedLightClient, type PlannedLightClient } from './addition.ts';
import { chainName, headerForm, type HeaderForm, type OmnichainDeployment } from './deployment.ts';

/** A chain that is to have a service, who deploys there, and with which nonce at first. */
export interface PlannedChain extends ChainPlan {
  readonly name: string;
  /** What goes into the deployment file. */
  readonly rpcUrl?: string | undefined;
  readonly headers: HeaderForm;
  /** Who is offered its service in the end. */
  readonly owner: string;
  /** What creates its service, hex. */
  readonly serviceCode: string;
}

/** A light client that is to be deployed: on a chain, of another one. */
export interface PlannedBetween extends PlannedLightClient {
  readonly on: bigint;
  readonly of: bigint;
}

/** How an omnichain lane is deployed: all that is fixed before the first transaction. */
export interface OmnichainPlan {
  /** The relay chain first. */
  readonly chains: readonly [relay: PlannedChain, ...others: PlannedChain[]];
  readonly lightClients: readonly PlannedBetween[];
  /** What a message costs to begin with, from each chain to each other, in wei. */
  readonly fee: { readonly perMessage: bigint; readonly perGas: bigint };
}

/** A contract of a plan: a chain's service, or a light client on it. */
export interface PlannedContract {
  readonly on: bigint;
  /** Id of the chain that it is a light client of; undefined for the service. */
  readonly of: bigint | undefined;
}

/** The salt with which a lane deployer deploys a contract. It depends on all contracts of the plan: what stands at its address is planned. */
export function plannedSalt({ chains, lightClients }: OmnichainPlan, { on, of }: PlannedContract): string {
  const services = chains.map(({ chainId, account, nonce, serviceCode }) => [
    chainId,
    account,
    nonce,
    keccak256(serviceCode),
  ]);
  const clients = lightClients.map((each) => [each.on, each.of, keccak256(each.creationCode)]);
  const types = ['(uint256,address,uint256,bytes32)[]', '(uint256,uint256,bytes32)[]', 'uint256', 'uint256'];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [services, clients, on, of ?? 0n]));
}

/** Where a contract of a plan will be. */
function plannedAddress(plan: OmnichainPlan, contract: PlannedContract): string {
  const chain = plan.chains.find(({ chainId }) => chainId === contract.on)!;
  return deployedAddress(laneDeployerOf(chain), plannedSalt(plan, contract));
}

/** The lane that a plan leads to. */
export function plannedOmnichain(plan: OmnichainPlan): OmnichainDeployment {
  const { chains, lightClients } = plan;
  return {
    relayChainId: chains[0].chainId,
    chains: chains.map(({ chainId, name, deployedAt, rpcUrl, headers }) => {
      const service = plannedAddress(plan, { on: chainId, of: undefined });
      return { chainId, name, service, deployedAt, rpcUrl, headers };
    }),
    lightClients: lightClients.map(({ on, of, kind, sources }) => {
      return { on, of, kind, address: plannedAddress(plan, { on, of }), sources };
    }),
  };
}

/** Version of the file's format. */
const VERSION = 1;

const KIND = 'omnichain-plan';

const chain = place.extend({
  name: chainName,
  rpcUrl: url.optional(),
  headers: headerForm,
  owner: address,
  serviceCode: bytes,
});

const schema = object({
  kind: z.literal(KIND, { error: `"${KIND}"` }),
  version: version(VERSION),
  chains: z.tuple([chain], chain, { error: 'a list of chains' }),
  lightClients: z.array(plannedLightClient.extend({ on: natural, of: natural }), { error: 'a list of light clients' }),
  fee: object({ perMessage: natural, perGas: natural }),
});

/**
 * Reads a plan's file.
 * @param text JSON, as `serializeOmnichainPlan` writes it
 * @param source what to call it in an error, such as the file's path
 * @throws {XdmError} `invalid-deployment`, with the offending key and value
 */
export function parseOmnichainPlan(text: string, source: string): OmnichainPlan {
  const {
    kind: _kind,
    version: _version,
    ...plan
  } = parseJson(text, schema, {
    source,
    subject: 'how an omnichain lane is deployed',
    code: 'invalid-deployment',
    hint: 'delete it to plan anew',
  });
  return plan;
}

/** A plan's file. */
export function serializeOmnichainPlan(plan: OmnichainPlan): string {
  return serializeJson({ kind: KIND, version: VERSION, ...plan });
}
