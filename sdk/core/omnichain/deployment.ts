import { z } from 'zod';

import { XdmError } from '../errors.ts';
import { address, natural, object, parseJson, serializeJson, url, version } from '../jsonFile.ts';

/** How a chain's blocks become final for another one: see the contracts of the same names; in the order of their `LightClientKind`. */
export const LIGHT_CLIENT_KINDS = ['sync-committee', 'sealed-header', 'attestor'] as const;

/** See `LIGHT_CLIENT_KINDS`. */
export type LightClientKind = (typeof LIGHT_CLIENT_KINDS)[number];

/** How a chain hashes its headers: as Ethereum does, or without the seals of a scheme. */
export const HEADER_FORMS = ['ethereum', 'qbft', 'ibft2', 'istanbul'] as const;

/** See `HEADER_FORMS`. */
export type HeaderForm = (typeof HEADER_FORMS)[number];

/** A chain of an omnichain lane. */
export interface OmnichainChain {
  readonly chainId: bigint;
  /** What to call it, such as `A`. */
  readonly name: string;
  /** Its service. */
  readonly service: string;
  /** Block before the service's first log. */
  readonly deployedAt: bigint;
  /** Where it answers, unless something else is asked for. */
  readonly rpcUrl?: string | undefined;
  readonly headers: HeaderForm;
}

/** A light client: what the chain `on` knows of the chain `of`. */
export interface OmnichainLightClient {
  readonly on: bigint;
  readonly of: bigint;
  readonly kind: LightClientKind;
  readonly address: string;
  /** Where its updates come from: Beacon APIs, or attestors; sealed headers come from the chain itself. */
  readonly sources: readonly string[];
}

/** Any number of chains around a relay chain, as a deployment file describes them. */
export interface OmnichainDeployment {
  readonly relayChainId: bigint;
  readonly chains: readonly OmnichainChain[];
  readonly lightClients: readonly OmnichainLightClient[];
}

/** Version of the file's format. */
const VERSION = 1;

/** What tells the file from a rollup's lane's. */
const KIND = 'omnichain';

/** What a chain can be called in a file. */
export const chainName = z.string({ error: 'a name' }).regex(/^[\w-]{1,32}$/u, 'a name of letters, digits, _ and -');

/** How a chain hashes its headers, in a file. */
export const headerForm = z.enum(HEADER_FORMS, { error: `one of ${HEADER_FORMS.join(', ')}` }).default('ethereum');

/** A kind of light client, in a file. */
export const lightClientKind = z.enum(LIGHT_CLIENT_KINDS, { error: `one of ${LIGHT_CLIENT_KINDS.join(', ')}` });

const chain = object({
  chainId: natural,
  name: chainName,
  service: address,
  deployedAt: natural,
  rpcUrl: url.optional(),
  headers: headerForm,
});

const lightClient = object({
  on: natural,
  of: natural,
  kind: lightClientKind,
  address,
  sources: z.array(url, { error: 'a list of URLs' }).default([]),
});

const schema = object({
  kind: z.literal(KIND, { error: `"${KIND}"` }),
  version: version(VERSION),
  relayChainId: natural,
  chains: z.array(chain, { error: 'a list of chains' }),
  lightClients: z.array(lightClient, { error: 'a list of light clients' }),
});

/**
 * Reads a deployment file's text.
 * @param source what to call it in an error, such as the file's path
 * @throws {XdmError} `invalid-deployment`, with the offending key and value
 */
export function parseOmnichainDeployment(text: string, source: string): OmnichainDeployment {
  const {
    kind: _kind,
    version: _version,
    ...deployment
  } = parseJson(text, schema, {
    source,
    subject: 'an omnichain lane',
    code: 'invalid-deployment',
    hint: 'see docs/omnichain.md for what such a file holds',
  });
  verify(deployment, source);
  return deployment;
}

/** A deployment file's text. */
export function serializeOmnichainDeployment(deployment: OmnichainDeployment): string {
  return serializeJson({ kind: KIND, version: VERSION, ...deployment });
}

/** Chains are there once, and each reads the relay chain, and is read by it. */
function verify({ relayChainId, chains, lightClients }: OmnichainDeployment, source: string): void {
  const ids = chains.map(({ chainId }) => chainId);
  const names = chains.map(({ name }) => name.toLowerCase());
  const isThere = (on: bigint, of: bigint): boolean => lightClients.some((each) => each.on === on && each.of === of);
  const unread = ids.find((id) => id !== relayChainId && !(isThere(relayChainId, id) && isThere(id, relayChainId)));
  const stray = lightClients.find(({ on, of }) => !ids.includes(on) || !ids.includes(of) || on === of);
  const problem =
    new Set(ids).size !== ids.length || new Set(names).size !== names.length
      ? 'two chains have the same chain id or name'
      : !ids.includes(relayChainId)
        ? `the relay chain ${relayChainId} is none of its chains`
        : stray !== undefined
          ? `a light client on chain ${stray.on} of chain ${stray.of} joins no two of its chains`
          : unread === undefined
            ? undefined
            : `chain ${unread} and the relay chain lack a light client of each other`;
  if (problem === undefined) return;
  throw new XdmError('invalid-deployment', `${source} does not describe an omnichain lane: ${problem}`, {
    hint: 'see docs/omnichain.md for what such a file holds',
  });
}

/**
 * The chain that a name or a chain id stands for.
 * @throws {XdmError} `invalid-argument`
 */
export function findChain<T extends Pick<OmnichainChain, 'chainId' | 'name'>>(
  { chains }: { readonly chains: readonly T[] },
  nameOrId: string | bigint,
): T {
  const wanted = String(nameOrId).toLowerCase();
  const found = chains.find(({ chainId, name }) => name.toLowerCase() === wanted || `${chainId}` === wanted);
  if (found !== undefined) return found;
  const known = chains.map(({ chainId, name }) => `${name} (${chainId})`).join(', ');
  throw new XdmError('invalid-argument', `"${nameOrId}" is no chain of the lane`, { hint: `its chains are ${known}` });
}

/**
 * The chains that a message passes on its way, both ends included: over the relay chain, unless that is one of them.
 * @throws {XdmError} `invalid-argument` where it is sent to where it comes from
 */
export function routeOf({ relayChainId }: OmnichainDeployment, fromChain: bigint, toChain: bigint): bigint[] {
  if (fromChain === toChain) {
    throw new XdmError('invalid-argument', `a message from chain ${fromChain} cannot go to the same chain`, {
      hint: 'name another chain as its destination',
    });
  }
  const isDirect = fromChain === relayChainId || toChain === relayChainId;
  return isDirect ? [fromChain, toChain] : [fromChain, relayChainId, toChain];
}
