import fc from 'fast-check';
import { expect, test } from 'vitest';

import { relayMessages } from '../../../sdk/actions/relayMessages.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import { deployArtifact } from '../../support/chain.ts';
import { mineAt } from '../../support/clock.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { sendTogether, type Call } from '../../support/sendTogether.ts';

/** Messages of a lane, in three state batches. */
const SIZES = [13, 16, 11];
const TOTAL = SIZES.reduce((sum, size) => sum + size, 0);
const RUNS = 4;

/** Sends messages, of which every fifth has a target that fails, and lets the windows of their batches pass. */
async function sendAll(chains: LaneChains, target: FragileTarget): Promise<LaneMessage[]> {
  const eater = await (await deployArtifact('GasEater', chains.l1.account(3))).getAddress();
  const sent: LaneMessage[] = [];
  for (const size of SIZES) {
    const calls: Call[] = Array.from({ length: size }, (_, index) => {
      const isFailing = (sent.length + index) % 5 === 4;
      return { target: isFailing ? eater : target.address, data: `0x${'ab'.repeat((index * 37) % 200)}` };
    });
    sent.push(...(await sendTogether(chains, calls)));
    const { timestamp } = await commitBlocks(chains.client, chains.l1.account(0));
    await mineAt(chains.l1.provider, timestamp + chains.lane.fraudProofWindow);
  }
  return sent;
}

async function relayInSteps(steps: readonly (readonly number[])[]): Promise<void> {
  const chains = await startLane();
  try {
    const target = await deployFragile(chains.l1.account(3), '');
    await target.repair();
    const sent = await sendAll(chains, target);
    const delivered = new Set<number>();
    for (const indices of steps) {
      const messages = indices.map((index) => sent[index]!);
      const relayed = await relayMessages(chains.client, { messages, signer: chains.l1.account(2) });
      // The lane is a set of what was delivered.
      const expected = indices.map((index) => {
        if (index % 5 === 4) return 'failed';
        return delivered.has(index) ? 'already-relayed' : 'relayed';
      });
      expect(relayed.map((each) => ('result' in each ? each.result.outcome : each.error))).toEqual(expected);
      for (const index of indices) if (index % 5 !== 4) delivered.add(index);
      expect(await target.count()).toBe(BigInt(delivered.size));
    }
  } finally {
    await chains.stop();
  }
}

test('random messages of a lane are relayed once each, whatever was relayed before', async () => {
  const indices = fc.uniqueArray(fc.nat(TOTAL - 1), { minLength: 1, maxLength: TOTAL });
  const steps = fc.array(indices, { minLength: 2, maxLength: 4 });
  await fc.assert(fc.asyncProperty(steps, relayInSteps), { numRuns: RUNS });
});
