import { retryMessageIn } from '../../../sdk/actions/omnichain/transferIn.ts';
import type { OrderAttempt } from '../../../sdk/chain/omnichain/logs.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import { nothing, type Fault } from '../faults.ts';
import { breakTarget, repairTarget } from './targets.ts';
import { arrivals, hopsOf, readTruth } from './truth.ts';
import { IDS, type ChainName, type OmnichainWorld } from './world.ts';

/** Blocks of a chain, a second apart, in which one sync committee serves. */
const BLOCKS_A_PERIOD = 64;

/** What the node gets its updates of a chain's light clients from takes what it is asked, and says nothing to it. */
export function silentSource(of: ChainName): Fault<OmnichainWorld> {
  return {
    name: `the source of ${of}'s updates is silent`,
    async begin({ sources }) {
      const end = sources[of].fallSilent();
      await nothing();
      return async () => {
        end();
        await nothing();
      };
    },
  };
}

/** The node carries messages, and keeps no light client in sync, while several committees of A and B follow each other. */
export function withoutMaintainer(periods: number): Fault<OmnichainWorld> {
  return {
    name: `no maintainer for ${periods} periods`,
    async begin({ lane, nodes: [node], chains }) {
      await node!.kill();
      node!.start({ roles: 'messenger' });
      for (let period = 0; period < periods; period++) {
        for (const name of ['A', 'B'] as const) {
          await chains[name].betweenBlocks(async () => await lane.advance(IDS[name], BLOCKS_A_PERIOD));
        }
      }
      return async () => {
        await node!.kill();
        node!.start({});
      };
    },
  };
}

/** Once something has failed, somebody repairs it, and tries all that has, twice at the same moment; then it fails again. */
export const retryFailed: Fault<OmnichainWorld> = {
  name: 'what has failed is tried again',
  async begin(world) {
    const broken = [...world.targets.broken.values()];
    const failed = await failedOrders(world);
    world.targets.wereRepaired = true;
    await Promise.all(broken.map(repairTarget));
    for (const { order, onChain } of failed) {
      await Promise.all(
        [6, 7].map(async (account) => {
          const signer = world.lane.chain(onChain).account(account);
          try {
            await retryMessageIn(world.lane.client, { onChain, order, signer });
          } catch (error) {
            // The other one was faster, or its block was dropped.
            if (toXdmError(error).code === 'internal') throw error;
          }
        }),
      );
    }
    await Promise.all(broken.map(breakTarget));
    return nothing;
  },
};

/** Longest wait for a message to fail, milliseconds, on a machine that has much else to do. */
const FAILING_MS = 30_000;

interface FailedOrder {
  readonly order: OrderAttempt;
  readonly onChain: bigint;
}

/** As soon as there are some. */
async function failedOrders({ lane }: OmnichainWorld): Promise<FailedOrder[]> {
  const deadline = performance.now() + FAILING_MS;
  for (;;) {
    const truth = await readTruth(lane);
    const failed = hopsOf(lane, truth).flatMap((hop) => {
      const last = arrivals(truth, hop).attempts.at(-1);
      return last?.outcome === 'failed' ? [{ order: last, onChain: hop.to }] : [];
    });
    if (failed.length > 0 || performance.now() > deadline) return failed;
    await sleep(100);
  }
}
