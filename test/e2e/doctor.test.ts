import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Wallet } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Finding } from '../../cli/doctor/finding.ts';
import { examine as examinePatient } from '../../cli/doctor/examine.ts';
import { parseNodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { insertAlarm } from '../../relayer/store/alarms.ts';
import { rollupRoutes } from '../../relayer/lanes/rollup/routes.ts';
import { routeId } from '../../relayer/store/routes.ts';
import { addSpending, dayOf } from '../../relayer/store/spending.ts';
import { openStore } from '../../relayer/store/store.ts';
import { l1MessengerOf } from '../../sdk/chain/contracts.ts';
import { serializeDeployment, type Deployment } from '../../sdk/core/deployment.ts';
import { runMain } from '../support/cliMain.ts';
import { startLane, type LaneChains } from '../support/lane.ts';
import { startRpcProxy, type RpcProxy } from '../support/rpcProxy.ts';

const NOBODY = '0x00000000000000000000000000000000000000AA';
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';
const LATEST = Object.fromEntries(
  ['l1', 'l2', 'queue', 'proposal'].map((what) => [`XDM_${what.toUpperCase()}_FINALITY`, 'latest']),
);

let folder: string;
let chains: LaneChains;
let proxies: { readonly l1: RpcProxy; readonly l2: RpcProxy };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-doctor-'));
  chains = await startLane();
  await chains.l2.provider.send('anvil_mine', ['0x64']);
  const [l1, l2] = await Promise.all([startRpcProxy(chains.l1.url), startRpcProxy(chains.l2.url)]);
  proxies = { l1, l2 };
});

afterAll(async () => {
  await Promise.all([proxies.l1.stop(), proxies.l2.stop()]);
  await chains.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  for (const proxy of Object.values(proxies)) proxy.fault = () => undefined;
});

interface Examination {
  readonly code: number;
  readonly findings: readonly Finding[];
  /** `problem check: value` of what is not ok. */
  readonly wrong: readonly string[];
}

async function examine(
  changed: { readonly lane?: Partial<Deployment>; readonly variables?: Readonly<Record<string, string>> },
  ...args: readonly string[]
): Promise<Examination> {
  const file = join(folder, 'lane.json');
  const lane = { ...chains.lane, l1RpcUrl: proxies.l1.url, l2RpcUrl: proxies.l2.url, ...changed.lane };
  writeFileSync(file, serializeDeployment(lane));
  const key = chains.l1.account(0).privateKey;
  const variables = { XDM_DEPLOYMENT: file, PRIVATE_KEY: key, ...LATEST, XDM_HTTP_PORT: '0', ...changed.variables };
  const { code, stdout } = await runMain(['doctor', '--json', ...args], variables);
  const findings = JSON.parse(stdout) as Finding[];
  const wrong = findings.filter(({ verdict }) => verdict !== 'ok');
  return { code, findings, wrong: wrong.map(({ check, verdict, value }) => `${verdict} ${check}: ${value}`) };
}

test('a lane that lacks nothing is fine, and stays as it is', async () => {
  const before = await Promise.all([chains.l1, chains.l2].map(async ({ provider }) => await provider.getBlockNumber()));
  const { code, findings, wrong } = await examine({});
  expect(wrong).toEqual([]);
  expect(code).toBe(0);
  const checks = [
    'deployment/settings/endpoint/chain id/head/logs by block hash/several requests in one',
    'code/wiring/relaying/block gas limit/role/balance/fees/clock/deposits/queue/proof depth',
    'store/room for the store/HTTP interface',
  ];
  expect([...new Set(findings.map(({ check }) => check))]).toEqual(checks.flatMap((some) => some.split('/')));
  const after = await Promise.all([chains.l1, chains.l2].map(async ({ provider }) => await provider.getBlockNumber()));
  expect(after).toEqual(before);
  const methods = new Set([...proxies.l1.calls, ...proxies.l2.calls]);
  expect([...methods].filter((method) => /^(?:eth_send|anvil|evm|hardhat)/u.test(method))).toEqual([]);
});

