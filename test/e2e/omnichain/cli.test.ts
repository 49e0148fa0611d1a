import { existsSync, readFileSync, rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { OMNICHAIN_TOPICS } from '../../../sdk/chain/omnichain/logs.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { parseOmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import { encodeMessageData } from '../../../sdk/core/omnichain/messageData.ts';
import { deployArtifact } from '../../support/chain.ts';
import type { CliRun } from '../../support/cli.ts';
import { startOmnichainCli, type OmnichainCli } from '../../support/omnichainCli.ts';
import { otherLane, termsOf, type OtherLane } from '../../support/otherLane.ts';
import { A, B, RELAY, text, type OmnichainLane } from '../../support/omnichainLane.ts';

let cli: OmnichainCli;
let lane: OmnichainLane;

beforeAll(async () => {
  cli = await startOmnichainCli();
  ({ lane } = cli);
});

afterAll(async () => {
  await cli.stop();
});

const xdm: OmnichainCli['xdm'] = async (...args) => await cli.xdm(...args);
const json: OmnichainCli['json'] = async (...args) => await cli.json(...args);
const call: OmnichainCli['call'] = async (...args) => await cli.call(...args);
const sending: OmnichainCli['sending'] = async (...args) => await cli.sending(...args);

describe('a message from A to B', () => {
  test('is sent, followed by its order id over all chains, and proven hop by hop', async () => {
    await call(B, 'allow', A, lane.account(A).address, true);
    const sent = await xdm(...(await sending('A', '7002', B, 'hello')), '--json');
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const order = JSON.parse(sent.stdout) as { orderId: string; transactionHash: string };
    expect(order).toMatchObject({ fromChain: 'A', toChain: 'B', fee: '201000', feeToken: null, nonce: '0' });

    const waiting = await xdm('status', order.orderId);
    expect(waiting.stdout).toMatch(/^status: +waiting-for-light-client$/mu);
    expect(waiting.stdout).toMatch(new RegExp(`^  A +sent +\\d+ +${order.transactionHash}`, 'mu'));
    expect(waiting.stdout).toMatch(/^next: +waits until the light client of A on relay knows block \d+, /mu);
    const early = await xdm('transferIn', '--update', order.orderId);
    expect(early).toMatchObject({ code: 4, stderr: expect.stringMatching(/: nothing is sent; wait/u) as string });
    expect(early.stdout).toContain('xdm lightclient update --on relay --of A');

    await lane.finalize(A);
    const calls = (await json(0, 'transferIn', '--calldata', order.orderId)) as unknown as { to: string }[];
    expect(calls.at(-1)).toMatchObject({ purpose: 'transferInWithIndex', to: lane.client.chains.get(RELAY)!.service });
    const first = await json(4, 'transferIn', order.orderId);
    expect(first).toMatchObject({ status: 'waiting-for-light-client', hops: [{ chain: 'A' }, { sent: {} }, {}] });

    await lane.finalize(RELAY);
    const arrived = await xdm('transferIn', order.orderId);
    expect(arrived.stderr).toMatch(/^proven to chain B in transaction 0x[\da-f]{64}\n$/u);
    expect(arrived).toMatchObject({ code: 0, stdout: expect.stringMatching(/^status: +relayed$/mu) as string });
    expect(await json(0, 'status', order.orderId, '--why')).toMatchObject({
      node: { missing: expect.stringContaining('there is no store') as string },
      status: 'relayed',
      next: null,
      hops: [
        { chain: 'A', lightClient: null, sent: { transactionHash: order.transactionHash } },
        { chain: 'relay', lightClient: { kind: 'sync-committee', isFrozen: false }, attempt: null },
        { chain: 'B', lightClient: { kind: 'attestor' }, attempt: { outcome: 'relayed' }, sent: null },
      ],
    });
    expect(await lane.counterpart(B).getFunction('lastMessage')()).toBe(text('hello'));
    expect(await json(0, 'transferIn', order.orderId)).toMatchObject({ status: 'relayed' });
    const listed = { orderId: order.orderId, status: 'relayed', sentAt: expect.any(Number) as number };
    expect(await json(0, 'list', '--from-chain', 'A')).toMatchObject([listed]);
    expect(await json(0, 'status', order.transactionHash)).toMatchObject(listed);
    expect(await json(0, 'list', '--status', 'failed')).toEqual([]);
  });
});

describe('a message that is waited for', () => {
  test('is told of hop by hop, while another proves it and updates the light clients', async () => {
    await call(B, 'allow', RELAY, lane.account(RELAY).address, true);
    const { provider } = lane.chain(RELAY);
    const fromBlock = (await provider.getBlockNumber()) + 1;
    const waiting = xdm(...(await sending('relay', 'B', B, 'waited for')), '--wait', '--timeout', '30', '--json');
    const filter = { topics: [OMNICHAIN_TOPICS.messageOut], fromBlock };
    await expect.poll(async () => await provider.getLogs(filter), { timeout: 10_000 }).toHaveLength(1);
    const [sent] = await provider.getLogs(filter);
    await cli.mineOnRelay();
    const orderId = sent!.data.slice(0, 66);
    const proven = await xdm('transferIn', '--update', orderId);
    expect(proven).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^updated the light client of relay on B in transaction .*\nproven to chain B /u,
      ) as string,
    });

    const { code, stdout, stderr } = await waiting;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      orderId,
      fromChain: 'relay',
      status: 'relayed',
      fee: '201000',
      hops: [{ chain: 'relay' }, { attempt: { outcome: 'relayed' } }],
    });
    expect(stderr).toMatch(
      new RegExp(
        `^sent ${orderId} in transaction ${sent!.transactionHash}\nrelay has logged it in block \\d+: waiting`,
        'u',
      ),
    );
  });

  test('and does not come says where it stands, and what there is to do', async () => {
    const run = await xdm(...(await sending('relay', 'B', B, 'late')), '--wait', '--timeout', '1', '--json');
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({
      orderId: expect.stringMatching(/^0x[\da-f]{64}$/u) as string,
      error: { code: 'timeout', hint: expect.stringMatching(/nothing newer yet$|updates? can be sent: /u) as string },
    });
  });
});

