import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BlockTag, Provider } from 'ethers';
import { describe, expect, test } from 'vitest';

import { writeNew } from '../../cli/files.ts';
import { verifyGoesOn, type PlannedCreations } from '../../cli/omnichain/goingOn.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { laneDeployerOf } from '../../sdk/core/lanePlan.ts';
import { account } from '../support/events.ts';

const PLAN = { chainId: 1n, account: account(1), nonce: 4, deployedAt: 10n };
const DEPLOYER = laneDeployerOf(PLAN);
const SERVICE = account(2);

/** What stands on a chain, from which block on, and how many transactions the account has sent there. */
interface Facts {
  readonly sent: number;
  readonly since?: Readonly<Record<string, bigint>>;
  /** Answers a question about an earlier block. */
  readonly history?: () => Promise<string>;
}

function chain(name: string, { sent, since = {}, history }: Facts): PlannedCreations {
  const provider: Partial<Provider> = {
    getTransactionCount: async () => await Promise.resolve(sent),
    async getCode(address, block: BlockTag = 'latest') {
      const from = since[address as string];
      if (block !== 'latest' && history !== undefined) return await history();
      return await Promise.resolve(from === undefined || (block !== 'latest' && from > BigInt(block)) ? '0x' : '0x60');
    },
  };
  return { plan: PLAN, provider: provider as Provider, name: `chain ${name}`, contracts: [SERVICE] };
}

const untouched = chain('A', { sent: PLAN.nonce });

describe('a plan that stands in its file', () => {
  async function goOn(...chains: readonly PlannedCreations[]): Promise<string[]> {
    const lines: string[] = [];
    await verifyGoesOn(chains, 'the file', { log: (line) => lines.push(line) });
    return lines;
  }

  test('is gone on with where nothing was done, or what it plans', async () => {
    const begun = chain('B', { sent: 6, since: { [DEPLOYER]: 11n, [SERVICE]: 12n } });
    expect(await goOn(untouched, begun)).toEqual([]);
  });

  test.each([
    ['nothing of it is there but lane deployers', {}],
    ['what is there of it by now stays behind', { [SERVICE]: 12n }],
  ])('is stale where the account has sent something else on one chain: %s', async (hint, more) => {
    const begun = chain('B', { sent: 9, since: { [DEPLOYER]: 11n, ...more } });
    await expect(goOn(begun, chain('A', { sent: PLAN.nonce + 1 }))).rejects.toMatchObject({
      code: 'plan-stale',
      message: `${PLAN.account} has sent something else on chain A since the file was written`,
      hint: expect.stringContaining(hint) as string,
    });
  });

  test('is refused where it says that it was made after its lane deployer, whose logs nobody would see', async () => {
    const early = chain('B', { sent: 5, since: { [DEPLOYER]: 10n } });
    await expect(goOn(untouched, early)).rejects.toThrow('says block 10 of chain B, where the lane was begun already');
  });

  test('is gone on with, and a warning, where a node has no state of that block', async () => {
    const history = async (): Promise<string> => await Promise.reject(new XdmError('rpc-error', 'no state'));
    const pruned = chain('B', { sent: 5, since: { [DEPLOYER]: 11n }, history });
    expect(await goOn(pruned)).toEqual([
      expect.stringMatching(/^warning: chain B's endpoint does not say .*no state/u),
    ]);
  });
});

test('a plan is not written over that of another run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-plan-'));
  try {
    const path = join(folder, 'lane.json.plan');
    writeNew(path, 'first');
    expect(() => writeNew(path, 'second')).toThrow('another run has written');
    expect(readFileSync(path, 'utf8')).toBe('first');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
