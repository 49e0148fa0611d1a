import { JsonRpcProvider, parseEther } from 'ethers';
import { describe, expect, test } from 'vitest';

import { judgeBalance, judgeFee, judgeRoles, signersOf } from '../../../cli/doctor/accounts.ts';
import { judgeClock } from '../../../cli/doctor/chains.ts';
import type { EndpointFacts } from '../../../cli/doctor/endpointFacts.ts';
import { compareEndpoints, expectedOf, judgeDead, judgeEndpoint } from '../../../cli/doctor/endpoints.ts';
import { exitOf, lineOf, ok, problem, trouble, warning, within, type Finding } from '../../../cli/doctor/finding.ts';
import { judgeQueue } from '../../../cli/doctor/queue.ts';
import { judgeRoom, judgeSpending } from '../../../cli/doctor/store.ts';
import { parseNodeConfig, type NodeConfig } from '../../../relayer/lanes/rollup/config.ts';
import type { RoleHolder } from '../../../sdk/actions/getRoles.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import { devnetAccount } from '../../../devnet/accounts.ts';
import { EXAMPLE_DEPLOYMENT } from '../../support/deployment.ts';

const PLACE = { check: 'code', subject: 'l1' };

function settings(flags: Readonly<Record<string, unknown>>): NodeConfig {
  return parseNodeConfig({ flags: { store: 's', ...flags }, environment: {}, file: {} });
}

describe('the exit code', () => {
  const fine = ok(PLACE, 'is there');
  const soon = trouble(PLACE, 'does not answer', 'wait');
  const bad = problem(PLACE, 'is not there', 'mend it');

  test.each([
    [0, [fine, warning(PLACE, 'is slow', 'hurry')]],
    [3, [fine, soon]],
    [1, [soon, bad]],
    [0, []],
  ])('is %d', (code, findings) => {
    expect(exitOf(findings)).toBe(code);
  });

  test('is that of the error which a check ends with', async () => {
    const ending = async (cause: Error): Promise<readonly Finding[]> => {
      const check = async (): Promise<readonly Finding[]> => {
        await Promise.resolve();
        throw cause;
      };
      return await within(1000, PLACE, check);
    };
    expect(exitOf(await ending(new XdmError('rpc-unreachable', 'nobody')))).toBe(3);
    expect(exitOf(await ending(new XdmError('invalid-config', 'wrong')))).toBe(1);
    expect(await ending(new Error('boom'))).toMatchObject([{ ...PLACE, verdict: 'problem', value: 'boom' }]);
  });

  test('is transient where a check takes too long', async () => {
    const [finding] = await within(20, PLACE, async () => await new Promise(() => undefined));
    expect(finding).toMatchObject({ verdict: 'problem', value: 'was not answered within 0.02 s', isTransient: true });
  });
});

test('a finding is one line', () => {
  expect(lineOf(warning(PLACE, 'is slow', 'hurry'))).toBe('warning  l1 code: is slow; hurry');
  expect(lineOf(ok({ check: 'store', subject: '' }, 'is there'))).toBe('ok       store: is there');
});

