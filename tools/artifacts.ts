import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The contracts that are deployed. */
export const CONTRACTS = [
  'AttestorLightClient',
  'CanonicalTransactionChain',
  'ChainStorageContainer',
  'CrossDomainGateway',
  'ExampleReceiver',
  'L1CrossDomainMessenger',
  'L2CrossDomainMessenger',
  'L2ToL1MessagePasser',
  'LaneDeployer',
  'OmnichainRelayService',
  'OmnichainService',
  'SealedHeaderLightClient',
  'SenderAllowlist',
  'StateCommitmentChain',
  'SyncCommitteeLightClient',
] as const;

/** Where the profile `contracts` of foundry.toml puts its artifacts. */
const OUT = 'cache/contracts/out';

/** What forge writes about a compiled contract, as far as it is used. */
export interface Artifact {
  readonly abi: readonly unknown[];
  readonly bytecode: { readonly object: string };
  readonly deployedBytecode: { readonly object: string };
  /** The compiler's metadata, as JSON. */
  readonly rawMetadata: string;
  readonly storageLayout: {
    readonly storage: readonly { label: string; slot: string; offset: number; type: string }[];
    readonly types: Readonly<Record<string, { label: string }>> | null;
  };
}

/**
 * The artifact of a contract or an interface, each in a file of its name.
 * @throws {Error} when the contracts are not compiled
 */
export function readArtifact(contract: string): Artifact {
  const path = join(OUT, `${contract}.sol`, `${contract}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Artifact;
  } catch (cause) {
    throw new Error(`${path} cannot be read: run \`npm run build\` first`, { cause });
  }
}
