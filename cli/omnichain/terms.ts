// What whoever deploys an omnichain lane, or adds a chain to one, chooses: a file, since there is too much of it for options.
import { ZeroAddress, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import type { LightClientConfiguration } from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { address, hash, natural, object, parseJson, url } from '../../sdk/core/jsonFile.ts';
import { chainName, findChain, HEADER_FORMS, type HeaderForm } from '../../sdk/core/omnichain/deployment.ts';
import { SEAL_SCHEMES } from '../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import { readIfThere } from '../files.ts';
import { atStake, type Readers } from './atStake.ts';

/** Chain id of the network whose forks are known here. */
const MAINNET = 1n;

/** Of attestors, when their light client is deployed. */
const FIRST_EPOCH = 1n;

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

/** Zero would never take what it is offered, and a service refuses to pay it. */
const account = address.refine((text) => text !== ZeroAddress, "an account's address");

/** A chain that is to have a service. */
const chainTerms = object({
  chainId: natural,
  name: chainName,
  rpcUrl: url.optional(),
  headers: z.enum(HEADER_FORMS, { error: `one of ${HEADER_FORMS.join(', ')}` }).optional(),
  owner: account.optional(),
  feeReceiver: account.optional(),
  lightClient: lightClientTerms,
});

/** See `chainTerms`. */
export type ChainTerms = z.output<typeof chainTerms>;

const fee = object({ perMessage: priceBelow(2n ** 128n), perGas: priceBelow(2n ** 96n) });

/** A price as a service keeps it. */
function priceBelow(limit: bigint): z.ZodType<bigint> {
  return natural.refine((price) => price < limit, `a price below ${limit}`);
}

const laneTerms = object({
  relayChain: z.string({ error: "a chain's name" }),
  /** Seconds. */
  lightClientDelay: natural,
  fee,
  /** On each chain, where the chain names nobody else; the deploying account where nobody is named. */
  owner: account.optional(),
  feeReceiver: account.optional(),
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
  const { BeaconNode } = await import('../../sdk/chain/omnichain/beaconNode.ts');
  const { buildSyncCommitteeConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');
  const { ETHEREUM_MAINNET } = await import('../../sdk/core/omnichain/lightClient/forks.ts');

  const { chainId, name } = chain;
  const network = chainId === MAINNET ? ETHEREUM_MAINNET : undefined;
  const trustedBlockRoot = terms.trustedBlockRoot ?? start.trustedBlockRoot;
  const configuration = { ...terms, trustedBlockRoot, chainId, network };
  const built = await buildSyncCommitteeConfiguration(new BeaconNode(urls), configuration);
  const believed = [
    ...(network === undefined ? ['its genesis and forks'] : []),
    ...(terms.trustedBlockRoot === undefined ? ['the block to start from, unless trustedBlockRoot names it'] : []),
  ];
  const warning = `the beacon node of ${name} is believed for ${believed.join(', and for ')}: with false ones, it can make up ${atStake(name, chain.readers)}`;
  return { ...built, sources: urls, warning: believed.length === 0 ? undefined : warning };
}

async function planSealedHeader(
  chain: Named,
  { kind: _kind, ...terms }: TermsOf<'sealed-header'>,
  provider: JsonRpcProvider,
): Promise<PlannedLightClient> {
  const { buildSealedHeaderConfiguration } = await import('../../sdk/chain/omnichain/maintenance/configurations.ts');

  const built = await buildSealedHeaderConfiguration(provider, { ...terms, chainId: chain.chainId });
  const warning = `the endpoint of ${chain.name} is believed for the block to start from, and for its validators: with false ones, it can make up ${atStake(chain.name, chain.readers)}`;
  return { ...built, sources: [], warning };
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
  return { ...built, sources: urls, warning };
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
