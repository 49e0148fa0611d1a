import { ZeroAddress, type Signer } from 'ethers';

import { omnichainRelayService } from '../../abi/OmnichainRelayService.ts';
import { omnichainService } from '../../abi/OmnichainService.ts';
import { creationCode } from '../../chain/creationCode.ts';
import { serviceAt } from '../../chain/omnichain/contracts.ts';
import { waitForReceipt } from '../../chain/receipts.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { connectionOf } from '../../chain/signers.ts';
import { XdmError } from '../../core/errors.ts';
import type {
  HeaderForm,
  LightClientKind,
  OmnichainChain,
  OmnichainDeployment,
  OmnichainLightClient,
} from '../../core/omnichain/deployment.ts';

/** A chain that is to have a service. */
export interface OmnichainPlace {
  readonly name: string;
  /** Connected to the chain: deploys, and owns the service until the owner takes it over. */
  readonly signer: Signer;
  /** Who is offered the service in the end; the signer where it is not given. */
  readonly owner?: string | undefined;
  /** Who gets the fees; the owner where it is not given. */
  readonly feeReceiver?: string | undefined;
  /** What goes into the deployment file. */
  readonly rpcUrl?: string | undefined;
  readonly headers?: HeaderForm | undefined;
}

/** A light client that is to be deployed: on the chain of one place, of that of another. */
export interface LightClientPlan {
  /** Names of the places. */
  readonly on: string;
  readonly of: string;
  readonly kind: LightClientKind;
  /** What creates it, hex. */
  readonly creationCode: string;
  readonly sources: readonly string[];
}

/** What messages cost to begin with, in wei: the same on each chain, to each other one. */
export interface OmnichainFee {
  readonly perMessage: bigint;
  readonly perGas: bigint;
}

/** What an omnichain lane is deployed with. */
export interface DeployOmnichainParameters {
  /** The relay chain first. */
  readonly places: readonly [OmnichainPlace, ...OmnichainPlace[]];
  /** Of each other chain on the relay chain, and of the relay chain on each. */
  readonly lightClients: readonly LightClientPlan[];
  /** Seconds for which another light client must be announced: a day to 90. */
  readonly lightClientDelay: bigint;
  readonly fee: OmnichainFee;
  /** Told of each contract that is there. */
  readonly onStep?: ((step: OmnichainStep) => void) | undefined;
  /** Ends the wait for a block. */
  readonly signal?: AbortSignal | undefined;
}

/** A contract that is deployed. */
export interface OmnichainStep {
  /** Name of the chain that it is on. */
  readonly on: string;
  /** Name of the chain that it is a light client of; undefined for the service. */
  readonly of: string | undefined;
  readonly address: string;
  readonly gasUsed: bigint;
}

/** What a contract's creation takes. */
export type OmnichainEstimate = Omit<OmnichainStep, 'address' | 'gasUsed'> & { readonly gas: bigint };

/** A place on its chain. */
interface Place extends OmnichainPlace {
  readonly chain: OmnichainChain;
}

/**
 * Deploys an omnichain lane: a service on each chain, light clients between the relay chain and the others, each registered with the
 * others. A run that breaks off leaves nothing that is of use; the next one begins anew.
 * @throws {XdmError} `invalid-argument` where a light client is missing, `insufficient-funds`, `timeout`, the code of what a contract
 * refuses, and what the endpoints throw
 */
