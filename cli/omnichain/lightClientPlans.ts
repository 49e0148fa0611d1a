// How the light clients of terms are deployed, and what is to be said of that before it is paid for.
import { ZeroAddress, type JsonRpcProvider } from 'ethers';

import type { BeaconNode } from '../../sdk/chain/omnichain/beaconNode.ts';
import type { LightClientConfiguration } from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { showEndpoint } from '../../sdk/core/endpoint.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { SealScheme } from '../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import { atStake, type Readers } from './atStake.ts';
import type { ChainTerms, LightClientTerms } from './terms.ts';

/** Chain id of the network whose forks are known here. */
const MAINNET = 1n;

/** Of attestors, when their light client is deployed. */
const FIRST_EPOCH = 1n;

/** How a light client is to be deployed, and what nobody but its source vouches for. */
export interface PlannedLightClient extends LightClientConfiguration {
  readonly sources: readonly string[];
  /** What to say of it before it is deployed for good, a sentence each: what it trusts that the terms do not say, and what it lacks. */
  readonly warnings: readonly string[];
}

/** A chain that another one, `on`, is to know. */
export interface KnownChain extends Pick<ChainTerms, 'chainId' | 'name' | 'lightClient'> {
  readonly on: bigint;
  readonly readers: Readers;
}

/** The block that a light client of a chain starts from, by its kind. */
export interface StartingBlock {
  readonly trustedBlockRoot?: string | undefined;
  readonly number?: bigint | undefined;
}

/**
 * How to deploy the light client of a chain.
 * @param provider of the chain
 * @param start where the terms name no block; the newest one that can be started from where it is not given
 * @throws {XdmError} what its sources throw, `update-invalid`, `invalid-argument`
 */
export async function planLightClient(
  chain: KnownChain,
  provider: JsonRpcProvider,
  start: StartingBlock = {},
): Promise<PlannedLightClient> {
  const { checkHistoryWindow } = await import('../../sdk/chain/omnichain/maintenance/historyWindow.ts');
  const { lightClient } = chain;
  await checkHistoryWindow(provider, lightClient.historyWindow);
  const planned = await planByKind(chain, provider, start);
  const unused = await unusedHistory(provider, chain.name, lightClient.historyWindow);
  return unused === undefined ? planned : { ...planned, warnings: [...planned.warnings, unused] };
}

/**
 * What a light client goes without that takes none of a chain's history contract; undefined where there is none.
 * @throws what the endpoint throws
 */
export async function unusedHistory(
  provider: JsonRpcProvider,
  name: string,
  historyWindow: bigint,
): Promise<string | undefined> {
  const { readHistoryWindow } = await import('../../sdk/chain/omnichain/maintenance/historyWindow.ts');
  const found = historyWindow === 0n ? await readHistoryWindow(provider) : undefined;
  if (found === undefined) return undefined;
  return `historyWindow of ${name} is 0, and its history contract remembers ${found} blocks: with 0 older blocks are proven by all headers between alone, and it cannot be changed later`;
}

async function planByKind(
  chain: KnownChain,
  provider: JsonRpcProvider,
  start: StartingBlock,
): Promise<PlannedLightClient> {
  const { lightClient } = chain;
  if (lightClient.kind === 'sync-committee') return await planSyncCommittee(chain, lightClient, start);
  if (lightClient.kind === 'sealed-header') {
    return await planSealedHeader(chain, { ...lightClient, number: lightClient.number ?? start.number }, provider);
  }
  return await planAttestors(chain, lightClient);
}

type Named = Omit<KnownChain, 'on' | 'lightClient'>;
type TermsOf<K extends LightClientTerms['kind']> = Extract<LightClientTerms, { readonly kind: K }>;

