import { describe, expect, test } from 'vitest';

import { CONFIG_KEYS, parseNodeConfig, ROLES, type NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { variableOf } from '../../relayer/settings/parse.ts';

const KEY = `0x${'0123456789abcdef'.repeat(4)}`;

/** Of each setting, three values, as a file has them: what they become. */
const VALUES: Readonly<Record<keyof NodeConfig, readonly [unknown, unknown, unknown]>> = {
  l1RpcUrl: [['http://a.example'], ['https://b.example:8545', 'http://a.example'], ['http://127.0.0.1:1']],
  l2RpcUrl: [['http://a.example'], ['https://b.example:8545', 'http://a.example'], ['http://127.0.0.1:1']],
  requestTimeout: [10, 20, 86_400_000],
  rpcRequestsPerSecond: [0, 0.5, 1000],
  privateKey: [KEY, `0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
  relayerPrivateKeys: [[KEY], [KEY, `0x${'11'.repeat(32)}`], [`0x${'22'.repeat(32)}`]],
  proposerPrivateKey: [KEY, `0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
  challengerPrivateKey: [KEY, `0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
  acceptedDeposits: [[`0x${'ab'.repeat(32)}`], [KEY, `0x${'11'.repeat(32)}`], [`0x${'22'.repeat(32)}`]],
  roles: [['sequencer'], ['proposer', 'relayer'], ['relayer']],
  store: ['a.sqlite', 'b.sqlite', 'c.sqlite'],
  l1Finality: ['latest', 'safe', 'finalized'],
  l2Finality: ['latest', 'safe', 'finalized'],
  queueFinality: ['latest', 'safe', 'finalized'],
  proposalFinality: ['latest', 'safe', 'finalized'],
  pollInterval: [10, 20, 86_400_000],
  rebroadcastAfter: [10, 20, 86_400_000],
  bumpAfter: [10, 20, 86_400_000],
  proposalInterval: [10, 20, 86_400_000],
  maxBatchSize: [1, 2, 65_536],
  maxFeePerGas: [0.5, 20, 1_000_000],
  maxSpendPerDay: [0.001, 2, 1_000_000],
  dataFeePerByte: [0, 0.5, 12],
  httpHost: ['0.0.0.0', '::1', 'localhost'],
  httpPort: [0, 'none', 65_535],
  stuckAfter: [10, 20, 86_400_000],
  logLevel: ['debug', 'silent', 'error'],
};

const SOURCES = { flags: {}, environment: {}, file: { store: 's.sqlite' } };

function fromFile(file: unknown): NodeConfig {
  return parseNodeConfig({ ...SOURCES, file });
}

function text(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

test('every setting is known to this test', () => {
  expect(Object.keys(VALUES).toSorted()).toEqual([...CONFIG_KEYS].toSorted());
});

test('what is not set has a value that is safe for a public chain', () => {
  expect(parseNodeConfig(SOURCES)).toEqual({
    roles: [...ROLES],
    store: 's.sqlite',
    l1Finality: 'finalized',
    l2Finality: 'finalized',
    queueFinality: 'safe',
    proposalFinality: 'safe',
    requestTimeout: 20_000,
    rpcRequestsPerSecond: 0,
    pollInterval: 1000,
    rebroadcastAfter: 15_000,
    bumpAfter: 60_000,
    proposalInterval: 60_000,
    maxBatchSize: 1024,
    maxFeePerGas: 500,
    dataFeePerByte: 0,
    httpHost: '127.0.0.1',
    stuckAfter: 300_000,
    logLevel: 'info',
  });
});

describe.each(CONFIG_KEYS)('%s', (key) => {
  const [first, second, third] = VALUES[key];

  test('comes from the file, the environment before it, a flag before both', () => {
    const file = { store: 's.sqlite', [key]: first };
    const environment = { [variableOf(key)]: text(second) };
    const flags = { [key]: text(third) };
    expect(parseNodeConfig({ ...SOURCES, file })[key]).toEqual(first);
    expect(parseNodeConfig({ ...SOURCES, environment, file })[key]).toEqual(second);
    expect(parseNodeConfig({ flags, environment, file })[key]).toEqual(third);
  });

  test('is not set by a flag that was not given', () => {
    const file = { store: 's.sqlite', [key]: first };
    expect(parseNodeConfig({ ...SOURCES, flags: { [key]: undefined }, file })[key]).toEqual(first);
  });

  test.each([[{}], [true], [null], [''], ['?'], [[]]])('refuses %j, and names itself', (value) => {
    const isSecret = key.toLowerCase().includes('key');
    const isText = typeof value === 'string' && value !== '';
    // Any text is a path.
    const file = { store: 's.sqlite', [key]: key === 'store' && isText ? '' : value };
    expect(() => fromFile(file)).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.stringContaining(`setting "${key}" has value`) as string,
        hint: expect.stringContaining(key) as string,
      }),
    );
    expect(() => fromFile(file)).toThrow(isSecret ? '(a secret)' : JSON.stringify(file[key]));
  });
});

describe('variables', () => {
  test("have Foundry's names where it has any, and ours before them otherwise", () => {
    expect(CONFIG_KEYS.map(variableOf)).toEqual(
      expect.arrayContaining(['L1_RPC_URL', 'L2_RPC_URL', 'PRIVATE_KEY', 'XDM_PROPOSER_PRIVATE_KEY', 'XDM_STORE']),
    );
    expect(CONFIG_KEYS.map(variableOf).every((name) => /^[A-Z0-9_]+$/u.test(name))).toBe(true);
  });

  test('of nobody are nothing to us', () => {
    expect(() => parseNodeConfig({ ...SOURCES, environment: { XDM_NO_SETTING: '1', PATH: '/bin' } })).not.toThrow();
  });
});

describe('an error', () => {
  test('names a setting that there is not', () => {
    expect(() => fromFile({ store: 's', pollIntervall: 5 })).toThrow('there is no setting "pollIntervall"');
    expect(() => parseNodeConfig({ ...SOURCES, flags: { polls: 1 } })).toThrow('there is no setting "polls"');
  });

  test('says what is wrong with the file as a whole', () => {
    for (const file of ['text', null, 5, ['a']]) expect(() => fromFile(file)).toThrow('holds no JSON object');
  });

  test.each([
    ['pollInterval', 9, 'Too small'],
    ['pollInterval', 1.5, 'expected int'],
    ['maxBatchSize', 65_537, 'Too big'],
    ['maxFeePerGas', 0, 'Too small'],
    ['dataFeePerByte', -1, 'Too small'],
    ['roles', 'relayer,watcher', 'they are sequencer, proposer, relayer, watchtower'],
    ['l1Finality', 'final', 'expected one of'],
    ['acceptedDeposits', '0x12', 'is no hash'],
  ])('says what %s may be', (key, value, reason) => {
    expect(() => fromFile({ store: 's', [key]: value })).toThrow(reason);
    expect(() => fromFile({ store: 's', [key]: value })).toThrow(JSON.stringify(value));
  });

  test.each([
    ['too short', '0x1234'],
    ['too long', `${KEY}0`],
    ['zero, which no account has', `0x${'00'.repeat(32)}`],
    ['not below the order of the curve', `0x${'ff'.repeat(32)}`],
  ])('does not show a private key: %s', (_name, privateKey) => {
    const refused = expect.objectContaining({
      message: 'setting "privateKey" has value (a secret): is no private key: 0x and 64 hex digits',
    });
    expect(() => fromFile({ store: 's', privateKey })).toThrow(refused as Error);
  });

  test.each([
    ['ftp://user:secret@node.example/v3/secret', 'ftp://...@node.example/...'],
    ['htps://node.example/v3/secret?key=secret', 'htps://node.example/...'],
    ['wss://secret@node.example', 'wss://...@node.example'],
    ['user:secret@node.example', '...@node.example'],
    ['localhost:8545', 'localhost:8545'],
    ['https://a.example/secret,ftp://b:secret@b.example', 'https://a.example/...,ftp://...@b.example'],
  ])("does not show an endpoint's credentials: %s", (l1RpcUrl, shown) => {
    const attempt = (): unknown => fromFile({ store: 's', l1RpcUrl });
    expect(attempt).toThrow(`"l1RpcUrl" has value "${shown}"`);
    expect(attempt).not.toThrow('secret');
  });
});

test('several endpoints are a list, or a text with commas', () => {
  const list = ['https://a.example', 'https://b.example/v3/key'];
  expect(fromFile({ store: 's', l1RpcUrl: list }).l1RpcUrl).toEqual(list);
  expect(fromFile({ store: 's', l1RpcUrl: list.join(' , ') }).l1RpcUrl).toEqual(list);
  expect(() => fromFile({ store: 's', l1RpcUrl: [...list, 'ftp://c.example/secret'] })).toThrow(
    'setting "l1RpcUrl" has value ["https://a.example","https://b.example/...","ftp://c.example/..."]',
  );
});

test('a private key is taken without 0x too, as the other commands take it', () => {
  expect(fromFile({ store: 's', privateKey: KEY.slice(2) }).privateKey).toBe(KEY);
});
