import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { formatEther } from 'ethers';

import { whatHalts } from '../../relayer/alarm.ts';
import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { openAlarms } from '../../relayer/store/alarms.ts';
import type { Database } from '../../relayer/store/schema.ts';
import { committedBy, dayOf, spentOn } from '../../relayer/store/spending.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import { isPostgres, showStore } from '../../relayer/store/location.ts';
import { openStore } from '../../relayer/store/store.ts';
import { isInUse } from '../../relayer/store/backends/sqlite.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { signersOf, type Signer } from './accounts.ts';
import { failure, ok, problem, trouble, warning, type Finding } from './finding.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Share of a day's limit from which on it is nearly spent. */
const NEARLY = 0.8;

const PLACE = { check: 'store', subject: '' };

const GIB = 2 ** 30;

/** Free room, bytes, below which a store cannot grow well, and cannot grow. */
const LITTLE_ROOM = GIB;
const NO_ROOM = GIB / 16;

/** Whether the node's store can be opened and can grow, and what the node calls an operator for. */
export async function checkStore(lane: Deployment, config: NodeConfig): Promise<Finding[]> {
  const { store: location } = config;
  const isFile = !isPostgres(location);
  if (isFile && !existsSync(location)) return [judgeMissing(location), ...checkRoom(location)];
  const room = isFile ? checkRoom(location) : [];
  try {
    const store = await openStore(location, { shared: true });
    try {
      const alarms = await openAlarms(store.db);
      const use = `${showStore(location)}${isFile && isInUse(location) ? ', in use by a node' : ''}`;
      const { count } = await store.db
        .selectFrom('messages')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      const spent = await spentBySigners(store.db, lane, config);
      const acting = await actingReplicas(store.db);
      const found = ok(PLACE, `${use}, ${counted(Number(count), 'message')}${acting}`);
      return [found, ...room, ...alarms.map(alarmFinding), ...spent];
    } finally {
      await store.close();
    }
  } catch (cause) {
    const { code, message, hint } = toXdmError(cause);
    if (code === 'store-not-found') return [ok(PLACE, `${showStore(location)} is empty yet: the node fills it`)];
    const found = code === 'store-outdated' ? warning(PLACE, message, hint ?? '') : failure(PLACE, cause);
    return [found, ...room];
  }
}

/** What each signer may spend today, and has spent. */
async function spentBySigners(db: Database, lane: Deployment, config: NodeConfig): Promise<Finding[]> {
  const { maxSpendPerDay } = config;
  if (maxSpendPerDay === undefined) return [];
  const today = dayOf(Date.now());
  const signers = signersOf(config);
  return await Promise.all(
    signers.map(async (signer) => {
      const account = { chainId: Number(lane.l1ChainId), address: signer.address };
      const { pending, mined } = await committedBy(db, account);
      return judgeSpending(signer, (await spentOn(db, account, today)) + pending + mined, maxSpendPerDay);
    }),
  );
}

/**
 * @param spent wei of today, with what is on its way
 * @param limit ether
 */
export function judgeSpending({ address, roles }: Signer, spent: bigint, limit: number): Finding {
  const place = { check: 'spending', subject: `${roles.join(' and ')} ${address}` };
  const value = `${formatEther(spent)} ETH of ${limit} today`;
  const hint = 'raise --max-spend-per-day, or wait until midnight UTC';
  const share = Number(formatEther(spent)) / limit;
  if (share < NEARLY) return ok(place, value);
  return share < 1 ? warning(place, value, hint) : trouble(place, value, hint);
}

/** Who acts for the lanes of a store that several replicas share. */
async function actingReplicas(db: Database): Promise<string> {
  const rows = await db.selectFrom('leases').select('holder').where('holder', '<>', '').execute();
  return rows.map(({ holder }) => `, replica ${holder} acts`).join('');
}

function alarmFinding({ kind, subject, message, halts }: Awaited<ReturnType<typeof openAlarms>>[number]): Finding {
  const place = { check: `alarm ${kind}`, subject: subject === '' ? '' : `of ${subject},` };
  return halts
    ? problem(place, `${whatHalts({ kind, subject })} stands still: ${message}`, undefined)
    : warning(place, message, 'the alarm ends by itself once that is mended');
}

function judgeMissing(location: string): Finding {
  const folder = existingFolder(location);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return problem(PLACE, `the folder ${folder} cannot be written to`, 'give a file in another folder with --store');
  }
  return ok(PLACE, `${location} is not there yet: the node creates it`);
}

function checkRoom(location: string): Finding[] {
  const { bavail, bsize } = statfsSync(existingFolder(location));
  return [judgeRoom(bavail * bsize)];
}

/** @param free bytes */
export function judgeRoom(free: number): Finding {
  const place = { check: 'room for the store', subject: '' };
  const value = `${(free / GIB).toFixed(1)} GiB free`;
  if (free >= LITTLE_ROOM) return ok(place, value);
  const hint = 'free some, or give a file on another disk with --store';
  return free >= NO_ROOM ? warning(place, value, hint) : problem(place, value, hint);
}

function existingFolder(location: string): string {
  let folder = dirname(resolve(location));
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}
