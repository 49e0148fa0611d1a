import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { runMutants } from '../../tools/mutation/run-mutants.ts';
import type { Mutant } from '../../tools/mutation/mutant.ts';
import type { Tally } from '../../tools/tally.ts';

const SOURCE = 'contracts/libraries/AddressAlias.sol';
const KILLED: Mutant = {
  rule: 'the origin is an account',
  find: 'if (msg.sender == tx.origin) return true;',
  replace: '',
  killedBy: 'libraries/AddressAlias.t.sol: test_OriginIsAnAccount',
};

// Generous: they compile.
const TIMEOUT_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'xdm-mutation-'));
const record = join(folder, 'mutants.json');
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  mutants: readonly Mutant[],
  options: { isAll?: boolean; mostChanged?: number } = {},
): Promise<Tally> {
  return await runMutants({ sources: [{ source: SOURCE, mutants }], isAll: false, mostChanged: 9, record, ...options });
}

describe('mutants', { timeout: TIMEOUT_MS }, () => {
  test('are killed by the test that is named, and recorded', async () => {
    const other = 'libraries/AddressAlias.t.sol: test_AliasIsShifted';
    const mutants: Mutant[] = [
      KILLED,
      { ...KILLED, rule: 'it survives', killedBy: other },
      { ...KILLED, rule: 'it does not compile', replace: 'return 1;' },
      { ...KILLED, rule: 'it changes nothing', replace: `/* nothing */ ${KILLED.find}` },
    ];
    const { passed, failed, failures = [] } = await run(mutants);
    expect([passed, failed]).toEqual([1, 3]);
    expect(failures.toSorted()).toEqual([
      expect.stringMatching(/it changes nothing: it changes no code/u),
      expect.stringMatching(/it does not compile: .*Return argument type/su),
      expect.stringMatching(/it survives: the test passes with it$/u),
    ]);
    const recorded = JSON.parse(readFileSync(record, 'utf8')) as unknown;
    expect(recorded).toEqual({ [SOURCE]: { [KILLED.rule]: expect.any(String) as string } });
  });

  test('are tried again when they changed, and one where none did', async () => {
    const both = [KILLED, { ...KILLED, rule: 'the origin is an account, too' }];
    expect(await run(both, { mostChanged: 1 })).toMatchObject({ passed: 1, failed: 0 });
    expect(await run(both, { mostChanged: 0 })).toMatchObject({ passed: 1, failed: 0 });
  });

  test('that are too many for a run by default fail it, and say what to do', async () => {
    rmSync(record, { force: true });
    expect((await run([KILLED], { mostChanged: 0 })).problem).toContain('--all');
    expect(existsSync(record)).toBe(false);
  });

  test.each([
    ['stand nowhere', { find: 'nothing of the kind' }],
    ['stand in several places', { find: 'address' }],
    ['name no test', { killedBy: 'libraries/AddressAlias.t.sol' }],
  ])('that %s are an error', async (_, change) => {
    expect(await run([{ ...KILLED, ...change }])).toMatchObject({ passed: 0, failed: 1 });
  });

  test('of the same name are an error', async () => {
    expect(await run([KILLED, KILLED])).toMatchObject({ passed: 0, failed: 1 });
  });

  test('whose test is not there, or fails without them, are an error', async () => {
    const killedBy = 'libraries/AddressAlias.t.sol: test_Nothing';
    expect((await run([{ ...KILLED, killedBy }])).problem).toContain('test_Nothing');
  });
});