describe('an endpoint', () => {
  const NOW = 1_800_000_000;
  const header = (number: number, timestamp = NOW) => ({ number, timestamp, hash: `0x${number}` });
  const facts: EndpointFacts = {
    side: 'l1',
    name: 'http://x',
    provider: new JsonRpcProvider('http://127.0.0.1:1', 900, { staticNetwork: true }),
    chainId: 900n,
    latencyMs: 3,
    client: 'geth',
    isSyncing: false,
    head: header(100),
    blockTime: 12,
    tags: { safe: header(90), finalized: undefined },
    logsByHash: undefined,
    batches: undefined,
  };
  const expected = { chainId: 900n, tags: ['safe'] as const, now: NOW };
  const verdicts = (changed: Partial<EndpointFacts>, wanted: object = {}): unknown =>
    judgeEndpoint({ ...facts, ...changed }, { ...expected, ...wanted }).filter(({ verdict }) => verdict !== 'ok');

  test('that has everything is fine', () => {
    expect(verdicts({})).toEqual([]);
  });

  test.each([
    ['of another chain', { chainId: 1n }, { check: 'chain id', verdict: 'problem', isTransient: false }],
    ['that stands still', { head: header(100, NOW - 300) }, { check: 'head', verdict: 'problem', isTransient: true }],
    ['that is slow', { latencyMs: 2000 }, { check: 'endpoint', verdict: 'warning' }],
    ['that is not in sync', { isSyncing: true }, { check: 'head', verdict: 'problem', isTransient: true }],
    [
      'without logs by block hash',
      { logsByHash: new XdmError('rpc-error', 'no') },
      { check: 'logs by block hash', verdict: 'problem', isTransient: false },
    ],
    [
      'without batches',
      { batches: new XdmError('rpc-error', 'no') },
      { check: 'several requests in one', verdict: 'warning' },
    ],
    [
      'without the tag that is relied on',
      { tags: { safe: undefined, finalized: header(9) } },
      { check: 'safe block', verdict: 'problem', isTransient: false },
    ],
  ])('%s', (_name, changed, finding) => {
    expect(verdicts(changed)).toEqual([expect.objectContaining(finding)]);
  });

  test('of a slow chain is not stale for it', () => {
    expect(verdicts({ head: header(100, NOW - 300), blockTime: 60 })).toEqual([]);
  });

  test('needs the tags that the settings rely on, and no others', () => {
    const config = settings({
      l1Finality: 'latest',
      queueFinality: 'safe',
      l2Finality: 'finalized',
      proposalFinality: 'finalized',
    });
    expect(expectedOf('l1', EXAMPLE_DEPLOYMENT, config, NOW)).toMatchObject({ chainId: 900n, tags: ['safe'] });
    expect(expectedOf('l2', EXAMPLE_DEPLOYMENT, config, NOW)).toMatchObject({ chainId: 901n, tags: ['finalized'] });
    const relaying = settings({ l1Finality: 'latest', l2Finality: 'latest', roles: 'relayer' });
    expect(expectedOf('l1', EXAMPLE_DEPLOYMENT, relaying, NOW).tags).toEqual([]);
    expect(expectedOf('l2', EXAMPLE_DEPLOYMENT, relaying, NOW).tags).toEqual([]);
    const proposing = settings({ l1Finality: 'latest', l2Finality: 'latest', roles: 'proposer,watchtower' });
    expect(expectedOf('l1', EXAMPLE_DEPLOYMENT, proposing, NOW).tags).toEqual(['safe']);
    expect(expectedOf('l2', EXAMPLE_DEPLOYMENT, proposing, NOW).tags).toEqual(['safe']);
  });

  test('that is dead is a warning where another one lives', () => {
    const dead = { side: 'l1', name: 'http://x', error: new XdmError('rpc-unreachable', 'nobody') } as const;
    expect(judgeDead(dead, true).verdict).toBe('warning');
    expect(judgeDead(dead, false)).toMatchObject({ verdict: 'problem', isTransient: true });
  });

  test('that answers alone, where another one was given, is a problem: nothing is final by the word of one', async () => {
    const dead = { side: 'l1', name: 'http://x', error: new XdmError('rpc-unreachable', 'nobody') } as const;
    expect(await compareEndpoints({ live: [facts], dead: [dead] })).toMatchObject([
      { check: 'agreement', verdict: 'problem', isTransient: true },
    ]);
    expect(await compareEndpoints({ live: [facts], dead: [] })).toEqual([]);
  });
});

