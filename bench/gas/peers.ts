/** A messenger of another system, gas a message of 132 bytes; null where it has no such step, or pays for it elsewhere. */
export interface Peer {
  readonly name: string;
  readonly l1Send: number;
  readonly l2Send: number;
  /** All transactions on L1 that one message from L2 needs. */
  readonly relay: number;
  /** What that figure is of. */
  readonly relayOf: string;
  readonly l2Execution: number;
  readonly stateRoots: number | null;
  /** What that figure is of. */
  readonly stateRootsOf?: string;
  /** What one trusts. */
  readonly trust: string;
}

/**
 * Measured with these systems' own contracts on anvil 1.7.1 by the rules of Prague, EIP-7623 included, with a target that
 * records sender, hash and count as ours does. These are no part of the benchmark: it measures xdm alone.
 */
export const PEERS: readonly Peer[] = [
  {
    name: 'OVM 1.0',
    l1Send: 118_440,
    l2Send: 85_646,
    relay: 598_321,
    relayOf: 'storage proof, 1,000/1,000',
    l2Execution: 94_580,
    stateRoots: 440_946,
    stateRootsOf: '256 roots; 1,378,044 for 1,024',
    trust: 'a challenger, in time',
  },
  {
    name: 'Bedrock',
    l1Send: 103_921,
    l2Send: 101_998,
    relay: 441_303,
    relayOf: 'prove 249,435, finalize 191,868',
    l2Execution: 79_878,
    stateRoots: 93_135,
    stateRootsOf: 'an output root',
    trust: 'a challenger, in time',
  },
  {
    name: 'Scroll',
    l1Send: 143_637,
    l2Send: 153_809,
    relay: 110_357,
    relayOf: 'path of 16 siblings',
    l2Execution: 79_534,
    stateRoots: null,
    trust: 'a validity proof',
  },
  {
    name: 'Linea',
    l1Send: 70_936,
    l2Send: 53_688,
    relay: 83_728,
    relayOf: 'path of 16 siblings; 75,556 for 5',
    l2Execution: 63_688,
    stateRoots: null,
    trust: 'a validity proof',
  },
  {
    name: 'Hyperlane',
    l1Send: 76_180,
    l2Send: 76_180,
    relay: 88_820,
    relayOf: 'one signature; 119,393 with a Merkle root',
    l2Execution: 88_820,
    stateRoots: null,
    trust: "its validators' signatures",
  },
];

/** Bare contracts that only verify a proof, mark the message and call the same target. */
export const PROBES = { direct: 139_740, path: 78_886, batch: 38_399 };
