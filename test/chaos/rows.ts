import type { Selectable } from 'kysely';

import type { Schema } from '../../relayer/store/schema.ts';
import { openStore } from '../../relayer/store/store.ts';
import type { World } from './world.ts';

/** What the store says. */
export interface Rows {
  readonly messages: readonly (Selectable<Schema['messages']> & {
    readonly sourceChainId: number;
    readonly destinationChainId: number;
  })[];
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
        .select(['sourceChainId', 'destinationChainId'])
        .execute(),
      transactions: await db.selectFrom('transactions').selectAll().execute(),
      alarms: await db.selectFrom('alarms').selectAll().execute(),
      proven: (await db.selectFrom('proofs').select('messageId').execute()).map(({ messageId }) => messageId),
    };
  } finally {
    await store.close();
  }
}
