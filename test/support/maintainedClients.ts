import type { JsonRpcProvider, Wallet } from 'ethers';

import { startAttestorSet, type AttestorSet } from '../../devnet/attestors/attestorSet.ts';
import { startValidatorSet, type ValidatorSet } from '../../devnet/validators/validatorSet.ts';
import { BeaconNode } from '../../sdk/chain/omnichain/beaconNode.ts';
import type { ConnectedChain, OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import {
  buildAttestorConfiguration,
  buildSealedHeaderConfiguration,
  buildSyncCommitteeConfiguration,
  type LightClientConfiguration,
} from '../../sdk/chain/omnichain/maintenance/configurations.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import type { OmnichainLightClient } from '../../sdk/core/omnichain/deployment.ts';
import { startChain, type Chain } from './chain.ts';
import { SCHEME, SealedChain, serveSealedChain, validator } from './sealedChain.ts';

/** Chain ids: where the light clients are, and whose blocks they know. */
export const HERE = 7100n;
export const COMMITTEE = 7101n;
export const ATTESTED = 7102n;
export const SEALED = 7103n;

const DAY = 86_400n;

/** A light client of each kind on one chain, and what vouches for the others'. */
export interface MaintainedClients {
  readonly client: OmnichainClient;
  readonly here: Chain;
  /** Of the simulated validator set, and of the attestors. */
  readonly source: Chain;
  readonly validators: ValidatorSet;
  readonly attestors: AttestorSet;
  readonly sealed: SealedChain;
  /** Blocks of the source, a second apart. */
  readonly advance: (blocks: number) => Promise<void>;
  stop(): Promise<void>;
}

/** The first validators of the sealed chain. */
export function firstValidators(): Wallet[] {
  return [0, 1, 2, 3].map(validator);
}

/** Starts them. */
export async function startMaintainedClients(): Promise<MaintainedClients> {
  const source = await startChain(Number(COMMITTEE), ['--slots-in-an-epoch', '1']);
  // Later by some time: the source's blocks are made a second apart, and sooner than that.
  const now = Math.floor(Date.now() / 1000);
  const here = await startChain(Number(HERE), ['--timestamp', `${now + 3600}`]);
  await mine(source, 5);
  const validators = await startValidatorSet({ rpcUrl: source.url });
  const attested = await startChain(Number(ATTESTED), ['--slots-in-an-epoch', '1']);
  await mine(attested, 5);
  const attestors = await startAttestorSet({ rpcUrl: attested.url });
  const sealed = new SealedChain(now);
  sealed.append(firstValidators());
  const server = await serveSealedChain(sealed, SEALED);
  const sealedNode = await connect(server.url, { name: 'sealed' });

  const common = { historyWindow: 8191n, trustingPeriod: DAY };
  const configurations = [
    await buildSyncCommitteeConfiguration(new BeaconNode(validators.url), { ...common, chainId: COMMITTEE }),
    buildAttestorConfiguration({ ...common, ...attestors, threshold: BigInt(attestors.threshold), chainId: ATTESTED }),
    await buildSealedHeaderConfiguration(sealedNode, { ...common, scheme: SCHEME, chainId: SEALED }),
  ];
  const sources = [[validators.url], [attestors.url], []];
  const lightClients: OmnichainLightClient[] = [];
  for (const [index, of] of [COMMITTEE, ATTESTED, SEALED].entries()) {
    const { kind, address } = await deploy(here, configurations[index]!);
    lightClients.push({ on: HERE, of, kind, address, sources: sources[index]! });
  }
  const providers = [here.provider, source.provider, attested.provider, sealedNode];
  return {
    client: clientOf([HERE, COMMITTEE, ATTESTED, SEALED], providers, lightClients),
    here,
    source,
    validators,
    attestors,
    sealed,
    async advance(blocks) {
      await Promise.all([mine(source, blocks), mine(attested, blocks)]);
      await validators.caughtUp();
    },
    async stop() {
      await Promise.all([validators.stop(), attestors.stop()]);
      sealedNode.destroy();
      await Promise.all([here.stop(), source.stop(), attested.stop(), server.stop()]);
    },
  };
}

async function mine(chain: Chain, blocks: number): Promise<void> {
  await chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`, '0x1']);
}

async function deploy(
  chain: Chain,
  { kind, creationCode }: LightClientConfiguration,
): Promise<Pick<OmnichainLightClient, 'kind' | 'address'>> {
  const { hash } = await chain.account(0).sendTransaction({ data: creationCode });
  return { kind, address: (await waitForReceipt(chain.provider, hash)).contractAddress! };
}

/** Of a lane without services: none is needed to keep light clients in sync. */
function clientOf(
  ids: readonly bigint[],
  providers: readonly JsonRpcProvider[],
  lightClients: readonly OmnichainLightClient[],
): OmnichainClient {
  const chains = ids.map((chainId, index): ConnectedChain => {
    const facts = { name: `chain-${chainId}`, service: `0x${'00'.repeat(20)}`, deployedAt: 0n };
    return { chainId, ...facts, headers: chainId === SEALED ? SCHEME : 'ethereum', provider: providers[index]! };
  });
  return {
    lane: { relayChainId: HERE, chains, lightClients },
    chains: new Map(chains.map((chain) => [chain.chainId, chain])),
  };
}
