import { Hono } from 'hono';

import { serveLocally, type LocalServer } from '../httpServer.ts';
import { showBootstrap, showFinalityUpdate, showUpdate } from './beaconJson.ts';
import type { SimulatedBeaconChain } from './beaconChain.ts';

/** What the Beacon API answers to what there is not. */
const NOT_FOUND = { code: 404, message: 'not found' };

/** Most updates in an answer, as the specification has it. */
const MAX_UPDATES = 128;

/** The part of the Beacon API that a light client needs. */
function beaconApp(chain: SimulatedBeaconChain): Hono {
  const { network } = chain;
  const [fork] = network.forks;
  const app = new Hono();
  const versioned = (data: object | string) => ({ version: 'electra', data });
  app.get('/eth/v1/beacon/genesis', (context) =>
    context.json({
      data: {
        genesis_time: `${network.genesisTime}`,
        genesis_validators_root: network.genesisValidatorsRoot,
        genesis_fork_version: fork?.version,
      },
    }),
  );
  app.get('/eth/v1/config/spec', (context) =>
    context.json({
      data: {
        PRESET_BASE: 'minimal',
        SECONDS_PER_SLOT: `${network.secondsPerSlot}`,
        SLOTS_PER_EPOCH: `${network.slotsPerEpoch}`,
        EPOCHS_PER_SYNC_COMMITTEE_PERIOD: `${network.epochsPerPeriod}`,
        SYNC_COMMITTEE_SIZE: `${network.committeeSize}`,
        ELECTRA_FORK_VERSION: fork?.version,
        ELECTRA_FORK_EPOCH: `${fork?.epoch}`,
      },
    }),
  );
  app.get('/eth/v1/beacon/blocks/:block/root', (context) => {
    const block = context.req.param('block');
    const root = block === 'finalized' ? chain.finalRoot : chain.rootAt(block);
    return root === undefined ? context.json(NOT_FOUND, 404) : context.json({ data: { root } });
  });
  app.get('/eth/v1/beacon/light_client/bootstrap/:root', (context) => {
    const bootstrap = chain.bootstrap(context.req.param('root').toLowerCase());
    return bootstrap === undefined ? context.json(NOT_FOUND, 404) : context.json(versioned(showBootstrap(bootstrap)));
  });
  app.get('/eth/v1/beacon/light_client/finality_update', (context) => {
    const update = chain.sign();
    return update === undefined ? context.json(NOT_FOUND, 404) : context.json(versioned(showFinalityUpdate(update)));
  });
  app.get('/eth/v1/beacon/light_client/updates', (context) => {
    const [start, count] = [context.req.query('start_period'), context.req.query('count')].map(Number);
    if (!isCount(start) || !isCount(count)) return context.json({ code: 400, message: 'invalid period or count' }, 400);
    const updates = chain.updates(BigInt(start), BigInt(Math.min(count, MAX_UPDATES)));
    return context.json(updates.map((update) => versioned(showUpdate(update))));
  });
  return app;
}

/**
 * Serves a simulated beacon chain on 127.0.0.1.
 * @param port 0 for a free one
 * @throws {XdmError} `in-use`
 */
export async function serveBeacon(chain: SimulatedBeaconChain, port: number): Promise<LocalServer> {
  return await serveLocally(beaconApp(chain), port);
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