describe('before it is sent', () => {
  /** What a run says that sends a message from A, with other options. */
  async function warnings(...options: readonly string[]): Promise<string> {
    const run = await xdm(...(await sending('A', 'B', B, 'doubtful')), ...options);
    expect(run.code).toBe(0);
    return run.stderr;
  }

  test('a message that its target would take is sent without a word', async () => {
    await call(B, 'allow', A, lane.account(A).address, true);
    expect(await warnings()).toBe('');
  });

  test('one whose sender is not allowed, with too little gas, or that its target refuses, is warned of', async () => {
    await call(B, 'allow', A, lane.account(A).address, false);
    expect(await warnings()).toMatch(
      /^warning: 0x\w+ on chain B has not allowed 0x\w+ of chain 7001; .*addRemoteCaller/u,
    );
    await call(B, 'allow', A, lane.account(A).address, true);
    const short = await warnings('--gas-limit', '5000');
    const [, needed = ''] = /^warning: 0x\w+ on chain B would take (\d+) gas now, and the message promises 5000/u.exec(
      short,
    )!;
    expect(await warnings('--gas-limit', needed)).toBe('');
    await call(B, 'refuse', text('no'));
    expect(await warnings()).toContain(`on chain B would refuse the message now: ${text('no')}`);
    await call(B, 'refuse', '0x');
  });

  test('one for no contract, or whose answer on the relay chain could not go on, is warned of', async () => {
    const route = ['transferOut', '--from-chain', 'A', '--to-chain', 'B', '--sig', 'f()'];
    const nobody = await xdm(...route, '--target', lane.account(A).address);
    expect(nobody).toMatchObject({ code: 0, stderr: expect.stringMatching(/on chain B has no code/u) as string });
    const target = await lane.counterpart(RELAY).getAddress();
    await call(RELAY, 'allow', A, lane.account(A).address, true);
    const args = [...route.slice(0, -2), '--relay', '--type', 'message', '--data', '0x', '--target', target];
    expect((await xdm(...args)).stderr).toContain('the target on the relay chain answers with no message');
    const answer = { relay: false, msgType: 'message', payload: '0x', gasLimit: 7n, value: 0n } as const;
    await call(RELAY, 'answer', encodeMessageData({ ...answer, target: await lane.counterpart(B).getAddress() }));
    expect((await xdm(...args)).stderr).toContain('has gas limit 7, not 200000');
  });

  test('one whose destination does not answer is sent all the same, unless it is waited for', async () => {
    const args = [...(await sending('A', 'B', B, 'to a silent chain')), '--rpc-urls', 'B=http://127.0.0.1:1'];
    expect(await xdm(...args)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^warning: it is not tried at its target: .*127\.0\.0\.1:1.*\n$/u) as string,
    });
    expect(await xdm(...args, '--wait')).toMatchObject({ code: 3, stdout: '' });
  });

  test('the fee in a token is refused until the token is priced, held and approved', async () => {
    const owner = lane.chain(A).account(0);
    const { service } = lane.client.chains.get(A)!;
    const token = await deployArtifact('PlainToken', owner, owner.address, 5n);
    const address = await token.getAddress();
    const send = async (): Promise<CliRun> =>
      await xdm(...(await sending('A', 'B', B, 'paid')), '--fee-token', address);
    expect(await send()).toMatchObject({ code: 2, stderr: expect.stringContaining('FeeTable_NotPriced') as string });
    const wait = async ({ hash }: { readonly hash: string }): Promise<unknown> =>
      await waitForReceipt(lane.chain(A).provider, hash);
    const price = ['--on', 'A', '--to-chain', 'B', '--fee-token', address, '--per-message', '5', '--per-gas', '0'];
    expect((await xdm('setFee', ...price)).stderr).toContain('is owned by');
    const set = await json(0, 'setFee', ...price, '--private-key', owner.privateKey);
    expect(set).toMatchObject({ before: null, price: { perMessage: '5', perGas: '0' } });
    const poor = await send();
    expect(poor.stderr).toMatch(/the fee is 5 of the token .* has 0; fund/u);
    await wait(await token.getFunction('transfer').send(lane.account(A).address, 5n));
    const shy = await send();
    expect(shy.stderr).toContain(`has approved 0 to the service; call approve(${service}, 5) of the token first`);
    const asSender = token.connect(lane.account(A));
    await wait(await asSender.getFunction('approve').send(service, 5n));
    expect(await send()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^fee: +5$/mu) as string });
  });
});

