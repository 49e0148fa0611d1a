import type { WatchedChain } from '../route.ts';
import { isAtWork } from '../store/atWork.ts';
import type { Stage, StageContext } from './stage.ts';
import { watchOnce } from './watch.ts';

/**
 * Watches a chain, pass after pass up to its head, and from there on each so many milliseconds: a chain that always has another block
 * is not read without a pause. A block without anything in it wakes nobody while nothing waits for one.
 */
export function follow(chain: WatchedChain, interval: number, context: StageContext): Stage {
  let isAtHead = false;
  return {
    name: `watch ${chain.chainId}`,
    interval,
    isAtEnd: () => isAtHead,
    async run() {
      const pass = await watchOnce(chain, context);
      isAtHead = pass.isAtHead;
      const isQuiet = pass.isAtHead && pass.logs === 0 && !(await isAtWork(context.store.db));
      return isQuiet ? 0 : pass.moved;
    },
  };
}