describe('roles', () => {
  const [first, second] = [devnetAccount(0), devnetAccount(1)];
  const owned = { role: 'owner', contract: 'L1CrossDomainMessenger', holder: '0x01', offeredTo: undefined } as const;
  const alsoOwned = { ...owned, contract: 'StateCommitmentChain' } as const;
  const holders: readonly RoleHolder[] = [
    owned,
    alsoOwned,
    { ...alsoOwned, role: 'proposer', holder: first.address },
    { ...alsoOwned, role: 'challenger', holder: second.address },
    { ...owned, role: 'guardian', holder: '0x02' },
  ];
  const judge = (flags: Readonly<Record<string, unknown>>) => {
    const config = settings(flags);
    return judgeRoles(config, signersOf(config), holders).map(({ subject, verdict }) => `${subject} ${verdict}`);
  };

  test.each([
    [{ privateKey: first.privateKey }, ['proposer ok', 'relayer ok', 'watchtower ok', 'lane ok']],
    [{ privateKey: second.privateKey }, ['proposer problem', 'relayer ok', 'watchtower ok', 'lane ok']],
    [
      { privateKey: second.privateKey, proposerPrivateKey: first.privateKey },
      ['proposer ok', 'relayer ok', 'watchtower ok', 'lane ok'],
    ],
    [{ roles: 'relayer' }, ['relayer warning', 'lane ok']],
    [
      { roles: 'relayer,proposer', proposerPrivateKey: first.privateKey },
      ['proposer ok', 'relayer problem', 'lane ok'],
    ],
    [{ roles: 'sequencer' }, ['lane ok']],
    [{ roles: 'watchtower', challengerPrivateKey: second.privateKey }, ['challenger ok', 'lane ok']],
    [{ roles: 'watchtower', challengerPrivateKey: first.privateKey }, ['challenger problem', 'lane ok']],
  ])('%# have the keys they need, or have not', (flags, verdicts) => {
    expect(judge(flags).toSorted()).toEqual(verdicts.toSorted());
  });

  test('that the node has not are named', () => {
    const config = settings({ roles: 'sequencer' });
    const others = `proposer ${first.address}, challenger ${second.address}, guardian 0x02`;
    expect(judgeRoles(config, [], holders)).toMatchObject([{ subject: 'lane', value: `owner 0x01, ${others}` }]);

    const [, ...rest] = holders;
    expect(judgeRoles(config, [], [{ ...owned, holder: '0x03', offeredTo: '0x04' }, ...rest])).toMatchObject([
      { value: `owner of the L1CrossDomainMessenger 0x03, owner of the StateCommitmentChain 0x01, ${others}` },
      { verdict: 'warning', subject: 'owner of the L1CrossDomainMessenger', value: expect.stringContaining('0x04') },
    ]);
  });

  test('of several accounts name all of them', () => {
    const config = settings({
      roles: 'relayer',
      privateKey: first.privateKey,
      relayerPrivateKeys: [second.privateKey],
    });
    const [found] = judgeRoles(config, signersOf(config), holders);
    expect(found).toMatchObject({ subject: 'relayer', value: `${first.address}, ${second.address}` });
  });

  test('of one account are paid from one balance', () => {
    expect(signersOf(settings({ privateKey: first.privateKey }))).toEqual([
      { address: first.address, roles: ['relayer', 'proposer'] },
    ]);
  });
});

describe('a balance', () => {
  const FEE = 10n ** 9n;
  const signer = { address: '0x01', roles: ['relayer'] } as const;

  test.each([
    ['problem', 0n],
    ['problem', 149_999n * FEE],
    ['warning', 150_000n * FEE],
    // For a batch of the largest size.
    ['warning', 16_777_215n * FEE],
    ['ok', 16_777_216n * FEE],
    ['ok', parseEther('1')],
  ])('is a %s: %s wei', (verdict, balance) => {
    expect(judgeBalance(signer, balance, FEE).verdict).toBe(verdict);
  });

  test('lasts for no more transactions than anybody reads', () => {
    expect(judgeBalance(signer, 10n ** 24n, 1n).value).toBe(
      "1000000.0 ETH on L1, more than 1000000 transactions at today's fees",
    );
  });

  test('is enough where gas is free', () => {
    expect(judgeBalance(signer, 0n, 0n).verdict).toBe('ok');
  });

  test('pays no more than is allowed', () => {
    const judge = (fee: bigint, baseFee: bigint): Finding => judgeFee({ fee: fee * FEE, baseFee: baseFee * FEE }, 500);
    expect(judge(500n, 250n).verdict).toBe('ok');
    expect(judge(501n, 250n).verdict).toBe('warning');
    expect(judge(1001n, 500n).verdict).toBe('warning');
    expect(judge(1003n, 501n)).toMatchObject({ verdict: 'problem', isTransient: true });
  });
});

test.each([
  ['ok', -100],
  ['ok', 5],
  ['warning', 6],
])('a clock is %s where blocks are %d s ahead', (verdict, drift) => {
  expect(judgeClock('l1', drift).verdict).toBe(verdict);
});

test.each([
  ['ok', 2 ** 30],
  ['warning', 2 ** 30 - 1],
  ['problem', 2 ** 26 - 1],
])('room is %s with %d bytes', (verdict, free) => {
  expect(judgeRoom(free).verdict).toBe(verdict);
});

test.each([
  ['ok', 0, 0],
  ['warning', 3, 0],
  ['ok', 3, 1],
])('a queue is %s with %d elements, %d of them executed by this node', (verdict, length, executed) => {
  expect(judgeQueue(length, executed).verdict).toBe(verdict);
});

test.each([
  ['ok', '0.79'],
  ['warning', '0.8'],
  ['problem', '1'],
])('spending is %s at %s of 1 ether', (verdict, spent) => {
  expect(judgeSpending({ address: '0x01', roles: ['relayer'] }, parseEther(spent), 1).verdict).toBe(verdict);
});
