// What whoever deploys an omnichain lane, or adds a chain to one, chooses: a file, since there is too much of it for options.
import { ZeroAddress } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../sdk/core/errors.ts';
import { address, hash, natural, object, parseJson, url } from '../../sdk/core/jsonFile.ts';
import { chainName, findChain, HEADER_FORMS, type HeaderForm } from '../../sdk/core/omnichain/deployment.ts';
import { SEAL_SCHEMES } from '../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import { readIfThere } from '../files.ts';

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
export type LightClientTerms = z.output<typeof lightClientTerms>;

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