describe('a message whose target fails', () => {
  test('on the relay chain, and then at its destination, is tried again on each', async () => {
    const answer = { relay: false, msgType: 'message', gasLimit: 200_000n, value: 0n } as const;
    const target = await lane.counterpart(B).getAddress();
    await call(RELAY, 'answer', encodeMessageData({ ...answer, target, payload: text('at last') }));
    await call(RELAY, 'refuse', text('not yet'));
    const sent = await json(0, ...(await sending('A', 'B', RELAY, 'asked')), '--relay');
    const { orderId, transactionHash } = sent as { orderId: string; transactionHash: string };
    await lane.finalize(A);
    const failed = await xdm('transferIn', orderId);
    expect(failed.code).toBe(5);
    expect(failed.stdout).toMatch(new RegExp(`^next: +once that is mended: xdm retry ${orderId}$`, 'mu'));
    expect(failed.stdout).toMatch(new RegExp(`^failureReason: +${text('not yet')}$`, 'mu'));
    expect(await json(5, 'retry', orderId)).toMatchObject([
      { orderId, outcome: 'failed', chain: 'relay', failureReason: text('not yet') },
    ]);
    await call(RELAY, 'refuse', '0x');
    expect(await json(0, 'retry', orderId)).toMatchObject([{ outcome: 'sent-on', chain: 'relay' }]);
    expect(await json(4, 'retry', transactionHash, orderId)).toMatchObject([{ orderId, chain: null }]);

    await call(B, 'refuse', text('neither'));
    await cli.mineOnRelay();
    expect(await json(5, 'transferIn', '--update', orderId)).toMatchObject({
      status: 'failed',
      failureReason: text('neither'),
    });
    await call(B, 'refuse', '0x');
    expect(await json(0, 'retry', orderId, '--gas-limit', '1000000')).toMatchObject([{ outcome: 'relayed' }]);
    expect(await json(0, 'retry', orderId)).toMatchObject([{ outcome: 'already-relayed' }]);
    expect(await lane.counterpart(B).getFunction('lastMessage')()).toBe(text('at last'));
  });
});