async function planSyncCommittee(
  chain: Named,
  { kind: _kind, sources: urls, ...terms }: TermsOf<'sync-committee'>,
  start: StartingBlock,
): Promise<PlannedLightClient> {
  const { BeaconNode: Node } = await import('../../sdk/chain/omnichain/beaconNode.ts');
  const { buildSyncCommitteeConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');
  const { ETHEREUM_MAINNET } = await import('../../sdk/core/omnichain/lightClient/forks.ts');

  const { chainId, name } = chain;
  const network = chainId === MAINNET ? ETHEREUM_MAINNET : undefined;
  const trustedBlockRoot = terms.trustedBlockRoot ?? start.trustedBlockRoot;
  const configuration = { ...terms, trustedBlockRoot, chainId, network };
  const node = new Node(urls);
  const built = await buildSyncCommitteeConfiguration(node, configuration).catch(async (cause: unknown) => {
    throw await unstarted(name, { node, urls }, cause);
  });
  const believed = [
    ...(network === undefined ? ['its genesis and forks'] : []),
    ...(terms.trustedBlockRoot === undefined ? ['the block to start from, unless trustedBlockRoot names it'] : []),
  ];
  const warning = `the beacon node of ${name} is believed for ${believed.join(', and for ')}: with false ones, it can make up ${atStake(name, chain.readers)}`;
  return { ...built, sources: urls, warnings: believed.length === 0 ? [] : [warning] };
}

interface AskedNode {
  readonly node: BeaconNode;
  readonly urls: readonly string[];
}

/** What keeps a light client from having a block to start from: where the sources are something else, no time helps. */
async function unstarted(name: string, { node, urls }: AskedNode, cause: unknown): Promise<XdmError> {
  const { code, message, hint } = toXdmError(cause);
  const isDoubtful = code === 'state-unavailable' || code === 'rpc-error';
  if (isDoubtful && !(await isBeaconApi(node))) {
    const shown = urls.map(showEndpoint).join(', ');
    return new XdmError('invalid-argument', `the sources of ${name} are no Beacon API: ${shown}`, {
      cause,
      hint: `give the REST API of a beacon node of ${name} that serves light clients, not an endpoint of the chain itself`,
    });
  }
  return new XdmError(code, `the light clients of ${name} have no block to start from: ${message}`, {
    cause,
    ...(hint !== undefined && { hint }),
  });
}

async function isBeaconApi(node: BeaconNode): Promise<boolean> {
  try {
    await node.getNetwork();
    return true;
  } catch (error) {
    return toXdmError(error).code !== 'rpc-error';
  }
}

/** What keeps a block from being taken for a sealed one. */
function unsealed(name: string, scheme: SealScheme, cause: unknown): XdmError {
  const error = toXdmError(cause);
  if (error.code !== 'invalid-argument' && error.code !== 'update-invalid') return error;
  return new XdmError('invalid-argument', `the blocks of ${name} are not sealed by ${scheme}: ${error.message}`, {
    cause,
    hint: `check the scheme, and the endpoint of ${name}; a chain without seals needs another kind of light client`,
  });
}

async function planSealedHeader(
  chain: Named,
  { kind: _kind, ...terms }: TermsOf<'sealed-header'>,
  provider: JsonRpcProvider,
): Promise<PlannedLightClient> {
  const { buildSealedHeaderConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');

  const configuration = { ...terms, chainId: chain.chainId };
  const built = await buildSealedHeaderConfiguration(provider, configuration).catch((cause: unknown) => {
    throw unsealed(chain.name, terms.scheme, cause);
  });
  const warning = `the endpoint of ${chain.name} is believed for the block to start from, and for its validators: with false ones, it can make up ${atStake(chain.name, chain.readers)}`;
  return { ...built, sources: [], warnings: [warning] };
}

async function planAttestors(
  chain: Omit<KnownChain, 'lightClient'>,
  { kind: _kind, sources: urls, ...terms }: TermsOf<'attestor'>,
): Promise<PlannedLightClient> {
  const { buildAttestorConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');

  const { chainId, name, on } = chain;
  const built = buildAttestorConfiguration({ ...terms, chainId });
  const { signers, threshold } = terms;
  const answered = await askAttestors(urls, { of: chainId, on, name, signers, threshold });
  const power = `${threshold} of ${signers.length} attestors of ${name} can make up ${atStake(name, chain.readers)}`;
  const isEnough = BigInt(answered) >= threshold;
  const warning = isEnough ? power : `${power}; only ${answered} of them answer by now, of ${threshold} that must`;
  return { ...built, sources: urls, warnings: [warning] };
}

interface AskedAttestors extends Pick<TermsOf<'attestor'>, 'signers' | 'threshold'> {
  readonly on: bigint;
  readonly of: bigint;
  readonly name: string;
}

/**
 * How many of the signers answer. What they sign here is for a light client that nobody can deploy. Those that do not answer may have nothing
 * to sign yet; where others do, the light client would never hear of a block.
 * @throws {XdmError} `invalid-argument` where anybody signs who is not among the signers
 */
async function askAttestors(
  urls: readonly string[],
  { on, of, name, signers, threshold }: AskedAttestors,
): Promise<number> {
  const { AttestorApi } = await import('../../sdk/chain/omnichain/maintenance/attestor.ts');
  const { Attestations } = await import('../../sdk/core/omnichain/lightClient/attestorPlan.ts');

  const client = { on, of, address: ZeroAddress };
  const state = { client, epoch: FIRST_EPOCH, signers, threshold, head: 0n };
  const answers = await new AttestorApi(urls).getAttestations(client, FIRST_EPOCH).catch(() => []);
  const said = new Attestations(state, answers);
  if (said.strangers === undefined) return said.count;
  throw new XdmError(
    'invalid-argument',
    `the sources of ${name} sign as ${said.strangers}, who are not among the signers`,
    {
      hint: 'check which keys the attestors sign with, and correct signers or sources: signers cannot be changed later',
    },
  );
}
