import { AbiCoder, keccak256 } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../errors.ts';
import { address, natural, object, parseJson, serializeJson, url, version } from '../jsonFile.ts';
import { deployedAddress } from '../laneDeployer.ts';
import { laneDeployerOf, type ChainPlan } from '../lanePlan.ts';
import {
  chainName,
  headerForm,
  lightClientKind,
  type HeaderForm,
  type LightClientKind,
  type OmnichainDeployment,
} from './deployment.ts';

/** A light client with all that it will be. */
export interface PlannedLightClient {
  readonly kind: LightClientKind;
  /** Hex. */
  readonly creationCode: string;
  readonly sources: readonly string[];
  /** What it believes from the beginning, for whoever deploys it to compare with what others say. */
  readonly trusts: string;
}

/** How a chain is added to a lane: all that is fixed before the first transaction. */
export interface ChainAddition {
  readonly name: string;
  /** What goes into the deployment file. */
  readonly rpcUrl?: string | undefined;
  readonly headers: HeaderForm;
  /** What messages from it and to it cost, in wei of the chain that they are sent from. A price that is set already stays. */
  readonly fee: { readonly perMessage: bigint; readonly perGas: bigint };
  readonly relayChainId: bigint;
  readonly relayService: string;
  /** The new chain, and who deploys there, with which nonce at first. */
  readonly chain: ChainPlan;
  /** The same of the relay chain. */
  readonly relay: ChainPlan;
  /** Who is offered its service in the end. */
  readonly owner: string;
  /** What creates its service, hex. */
  readonly serviceCode: string;
  readonly lightClient: PlannedLightClient;
  readonly relayLightClient: PlannedLightClient;
}

/** Contracts that a chain is added by. */
export type AddedContract = 'service' | 'lightClient' | 'relayLightClient';

/** Their addresses. They depend on the whole plan, and on nothing else. */
export function addedContracts(addition: ChainAddition): Readonly<Record<AddedContract, string>> {
  const { chain, relay } = addition;
  const [here, there] = [laneDeployerOf(chain), laneDeployerOf(relay)];
  return {
    service: deployedAddress(here, additionSalt(addition, 'service')),
    lightClient: deployedAddress(there, additionSalt(addition, 'lightClient')),
    relayLightClient: deployedAddress(here, additionSalt(addition, 'relayLightClient')),
  };
}

/** The salt with which a lane deployer deploys one of them. */
export function additionSalt(addition: ChainAddition, contract: AddedContract): string {
  const { chain, relay, relayService, serviceCode, lightClient, relayLightClient } = addition;
  const fields: [type: string, value: unknown][] = [
    ['string', contract],
    ['uint256', relay.chainId],
    ['address', relayService],
    ['uint256', chain.chainId],
    ['bytes32', keccak256(serviceCode)],
    ['bytes32', keccak256(lightClient.creationCode)],
    ['bytes32', keccak256(relayLightClient.creationCode)],
    ['address', laneDeployerOf(chain)],
    ['address', laneDeployerOf(relay)],
  ];
  const types = fields.map(([type]) => type);
  const values = fields.map(([, value]) => value);
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

/** The lane with the chain that a plan adds to it. */
export function extendedDeployment(lane: OmnichainDeployment, addition: ChainAddition): OmnichainDeployment {
  const { name, rpcUrl, headers, chain, relayChainId } = addition;
  const { chainId, deployedAt } = chain;
  const at = addedContracts(addition);
  const { kind, sources } = addition.lightClient;
  const { kind: relayKind, sources: relaySources } = addition.relayLightClient;
  return {
    relayChainId: lane.relayChainId,
    chains: [...lane.chains, { chainId, name, service: at.service, deployedAt, rpcUrl, headers }],
    lightClients: [
      ...lane.lightClients,
      { on: relayChainId, of: chainId, kind, address: at.lightClient, sources },
      { on: chainId, of: relayChainId, kind: relayKind, address: at.relayLightClient, sources: relaySources },
    ],
  };
}

/**
 * Makes sure that a lane has no chain of the same name or id yet.
 * @throws {XdmError} `invalid-argument`
 */
export function verifyIsNew({ chains }: OmnichainDeployment, name: string, chainId: bigint): void {
  const same = chains.find((chain) => chain.chainId === chainId || chain.name.toLowerCase() === name.toLowerCase());
  if (same === undefined) return;
  throw new XdmError('invalid-argument', `the lane has a chain ${same.name} (${same.chainId}) already`, {
    hint: `add a chain of another name than ${name} and another id than ${chainId}; what a lane has stays as it is`,
  });
}

/** Version of the file's format. */
const VERSION = 1;

const KIND = 'omnichain-addition';

/** Hex, in a file. */
export const bytes = z.string({ error: 'bytes in hex' }).regex(/^0x(?:[\da-f]{2})+$/u, 'bytes in hex');

/** A `ChainPlan`, in a file. */
export const place = object({
  chainId: natural,
  account: address,
  nonce: natural.transform(Number),
  deployedAt: natural,
});

/** A `PlannedLightClient`, in a file. */
export const plannedLightClient = object({
  kind: lightClientKind,
  creationCode: bytes,
  sources: z.array(url, { error: 'a list of URLs' }),
  trusts: z.string({ error: 'a text' }),
});

const schema = object({
  kind: z.literal(KIND, { error: `"${KIND}"` }),
  version: version(VERSION),
  relayChainId: natural,
  relayService: address,
  name: chainName,
  rpcUrl: url.optional(),
  headers: headerForm,
  fee: object({ perMessage: natural, perGas: natural }),
  owner: address,
  chain: place,
  relay: place,
  serviceCode: bytes,
  lightClient: plannedLightClient,
  relayLightClient: plannedLightClient,
});

/**
 * Reads a plan's file.
 * @param text JSON, as `serializeAddition` writes it
 * @param source what to call it in an error, such as the file's path
 * @throws {XdmError} `invalid-deployment`, with the offending key and value
 */
export function parseAddition(text: string, source: string): ChainAddition {
  const {
    kind: _kind,
    version: _version,
    ...addition
  } = parseJson(text, schema, {
    source,
    subject: 'how a chain is added',
    code: 'invalid-deployment',
    hint: 'delete it to plan anew',
  });
  return addition;
}

/** A plan's file. */
export function serializeAddition(addition: ChainAddition): string {
  return serializeJson({ kind: KIND, version: VERSION, ...addition });
}
