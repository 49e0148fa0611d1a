import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { encryptKeystoreJson } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { serializeDeployment } from '../../sdk/core/deployment.ts';
import { startChain, type Chain } from '../support/chain.ts';
import { runCli, type CliRun } from '../support/cli.ts';
import { runMain } from '../support/cliMain.ts';
import { EXAMPLE_DEPLOYMENT } from '../support/deployment.ts';

const ADDRESS = '0x00000000000000000000000000000000000000AA';
const HASH = `0x${'12'.repeat(32)}`;
/** The first one of anvil's accounts. */
const FIRST_ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';
const SEND = ['sendMessage', '--from-chain', 'l1', '--target', ADDRESS];

let folder: string;
let chain: Chain;
const before = process.cwd();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-errors-'));
  chain = await startChain(900);
  const lane = { ...EXAMPLE_DEPLOYMENT, l1RpcUrl: chain.url, l2RpcUrl: chain.url };
  const account = { address: chain.account(0).address, privateKey: chain.account(0).privateKey };
  write('lane.json', serializeDeployment(lane));
  write('broken.json', '{ "version": ');
  write('wrong.json', serializeDeployment({ ...lane, batches: '0x12' }));
  write('keystore.json', await encryptKeystoreJson(account, 'secret', { scrypt: { N: 2 } }));
  write('password', 'secret\n');
  write('other-password', 'guess');
  process.chdir(folder);
});

