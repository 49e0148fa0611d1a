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
  /** Ends the wait for a block. */
  readonly signal?: AbortSignal | undefined;
}

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
  const { places, lightClients, signal } = parameters;
  verify(places, lightClients);
  try {
    const [relayPlace, ...others] = places;
    const relayChainId = (await connectionOf(relayPlace.signer).getNetwork()).chainId;
    const deployed = await Promise.all([
      deployService(relayPlace, omnichainRelayService, parameters),
      ...others.map(async (place) => await deployService(place, omnichainService, { ...parameters, relayChainId })),
    ]);
    const clients: OmnichainLightClient[] = [];
    // One after the other: an account's nonces are counted by its chain.
    for (const plan of lightClients) clients.push(await deployLightClient(plan, deployed, signal));
    await Promise.all(
      deployed.map(async (place) => await wire(place, { deployed, clients, relayChainId, parameters })),
    );
    return { relayChainId, chains: deployed.map(({ chain }) => chain), lightClients: clients };
  } catch (error) {
    throw toXdmError(error);
  }
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

async function deployService(
  place: OmnichainPlace,
  artifact: typeof omnichainService | typeof omnichainRelayService,
  { lightClientDelay, relayChainId, signal }: DeployOmnichainParameters & { readonly relayChainId?: bigint },
): Promise<Place> {
  const { name, signer, rpcUrl, headers = 'ethereum' } = place;
  const provider = connectionOf(signer);
  const address = await signer.getAddress();
  const receiver = place.feeReceiver ?? place.owner ?? address;
  const args = [...(relayChainId === undefined ? [] : [relayChainId]), address, receiver, lightClientDelay];
  const deployedAt = BigInt(await provider.getBlockNumber());
  const service = await create(signer, creationCode(artifact, args), signal);
  const { chainId } = await provider.getNetwork();
  return { ...place, chain: { chainId, name, service, deployedAt, rpcUrl, headers } };
}

async function deployLightClient(
  { on, of, kind, creationCode: code, sources }: LightClientPlan,
  places: readonly Place[],
  signal: AbortSignal | undefined,
): Promise<OmnichainLightClient> {
  const [there, known] = [placeNamed(places, on), placeNamed(places, of)];
  const address = await create(there.signer, code, signal);
  return { on: there.chain.chainId, of: known.chain.chainId, kind, address, sources };
}

function placeNamed(places: readonly Place[], wanted: string): Place {
  const place = places.find(({ name }) => name === wanted);
  if (place !== undefined) return place;
  throw new XdmError('invalid-argument', `a light client is planned for "${wanted}", which is no chain of the lane`);
}

async function create(signer: Signer, data: string, signal: AbortSignal | undefined): Promise<string> {
  const { hash } = await signer.sendTransaction({ data });
  const { contractAddress } = await waitForReceipt(connectionOf(signer), hash, { signal });
  if (contractAddress !== null) return contractAddress;
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
