import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ZeroAddress } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { lightClientResult } from '../../cli/omnichain/lightClientResult.ts';
import { freePort } from '../../devnet/ports.ts';
import type { LightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import { dueReason } from '../../sdk/chain/omnichain/maintenance/due.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { serializeOmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import { runMain } from '../support/cliMain.ts';
import { EXAMPLE_OMNICHAIN } from '../support/deployment.ts';
import { account } from '../support/events.ts';
import { lightClientNode } from '../support/lightClientNode.ts';
import { startRpcServer } from '../support/rpcServer.ts';

const entry = EXAMPLE_OMNICHAIN.lightClients[0]!;
const light = { entry, on: 'relay', of: 'A', sources: undefined };

const healthy: LightClientStatus = {
  kind: entry.kind,
  address: entry.address,
  head: { number: 17n, hash: `0x${'17'.repeat(32)}` },
  age: 65n,
  trustedUntil: 1000n,
  trustedFor: 90n,
  isExpired: false,
  isFrozen: false,
  next: [],
  due: undefined,
  problem: undefined,
};

describe('whether there is anything to do about a light client', () => {
  test.each([
    ['nothing where it is in sync', {}, 'ok: in sync', 0],
    [
      'nothing where updates can wait',
      { next: ['block 20', 'block 24'] },
      'ok: 2 updates to block 24, once a message waits for it',
      0,
    ],
    [
      'an update that brings those who sign next',
      { next: ['the committee of period 5'], due: 'next-signers' },
      'due: 1 update to the committee of period 5, to learn who signs next: a maintainer sends that, or xdm lightclient update --on relay --of A',
      0,
    ],
    [
      'an update without which it would expire',
      { next: ['block 24'], due: 'trust-half-over' },
      'due: 1 update to block 24, before its trusting period is over: a maintainer sends that, or xdm lightclient update --on relay --of A',
      0,
    ],
    [
      'what keeps its source from answering',
      { problem: new XdmError('rpc-unreachable', 'nobody is there', { hint: 'start it' }) },
      'nobody is there; start it',
      3,
    ],
    ['a replacement where it has expired', { isExpired: true }, 'expired: it takes no update any more', 1],
    ['a replacement where it is frozen', { isFrozen: true }, 'frozen: two blocks of one height were vouched for', 1],
  ] as const)('is %s', (_what, change, state, exitCode) => {
    const shown = lightClientResult({ light, status: { ...healthy, ...change } });
    expect({ state: shown.result.texts?.['state'], exitCode: shown.exitCode }).toEqual({ state, exitCode });
  });

  const call = { isUpkeep: false };
  const trust = { until: 200n, period: 100n };

  test.each([
    ['half of the trusting period is over', [call], { trust, now: 150n }, 'trust-half-over'],
    ['there is no update that would help', [], { trust, now: 150n }, undefined],
    ['there is time', [call], { trust, now: 149n }, undefined],
    ['its word does not expire', [call], { trust: undefined, now: 150n }, undefined],
    ['it brings those who sign next', [call, { isUpkeep: true }], { trust, now: 149n }, 'next-signers'],
  ] as const)('is asked where %s', (_what, calls, state, reason) => expect(dueReason(calls, state)).toBe(reason));
});

test('a light client whose chain does not answer has its line, which names the endpoint', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-light-'));
  try {
    const rpcUrl = `http://127.0.0.1:${await freePort()}`;
    const chains = EXAMPLE_OMNICHAIN.chains.map((chain) => ({ ...chain, rpcUrl }));
    const path = join(folder, 'lane.json');
    writeFileSync(path, serializeOmnichainDeployment({ ...EXAMPLE_OMNICHAIN, chains }));
    const shown = await runMain(['lightclient', 'status', '--deployment', path]);
    expect(shown).toMatchObject({ code: 3, stderr: '' });
    const [, ...rows] = shown.stdout.trim().split('\n');
    expect(rows).toHaveLength(EXAMPLE_OMNICHAIN.lightClients.length);
    for (const row of rows) expect(row).toContain(`at ${rpcUrl} is of no use`);
    const { stdout } = await runMain(['lightclient', 'status', '--deployment', path, '--json']);
    expect(JSON.parse(stdout)).toHaveLength(EXAMPLE_OMNICHAIN.lightClients.length);
    expect(stdout).toContain('"code": "rpc-unreachable"');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what speaks against one light client is said in its line alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-light-'));
  const [, stale, good] = [0, 1, 2].map(account) as [string, string, string];
  const node = await startRpcServer(
    lightClientNode({
      // Of both chains by one light client.
      chainOf: [entry.address, good],
      proposedLightClient: [ZeroAddress, 0n],
      kind: [2n],
      chainId: [7002n],
      head: [17n, `0x${'17'.repeat(32)}`],
      isFrozen: [false],
    }),
  );
  const silent = `http://127.0.0.1:${await freePort()}`;
  try {
    const [relay, a] = EXAMPLE_OMNICHAIN.chains;
    const chains = [
      { ...relay!, rpcUrl: node.url },
      { ...a!, rpcUrl: silent },
      { ...a!, chainId: 7002n, name: 'B', rpcUrl: silent },
    ];
    const between = (on: bigint, of: bigint, address: string) => ({ ...entry, on, of, address });
    const lightClients = [
      between(7000n, 7001n, stale),
      between(7000n, 7002n, good),
      between(7001n, 7000n, good),
      between(7002n, 7000n, good),
    ];
    const path = join(folder, 'lane.json');
    writeFileSync(path, serializeOmnichainDeployment({ ...EXAMPLE_OMNICHAIN, chains, lightClients }));
    const { stdout, stderr } = await runMain(['lightclient', 'status', '--deployment', path]);
    expect(stderr).toBe('');
    const [, ...rows] = stdout.trim().split('\n');
    expect(rows).toHaveLength(4);
    expect(rows.map((row) => row.includes(`not by ${stale} as the deployment says`))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(rows[1]).toMatch(/^relay +B +attestor +17 /u);
  } finally {
    await node.stop();
    rmSync(folder, { recursive: true });
  }
});

describe('what the owner of a service can have it do', () => {
  let folder: string;
  let path: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'xdm-owner-'));
    path = join(folder, 'lane.json');
    writeFileSync(path, serializeOmnichainDeployment(EXAMPLE_OMNICHAIN));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const which = ['--on', 'relay', '--of', 'A'];
  const fee = ['setFee', '--on', 'A', '--to-chain', 'relay'];

  test.each([
    [
      ['lightclient', 'status', '--dry-run'],
      '--dry-run means nothing for status; leave it out; it is for propose, cancel, apply',
    ],
    [['lightclient', 'update', '--calldata'], '--calldata means nothing for update'],
    [['lightclient', 'apply', ...which, '--source-urls', 'A=http://one'], '--source-urls means nothing for apply'],
    [['lightclient', 'cancel', ...which, '--address', '0x12'], '--address means nothing for cancel'],
    [['lightclient', 'apply', '--on', 'relay'], 'which light client is meant is not given'],
    [['lightclient', 'propose', ...which], '--address is missing'],
    [['lightclient', 'propose', ...which, '--address', '0x12'], '"0x12" is no account\'s address'],
    [['lightclient', 'constructor'], '"constructor" is nothing to do with light clients'],
    [[...fee, '--per-message', '1'], '--per-gas is not given; give both prices'],
    [[...fee, '--per-message', '1', '--per-gas', `${2n ** 96n}`], 'is too large'],
    [
      [...fee, '--per-message', '1gwei', '--per-gas', '0', '--fee-token', EXAMPLE_OMNICHAIN.chains[0]!.service],
      'whole number',
    ],
    [[...fee, '--remove', '--per-gas', '1'], '--remove takes no price'],
    [['acceptOwnership', '--l1-rpc-url', 'http://one'], "--l1-rpc-url is for a rollup's lane"],
  ])('is refused as %s', async (args, problem) => {
    const run = await runMain(args, { XDM_DEPLOYMENT: path, PRIVATE_KEY: `0x${'1'.repeat(64)}` });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(problem) as string });
  });
});
