import { setTimeout } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { listMessages } from '../../../sdk/actions/listMessages.ts';
import { l1MessengerOf, l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { sendBurst } from '../../support/burst.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startNetwork, type Network } from '../../support/network.ts';
import { PASSWORD, startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { ACTS, LOST, STANDS_BY, startReplicaProcess, type ReplicaProcess } from '../../support/replica.ts';
import { startRpcProxy, type RpcProxy } from '../../support/rpcProxy.ts';
import { until } from '../../support/until.ts';

/** Messages in each direction, each time. */
const COUNT = 25;

let network: Network;
let postgres: PostgresServer;
let store: string;
let targets: Readonly<Record<Side, FragileTarget>>;
/** What the second replica reads and sends through. */
let proxies: Readonly<Record<Side, RpcProxy>>;
let first: ReplicaProcess;
let second: ReplicaProcess;
let third: ReplicaProcess;
const started: ReplicaProcess[] = [];
let sent = 0n;

beforeAll(async () => {
  [network, postgres] = await Promise.all([startNetwork({ relayer: false, challengePeriod: 1n }), startPostgres()]);
  store = await postgres.createDatabase('lane');
  const [l1, l2, up, down] = await Promise.all([
    startRpcProxy(network.l1RpcUrl),
    startRpcProxy(network.l2RpcUrl),
    deployFragile(network.account('l1', 5), 'never seen'),
    deployFragile(network.account('l2', 5), 'never seen'),
  ]);
  proxies = { l1, l2 };
  targets = { l1: up, l2: down };
  await Promise.all([targets.l1.repair(), targets.l2.repair()]);
  first = start();
  await first.logged(ACTS);
  second = start(['--l1-rpc-url', proxies.l1.url, '--l2-rpc-url', proxies.l2.url]);
  await second.logged(STANDS_BY);
});

afterAll(async () => {
  await Promise.all(started.map(async (replica) => await replica.end('SIGKILL')));
  await Promise.all([network.stop(), postgres.stop(), proxies.l1.stop(), proxies.l2.stop()]);
});

function start(args: readonly string[] = []): ReplicaProcess {
  const replica = startReplicaProcess(['--deployment', network.deploymentPath, ...args], store);
  started.push(replica);
  return replica;
}

async function send(): Promise<void> {
  const { client, deployment } = network;
  const [down, up] = await Promise.all([
    l1MessengerOf(deployment, client.l1).sendMessage.populateTransaction(targets.l2.address, '0x01', 100_000n, {
      value: 1n,
    }),
    l2MessengerOf(deployment, client.l2).sendMessage.populateTransaction(targets.l1.address, '0x02', 100_000n),
  ]);
  const requests = [down, up].map((request) =>
    Array.from({ length: COUNT }, () => ({ ...request, gasLimit: 200_000n })),
  );
  await Promise.all([
    sendBurst(network.account('l1', 0), requests[0] ?? []),
    sendBurst(network.account('l2', 1), requests[1] ?? []),
  ]);
  sent += BigInt(COUNT);
}

/** Waits until all that was sent has arrived, and makes sure that it did so once. */
async function expectDelivered(): Promise<void> {
  await until(async () => (await targets.l1.count()) >= sent && (await targets.l2.count()) >= sent);
  expect([await targets.l1.count(), await targets.l2.count()]).toEqual([sent, sent]);
  // A deposit that is executed twice mints twice.
  expect(await network.client.l2.getBalance(targets.l2.address)).toBe(sent);
  for (const side of ['l1', 'l2'] as const) {
    const { client, deployment } = network;
    const messenger = side === 'l1' ? l2MessengerOf(deployment, client.l2) : l1MessengerOf(deployment, client.l1);
    const attempts: bigint[] = [];
    for await (const { messageHash } of listMessages(client, side)) {
      attempts.push((await messenger.delivery(messageHash)).attempts);
    }
    expect(attempts).toEqual(Array.from({ length: Number(sent) }, () => 1n));
  }
}

test('a replica that stands by asks the chains nothing', async () => {
  const asked = proxies.l1.calls.length + proxies.l2.calls.length;
  await setTimeout(600);
  expect(proxies.l1.calls.length + proxies.l2.calls.length).toBe(asked);
});

test('when the acting one is killed the other takes over, in the middle of its work', async () => {
  const sending = send();
  await first.logged('executed the queue');
  await first.end('SIGKILL');
  const killed = performance.now();
  await second.logged(ACTS);
  expect(performance.now() - killed).toBeLessThan(15_000);
  await sending;
});

test('one that was frozen until another took over sends and writes nothing; each message arrives once', async () => {
  third = start();
  await third.logged(STANDS_BY);
  const executed = second.lines.filter(({ msg }) => msg === 'executed the queue').length;
  const sending = send();
  await second.logged('executed the queue', executed + 1);
  second.child.kill('SIGSTOP');
  await third.logged(ACTS);
  await sending;
  await expectDelivered();
  const counts = [proxies.l1.calls.length, proxies.l2.calls.length];
  const rows = await written();
  second.child.kill('SIGCONT');
  await second.logged(LOST);
  await setTimeout(500);

  const later = [...proxies.l1.calls.slice(counts[0]), ...proxies.l2.calls.slice(counts[1])];
  expect(later.filter((method) => method.startsWith('eth_sendRawTransaction'))).toEqual([]);
  expect(await written()).toEqual(rows);
  expect(second.child.exitCode).toBeNull();
  await third.logged(ACTS);
});

/** What only an engine writes. */
async function written(): Promise<unknown> {
  const { rows } = await postgres.query(
    `select count(*), (select max("token") from leases) from "transactions" where "purpose" = 'relay'`,
    'lane',
  );
  return rows;
}

test('when Postgres is started again one of them goes on, and when that is stopped the other does at once', async () => {
  await postgres.shutDown();
  await third.logged(LOST);
  await postgres.start();
  await until(async () => await Promise.resolve(acts(second) !== acts(third)));
  await send();
  await expectDelivered();

  const [acting, other] = acts(second) ? [second, third] : [third, second];
  const before = other.lines.length;
  expect(await acting.end('SIGTERM')).toBe(0);
  await until(async () => await Promise.resolve(other.lines.slice(before).some(({ msg }) => msg === ACTS)));
  expect(started.flatMap(({ lines }) => lines).filter((line) => JSON.stringify(line).includes(PASSWORD))).toEqual([]);
});

/** Whether the last that a replica has said of itself is that it acts. */
function acts({ lines }: ReplicaProcess): boolean {
  return lines.findLast(({ msg }) => msg === ACTS || msg === LOST)?.msg === ACTS;
}
