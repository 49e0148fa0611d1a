import type { JsonRpcProvider } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { sequencerDuty } from '../../relayer/lanes/rollup/duties.ts';
import { pipelineOf } from '../../relayer/pipeline.ts';
import type { Prover, Route } from '../../relayer/route.ts';
import { insertAlarm } from '../../relayer/store/alarms.ts';
import { newSignals } from '../../relayer/signals.ts';
import { recordSent } from '../../relayer/store/messages.ts';
import { routeId as idOf } from '../../relayer/store/routes.ts';
import { EXAMPLE_DEPLOYMENT } from '../support/deployment.ts';
import { account, at, L1, L2, newRoute, sentMessage } from '../support/events.ts';
import { listeningLogger } from '../support/logger.ts';
import { newStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let routeId: number;

beforeEach(async () => {
  store = await newStore();
  routeId = await newRoute(store.db);
});

afterEach(async () => {
  await store.remove();
});

/** What each stage that looks at the store asks it in a pass that finds nothing to do. */
async function countQuestions(): Promise<[stage: string, questions: number][]> {
  let asked = 0;
  const db = store.db.withPlugin({
    transformQuery({ node }) {
      asked++;
      return node;
    },
    transformResult: async ({ result }) => await Promise.resolve(result),
  });
  const context = { store: { ...store, db }, logger: listeningLogger().logger, signals: newSignals() };
  const route = { id: routeId, name: 'up', sourceChainId: L2, destinationChainId: L1 };
  // Nobody is asked while there is no element.
  const nobody = undefined as unknown as JsonRpcProvider;
  const ends = { l1ChainId: L1, l2ChainId: L2, l1: nobody, l2: nobody, finality: 'latest' as const };
  const queue = { routeId, lane: EXAMPLE_DEPLOYMENT, ...ends };
  const work = { chains: [], routes: [route], engines: [], duties: [sequencerDuty(queue)] };
  const stages = pipelineOf(work, { poll: 1000, store: 1000 }, context);
  const counts: [string, number][] = [];
  for (const stage of stages) {
    asked = 0;
    expect(await stage.run()).toBe(0);
    counts.push([stage.name, asked]);
  }
  return counts;
}

test('a stage of an idle node asks the store one thing, and goes on where something is at work', async () => {
  const names = ['prove up', 'submit up', 'confirm up', 'sequence 900'];
  expect(await countQuestions()).toEqual(names.map((name) => [name, 1]));
  await recordSent(store.db, { routeId, chainId: L2 }, [sentMessage(0, at(10))]);
  const busy = await countQuestions();
  expect(busy.map(([name]) => name)).toEqual(names);
  for (const [, questions] of busy) expect(questions).toBeGreaterThan(1);
});

/** Names of the routes whose messages the pipeline would prove. */
async function provenRoutes(...between: readonly (readonly [number, number])[]): Promise<string[]> {
  const asked: string[] = [];
  const routes: Route[] = [];
  for (const [sourceChainId, destinationChainId] of between) {
    const messengers = { sourceMessenger: account(sourceChainId), destinationMessenger: account(destinationChainId) };
    const ends = { sourceChainId, destinationChainId };
    const id = await store.write(async (db) => await idOf(db, { ...ends, ...messengers }));
    await recordSent(store.db, { routeId: id, chainId: sourceChainId }, [sentMessage(0, at(10))]);
    const name = `${sourceChainId} to ${destinationChainId}`;
    const nothing = async (): Promise<void> => await Promise.resolve();
    const prover: Prover = {
      async unfounded() {
        asked.push(name);
        return await Promise.resolve([]);
      },
      prove: async () => await Promise.resolve({ proven: [], refused: [], record: nothing }),
      forget: nothing,
    };
    routes.push({ ...ends, id, name, prover });
  }
  const context = { store, logger: listeningLogger().logger, signals: newSignals() };
  const work = { chains: [], routes, engines: [], duties: [] };
  for (const stage of pipelineOf(work, { poll: 1000, store: 1000 }, context)) await stage.run();
  return asked;
}

test('what one of several chains has dropped halts what goes from and to it, and nothing between the others', async () => {
  const routes = [
    [31, 32],
    [32, 33],
    [32, 31],
    [33, 32],
  ] as const;
  const alarm = { message: '', halts: true };
  await insertAlarm(store.db, { ...alarm, kind: 'deep-reorganisation', subject: '31' });
  expect(await provenRoutes(...routes)).toEqual(['32 to 33', '33 to 32']);
  await insertAlarm(store.db, { ...alarm, kind: 'queue-rewritten', subject: '31' });
  expect(await provenRoutes(...routes)).toEqual([]);
});
