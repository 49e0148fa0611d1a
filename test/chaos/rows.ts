import { hexlify } from 'ethers';
import type { Selectable } from 'kysely';

import type { Schema } from '../../relayer/store/schema.ts';
import { openStore } from '../../relayer/store/store.ts';
import type { World } from './world.ts';

/** What the store says. */
export interface Rows {
  readonly messages: readonly (Selectable<Schema['messages']> & { readonly sourceChainId: number })[];
  readonly transactions: readonly Selectable<Schema['transactions']>[];
  readonly alarms: readonly Selectable<Schema['alarms']>[];
  /** Messages that a proof is kept of. */
  readonly proven: readonly number[];
}

/** Reads the store beside the node, or without one. */
export async function readRows({ store: location }: Pick<World, 'store'>): Promise<Rows> {
  const store = await openStore(location, { shared: true });
  try {
    const { db } = store;
    return {
      messages: await db
        .selectFrom('messages')
        .innerJoin('routes', 'routes.id', 'messages.routeId')
        .selectAll('messages')
        .select('sourceChainId')
        .execute(),
      transactions: await db.selectFrom('transactions').selectAll().execute(),
      alarms: await db.selectFrom('alarms').selectAll().execute(),
      proven: (await db.selectFrom('proofs').select('messageId').execute()).map(({ messageId }) => messageId),
    };
  } finally {
    await store.close();
  }
}

/** The last element of the queue that was executed, as its deposit transaction. */
export async function lastDeposit({ store: location }: Pick<World, 'store'>): Promise<string> {
  const store = await openStore(location, { shared: true });
  try {
    const query = store.db.selectFrom('queueElements').select('raw').where('executed', '=', 1);
    const { raw } = await query.orderBy('queueIndex', 'desc').limit(1).executeTakeFirstOrThrow();
    return hexlify(raw);
  } finally {
    await store.close();
  }
}