describe('another lane on the same chains', () => {
  const { deploy, breakOff, sent, file }: OtherLane = otherLane(() => cli);

  test('is tried, deployed by its terms from where it broke off, and carries a message', async () => {
    const owner = lane.chain(B).account(7).address;
    const before = await sent();
    const tried = await deploy({ owner }, '--dry-run', '--json');
    const shown = JSON.parse(tried.stdout) as Record<'chains' | 'lightClients' | 'costs', { service?: string }[]>;
    expect(shown.lightClients).toHaveLength(4);
    expect(shown.lightClients[0]).toMatchObject({ trusts: expect.stringContaining('beacon block') as string });
    expect(shown.costs[0]).toMatchObject({ chain: 'relay', account: lane.account(A).address, transactions: 9 });
    expect(shown.costs[1]!).toMatchObject({ chain: 'A', cost: expect.stringMatching(/^0\.\d+ ether$/u) as string });
    expect([existsSync(file()), await sent()]).toEqual([false, before]);

    await breakOff(6);
    const begun = await sent();
    const { stdout, stderr } = await deploy({ owner }, '--json');
    expect(stderr.match(/^(relay|A|B) (service|light client of \w+) 0x\w{40}, /gmu)).toHaveLength(7);
    expect(stderr.match(/was done already$/gmu)).toHaveLength(begun - before);
    expect(stderr.match(/ gas$/gmu)).toHaveLength((await sent()) - begun);
    // Three lane deployers, services and offers of them, four light clients, and twelve calls by which they come to know each other.
    expect((await sent()) - before).toBe(25);
    expect(stderr).toContain('warning: the beacon node of A is believed for its genesis and forks, and for the block');
    expect(stderr).toContain(`${owner} takes over the service on relay by \`xdm acceptOwnership\``);
    const written = readFileSync(file(), 'utf8');
    expect({ ...(JSON.parse(stdout) as object), deploymentFile: undefined }).toEqual(JSON.parse(written));
    const { chains } = parseOmnichainDeployment(written, 'a file');
    expect(chains.map(({ service }) => service)).toEqual(shown.chains.map(({ service }) => service));
    const silent = ['--deployment', file(), '--rpc-urls', 'B=http://127.0.0.1:1'];
    expect(await json(3, 'acceptOwnership', '--calldata', '--from', owner, ...silent)).toMatchObject([
      { chain: 'relay', from: owner },
      { chain: 'A', from: owner },
    ]);
    const args = [...(await sending('A', 'relay', RELAY, 'other lane')), '--deployment', file()];
    expect(await json(0, ...args)).toMatchObject({ fee: '7', nonce: '0' });
    expect(await deploy({})).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') as string });
  });

  test('is refused by terms that a contract refuses, before anything is sent', async () => {
    rmSync(file());
    const nonce = await lane.account(A).getNonce();
    expect((await deploy(termsOf(lane, 8192))).stderr).toContain('its history contract remembers 8191 blocks');
    const delayed = await deploy({ lightClientDelay: 60 });
    expect(delayed.stderr).toContain('ChainRegistry_DelayOutOfBounds(60, 86400, 7776000)');
    expect(await lane.account(A).getNonce()).toBe(nonce);
    // An account without funds is shown what it takes.
    expect((await deploy({}, '--dry-run', '--private-key', `0x${'ab'.repeat(32)}`)).code).toBe(0);
  });
});

describe('a message for a chain whose light client is frozen', () => {
  test('is told to wait for another light client', async () => {
    const { orderId, blockNumber } = (await json(0, ...(await sending('relay', 'B', B, 'stuck')))) as {
      orderId: string;
      blockNumber: number;
    };
    await cli.mineOnRelay();
    await lane.finalize(RELAY);
    await lane.vouch(B, { number: blockNumber, hash: `0x${'12'.repeat(32)}` });
    await lane.vouch(B, { number: blockNumber, hash: `0x${'34'.repeat(32)}` });
    const run = await xdm('transferIn', orderId);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toMatch(
      /^next: +the light client of relay on B is frozen, .*: the owner .* has to replace it$/mu,
    );
    expect(run.stdout).toMatch(/^ {2}B +not arrived +- +- +frozen up to block \d+$/mu);
    expect(await json(0, 'status', orderId)).toMatchObject({ status: 'light-client-frozen' });
  });
});
