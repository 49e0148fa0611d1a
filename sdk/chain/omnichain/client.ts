import type { JsonRpcProvider } from 'ethers';

import { XdmError, type ErrorCode } from '../../core/errors.ts';
import {
  findChain,
  LIGHT_CLIENT_KINDS,
  type HeaderForm,
  type OmnichainChain,
  type OmnichainDeployment,
  type OmnichainLightClient,
} from '../../core/omnichain/deployment.ts';
import { encodeHeader } from '../../core/omnichain/header.ts';
import { unseal } from '../../core/omnichain/lightClient/sealedHeader.ts';
import type { ConnectOptions } from '../rpc.ts';
import { connect, connectSilent } from '../rpc.ts';
import { toXdmError } from '../rpcErrors.ts';
import { lightClientAt, serviceAt } from './contracts.ts';
import type { EncodeHeader } from './provableBlock.ts';
import { isSilence, SilentChain } from './silentChain.ts';

/** A chain of an omnichain lane, and a connection to it. */
export interface ConnectedChain extends OmnichainChain {
  readonly provider: JsonRpcProvider;
}

/** An omnichain lane and connections to its chains: what every action takes first. */
export interface OmnichainClient {
  readonly lane: OmnichainDeployment;
  /** By chain id: those that were asked for. */
  readonly chains: ReadonlyMap<bigint, ConnectedChain>;
}

/** How the command line is given the endpoints of a chain. */
export function endpointOption(name: string): string {
  return `--rpc-urls ${name}=URL`;
}

/** How to connect to a lane's chains. */
export interface ConnectOmnichainOptions extends Omit<
  ConnectOptions,
  'chainId' | 'name' | 'option' | 'pollingInterval'
> {
  /** Instead of the deployment's, by chain id: one URL, several with commas between them, or a list. */
  readonly rpcUrls?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Ids of the chains that are needed, where not all are: the others may be silent. */
  readonly only?: readonly bigint[] | undefined;
  /**
   * Told of a chain that does not answer, other than the relay chain: it is then one whose requests fail until it does, and was found
   * to be what it should be. Without this, all must answer.
   */
  readonly onSilent?: ((chain: OmnichainChain, error: XdmError) => void) | undefined;
  /** Told of a light client that is not what the deployment says. Without this, each must be. */
  readonly onWrong?: ((lightClient: OmnichainLightClient, error: XdmError) => void) | undefined;
}

/**
 * Connects to the chains of a lane. Close it with `disconnectOmnichain`.
 * @throws {XdmError} `invalid-argument` without an endpoint, `rpc-unreachable`, `wrong-chain`, `misconfigured` where a service reads by
 * another light client, or one is not what the deployment says
 */
export async function connectOmnichain(
  lane: OmnichainDeployment,
  { rpcUrls = {}, only, onSilent, onWrong, ...options }: ConnectOmnichainOptions = {},
): Promise<OmnichainClient> {
  const wanted = lane.chains.filter(({ chainId }) => only === undefined || only.includes(chainId));
  const opened: JsonRpcProvider[] = [];
  try {
    const chains = await Promise.all(
      wanted.map(async (chain): Promise<ConnectedChain> => {
        const urls = rpcUrls[`${chain.chainId}`] ?? chain.rpcUrl;
        if (urls === undefined) {
          throw new XdmError('invalid-argument', `no endpoint of chain ${chain.name} (${chain.chainId}) is given`, {
            hint: 'give one in rpcUrls, by the chain id, or in the deployment file',
          });
        }
        const { name, chainId } = chain;
        const terms = { ...options, name, option: endpointOption(name), chainId };
        const check = async (): Promise<JsonRpcProvider> => await connectChecked({ lane, chain, onWrong }, urls, terms);
        const isNeeded = onSilent === undefined || chainId === lane.relayChainId;
        const provider = await check().catch((cause: unknown) => {
          const error = toXdmError(cause);
          if (isNeeded || !isSilence(error)) throw error;
          onSilent(chain, error);
          const silent = new SilentChain(error, async () => (await check()).destroy());
          const guard = (method: string): void => {
            silent.guard(method);
            options.guard?.(method);
          };
          return connectSilent(urls, { ...terms, guard });
        });
        opened.push(provider);
        return { ...chain, provider };
      }),
    );
    return { lane, chains: new Map(chains.map((chain) => [chain.chainId, chain])) };
  } catch (error) {
    for (const provider of opened) provider.destroy();
    throw toXdmError(error);
  }
}

