import { getCreateAddress, Wallet, type JsonRpcProvider } from 'ethers';

import { parseOmnichainConfig } from '../relayer/lanes/omnichain/config.ts';
import { omnichainNodeLane } from '../relayer/lanes/omnichain/omnichainNodeLane.ts';
import { exampleReceiver } from '../sdk/abi/ExampleReceiver.ts';
import { deployOmnichain } from '../sdk/actions/omnichain/deployOmnichain.ts';
import type { LightClientPlan } from '../sdk/actions/omnichain/planOmnichain.ts';
import { creationCode } from '../sdk/chain/creationCode.ts';
import { BeaconNode } from '../sdk/chain/omnichain/beaconNode.ts';
import {
  buildAttestorConfiguration,
  buildSyncCommitteeConfiguration,
} from '../sdk/chain/omnichain/maintenance/configurations.ts';
import { waitForReceipt } from '../sdk/chain/receipts.ts';
import { connect } from '../sdk/chain/rpc.ts';
import { XdmError } from '../sdk/core/errors.ts';
import { serializeOmnichainDeployment, type OmnichainDeployment } from '../sdk/core/omnichain/deployment.ts';
import { deployerAccount, devnetAccount, nodeAccount, USER_ACCOUNTS } from './accounts.ts';
import { startAttestorSet, type AttestorSet } from './attestors/attestorSet.ts';
import { startLocalNetwork, type LocalNetwork, type LocalNetworkOptions, type Starter } from './localNetwork.ts';
import { checkPort } from './ports.ts';
import { watchRotations, type Rotation } from './rotations.ts';
import { startValidatorSet, type ValidatorSet } from './validators/validatorSet.ts';

/** The relay chain, and the chains that it is between. */
const LOCAL_CHAINS = [
  { name: 'relay', chainId: 910n },
  { name: 'A', chainId: 911n },
  { name: 'B', chainId: 912n },
] as const;

type LocalChainName = (typeof LOCAL_CHAINS)[number]['name'];

export interface OmnichainDevnetOptions extends LocalNetworkOptions {
  /** Ports of the chains on 127.0.0.1; free ones where they are not given. */
  readonly ports?: Readonly<Record<LocalChainName, number>> | undefined;
  /** Told of each committee of a simulated validator set that begins to sign, once the light client on the relay chain knows so. */
  readonly onRotation?: ((rotation: Rotation) => void) | undefined;
}

interface OmnichainLane {
  readonly deployment: OmnichainDeployment;
  /** The example receiver, on each chain at the same address: it hears the accounts for whoever uses the network. */
  readonly receiver: string;
}

/** A local network that runs, with an omnichain lane. */
export type OmnichainDevnet = LocalNetwork & OmnichainLane;

/** A chain that runs. */
interface RunningChain {
  readonly name: LocalChainName;
  readonly chainId: bigint;
  readonly provider: JsonRpcProvider;
  readonly url: string;
}

/** Ether that each account has at the start. */
const BALANCE = 1_000_000n;

/** Seconds that the clocks of A and B are behind that of the relay chain, which believes nothing that was signed in its future. */
const BEHIND_S = 60;

/** Blocks in the beginning, so that one is final to start from. */
const FIRST_BLOCKS = 4;

/** Most seconds between two blocks: any period of 64 seconds has three then, of which one is final in the last one's state. */
const MAX_BLOCK_TIME_S = 20;

/** Of anvil's chains. */
const HISTORY_WINDOW = 8191n;

const DAY_S = 86_400n;

/** For as long as that a computer may sleep. */
const TRUSTING_PERIOD_S = 90n * DAY_S;

/** In wei. */
const FEE = { perMessage: 10n ** 13n, perGas: 10n ** 9n };

/** A local network need not wait for blocks to be final before it looks at them: nothing drops them. */
const NODE_SETTINGS = {
  finality: 'latest',
  pollInterval: 250,
  maintenanceInterval: 1000,
  rebroadcastAfter: 3000,
  bumpAfter: 15_000,
  privateKey: nodeAccount().privateKey,
};

/**
 * Starts a local network with an omnichain lane: three chains, simulated validator sets of A and B, a simulated attestor set of the
 * relay chain, and a node.
 * @throws {XdmError} `invalid-argument` for blocks too far apart, and as `startLocalNetwork`
 */
