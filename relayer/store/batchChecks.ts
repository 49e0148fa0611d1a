import { sql } from 'kysely';

import type { StateBatchAppended } from '../../sdk/chain/logs.ts';
import { toBytes, toHex } from './bytes.ts';
import type { Database } from './schema.ts';
import { batchOfRow, IS_STORED, type StoredBatch } from './stateBatches.ts';

/** What the watchtower thinks of a batch. */
export type BatchOpinion = 'open' | 'agrees' | 'missing' | 'differs';

/** A stored batch of which the last word is not said. */
export interface BatchCheck {
  readonly batch: StoredBatch;
  readonly verdict: BatchOpinion;
  /** Of its last L2 block, when it was found to agree. */
  readonly lastBlockHash: string | undefined;
  /** In words, of one that differs. */
  readonly detail: string | undefined;
  /** Whether it is to be deleted. */
  readonly condemned: boolean;
}

/** Notes that batches are to be checked. They must be recorded by then. */
export async function openChecks(
  db: Database,
  routeId: number,
  batches: readonly Pick<StateBatchAppended, 'blockHash' | 'logIndex'>[],
): Promise<void> {
  for (const { blockHash, logIndex } of batches) {
    await db
      .insertInto('batchChecks')
      .columns(['batchEventId', 'routeId'])
      .expression((select) =>
        select
          .selectFrom('stateBatchEvents')
          .select(['id', 'routeId'])
          .where('routeId', '=', routeId)
          .where('blockHash', '=', toBytes(blockHash))
          .where('logIndex', '=', logIndex),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

function checksOf(db: Database, routeId: number) {
  return db
    .selectFrom('batchChecks as check')
    .innerJoin('stateBatchEvents as batch', 'batch.id', 'check.batchEventId')
    .where('check.routeId', '=', routeId)
    .where(IS_STORED)
    .select([
      'batch.id',
      'batch.batchIndex',
      'batch.batchRoot',
      'batch.batchSize',
      'batch.prevTotalElements',
      'batch.timestamp',
      'check.verdict',
      'check.lastBlockHash',
      'check.detail',
      'check.condemned',
    ])
    .orderBy('batch.prevTotalElements');
}

type CheckRow = Awaited<ReturnType<ReturnType<typeof checksOf>['execute']>>[number];

function checkOfRow({ verdict, lastBlockHash, detail, condemned, ...batch }: CheckRow): BatchCheck {
  return {
    batch: batchOfRow(batch),
    verdict,
    lastBlockHash: lastBlockHash === null ? undefined : toHex(lastBlockHash),
    detail: detail ?? undefined,
    condemned: condemned === 1,
  };
}

/**
 * The checks that are due: those of which nothing is known, those that were put off till now, and those that agreed and are final by now.
 * What differs comes first, and what was tried comes after what was not, each in the order of the batches: any number of old ones that no node
 * can tell anything of any more must not keep new ones from being looked at.
 * @param finalElements number of elements whose L2 blocks cannot be dropped any more
 */
export async function dueChecks(
  db: Database,
  routeId: number,
  { now, finalElements, limit }: { readonly now: number; readonly finalElements: number; readonly limit: number },
): Promise<BatchCheck[]> {
  const rows = await checksOf(db, routeId)
    .where(
      sql<boolean>`case when "check"."verdict" = 'agrees'
        then "batch"."prevTotalElements" + "batch"."batchSize" <= ${finalElements}
        else "check"."nextCheckAt" <= ${now} end`,
    )
    .clearOrderBy()
    .orderBy(sql`case when "check"."verdict" = 'differs' then 0 else "check"."nextCheckAt" end`)
    .orderBy('batch.prevTotalElements')
    .limit(limit)
    .execute();
  return rows.map(checkOfRow);
}

/** The stored batches that are not as they should be, in order. */
export async function suspectChecks(db: Database, routeId: number): Promise<BatchCheck[]> {
  const rows = await checksOf(db, routeId)
    .where((where) => where('check.verdict', 'in', ['missing', 'differs']))
    .execute();
  return rows.map(checkOfRow);
}

/**
 * The first stored batch that is to be deleted, or that holds an element or comes after it.
 * @param after timestamp, seconds: earlier batches are final
 * @param fromElement none where it is undefined
 */
export async function firstCondemned(
  db: Database,
  routeId: number,
  { after, fromElement }: { readonly after: number; readonly fromElement: number | undefined },
): Promise<StoredBatch | undefined> {
  const row = await db
    .selectFrom('stateBatchEvents as batch')
    .leftJoin('batchChecks as check', 'check.batchEventId', 'batch.id')
    .where('batch.routeId', '=', routeId)
    .where(IS_STORED)
    .where('batch.timestamp', '>', after)
    .where(
      fromElement === undefined
        ? sql<boolean>`"check"."condemned" = 1`
        : sql<boolean>`("check"."condemned" = 1 or "batch"."prevTotalElements" + "batch"."batchSize" > ${fromElement})`,
    )
    .select(['batch.id', 'batch.batchIndex', 'batch.batchRoot', 'batch.batchSize', 'batch.prevTotalElements'])
    .select('batch.timestamp')
    .orderBy('batch.prevTotalElements')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : batchOfRow(row);
}

/** How often the batch of an index was deleted before, as far as is known. */
export async function countDeletions(db: Database, routeId: number, batchIndex: number): Promise<number> {
  const { count } = await db
    .selectFrom('stateBatchEvents')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('routeId', '=', routeId)
    .where('kind', '=', 'deleted')
    .where('orphaned', '=', 0)
    .where('batchIndex', '=', batchIndex)
    .executeTakeFirstOrThrow();
  return count;
}

/** Records what was found. */
export async function recordVerdict(
  db: Database,
  { eventId }: StoredBatch,
  verdict: {
    readonly verdict: BatchOpinion;
    readonly lastBlockHash?: string;
    readonly firstBlock?: number;
    readonly detail?: string;
    readonly condemned?: boolean;
    /** Milliseconds. */
    readonly nextCheckAt: number;
  },
): Promise<void> {
  const { lastBlockHash, firstBlock = null, detail = null, condemned = false, ...rest } = verdict;
  await db
    .updateTable('batchChecks')
    .set({
      ...rest,
      firstBlock,
      detail,
      condemned: condemned ? 1 : 0,
      lastBlockHash: lastBlockHash === undefined ? null : toBytes(lastBlockHash),
    })
    .where('batchEventId', '=', eventId)
    .execute();
}

/** Puts a check off that came to nothing. Where it does so again, and nothing was known before, nobody can tell whether the batch is right. */
export async function putOff(db: Database, { eventId }: StoredBatch, nextCheckAt: number): Promise<void> {
  await db
    .updateTable('batchChecks')
    .set({
      nextCheckAt,
      verdict: sql<BatchOpinion>`case when "verdict" = 'open' and "nextCheckAt" > 0 then 'missing' else "verdict" end`,
    })
    .where('batchEventId', '=', eventId)
    .execute();
}

/** Ends a check for good, and forgets the leaves of batches up to there. */
export async function closeCheck(db: Database, routeId: number, batch: StoredBatch): Promise<void> {
  await db.deleteFrom('batchChecks').where('batchEventId', '=', batch.eventId).execute();
  const end = Number(batch.prevTotalElements + batch.batchSize);
  await db.deleteFrom('batchLeaves').where('routeId', '=', routeId).where('end', '<=', end).execute();
}

/**
 * Forgets the checks of batches that are gone for good.
 * @param finalNumber last L1 block that cannot be dropped
 */
export async function dropGoneChecks(db: Database, routeId: number, finalNumber: number): Promise<void> {
  await db
    .deleteFrom('batchChecks')
    .where('routeId', '=', routeId)
    .where(
      sql<boolean>`not exists (select 1 from "stateBatchEvents" as "batch"
        where "batch"."id" = "batchChecks"."batchEventId"
          and ("batch"."orphaned" = 0 or "batch"."blockNumber" > ${finalNumber})
          and not exists (select 1 from "stateBatchEvents" as "deletion"
            where "deletion"."routeId" = "batch"."routeId"
              and "deletion"."kind" = 'deleted'
              and "deletion"."orphaned" = 0
              and "deletion"."blockNumber" <= ${finalNumber}
              and "deletion"."batchIndex" <= "batch"."batchIndex"
              and ("deletion"."blockNumber", "deletion"."logIndex") > ("batch"."blockNumber", "batch"."logIndex")))`,
    )
    .execute();
}

/** Bytes of a state root. */
const ROOT_SIZE = 32;

/** Remembers the leaves of a batch. */
export async function recordLeaves(
  db: Database,
  routeId: number,
  {
    batchRoot,
    end,
    stateRoots,
  }: { readonly batchRoot: string; readonly end: number; readonly stateRoots: readonly string[] },
): Promise<void> {
  const leaves = toBytes(`0x${stateRoots.map((root) => root.slice(2)).join('')}`);
  await db
    .insertInto('batchLeaves')
    .values({ routeId, batchRoot: toBytes(batchRoot), end, leaves })
    .onConflict((conflict) => conflict.columns(['routeId', 'batchRoot']).doUpdateSet({ end }))
    .execute();
}

/** The leaves of the batch of a root, if they are known. */
export async function readLeaves(db: Database, routeId: number, batchRoot: string): Promise<string[] | undefined> {
  const row = await db
    .selectFrom('batchLeaves')
    .select('leaves')
    .where('routeId', '=', routeId)
    .where('batchRoot', '=', toBytes(batchRoot))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { leaves } = row;
  return Array.from({ length: leaves.length / ROOT_SIZE }, (_, index) =>
    toHex(leaves.subarray(index * ROOT_SIZE, (index + 1) * ROOT_SIZE)),
  );
}