/** Ends all connections, so that the process can end. */
export function disconnectOmnichain({ chains }: OmnichainClient): void {
  for (const { provider } of chains.values()) provider.destroy();
}

/** What must be as the deployment says. */
interface Checked extends Pick<ConnectOmnichainOptions, 'onWrong'> {
  readonly lane: OmnichainDeployment;
  readonly chain: OmnichainChain;
}

/** Connects to a chain that is what the deployment says. */
async function connectChecked(
  { lane, chain, onWrong }: Checked,
  urls: string | readonly string[],
  terms: ConnectOptions,
): Promise<JsonRpcProvider> {
  const provider = await connect(urls, terms);
  try {
    await verifyService(chain, provider);
    const read = lane.lightClients.filter(({ on }) => on === chain.chainId);
    const verify = async (each: OmnichainLightClient): Promise<void> => {
      try {
        await verifyLightClient(each, chain, provider);
      } catch (cause) {
        const error = toXdmError(cause);
        if (onWrong === undefined || !SAYS_WRONG.has(error.code)) throw error;
        onWrong(each, error);
      }
    };
    await Promise.all(read.map(verify));
    return provider;
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/** What speaks against one light client, and not against its chain's endpoint. */
const SAYS_WRONG: ReadonlySet<ErrorCode> = new Set(['misconfigured', 'wrong-chain', 'transaction-reverted']);

async function verifyService({ chainId, service }: OmnichainChain, provider: JsonRpcProvider): Promise<void> {
  if ((await provider.getCode(service)) !== '0x') return;
  throw new XdmError('wrong-chain', `chain ${chainId} has no service at ${service}: the lane is not on this chain`, {
    hint: 'check the endpoint and the deployment file; a local chain that was started anew needs a new lane',
  });
}

/**
 * What a deployment file says of a light client must be so before anything is built on it: after a replacement it is not, until the file
 * names the new one.
 */
async function verifyLightClient(
  { of, kind, address }: OmnichainLightClient,
  { name, service }: OmnichainChain,
  provider: JsonRpcProvider,
): Promise<void> {
  const [, inPlace] = await serviceAt(service, provider).chainOf(of);
  const hint = 'check the deployment file; after a replacement it must name the new one';
  // One that is announced is kept in sync before it is in place.
  if (inPlace !== address && (await serviceAt(service, provider).proposedLightClient(of))[0] !== address) {
    const problem = `the service on chain ${name} reads chain ${of} by ${inPlace}, not by ${address} as the deployment says`;
    throw new XdmError('misconfigured', problem, { hint });
  }
  const contract = lightClientAt(address, provider);
  const [actualKind, actualChain] = await Promise.all([contract.kind(), contract.chainId()]);
  const expected = LIGHT_CLIENT_KINDS.indexOf(kind);
  if (actualChain === of && actualKind === BigInt(expected)) return;
  const actual = LIGHT_CLIENT_KINDS[Number(actualKind)] ?? `kind ${actualKind}`;
  const problem = `the light client ${address} on chain ${name} is of kind ${actual} and of chain ${actualChain}`;
  throw new XdmError('misconfigured', `${problem}, not of kind ${kind} and chain ${of} as the deployment says`, {
    hint,
  });
}

/**
 * A chain of the lane, by its name or id.
 * @throws {XdmError} `invalid-argument`
 */
export function chainOf(client: OmnichainClient, nameOrId: string | bigint): ConnectedChain {
  const { chainId, name } = findChain(client.lane, nameOrId);
  const chain = client.chains.get(chainId);
  if (chain !== undefined) return chain;
  throw new XdmError('invalid-argument', `chain ${name} (${chainId}) is not connected`, {
    hint: 'leave it to connectOmnichain which chains to connect to, or name this one, too',
  });
}

/** What a chain knows of another one. */
export function lightClientBetween({ lane }: OmnichainClient, on: bigint, of: bigint): OmnichainLightClient {
  const found = lane.lightClients.find((each) => each.on === on && each.of === of);
  if (found !== undefined) return found;
  throw new XdmError('misconfigured', `chain ${on} has no light client of chain ${of}`, {
    hint: 'messages between these chains go over the relay chain',
  });
}

/** How a chain's headers are encoded so that they hash to the hashes of their blocks. */
export function headerEncoder(form: HeaderForm): EncodeHeader {
  if (form === 'ethereum') return encodeHeader;
  return (fields) => {
    const raw = encodeHeader(fields);
    return raw === undefined ? undefined : unseal(raw, form).header;
  };
}
