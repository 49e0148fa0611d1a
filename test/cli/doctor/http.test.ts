import { createServer } from 'node:net';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Finding } from '../../../cli/doctor/finding.ts';
import { checkHttp } from '../../../cli/doctor/http.ts';
import { freePort } from '../../../devnet/ports.ts';
import type { LaneOutline } from '../../../relayer/lanes/laneRoutes.ts';
import { rollupOutline } from '../../../relayer/lanes/rollup/routes.ts';
import { insertAlarm } from '../../../relayer/store/alarms.ts';
import { EXAMPLE_DEPLOYMENT } from '../../support/deployment.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

const HOST = '127.0.0.1';
const OTHER = rollupOutline(EXAMPLE_DEPLOYMENT);

let running: ServedTestNode;
let port: number;

// Its own for each: a node answers for a while what it found before.
beforeEach(async () => {
  running = await startServedNode();
  port = Number(new URL(running.server.url).port);
});

afterEach(async () => await running.stop());

async function check(
  httpPort: number | 'none' | undefined,
  lane: Pick<LaneOutline, 'identity'> = running.node.lane,
): Promise<string[]> {
  const found = await checkHttp(lane, { httpHost: HOST, httpPort });
  return found.map(({ verdict, check: what, subject, value }: Finding) => `${verdict} ${what} ${subject}: ${value}`);
}

test('a port is free, or of no account', async () => {
  const free = await freePort();
  expect(await check(free)).toEqual([`ok HTTP interface : port ${free} on ${HOST} is free`]);
  expect(await check(0)).toEqual([`ok HTTP interface : any free port on ${HOST}`]);
  expect(await check('none')).toEqual(['ok HTTP interface : is switched off']);
});

test("a port that this lane's node has is fine, and what the node lacks is passed on", async () => {
  const own = `ok HTTP interface : port ${port} on ${HOST} is that of this lane's node`;
  await insertAlarm(running.store.db, { kind: 'queue-rewritten', subject: '7', message: 'it was', halts: true });
  const [first, ...others] = await check(port);
  expect(first).toBe(`${own}, which is not ready`);
  expect(others).toContainEqual(expect.stringMatching(/^problem running node alarms: .*it was/u));
});

test("a port that another lane's node has, or another program, is not", async () => {
  expect(await check(port, OTHER)).toEqual([
    `problem HTTP interface : port ${port} on ${HOST} is in use by another lane's node`,
  ]);
  const other = createServer((socket) => socket.destroy());
  const taken = await freePort();
  await new Promise<void>((resolve) => other.listen(taken, HOST, resolve));
  expect(await check(taken)).toEqual([
    `problem HTTP interface : port ${taken} on ${HOST} is in use by another program`,
  ]);
  await new Promise((resolve) => other.close(resolve));
});

test('a node whose store does not answer is not taken for another program', async () => {
  const broken = await startServedNode();
  await broken.store.close();
  const { port: own } = new URL(broken.server.url);
  const [found] = await checkHttp(broken.node.lane, { httpHost: HOST, httpPort: Number(own) });
  expect(found).toMatchObject({ verdict: 'problem', isTransient: true });
  expect(found?.value).toMatch(/^a node answers at port \d+ on 127.0.0.1, and cannot say for which lane: ./u);
  await broken.stop().catch(() => undefined);
});

test('a host that is not of this machine is refused', async () => {
  const [found] = await checkHttp(OTHER, { httpHost: '192.0.2.1', httpPort: 7300 });
  expect(found).toMatchObject({ verdict: 'problem', value: expect.stringContaining('EADDRNOTAVAIL') as string });
});
