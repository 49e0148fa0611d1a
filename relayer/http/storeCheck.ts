import type { Check } from './readiness.ts';
import type { ServedNode } from './servedNode.ts';

/** Milliseconds in which a store that works answers. */
const STORE_PATIENCE_MS = 5000;

/** Whether the store lets itself be read, and by who works on the lane also written. */
export async function checkStore(node: ServedNode): Promise<Check> {
  const problem = await findProblem(node);
  if (problem === undefined) return { name: 'store', ok: true, reason: 'it answers' };
  const reason = `nothing moves without it: ${problem}. Look at Postgres, or at the disk: the node goes on by itself`;
  return { name: 'store', ok: false, reason };
}

async function findProblem(node: ServedNode): Promise<string | undefined> {
  const { store } = node;
  const works = async (): Promise<undefined> => {
    await store.db.selectFrom('chains').select('chainId').limit(1).execute();
    if (node.state() !== 'active') return;
    // It changes nothing, but what does must be allowed for it.
    await store.write(
      async (db) => await db.updateTable('chains').set({ timestamp: 0 }).where('chainId', '=', -1).execute(),
    );
  };
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<string>((done) => {
    timer = setTimeout(() => done('it does not answer'), STORE_PATIENCE_MS);
  });
  try {
    return await Promise.race([works(), silence]);
  } catch (error) {
    return error instanceof Error ? node.redact(error.message) : 'it fails';
  } finally {
    clearTimeout(timer);
  }
}
