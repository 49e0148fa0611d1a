import { hexlify } from 'ethers';

import { openStore } from '../../../relayer/store/store.ts';
import type { World } from '../world.ts';

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