export async function deployOmnichain(parameters: DeployOmnichainParameters): Promise<OmnichainDeployment> {
  const { places, lightClients } = parameters;
  verify(places, lightClients);
  try {
    const relayChainId = await chainIdOf(places[0]);
    const deployed = await Promise.all(places.map(async (place) => await deployService(place, parameters)));
    const clients: OmnichainLightClient[] = [];
    // One after the other: an account's nonces are counted by its chain.
    for (const plan of lightClients) clients.push(await deployLightClient(plan, deployed, parameters));
    await Promise.all(
      deployed.map(async (place) => await wire(place, { deployed, clients, relayChainId, parameters })),
    );
    return { relayChainId, chains: deployed.map(({ chain }) => chain), lightClients: clients };
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * What the contracts of an omnichain lane take to be created, without sending anything: parameters that a contract refuses show.
 * Registering the chains with each other comes on top.
 * @throws {XdmError} as `deployOmnichain`
 */
export async function estimateOmnichain(parameters: DeployOmnichainParameters): Promise<OmnichainEstimate[]> {
  const { places, lightClients } = parameters;
  verify(places, lightClients);
  try {
    const creations = [
      ...places.map(async (place) => ({ place, of: undefined, data: await serviceCode(place, parameters) })),
      ...lightClients.map(({ on, of, creationCode: data }) => ({ place: placeNamed(places, on), of, data })),
    ];
    return await Promise.all(
      creations.map(async (creation): Promise<OmnichainEstimate> => {
        const { place, of, data } = await creation;
        const from = await place.signer.getAddress();
        return { on: place.name, of, gas: await connectionOf(place.signer).estimateGas({ from, data }) };
      }),
    );
  } catch (error) {
    throw toXdmError(error);
  }
}

async function chainIdOf({ signer }: OmnichainPlace): Promise<bigint> {
  return (await connectionOf(signer).getNetwork()).chainId;
}

function verify(places: DeployOmnichainParameters['places'], plans: readonly LightClientPlan[]): void {
  const [relay, ...others] = places;
  const isPlanned = (on: string, of: string): boolean => plans.some((plan) => plan.on === on && plan.of === of);
  for (const { name } of others) {
    if (isPlanned(relay.name, name) && isPlanned(name, relay.name)) continue;
    throw new XdmError(
      'invalid-argument',
      `chain ${name} and the relay chain ${relay.name} need a light client of each other`,
      {
        hint: 'plan one on each of the two chains',
      },
    );
  }
}

/** What creates a place's service, hex. */
async function serviceCode(
  place: OmnichainPlace,
  { places: [relay], lightClientDelay }: DeployOmnichainParameters,
): Promise<string> {
  const address = await place.signer.getAddress();
  const terms = [address, place.feeReceiver ?? place.owner ?? address, lightClientDelay];
  return place === relay
    ? creationCode(omnichainRelayService, terms)
    : creationCode(omnichainService, [await chainIdOf(relay), ...terms]);
}

async function deployService(place: OmnichainPlace, parameters: DeployOmnichainParameters): Promise<Place> {
  const { name, signer, rpcUrl, headers = 'ethereum' } = place;
  const deployedAt = BigInt(await connectionOf(signer).getBlockNumber());
  const { address: service, gasUsed } = await create(signer, await serviceCode(place, parameters), parameters.signal);
  parameters.onStep?.({ on: name, of: undefined, address: service, gasUsed });
  const chainId = await chainIdOf(place);
  return { ...place, chain: { chainId, name, service, deployedAt, rpcUrl, headers } };
}

async function deployLightClient(
  { on, of, kind, creationCode: code, sources }: LightClientPlan,
  places: readonly Place[],
  { signal, onStep }: DeployOmnichainParameters,
): Promise<OmnichainLightClient> {
  const [there, known] = [placeNamed(places, on), placeNamed(places, of)];
  const { address, gasUsed } = await create(there.signer, code, signal);
  onStep?.({ on, of, address, gasUsed });
  return { on: there.chain.chainId, of: known.chain.chainId, kind, address, sources };
}

function placeNamed<T extends OmnichainPlace>(places: readonly T[], wanted: string): T {
  const place = places.find(({ name }) => name === wanted);
  if (place !== undefined) return place;
  throw new XdmError('invalid-argument', `a light client is planned for "${wanted}", which is no chain of the lane`);
}

async function create(
  signer: Signer,
  data: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly address: string; readonly gasUsed: bigint }> {
  const { hash } = await signer.sendTransaction({ data });
  const { contractAddress: address, gasUsed } = await waitForReceipt(connectionOf(signer), hash, { signal });
  if (address !== null) return { address, gasUsed };
  throw new XdmError('rpc-error', `transaction ${hash} has created no contract`, { hint: 'ask another node' });
}

interface Wiring {
  readonly deployed: readonly Place[];
  readonly clients: readonly OmnichainLightClient[];
  readonly relayChainId: bigint;
  readonly parameters: DeployOmnichainParameters;
}

/** Registers the other chains with a service, sets what messages to them cost, and hands the service over. */
async function wire({ chain, signer, owner }: Place, { deployed, clients, parameters }: Wiring): Promise<void> {
  const service = serviceAt(chain.service, signer);
  const { fee, signal } = parameters;
  for (const { chain: other } of deployed) {
    if (other.chainId === chain.chainId) continue;
    const lightClient = clients.find(({ on, of }) => on === chain.chainId && of === other.chainId)?.address;
    const registered = await service.registerChain(other.chainId, other.service, lightClient ?? ZeroAddress);
    await waitForReceipt(connectionOf(signer), registered.hash, { signal });
    const priced = await service.setFee(other.chainId, ZeroAddress, fee.perMessage, fee.perGas);
    await waitForReceipt(connectionOf(signer), priced.hash, { signal });
  }
  if (owner === undefined || owner === (await signer.getAddress())) return;
  const offered = await service.transferOwnership(owner);
  await waitForReceipt(connectionOf(signer), offered.hash, { signal });
}
