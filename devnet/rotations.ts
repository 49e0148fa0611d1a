import type { JsonRpcProvider } from 'ethers';

import { syncCommitteeLightClientAt } from '../sdk/chain/omnichain/maintenance/contracts.ts';
import { sleep } from '../sdk/chain/sleep.ts';
import type { OmnichainDeployment } from '../sdk/core/omnichain/deployment.ts';

/** A committee of a simulated validator set that has taken over from the one before. */
export interface Rotation {
  /** Name of the chain whose set it is. */
  readonly chain: string;
  readonly period: bigint;
  /** Of the committee, as light clients keep it. */
  readonly root: string;
}

/** Milliseconds between two looks at the light clients. */
const INTERVAL_MS = 500;

/**
 * Tells of each committee that has taken over, as the light clients on the relay chain know it.
 * @returns what ends it
 */
export function watchRotations(
  lane: OmnichainDeployment,
  relayChain: JsonRpcProvider,
  onRotation: (rotation: Rotation) => void,
): () => void {
  const stopping = new AbortController();
  for (const { on, of, kind, address } of lane.lightClients) {
    if (on !== lane.relayChainId || kind !== 'sync-committee') continue;
    const chain = lane.chains.find(({ chainId }) => chainId === of)!.name;
    void watch(syncCommitteeLightClientAt(address, relayChain), stopping.signal, (period, root) =>
      onRotation({ chain, period, root }),
    );
  }
  return () => stopping.abort();
}

async function watch(
  lightClient: ReturnType<typeof syncCommitteeLightClientAt>,
  signal: AbortSignal,
  onPeriod: (period: bigint, root: string) => void,
): Promise<void> {
  let known: bigint | undefined;
  while (!signal.aborted) {
    // A chain that has ended is noticed by whoever started it.
    const now = await readCommittee(lightClient).catch(() => undefined);
    if (now !== undefined && known !== undefined && now.period > known) onPeriod(now.period, now.root);
    known = now?.period ?? known;
    await sleep(INTERVAL_MS, signal);
  }
}

/** The committee of the newest final block. */
async function readCommittee(
  lightClient: ReturnType<typeof syncCommitteeLightClientAt>,
): Promise<Pick<Rotation, 'period' | 'root'>> {
  const [slot, slotsPerEpoch, epochsPerPeriod] = await Promise.all([
    lightClient.finalizedSlot(),
    lightClient.slotsPerEpoch(),
    lightClient.epochsPerPeriod(),
  ]);
  const period = slot / (slotsPerEpoch * epochsPerPeriod);
  return { period, root: await lightClient.committeeRoot(period) };
}
