import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { orderResult } from '../../../cli/omnichain/orderResult.ts';
import {
  explainOrderText,
  explainOrderValues,
  soughtHop,
  whyOf,
  type OrderExplanation,
} from '../../../cli/omnichain/whyOrder.ts';
import { readNodeViews } from '../../../cli/why/nodeView.ts';
import { omnichainOutline } from '../../../relayer/lanes/omnichain/routes.ts';
import { insertAlarm } from '../../../relayer/store/alarms.ts';
import { park, recordSent } from '../../../relayer/store/messages.ts';
import { routeId } from '../../../relayer/store/routes.ts';
import { addSpending, dayOf } from '../../../relayer/store/spending.ts';
import type { OrderTrace } from '../../../sdk/actions/omnichain/getOrderTrace.ts';
import type { OrderEvent } from '../../../sdk/chain/omnichain/logs.ts';
import { serializeOmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import { runMain } from '../../support/cliMain.ts';
import { EXAMPLE_OMNICHAIN } from '../../support/deployment.ts';
import { account, at, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const [RELAY, A] = [7000n, 7001n];
const LANE = omnichainOutline(EXAMPLE_OMNICHAIN);

/** What the node has read on A. */
const MESSAGE = sentMessage(0, at(10));
const { messageHash: ID, transactionHash } = MESSAGE;

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
  return async () => await store.remove();
});

/** An order that A has sent, as the chains show it. */
function traceOf(status: OrderTrace['status']): OrderTrace {
  const message = { relay: false, msgType: 0, target: account(2), payload: '0x', gasLimit: 9n, value: 0n };
  const order = { ...MESSAGE, orderId: ID, fromChain: A, toChain: RELAY, sender: account(1), message } as unknown;
  const lightClient = { kind: 'attestor', address: account(3), head: 12n, isFrozen: false } as const;
  const pending = { fromChain: A, onChain: RELAY, order: order as OrderEvent };
  return {
    orderId: ID,
    status,
    sentAt: 5n,
    fromChain: A,
    toChain: RELAY,
    hops: [
      { chainId: A, name: 'A', lightClient: undefined, attempt: undefined, sent: order as OrderEvent },
      { chainId: RELAY, name: 'relay', lightClient, attempt: undefined, sent: undefined },
    ],
    pending: status === 'relayed' || status === 'failed' ? undefined : pending,
  };
}

async function explain(status: OrderTrace['status'] = 'ready-for-transfer'): Promise<OrderExplanation> {
  const trace = traceOf(status);
  const [node] = await readNodeViews(store.path, { lane: LANE, config: undefined }, [soughtHop(trace)]);
  return { trace, lightClient: undefined, node: node! };
}

/** Has the node read the order; gives its number. */
async function read(): Promise<number> {
  const [route] = LANE.routes;
  const id = await routeId(store.db, route!);
  await recordSent(store.db, { routeId: id, chainId: Number(A) }, [MESSAGE]);
  const { id: message } = await store.db.selectFrom('messages').select('id').executeTakeFirstOrThrow();
  return message;
}

describe('an order that the node has set aside', () => {
  beforeEach(async () => {
    const id = await read();
    for (let tries = 0; tries < 6; tries++) {
      await park(store.db, id, { reason: 'unpaid-gas', nextTryAt: Date.now() + 600_000 });
    }
  });

  test('is for others to carry, and the node says why', async () => {
    const explanation = await explain();
    const reason =
      /^it can be proven to relay: xdm transferIn 0x\w+; the node does not by now: Taking it on costs more gas beyond its gas limit than this node gives: .* It was set aside 6 times \(unpaid-gas\)\. The next try is at /u;
    expect(explainOrderValues(explanation)).toMatchObject({
      verdict: expect.stringMatching(reason) as string,
      orderId: ID,
      status: 'ready-for-transfer',
      node: { message: { waitsFor: 'parked', parkedReason: 'unpaid-gas', tries: 6 } },
    });
    const text = explainOrderText(explanation);
    expect(text).toMatch(reason);
    expect(text).toMatch(/^orderId: +0x/mu);
    expect(text).toMatch(/^set aside: +unpaid-gas, 6 tries$/mu);
    expect(text).not.toContain('if it runs');
    expect(text.match(/does not by now/gu)).toHaveLength(1);
  });

  test('is said to be so by status alone, too', async () => {
    const { trace, node } = await explain();
    const { next } = orderResult(trace, undefined, whyOf(node)).values;
    expect(next).toContain('the node does not by now: Taking it on costs more gas');
    expect(orderResult(trace).values['next']).toContain('the node does, if it runs');
  });

  test('is that no more once it was delivered', async () => {
    expect(explainOrderValues(await explain('relayed'))).toMatchObject({ verdict: 'delivered' });
  });
});

test('what stands still is not done by the node', async () => {
  await read();
  await insertAlarm(store.db, {
    kind: 'deep-reorganisation',
    subject: `${RELAY}`,
    message: 'it was not sent',
    halts: true,
  });
  expect(explainOrderValues(await explain())).toMatchObject({
    verdict: expect.stringMatching(
      /the node does not by now: Since .* what goes from and to chain 7000 stands still: it was not sent$/u,
    ) as string,
  });
});

test('what the same account has paid on several chains is told apart', async () => {
  await read();
  const today = dayOf(Date.now());
  for (const [chainId, wei] of [
    [7000, 5n * 10n ** 17n],
    [7001, 10n ** 18n],
  ] as const) {
    await addSpending(store.db, { chainId, address: account(9) }, today, wei);
  }
  expect(explainOrderText(await explain())).toContain(
    `0.5 ETH by ${account(9)} on chain 7000, 1.0 ETH by ${account(9)} on chain 7001`,
  );
});

test('what the node would do next is said beside what the chains say', async () => {
  await read();
  expect(explainOrderValues(await explain())).toMatchObject({
    verdict: expect.stringMatching(
      /the node does, if it runs, or .*\. The node: Block 10 of chain 7001, .*final/u,
    ) as string,
  });
});

test('an order that the node has not read, and a store that is not there, are said', async () => {
  expect(explainOrderText(await explain())).toContain(`The node has not read it (${store.path}).`);
  const trace = traceOf('ready-for-transfer');
  const text = explainOrderText({ trace, lightClient: undefined, node: { missing: 'there is no store' } });
  expect(text).toMatch(/^it can be proven to relay: the node does, if it runs, or xdm transferIn/u);
  expect(text).toContain('This is what the chains say: there is no store.');
});

describe('while a chain is silent', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'xdm-why-'));
    writeFileSync(join(folder, 'lane.json'), serializeOmnichainDeployment(EXAMPLE_OMNICHAIN));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('why an order waits is the word of the node', async () => {
    const id = await read();
    await park(store.db, id, { reason: 'unpaid-gas', nextTryAt: Date.now() + 600_000 });
    const variables = {
      XDM_DEPLOYMENT: join(folder, 'lane.json'),
      XDM_RPC_URLS: 'relay=http://127.0.0.1:1,A=http://127.0.0.1:1',
      XDM_STORE: store.path,
    };
    for (const hash of [ID, transactionHash]) {
      const { code, stdout, stderr } = await runMain(['status', hash, '--why'], variables);
      expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
      expect(stdout).toMatch(/^a chain does not answer\. The node: Taking it on costs more gas .*\(unpaid-gas\)/u);
      expect(stdout).toMatch(/^sent: +chain A block 10$/mu);
    }
    expect(await runMain(['status', ID], variables)).toMatchObject({ code: 3, stdout: '' });
  });
});
