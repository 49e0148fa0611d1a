import { verifyTypedData, Signature, type TypedDataDomain, type TypedDataField } from 'ethers';

// What attestors sign (EIP-712), exactly as `AttestorLightClient` hashes it.

/** A light client of attestors, which what they sign is for. */
export interface AttestedLightClient {
  /** Chain that it is deployed on. */
  readonly on: bigint;
  /** Chain whose blocks it knows. */
  readonly of: bigint;
  readonly address: string;
}

/** A block that attestors of an epoch vouch for. */
export interface AttestedBlock {
  readonly epoch: bigint;
  readonly number: bigint;
  readonly blockHash: string;
}

/** Who attests from an epoch on. */
export interface Rotation {
  /** That of those who sign is the one before. */
  readonly epoch: bigint;
  /** By ascending address. */
  readonly signers: readonly string[];
  readonly threshold: bigint;
}

/** What wallets sign. */
export interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Readonly<Record<string, unknown>>;
}

const ATTESTATION = {
  Attestation: [
    { name: 'sourceChain', type: 'uint256' },
    { name: 'epoch', type: 'uint256' },
    { name: 'number', type: 'uint64' },
    { name: 'blockHash', type: 'bytes32' },
  ],
};

const ROTATION = {
  Rotation: [
    { name: 'sourceChain', type: 'uint256' },
    { name: 'epoch', type: 'uint256' },
    { name: 'signers', type: 'address[]' },
    { name: 'threshold', type: 'uint256' },
  ],
};

/** What attests a block. */
export function attestationData(client: AttestedLightClient, block: AttestedBlock): TypedData {
  const { epoch, number, blockHash } = block;
  const value = { sourceChain: client.of, epoch, number, blockHash };
  return { domain: domainOf(client), types: ATTESTATION, value };
}

/** What replaces the signers. */
export function rotationData(client: AttestedLightClient, { epoch, signers, threshold }: Rotation): TypedData {
  const value = { sourceChain: client.of, epoch, signers, threshold };
  return { domain: domainOf(client), types: ROTATION, value };
}

/** Who has signed, and how the contract takes it; undefined for what is no signature. */
export function readSignature(
  { domain, types, value }: TypedData,
  signature: string,
): { readonly signer: string; readonly signature: string } | undefined {
  try {
    // The one form that the contract takes: the lower `s`, and 27 or 28.
    const { serialized } = Signature.from(signature);
    return { signer: verifyTypedData(domain, types, value, serialized), signature: serialized };
  } catch {
    return undefined;
  }
}

function domainOf({ on, address }: AttestedLightClient): TypedDataDomain {
  return { name: 'AttestorLightClient', version: '1', chainId: on, verifyingContract: address };
}
