import { XdmError } from '../../../core/errors.ts';
import { lightClientAt } from '../contracts.ts';
import type { LightClientMaintainer } from './maintainer.ts';
import type { FoundLightClient } from './maintainerOf.ts';
import { newestOf, planTo, tryPlan } from './plans.ts';

/**
 * What keeps a light client in sync as far as a block that somebody waits for, and no farther: whoever pays for that alone pays for
 * nothing that does not bring it. It has nothing to send where that block, or a later one, is known.
 * @throws {XdmError} beside what a maintainer throws: `not-ready` where no updates lead there yet, `update-invalid` where the contract
 * refuses one on the way
 */
export function leadingTo(
  block: bigint,
  found: Pick<FoundLightClient, 'address' | 'provider' | 'of'>,
  maintainer: LightClientMaintainer,
): LightClientMaintainer {
  const { address, provider, of } = found;
  return {
    async next() {
      const [head] = await lightClientAt(address, provider).head();
      if (head >= block) return [];
      const plan = await maintainer.next(async (after) => await Promise.resolve(after < block ? [block] : []));
      const way = planTo(plan, block);
      if (way === undefined) {
        const there = plan.length === 0 ? 'its source has no updates' : `its updates lead to block ${newestOf(plan)}`;
        throw new XdmError(
          'not-ready',
          `the light client of chain ${of} knows block ${head}, and ${there}, none to block ${block}: nothing is sent`,
          { hint: `wait until block ${block} is final, and its source has an update that brings it` },
        );
      }
      // Where it refuses the first, whoever sends that is told why, and pays nothing.
      const { taken, isRefused } = await tryPlan(provider, way);
      if (!isRefused || taken === 0) return way;
      throw new XdmError(
        'update-invalid',
        `the light client of chain ${of} takes ${taken} of the ${way.length} updates that lead to block ${block}: none is sent`,
        { hint: 'give another source: this one says something wrong' },
      );
    },
  };
}