afterAll(async () => {
  process.chdir(before);
  await chain.stop();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const ENVIRONMENT = { XDM_DEPLOYMENT: 'lane.json' };

async function xdm(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
  return await runMain(args, { ...ENVIRONMENT, ...env });
}

async function xdmProcess(...args: readonly string[]): Promise<CliRun> {
  return await runCli(args, { cwd: folder, env: ENVIRONMENT });
}

/** A run that says one sentence on stderr, and nothing else anywhere. */
function saying(code: number, start: string): unknown {
  const text = `error: ${start}`.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return { code, stdout: '', stderr: expect.stringMatching(new RegExp(`^${text}.*\n$`, 'u')) };
}

describe('one sentence, and exit code 2, for', () => {
  test.each([
    ['no command', [], 'no command is given; see `xdm --help`'],
    ['an unknown command', ['frobnicate'], 'Unknown command: frobnicate; see `xdm --help`'],
    ['an unknown option', ['status', HASH, '--frob', '1'], 'Unknown argument: frob; see `xdm status --help`'],
    ['an option without its value', ['list', '--limit'], 'Not enough arguments following: limit'],
    ['an option that is given twice', ['list', '--limit', '1', '--limit', '2'], '--limit is given more than once'],
    ['a missing option', ['sendMessage', '--from-chain', 'l1'], 'Missing required argument: target'],
    ['a missing hash', ['status'], 'status takes HASH alone, and none is given'],
    ['no hash of several', ['relayMessage'], 'relayMessage takes HASH..., and none is given'],
    ['a hash too many', ['proof', HASH, HASH], 'proof takes HASH alone, and 2 are given'],
    ['an argument where there is none', ['list', 'all'], 'list takes no arguments, and 1 is given'],
    ['nothing to retry', ['retry'], 'neither a HASH nor --all is given'],
    ['all and one to retry', ['retry', HASH, '--all'], '--all and a HASH are both given'],
    ['a hash to retry that is none', ['retry', '0x12'], '"0x12" is no hash'],
    ['no store', ['retry', HASH], 'there is no store at relayer.sqlite'],
    ['an unknown status', ['list', '--status', 'lost'], '--status "lost" is not known; it is one of unconfirmed, '],
    ['an unknown chain', ['list', '--from-chain', 'l3'], '--from-chain "l3" is not known; it is one of l1, l2'],
    ['a limit that is no number', ['list', '--limit', 'ten'], '--limit "ten" is not a whole number'],
    ['a limit of none', ['list', '--limit', '0'], '--limit "0" is too small; give 1 or more'],
    ['data and a function', [...SEND, '--data', '0x', '--sig', 'f()'], '--data and --sig are both given'],
    ['neither data nor a function', SEND, 'neither --data nor --sig is given'],
    ['data of odd length', [...SEND, '--data', '0x123'], '--data "0x123" has an odd number of hex digits, 3'],
    ['arguments beside data', [...SEND, '--data', '0x', '7'], '--data takes no arguments, and 1 is given'],
    ['arguments too few', [...SEND, '--sig', 'f(bool,bool)', 'true'], 'f(bool,bool) takes 2 arguments, and 1 is given'],
    [
      'an argument of another type',
      [...SEND, '--sig', 'f(uint8)', '256'],
      'argument 1 of f(uint8), "256", is no uint8',
    ],
    ['a function that is none', [...SEND, '--sig', 'f'], '--sig "f" is no function'],
    [
      'a malformed address',
      ['sendMessage', '--from-chain', 'l1', '--target', '12345', '--data', '0x'],
      '--target "12345"',
    ],
    ['a value that is none', [...SEND, '--data', '0x', '--value', '1eth'], '--value "1eth" is no amount of wei'],
    ['too high a gas limit', [...SEND, '--data', '0x', '--gas-limit', '4294967296'], '--gas-limit "4294967296"'],
    ['no confirmation', [...SEND, '--data', '0x', '--confirmations', '0'], '--confirmations "0" is too small; give 1'],
    [
      'no account',
      [...SEND, '--data', '0x'],
      'no account is given; give one with --private-key, PRIVATE_KEY, --keystore or',
    ],
    ['no deployment file', ['list', '--deployment', 'none.json'], 'the deployment file none.json cannot be read'],
    ['a folder as deployment file', ['list', '--deployment', '.'], 'the deployment file . cannot be read'],
    ['a deployment file that is not JSON', ['list', '--deployment', 'broken.json'], 'broken.json is not JSON'],
    [
      'a deployment file with a wrong key',
      ['list', '--deployment', 'wrong.json'],
      'wrong.json does not describe a lane',
    ],
    ['another chain', ['list'], 'L2 at http://127.0.0.1:'],
    ['a URL that is none', ['list', '--l1-rpc-url', 'localhost:8545'], 'L1\'s endpoint "localhost:8545" is no http'],
  ])('%s', async (_name, args, sentence) => {
    expect(await xdm(args)).toEqual(saying(2, sentence));
  });

  test.each([
    [
      'a keystore that is not there',
      ['none.json'],
      'the keystore none.json cannot be read; make one with `cast wallet import`, or give another name or file',
    ],
    ['a keystore that is none', ['lane.json'], 'the keystore lane.json is no encrypted JSON keystore'],
    [
      'a keystore without a terminal',
      ['keystore.json'],
      'the password of the keystore keystore.json cannot be asked for',
    ],
    ['no password file', ['keystore.json', '--password-file', 'none'], '--password-file none cannot be read'],
    [
      'another password',
      ['keystore.json', '--password-file', 'other-password'],
      'the keystore keystore.json does not open',
    ],
    ['two accounts', ['keystore.json', '--private-key', HASH], '--private-key and --keystore are both given'],
  ])('%s', async (_name, args, sentence) => {
    expect(await xdm([...SEND, '--data', '0x', '--keystore', ...args])).toEqual(saying(2, sentence));
  });
});

describe('a private key is never shown', () => {
  const key = 'ab'.repeat(32);

  test.each([
    ['too short', ['--private-key', `0x${key.slice(1)}`], 'the private key of --private-key has 63 hex digits, not 64'],
    ['not hex', ['--private-key', `${key.slice(1)}z`], 'the private key of --private-key is not hex'],
    ['too large', ['--private-key', 'f'.repeat(64)], 'the private key of --private-key is zero, or too large'],
    ['in the wrong place', ['--sig', 'f()', '--private-key=', key], 'f() takes 0 arguments, and 1 is given'],
  ])('%s', async (_name, args, sentence) => {
    const run = await xdm([...SEND, ...(args.includes('--sig') ? [] : ['--data', '0x']), ...args]);
    expect(run).toEqual(saying(2, sentence));
    expect(run.stderr).not.toMatch(/[\da-f]{60}/u);
  });

  test('nor from the environment', async () => {
    const run = await xdm([...SEND, '--data', '0x'], { PRIVATE_KEY: `${key}0`, XDM_DEBUG: '1' });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('error: the private key of PRIVATE_KEY has 65 hex digits, not 64');
    expect(run.stderr).not.toContain(key);
  });
});

test('an endpoint that does not answer is a transient error, which names it', async () => {
  expect(await xdm(['list', '--l1-rpc-url', NOWHERE])).toEqual(saying(3, `L1 at ${NOWHERE} `));
  const why = await xdm(['status', HASH, '--why', '--l1-rpc-url', NOWHERE]);
  expect(why).toEqual(saying(3, `L1 at ${NOWHERE} `));
  expect(why.stderr).toContain("what the node knows of it is in the node's --store");
});

test.each([
  ['what is no command', ['frobnicate'], 2],
  ['what needs a store', ['retry', HASH], 2],
  ['what needs an endpoint', ['list', '--l1-rpc-url', NOWHERE], 3],
  ['what needs an account', [...SEND, '--data', '0x', '--keystore', 'keystore.json'], 2],
  ['the version', ['--version'], 0],
])('a process of its own ends with the exit code, and says nothing else of %s', async (_name, args, code) => {
  const run = await xdmProcess(...args);
  expect(run.code).toBe(code);
  expect(run).toEqual(await xdm(args));
});

test('a port in use is named', async () => {
  const { port } = new URL(chain.url);
  const run = await xdm(['devnet', '--l1-port', port]);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain(`error: port ${port} on 127.0.0.1 is in use; `);
});

describe('an account is opened', () => {
  // As far as the chain, which is not the lane's.
  const opened = (): unknown => saying(2, `L2 at ${chain.url} has chain id 900, not 901`);

  test.each([
    ['by a keystore', ['--keystore', 'keystore.json']],
    ["by the name of one of Foundry's", ['--account', 'mine']],
    ['that is the one that is wanted', ['--keystore', 'keystore.json', '--from', FIRST_ACCOUNT]],
  ])('%s and its password', async (_name, account) => {
    mkdirSync(join(folder, '.foundry/keystores'), { recursive: true });
    copyFileSync(join(folder, 'keystore.json'), join(folder, '.foundry/keystores/mine'));
    const run = await xdm([...SEND, '--data', '0x', ...account, '--password-file', 'password'], { HOME: folder });
    expect(run).toEqual(opened());
  });

  test.each([
    [
      'another than is wanted',
      ['--keystore', 'keystore.json', '--from', ADDRESS],
      `the account given is ${FIRST_ACCOUNT}, not`,
    ],
    ['a name that is a path', ['--account', '../mine'], '--account "../mine" is no name of a keystore'],
    ['a name that Foundry does not know', ['--account', 'none'], 'the keystore '],
    ['two of them', ['--account', 'mine', '--keystore', 'keystore.json'], '--keystore and --account are both given'],
  ])('unless it is %s', async (_name, account, sentence) => {
    const run = await xdm([...SEND, '--data', '0x', ...account, '--password-file', 'password'], { HOME: folder });
    expect(run).toEqual(saying(2, sentence));
  });
});

test('with --json an error is one document, and a stack trace is for who asks for it', async () => {
  const asked = await xdm(['list', '--json', '--limit', 'ten'], { XDM_DEBUG: '1' });

  expect(asked.code).toBe(2);
  expect(JSON.parse(asked.stdout)).toEqual({
    error: { code: 'invalid-argument', message: expect.stringContaining('"ten"'), hint: 'give decimal digits' },
  });
  expect(asked.stderr).toMatch(/^XdmError: .+\n +at /u);
});

test('flags may stand before the command', async () => {
  const { code, stdout } = await xdm(['--json', 'list', '--limit', 'ten']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'invalid-argument' } });
});

test('an endpoint is shown without what may be its key', async () => {
  const { code, stderr } = await xdm(['list', '--l1-rpc-url', 'http://user:sekret@127.0.0.1:1/v3/APIKEY']);
  expect(code).toBe(3);
  expect(stderr).not.toMatch(/sekret|APIKEY/u);
});

test('help is there in less than a second', async () => {
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const { code, stdout, stderr } = await xdmProcess('--help');
    times.push(performance.now() - start);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('xdm sendMessage');
  }
  // The others may have had to wait for the tests beside this one.
  expect(Math.min(...times)).toBeLessThan(1000);
});

describe('help', () => {
  test.each([
    'devnet',
    'deploy',
    'send-message',
    'sendMessage',
    'status',
    'relay-message',
    'list',
    'proof',
    'relayer',
    'retry',
    'doctor',
  ])('describes %s', async (command) => {
    const { code, stdout } = await xdm([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--json');
  });

  test('says the version', async () => {
    expect(await xdm(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});
