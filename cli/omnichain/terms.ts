// What whoever deploys an omnichain lane, or adds a chain to one, chooses: a file, since there is too much of it for options.
import type { JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import type { LightClientConfiguration } from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { address, hash, natural, object, parseJson, url } from '../../sdk/core/jsonFile.ts';
import { chainName, findChain, HEADER_FORMS, type HeaderForm } from '../../sdk/core/omnichain/deployment.ts';
import { SEAL_SCHEMES } from '../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import { readIfThere } from '../files.ts';

/** Chain id of the network whose forks are known here. */
const MAINNET = 1n;

/** Blocks that EIP-2935's contract remembers. */
const ETHEREUM_WINDOW = 8191n;

const sources = z.array(url, { error: 'a list of URLs' });
const oneSource = sources.min(1, 'a list of at least one URL');

/** How other chains are to know a chain's blocks, by the kind of light client. */
const lightClientTerms = z.discriminatedUnion(
  'kind',
  [
    object({
      kind: z.literal('sync-committee'),
      /** Of the Beacon API. */
      sources: oneSource,
      /** Seconds. */
      trustingPeriod: natural,
      historyWindow: natural.default(ETHEREUM_WINDOW),
      /** Of the final beacon block to start from; the sources are believed where it is not given. */
      trustedBlockRoot: hash.optional(),
    }),
    object({
      kind: z.literal('sealed-header'),
      scheme: z.enum(SEAL_SCHEMES, { error: `one of ${SEAL_SCHEMES.join(', ')}` }),
      /** Seconds. */
      trustingPeriod: natural,
      historyWindow: natural.default(0n),
      /** Of the block to start from; the newest where it is not given. */
      number: natural.optional(),
    }),
    object({
      kind: z.literal('attestor'),
      /** Of the attestors' API. */
      sources: oneSource,
      signers: z.array(address, { error: 'a list of addresses' }).min(1, 'a list of at least one address'),
      threshold: natural,
      historyWindow: natural.default(0n),
    }),
  ],
  { error: 'sync-committee, sealed-header or attestor' },
);

/** See `lightClientTerms`. */
type LightClientTerms = z.output<typeof lightClientTerms>;

/** A chain that is to have a service. */
const chainTerms = object({
  chainId: natural,
  name: chainName,
  rpcUrl: url.optional(),
  headers: z.enum(HEADER_FORMS, { error: `one of ${HEADER_FORMS.join(', ')}` }).optional(),
  owner: address.optional(),
  feeReceiver: address.optional(),
  lightClient: lightClientTerms,
});

/** See `chainTerms`. */
export type ChainTerms = z.output<typeof chainTerms>;

const fee = object({ perMessage: natural, perGas: natural });

const laneTerms = object({
  relayChain: z.string({ error: "a chain's name" }),
  /** Seconds. */
  lightClientDelay: natural,
  fee,
  /** On each chain, where the chain names nobody else; the deploying account where nobody is named. */
  owner: address.optional(),
  feeReceiver: address.optional(),
  chains: z.array(chainTerms, { error: 'a list of chains' }).min(2, 'a list of at least two chains'),
});

/** An omnichain lane that is to be deployed. */
export interface OmnichainTerms extends Omit<z.output<typeof laneTerms>, 'relayChain' | 'chains'> {
  /** The relay chain first. */
  readonly chains: readonly [relay: ChainTerms, ...others: ChainTerms[]];
}

/**
 * The terms in a file.
 * @throws {XdmError} `invalid-config`, with the offending key and value
 */
export function readOmnichainTerms(path: string): OmnichainTerms {
  const hint = hintOf('omnichain');
  const file = { source: path, subject: 'the terms of an omnichain lane', hint };
  const { relayChain, ...terms } = readTerms(laneTerms, file);
  const { chains } = terms;
  const relay = findChain({ chains }, relayChain);
  const names = chains.map(({ name }) => name.toLowerCase());
  const ids = chains.map(({ chainId }) => chainId);
  if (new Set(names).size !== names.length || new Set(ids).size !== ids.length) {
    throw new XdmError('invalid-config', `${path} has two chains with the same name or chain id`, { hint });
  }
  return { ...terms, chains: [relay, ...chains.filter((chain) => chain !== relay)] };
}

const newChainTerms = chainTerms.extend({
  /** Of messages from it and to it. */
  fee,
  /** How it is to know the relay chain's blocks. */
  relayLightClient: lightClientTerms,
});

/** A chain that is to be added to a lane. */
export type NewChainTerms = z.output<typeof newChainTerms>;

/**
 * The terms of a new chain in a file.
 * @throws {XdmError} `invalid-config`, with the offending key and value
 */
export function readNewChainTerms(path: string): NewChainTerms {
  return readTerms(newChainTerms, { source: path, subject: 'a chain to be added', hint: hintOf('adding-a-chain') });
}

function hintOf(document: 'omnichain' | 'adding-a-chain'): string {
  return `see docs/${document}.md for what such a file holds`;
}

/** Reads a file of terms. @throws {XdmError} `invalid-config` */
function readTerms<T>(
  schema: z.ZodType<T>,
  { source, subject, hint }: { readonly source: string; readonly subject: string; readonly hint: string },
): T {
  const text = readIfThere(source);
  if (text === undefined) {
    throw new XdmError('invalid-config', `there is no file ${source}`, { hint: 'give another one with --config' });
  }
  return parseJson(text, schema, { source, subject, code: 'invalid-config', hint });
}

/** How a chain hashes its headers: as its seals say, unless it says otherwise. */
export function headersOf({ headers, lightClient }: ChainTerms): HeaderForm {
  return headers ?? (lightClient.kind === 'sealed-header' ? lightClient.scheme : 'ethereum');
}

/** How a light client is to be deployed, and what nobody but its source vouches for. */
export interface PlannedLightClient extends LightClientConfiguration {
  readonly sources: readonly string[];
  /** What to say of it before it is deployed for good, a sentence; undefined where the terms say all that it trusts. */
  readonly warning: string | undefined;
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
  chain: Pick<ChainTerms, 'chainId' | 'name' | 'lightClient'>,
  provider: JsonRpcProvider,
  start: StartingBlock = {},
): Promise<PlannedLightClient> {
  const { buildAttestorConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');
  const { chainId, name, lightClient } = chain;
  if (lightClient.kind === 'sync-committee') return await planSyncCommittee(chain, lightClient, start);
  if (lightClient.kind === 'sealed-header') {
    return await planSealedHeader(chain, { ...lightClient, number: lightClient.number ?? start.number }, provider);
  }
  const { kind: _kind, sources: urls, ...terms } = lightClient;
  const built = buildAttestorConfiguration({ ...terms, chainId });
  const warning = `${terms.threshold} of ${terms.signers.length} attestors can make up any message from ${name}`;
  return { ...built, sources: urls, warning };
}

type Named = Pick<ChainTerms, 'chainId' | 'name'>;
type TermsOf<K extends LightClientTerms['kind']> = Extract<LightClientTerms, { readonly kind: K }>;

async function planSyncCommittee(
  { chainId, name }: Named,
  { kind: _kind, sources: urls, ...terms }: TermsOf<'sync-committee'>,
  start: StartingBlock,
): Promise<PlannedLightClient> {
  const { BeaconNode } = await import('../../sdk/chain/omnichain/beaconNode.ts');
  const { buildSyncCommitteeConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');
  const { ETHEREUM_MAINNET } = await import('../../sdk/core/omnichain/lightClient/forks.ts');

  const network = chainId === MAINNET ? ETHEREUM_MAINNET : undefined;
  const trustedBlockRoot = terms.trustedBlockRoot ?? start.trustedBlockRoot;
  const configuration = { ...terms, trustedBlockRoot, chainId, network };
  const built = await buildSyncCommitteeConfiguration(new BeaconNode(urls), configuration);
  const believed = [
    ...(network === undefined ? ['its genesis and forks'] : []),
    ...(terms.trustedBlockRoot === undefined ? ['the block to start from, unless trustedBlockRoot names it'] : []),
  ];
  const warning = `the beacon node of ${name} is believed for ${believed.join(', and for ')}`;
  return { ...built, sources: urls, warning: believed.length === 0 ? undefined : warning };
}

async function planSealedHeader(
  { chainId, name }: Named,
  { kind: _kind, ...terms }: TermsOf<'sealed-header'>,
  provider: JsonRpcProvider,
): Promise<PlannedLightClient> {
  const { buildSealedHeaderConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');

  const built = await buildSealedHeaderConfiguration(provider, { ...terms, chainId });
  const warning = `the endpoint of ${name} is believed for the block to start from, and for its validators`;
  return { ...built, sources: [], warning };
}
