import { afterAll, beforeAll, expect, test } from 'vitest';

import { readFailing } from '../../../cli/why/failing.ts';
import { verdictOf, type Words } from '../../../cli/why/verdict.ts';
import { rollupOutline } from '../../../relayer/lanes/rollup/routes.ts';
import { recordSent } from '../../../relayer/store/messages.ts';
import { at, L2, sentMessage } from '../../support/events.ts';
import { EXAMPLE_DEPLOYMENT } from '../../support/deployment.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

const MESSAGE = sentMessage(0, at(10));

let running: ServedTestNode;
let place: { readonly httpHost: string; readonly httpPort: number };

beforeAll(async () => {
  running = await startServedNode();
  const { hostname, port } = new URL(running.server.url);
  place = { httpHost: hostname, httpPort: Number(port) };
  await recordSent(running.store.db, { routeId: running.up, chainId: L2 }, [MESSAGE]);
  running.signals.emit('stageFailed', { stage: 'watch 900', code: 'rpc-unreachable', reason: 'nobody answers' });
});

afterAll(async () => await running.stop());

test("what fails is asked of the lane's own node, of a message that it knows", async () => {
  const { lane } = running.node;
  expect(await readFailing(lane, place, MESSAGE.messageHash)).toEqual([
    expect.stringMatching(/^"watch 900" fails since .* with rpc-unreachable: nobody answers$/u),
  ]);
  expect(await readFailing(lane, place, sentMessage(1, at(10)).messageHash)).toEqual([]);
  expect(await readFailing(rollupOutline(EXAMPLE_DEPLOYMENT), place, MESSAGE.messageHash)).toEqual([]);
  expect(await readFailing(lane, { ...place, httpPort: 'none' }, MESSAGE.messageHash)).toEqual([]);
});

test('it stands in the first line, but of a message that waits for nothing', () => {
  const clock = { head: 9, timestamp: 9, final: 9 };
  const words = (status: 'state-root-not-published' | 'relayed'): Words => ({
    sent: { ...MESSAGE, fromChain: 'l2', blockNumber: 10 } as unknown as Words['sent'],
    state: { status, sentAt: 1n, l1Timestamp: 9n } as Words['state'],
    clocks: { source: clock, l1: clock, isPaused: false, nextBlock: 5n },
    why: { code: 'no-state-batch', text: 'No batch.' },
    failing: ['"propose 901" fails since then with fee-cap: too dear'],
  });
  expect(verdictOf(words('state-root-not-published'))).toBe(
    'waits for a state batch that covers L2 block 10: the next one begins at block 5. In the node "propose 901" fails since then with fee-cap: too dear',
  );
  expect(verdictOf(words('relayed'))).toBe('delivered');
});
