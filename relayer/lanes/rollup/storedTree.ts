import { setImmediate } from 'node:timers/promises';

import { messageKeysOf, type LaneIdentity } from '../../../sdk/core/message.ts';
import { MessageTree } from '../../../sdk/core/messageTree.ts';
import { messageHashesFrom, type ProvenRoot } from '../../store/messageTrees.ts';
import type { Database } from '../../store/schema.ts';
import { readTreeNodes, SUBTREE_LEAVES } from '../../store/treeNodes.ts';

/** Leaves added before other stages have their turn. */
const CHUNK = 1024;

/** Milliseconds until a tree is built again that the store did not have. */
const RETRY_MS = 30_000;

/**
 * The message tree of a lane, grown from the store's messages as far as it is asked for. What it is right by is the root that was
 * proven: where it has another one, messages were replaced by a reorganisation, and it is built anew.
 */
export class StoredTree {
  readonly #keyOf: (messageHash: string) => string;
  readonly #routeId: number;
  #tree = new MessageTree();
  #usesKept = true;
  #retryAt = 0;

  constructor(lane: LaneIdentity, routeId: number) {
    this.#keyOf = messageKeysOf(lane);
    this.#routeId = routeId;
  }

  /** The tree, with the leaves of the proven one at least; undefined while the store's messages are not those. */
  async holding(db: Database, proven: ProvenRoot): Promise<MessageTree | undefined> {
    if (await this.#has(db, proven)) return this.#tree;
    if (performance.now() < this.#retryAt) return undefined;
    // From the messages alone: what is kept of their tree may be of others.
    this.#tree = new MessageTree();
    this.#usesKept = false;
    if (await this.#has(db, proven)) return this.#tree;
    this.#retryAt = performance.now() + RETRY_MS;
    return undefined;
  }

  async #has(db: Database, { count, root }: ProvenRoot): Promise<boolean> {
    while (this.#tree.count < count) {
      const first = this.#tree.count;
      const kept = await this.#keptFrom(db, first, count);
      if (kept !== undefined) {
        this.#tree.appendSubtree(kept);
        continue;
      }
      const limit = Math.min(CHUNK, count - first);
      const hashes = await messageHashesFrom(db, this.#routeId, { first, limit });
      if (hashes.length === 0) return false;
      for (const hash of hashes) this.#tree.append(this.#keyOf(hash));
      await setImmediate();
    }
    return this.#tree.root(count) === root;
  }

  async #keptFrom(db: Database, first: number, count: number): Promise<string[][] | undefined> {
    const isWhole = first % SUBTREE_LEAVES === 0 && first + SUBTREE_LEAVES <= count;
    return this.#usesKept && isWhole ? await readTreeNodes(db, this.#routeId, first / SUBTREE_LEAVES) : undefined;
  }
}
