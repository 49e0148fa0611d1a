import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';

import { startLaneNode, type LaneNode, type LaneNodeOptions } from './laneNode.ts';
import { watchtowerOn, type Watchtower } from './watchtower.ts';

/**
 * Has a node on a lane for the tests of a file. Each finds it with a new store, on chains where nothing has happened; what it has
 * done to the chains and spied on is undone after what the file itself does then.
 * @param onStart is given the node
 */
export function useLaneNode(onStart: (node: LaneNode) => void, options: LaneNodeOptions = {}): void {
  let node: LaneNode | undefined;
  beforeAll(async () => {
    node = await startLaneNode(options);
    onStart(node);
  });
  afterAll(async () => {
    await node?.stop();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await node?.reset();
  });
}

/** The same with the node's watchtower, which each test finds without options. */
export function useWatchtower(
  onStart: (started: { readonly node: LaneNode; readonly tower: Watchtower }) => void,
): void {
  let tower: Watchtower | undefined;
  useLaneNode(
    (node) => {
      tower = watchtowerOn(node);
      onStart({ node, tower });
    },
    { watchtower: true },
  );
  beforeEach(() => {
    if (tower !== undefined) tower.options = {};
  });
}