test('each line says to people what is to be done', async () => {
  const { stdout, stderr, code } = await runMain(['doctor'], {
    XDM_DEPLOYMENT: join(folder, 'lane.json'),
    PRIVATE_KEY: Wallet.createRandom().privateKey,
    XDM_HTTP_PORT: '0',
    ...LATEST,
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^problem {2}relayer and proposer 0x\w+ balance: 0\.0 ETH on L1, not enough .*; fund the account/mu,
  );
  expect(stdout).toMatch(/^ok {7}l1 http:\/\/127\.0\.0\.1:\d+ endpoint: anvil\/v[\d.]+, answers in \d+ ms$/mu);
  expect(stderr).toMatch(/^\d problems, 0 warnings\n$/u);
});

describe('what is broken is named:', () => {
  test('an endpoint of another chain, without which the lane cannot be looked at', async () => {
    const { code, wrong } = await examine({}, '--l1-rpc-url', proxies.l2.url);
    expect(code).toBe(1);
    expect(wrong).toEqual([
      'problem chain id: 901, not 900',
      expect.stringMatching(/^warning contracts, .*: not checked, for L1 has no endpoint that is of use$/u),
    ]);
  });

  test('addresses without code, and wiring that is another', async () => {
    const address = NOBODY;
    const { code, wrong } = await examine({ lane: { messagePasser: address, fraudProofWindow: 11n } });
    expect(code).toBe(1);
    expect(wrong).toEqual([
      `problem wiring: messagePasser() is ${chains.lane.messagePasser}, not ${address}`,
      'problem wiring: FRAUD_PROOF_WINDOW() is 10, not 11',
      `problem wiring: messagePasser() is ${chains.lane.messagePasser}, not ${address}`,
      `problem code: there is none at ${address}`,
    ]);
  });

  test('the key of an account that is not the proposer, and has nothing', async () => {
    const { privateKey, address } = Wallet.createRandom();
    const { code, wrong } = await examine({ variables: { PRIVATE_KEY: privateKey } });
    expect(code).toBe(1);
    expect(wrong).toEqual([
      `problem role: the key given is that of ${address}, and the lane's proposer is ${chains.l1.account(0).address}`,
      'problem balance: 0.0 ETH on L1, not enough for one transaction',
    ]);
  });

  test('a node that proves recent blocks only', async () => {
    const head = await chains.l2.provider.getBlockNumber();
    proxies.l2.fault = ({ method, params }) =>
      method === 'eth_getProof' && head - Number(params[2]) > 12
        ? { kind: 'error', code: -32000, message: 'missing trie node' }
        : undefined;
    // So often that hardly a block comes between: how many do so here depends on how fast blocks were mined.
    const often = { XDM_PROPOSAL_INTERVAL: '50' };
    expect(await examine({ variables: often })).toMatchObject({
      code: 0,
      wrong: [
        expect.stringMatching(/^warning proof depth: about 12 blocks, enough while all keep up; 20\d\d outlast /u),
      ],
    });
    // The proposer commits what is older than that.
    expect(await examine({ variables: { ...often, XDM_PROPOSAL_FINALITY: 'finalized' } })).toMatchObject({
      code: 1,
      wrong: [
        expect.stringMatching(/^problem proof depth: about 12 blocks, and a batch .* can end (?:6[4-9]|7\d) back$/u),
      ],
    });
  });

  test('a node whose proofs are of another state than it says', async () => {
    proxies.l2.fault = ({ method }) =>
      method === 'eth_getProof'
        ? { kind: 'changed', change: (proof) => ({ ...(proof as object), accountProof: ['0x1234'] }) }
        : undefined;
    const wrong = ['problem proof depth: not even its newest block is proven by eth_getProof'];
    expect(await examine({})).toMatchObject({ code: 1, wrong });
  });

  test('an L2 that executes no deposits', async () => {
    proxies.l2.fault = ({ method, params }) =>
      method === 'eth_call' && (params[0] as { type?: string }).type === '0x7e'
        ? { kind: 'error', code: -32000, message: 'transaction type not supported' }
        : undefined;
    const wrong = [expect.stringContaining('deposits: a trial of one (type 0x7e) is not executed')];
    expect(await examine({})).toMatchObject({ code: 1, wrong });
    expect(await examine({}, '--roles', 'proposer,relayer')).toMatchObject({ code: 0, wrong });
    expect(await examine({ lane: { deposits: 'derived' } })).toMatchObject({ code: 0, wrong: [] });
  });

  test('a chain that has stopped, which may come back; its credentials are not shown', async () => {
    const { code, wrong } = await examine({}, '--l2-rpc-url', 'http://user:secret@127.0.0.1:1/v3/key');
    expect(code).toBe(3);
    expect(wrong).toEqual([
      'problem endpoint: L2 at http://...@127.0.0.1:1/... is of no use: the endpoint does not answer',
      expect.stringMatching(/^warning contracts.*not checked, for L2 /u),
    ]);
  });

  test('an endpoint that never answers, or in the middle of it no more', async () => {
    const never = new Promise(() => undefined);
    proxies.l2.fault = ({ method }) => (method === 'eth_syncing' ? { kind: 'held', until: never } : undefined);
    const silent = await examine({}, '--timeout', '1');
    expect(silent.code).toBe(3);
    expect(silent.wrong[0]).toMatch(/^problem endpoint: L2 at .* has not answered all that was asked within 1 s$/u);

    proxies.l2.fault = ({ method }) => (method === 'eth_getProof' ? { kind: 'held', until: never } : undefined);
    const { code, wrong } = await examine({}, '--timeout', '1');
    expect([code, wrong]).toEqual([3, ['problem proof depth: was not answered within 1 s']]);
  });

  test('a paused lane', async () => {
    const messenger = l1MessengerOf(chains.lane, chains.l1.account(0));
    await (await messenger.getFunction('pause')()).wait();
    expect(await examine({})).toMatchObject({ code: 3, wrong: ['problem relaying: is paused by the guardian'] });
    await (await messenger.getFunction('unpause')()).wait();
  });

  test('settings that are none, and no deployment file', async () => {
    const { code, wrong } = await examine({}, '--max-batch-size', 'many');
    expect([code, wrong]).toEqual([1, ['problem settings: setting "maxBatchSize" has value "many": is no number']]);
    expect(await examine({}, '--deployment', 'none.json')).toMatchObject({
      code: 1,
      wrong: ['problem deployment: the deployment file none.json cannot be read'],
    });
  });

  test('a store of another program, and one that nobody can write', async () => {
    writeFileSync(join(folder, 'text'), 'no database, and longer than a header of one. '.repeat(9));
    expect(await examine({}, '--store', join(folder, 'text'))).toMatchObject({
      code: 1,
      wrong: [expect.stringMatching(/^problem store: .* is damaged/u)],
    });
  });
});

test('of several endpoints each is looked at, and a dead one is no problem while others live', async () => {
  const config = parseNodeConfig({
    flags: { store: join(folder, 'none'), httpPort: 'none' },
    environment: LATEST,
    file: {},
  });
  const look = async (...l1: readonly string[]): Promise<Finding[]> => {
    const urls = { l1, l2: [proxies.l2.url] };
    const findings: Finding[] = [];
    for await (const finding of examinePatient({ lane: chains.lane, config, urls, timeout: 5000 })) {
      if (finding.verdict !== 'ok' || finding.check === 'agreement') findings.push(finding);
    }
    return findings;
  };
  expect(await look(proxies.l1.url, NOWHERE, chains.l1.url)).toMatchObject([
    { check: 'endpoint', verdict: 'warning', value: `L1 at ${NOWHERE} is of no use: the endpoint does not answer` },
    { check: 'agreement', verdict: 'ok' },
    { check: 'role', verdict: 'warning', value: expect.stringMatching(/^not checked: needs the node's key/u) },
    { check: 'role', verdict: 'warning', value: expect.stringMatching(/^not checked: needs the node's key/u) },
  ]);

  // A fork of which nobody else knows.
  proxies.l1.fault = ({ method, params }) =>
    method === 'eth_getBlockByNumber' && params[0] !== 'latest'
      ? { kind: 'changed', change: (block) => ({ ...(block as object), hash: `0x${'12'.repeat(32)}` }) }
      : undefined;
  const [forked] = await look(proxies.l1.url, chains.l1.url);
  expect(forked).toMatchObject({ check: 'agreement', verdict: 'problem' });
  expect(forked?.value).toMatch(/ has another block \d+ than /u);
});

test('a queue that another node may execute', async () => {
  const messenger = l1MessengerOf(chains.lane, chains.l1.account(1));
  await (await messenger.sendMessage(NOBODY, '0x', 100_000n)).wait();
  const value = 'warning queue: 0 of 1 element executed, as this store knows';
  expect(await examine({})).toMatchObject({ code: 0, wrong: [value] });
  expect(await examine({}, '--roles', 'proposer,relayer')).toMatchObject({ code: 0, wrong: [] });
  // A store that cannot be read tells nothing of it.
  expect((await examine({}, '--store', folder)).wrong).toEqual([expect.stringContaining('problem store')]);
});

test("a node's store is looked at while it runs, and what it says is passed on", async () => {
  const path = join(folder, 'relayer.sqlite');
  const store = await openStore(path);
  const { l1ToL2 } = rollupRoutes(chains.lane);
  const queued = { routeId: await routeId(store.db, l1ToL2), queueIndex: 0, executed: 1 as const, sentAt: 0 };
  const bytes = new Uint8Array(32);
  const event = {
    chainId: 900,
    blockNumber: 1,
    blockHash: bytes,
    transactionHash: bytes,
    logIndex: 0,
    orphaned: 0 as const,
  };
  await store.db
    .insertInto('queueElements')
    .values({ ...queued, ...event, depositHash: bytes, raw: bytes })
    .execute();
  const account = { chainId: 900, address: chains.l1.account(0).address };
  await addSpending(store.db, account, dayOf(Date.now()), 9n * 10n ** 17n);
  await insertAlarm(store.db, { kind: 'queue-rewritten', subject: '7', message: 'L1 has replaced it', halts: true });

  const { code, findings, wrong } = await examine({}, '--max-spend-per-day', '1');
  expect(findings.find(({ check }) => check === 'store')?.value).toBe(`${path}, in use by a node, 0 messages`);
  expect(findings.find(({ check }) => check === 'queue')?.value).toBe('1 of 1 element executed, as this store knows');
  expect([code, wrong]).toEqual([
    1,
    [
      'problem alarm queue-rewritten: the lane stands still: L1 has replaced it',
      'warning spending: 0.9 ETH of 1 today',
    ],
  ]);
  await store.close();
});