export async function startOmnichainDevnet(options: OmnichainDevnetOptions): Promise<OmnichainDevnet> {
  if (options.blockTime > MAX_BLOCK_TIME_S) {
    throw new XdmError('invalid-argument', `there are ${options.blockTime} seconds between two blocks`, {
      hint: `give at most ${MAX_BLOCK_TIME_S}, so that no committee of a simulated validator set serves without signing`,
    });
  }
  for (const port of Object.values(options.ports ?? {})) await checkPort(port, '--ports');
  return await startLocalNetwork<OmnichainLane>(options, async (starter) => {
    const chains = await startChains(options, starter);
    const deployment = await deploy(chains, starter);
    const receiver = await deployReceivers(chains, deployment);
    for (const chain of chains) await startClock(chain, options.blockTime);
    const { onRotation } = options;
    if (onRotation !== undefined) starter.onStop(watchRotations(deployment, chains[0]!.provider, onRotation));
    return {
      shown: { deployment, receiver },
      deployment: serializeOmnichainDeployment(deployment),
      settings: NODE_SETTINGS,
      nodeLane: (sources) => omnichainNodeLane(deployment, parseOmnichainConfig(sources)),
    };
  });
}

/** Each has a block for each transaction until the lane is deployed, and then one each `blockTime`. */
async function startChains({ ports }: OmnichainDevnetOptions, starter: Starter): Promise<RunningChain[]> {
  const chains: RunningChain[] = [];
  const now = Math.floor(Date.now() / 1000);
  for (const { name, chainId } of LOCAL_CHAINS) {
    const timestamp = name === 'relay' ? now : now - BEHIND_S;
    const args = ['--balance', `${BALANCE}`, '--enable-tx-gas-limit', '--timestamp', `${timestamp}`];
    const { url } = await starter.startChain({ chainId: Number(chainId), port: ports?.[name], args });
    const provider = await connect(url, { name });
    starter.onStop(() => provider.destroy());
    chains.push({ name, chainId, provider, url });
  }
  return chains;
}

/**
 * Has a chain make its blocks by the clock from now on. The time of A and B goes by their blocks: they never come to be before the relay
 * chain, and a computer that has slept leaves no period without a block, which no light client would get past.
 */
async function startClock({ name, provider }: RunningChain, blockTime: number): Promise<void> {
  if (name !== 'relay') await provider.send('anvil_setBlockTimestampInterval', [blockTime]);
  await provider.send('evm_setIntervalMining', [blockTime]);
}

async function deploy(chains: readonly RunningChain[], starter: Starter): Promise<OmnichainDeployment> {
  const { privateKey } = deployerAccount();
  const [relay, ...others] = chains.map((chain) => ({
    ...chain,
    signer: new Wallet(privateKey, chain.provider),
    rpcUrl: chain.url,
  }));
  const attestors = await startAttestorSet({ rpcUrl: relay!.url });
  starter.onStop(async () => await attestors.stop());
  const lightClients: LightClientPlan[] = [];
  for (const chain of others) {
    await chain.provider.send('anvil_mine', [`0x${FIRST_BLOCKS.toString(16)}`, '0x1']);
    const validators = await startValidatorSet({ rpcUrl: chain.url });
    starter.onStop(async () => await validators.stop());
    lightClients.push(await planOnRelayChain(chain, validators), planOfRelayChain(chain, relay!, attestors));
  }
  return await deployOmnichain({
    places: [relay!, ...others],
    lightClients,
    lightClientDelay: DAY_S,
    fee: FEE,
  });
}

async function planOnRelayChain({ name, chainId }: RunningChain, { url }: ValidatorSet): Promise<LightClientPlan> {
  const terms = { chainId, historyWindow: HISTORY_WINDOW, trustingPeriod: TRUSTING_PERIOD_S };
  const configuration = await buildSyncCommitteeConfiguration(new BeaconNode(url), terms);
  return { on: 'relay', of: name, ...configuration, sources: [url] };
}

function planOfRelayChain(
  { name }: RunningChain,
  { chainId }: RunningChain,
  { url, signers, threshold }: AttestorSet,
): LightClientPlan {
  const terms = { chainId, historyWindow: HISTORY_WINDOW, signers, threshold: BigInt(threshold) };
  return { on: name, of: 'relay', ...buildAttestorConfiguration(terms), sources: [url] };
}

/** By an account that has sent nothing yet: the address, which documents name, is the same on each chain, whatever the lane is. */
async function deployReceivers(chains: readonly RunningChain[], lane: OmnichainDeployment): Promise<string> {
  const callers = Array.from({ length: USER_ACCOUNTS }, (_, index) => devnetAccount(index).address);
  const { address, privateKey } = nodeAccount();
  await Promise.all(
    chains.map(async ({ chainId, provider }) => {
      const { service } = lane.chains.find((chain) => chain.chainId === chainId)!;
      const others = chains.map((chain) => chain.chainId).filter((other) => other !== chainId);
      const data = creationCode(exampleReceiver, [service, others, callers]);
      const { hash } = await new Wallet(privateKey, provider).sendTransaction({ data });
      await waitForReceipt(provider, hash);
    }),
  );
  return getCreateAddress({ from: address, nonce: 0 });
}
