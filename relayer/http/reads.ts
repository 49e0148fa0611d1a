import { Hono, type Context } from 'hono';

import { XdmError } from '../../sdk/core/errors.ts';
import type { Json } from '../json.ts';
import { chainNames } from '../lanes/laneRoutes.ts';
import { describeFailing } from '../telemetry/progress.ts';
import { readMessageDetails } from '../store/messageDetails.ts';
import { listMessages, type MessageRecord } from '../store/messageRecords.ts';
import { newestBatches } from '../store/stateBatches.ts';
import { listTransactions } from '../store/transactionRecords.ts';
import { showLane } from './laneView.ts';
import { buildOpenApi } from './openapi.ts';
import { hash as hashShape, messageParameters, PARAMETERS, parseParameters } from './parameters.ts';
import type { ServedNode, ServedRoute } from './servedNode.ts';
import type { Snapshot } from './snapshot.ts';
import { showAlarm, showBatch, showDetails, showMessage, showTime, showTransaction } from './views.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

type Answer = (context: Context) => Promise<Record<string, Json>>;

/** What can be read of a lane, below `/v1`. */
export function laneReads(node: ServedNode, snapshot: () => Promise<Snapshot>): Hono {
  const answers: Readonly<Record<string, Answer>> = {
    async '/lanes'(context) {
      parseParameters(PARAMETERS.none, context.req.queries());
      return { lanes: [showLane(node, await snapshot())] };
    },
    async '/alarms'(context) {
      parseParameters(PARAMETERS.none, context.req.queries());
      return { alarms: (await snapshot()).alarms.map(showAlarm) };
    },
    '/messages': async (context) => await readMessages(node, context),
    '/messages/:hash': async (context) => await readMessage(node, context),
    '/batches': async (context) => await readBatches(node, context),
    '/transactions': async (context) => await readTransactions(node, context),
  };
  const api = new Hono();
  const lane = { facts: node.lane.facts.shape, chains: chainNames(node) };
  const description = JSON.stringify(buildOpenApi(lane));
  api.get('/openapi.json', (context) => context.body(description, 200, JSON_TYPE));
  for (const [path, answer] of Object.entries(answers)) {
    api.get(path, async (context) => context.body(node.redact(JSON.stringify(await answer(context))), 200, JSON_TYPE));
  }
  return api;
}

async function readMessages(node: ServedNode, context: Context): Promise<Record<string, Json>> {
  const { from, hash, transaction, cursor, limit, ...filter } = parseParameters(
    messageParameters(chainNames(node)),
    context.req.queries(),
  );
  const found = await listMessages(node.store.db, {
    ...filter,
    routeIds: node.routes.filter((route) => from === undefined || route.from === from).map(({ id }) => id),
    messageHash: hash,
    transactionHash: transaction,
    before: cursor,
    limit: limit + 1,
  });
  const messages = found.slice(0, limit);
  return {
    messages: messages.map((message) => showMessage(message, routeOf(node, message))),
    next: found.length > limit ? `${messages.at(-1)?.id}` : null,
  };
}

async function readMessage(node: ServedNode, context: Context): Promise<Record<string, Json>> {
  parseParameters(PARAMETERS.none, context.req.queries());
  const { store, routes } = node;
  const messageHash = parseHash(context.req.param('hash') ?? '');
  const found = await listMessages(store.db, {
    routeIds: routes.map(({ id }) => id),
    messageHash,
    limit: routes.length,
  });
  if (found.length === 0) {
    throw new XdmError('message-not-found', `the node knows no message ${messageHash}`, {
      hint: 'check the hash; a message is known once its block was read, see /readyz',
    });
  }
  const messages = found.flatMap((message) => {
    const route = routeOf(node, message);
    return route === undefined ? [] : [{ message, route }];
  });
  const details = await Promise.all(
    messages.map(async ({ message, route }) => await readMessageDetails(store.db, route, message)),
  );
  const failing = node.progress.stages().flatMap((stage) => describeFailing(stage) ?? []);
  return { messages: details.map((each) => showDetails(each, routeOf(node, each.message), failing)) };
}

async function readBatches({ store, routes }: ServedNode, context: Context): Promise<Record<string, Json>> {
  const { cursor, limit } = parseParameters(PARAMETERS.batches, context.req.queries());
  // At most one route of a lane waits for batches: their numbers say where a page ends.
  const [route] = routes.flatMap(({ id, waitsFor }) => (waitsFor.by === 'state-batches' ? [{ id, ...waitsFor }] : []));
  const found =
    route === undefined ? [] : await newestBatches(store.db, route.id, { before: cursor, limit: limit + 1 });
  const batches = found.slice(0, limit);
  const window = route?.windowSeconds ?? 0;
  return {
    batches: batches.map((batch) => {
      return { ...showBatch(batch), finalAt: showTime((Number(batch.timestamp) + window) * 1000) };
    }),
    next: found.length > limit ? `${batches.at(-1)?.batchIndex}` : null,
  };
}

async function readTransactions({ store }: ServedNode, context: Context): Promise<Record<string, Json>> {
  const { cursor, limit, ...filter } = parseParameters(PARAMETERS.transactions, context.req.queries());
  const found = await listTransactions(store.db, { ...filter, before: cursor, limit: limit + 1 });
  const transactions = found.slice(0, limit);
  return {
    transactions: transactions.map(showTransaction),
    next: found.length > limit ? `${transactions.at(-1)?.id}` : null,
  };
}

function routeOf({ routes }: ServedNode, { routeId }: MessageRecord): ServedRoute | undefined {
  return routes.find(({ id }) => id === routeId);
}

function parseHash(text: string): string {
  if (hashShape.safeParse(text).success) return text.toLowerCase();
  throw new XdmError('invalid-argument', 'the address ends with no hash: 0x and 64 hex digits', {
    hint: 'give a message hash; /v1/messages?transaction=0x... finds messages by the transaction that sent them',
  });
}
