import { bls12_381 } from '@noble/curves/bls12-381';
import { concat, getBytes, hexlify, id, keccak256, toBeHex } from 'ethers';

import type { SyncCommittee } from '../../sdk/core/omnichain/lightClient/beaconApi.ts';
import { committeeRoot } from '../../sdk/core/omnichain/lightClient/syncCommittee.ts';

/** The suite of Ethereum's consensus layer (RFC 9380, draft-irtf-cfrg-bls-signature). */
const CIPHERSUITE = { DST: 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_' };

const ORDER = bls12_381.fields.Fr.ORDER;

/** A committee of the simulated validator set, with its secret keys: anybody can know them. */
export interface SimulatedCommittee extends SyncCommittee {
  readonly secrets: readonly bigint[];
  /** Of its SSZ tree. */
  readonly root: string;
}

/**
 * The committee of a period: other keys in each, which follow from chain and period alone.
 * @param size number of keys
 */
export function simulatedCommittee(chainId: bigint, period: bigint, size: bigint): SimulatedCommittee {
  const seed = id('simulated validator set');
  const secrets = Array.from({ length: Number(size) }, (_, index) => {
    const entropy = keccak256(concat([seed, toBeHex(chainId, 32), toBeHex(period, 32), toBeHex(index, 32)]));
    return (BigInt(entropy) % (ORDER - 1n)) + 1n;
  });
  const committee = { keys: secrets.map(publicKey), aggregateKey: publicKey(sum(secrets)) };
  return { secrets, ...committee, root: committeeRoot(committee) };
}

/**
 * The signature of all but some of a committee: that of the sum of their keys is the sum of their signatures.
 * @param root 32 bytes, hex
 * @returns 96 bytes, hex
 */
export function signRoot({ secrets }: SimulatedCommittee, absent: readonly number[], root: string): string {
  const signing = secrets.filter((_, index) => !absent.includes(index));
  const hashed = bls12_381.G2.hashToCurve(getBytes(root), CIPHERSUITE);
  const point = bls12_381.G2.ProjectivePoint.fromAffine(hashed.toAffine());
  return hexlify(bls12_381.Signature.toRawBytes(point.multiply(sum(signing))));
}

function publicKey(secret: bigint): string {
  return hexlify(bls12_381.getPublicKey(scalar(secret)));
}

function sum(secrets: readonly bigint[]): bigint {
  return secrets.reduce((total, secret) => (total + secret) % ORDER, 0n);
}

function scalar(secret: bigint): Uint8Array {
  return getBytes(toBeHex(secret, 32));
}
