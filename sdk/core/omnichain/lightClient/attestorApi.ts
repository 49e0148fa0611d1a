import { z } from 'zod';

import { address, hash, natural } from '../../jsonFile.ts';
import { XdmError } from '../../errors.ts';
import type { AttestedBlock, AttestedLightClient, Rotation } from './attestation.ts';

// How attestors are asked over HTTP, and what they answer. One server can speak for several of them.

const signature = z.string().regex(/^0x[\da-f]{130}$/iu, 'a signature');

/** Most signatures in an answer. */
const MOST = 1024;

const attestations = z.object({
  attestations: z.array(z.object({ number: natural, blockHash: hash, signature })).max(MOST),
});

const rotations = z.object({
  rotations: z.array(z.object({ signers: z.array(address).max(MOST), threshold: natural, signature })).max(MOST),
});

/** An attestor's word for a block, which nobody has looked at yet. */
export type SignedBlock = Omit<AttestedBlock, 'epoch'> & { readonly signature: string };

/** Its word for a new set. */
export type SignedRotation = Omit<Rotation, 'epoch'> & { readonly signature: string };

/**
 * Path that asks for the newest block, or for one of a height, that is final to an attestor.
 * @param epoch of its signature
 */
export function attestationsPath(client: AttestedLightClient, epoch: bigint, number?: bigint): string {
  const wanted = number === undefined ? '' : `&number=${number}`;
  return `/v1/attestations?${queryOf(client)}&epoch=${epoch}${wanted}`;
}

/**
 * Path that asks for the set that follows.
 * @param epoch of the set that follows
 */
export function rotationsPath(client: AttestedLightClient, epoch: bigint): string {
  return `/v1/rotations?${queryOf(client)}&epoch=${epoch}`;
}

/** @throws {XdmError} `rpc-error` for anything else */
export function parseAttestations(json: unknown): SignedBlock[] {
  return parse(attestations, json).attestations;
}

/** @throws {XdmError} `rpc-error` for anything else */
export function parseRotations(json: unknown): SignedRotation[] {
  return parse(rotations, json).rotations;
}

function queryOf({ on, of, address: lightClient }: AttestedLightClient): string {
  return `on=${on}&of=${of}&lightClient=${lightClient}`;
}

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new XdmError('rpc-error', `the attestor's answer is not what it should be: ${path.join('.')}: ${message}`, {
    hint: 'check that its URL is that of an attestor',
  });
}
