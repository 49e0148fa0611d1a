import { perMessageWithRoot, type Figures, type StateFigures } from './figures.ts';

/** What a step may cost at the most, and what it does. */
export interface Verdict {
  readonly name: string;
  readonly limit: number;
  /** The most of all sizes of the state that the target is for. */
  readonly gas: number;
}

interface Target {
  readonly name: string;
  readonly limit: number;
  /** Undefined where it is not for this size of the state. */
  readonly gasOf: (state: StateFigures) => number | undefined;
}

/** Size of L2's state up to which the targets for direct proofs are: accounts, and messages. */
const DIRECT_STATE = 1000;

/** Number of messages of the batch that has a target. */
const BATCH = 100;

const TARGETS: readonly Target[] = [
  { name: 'send from L1', limit: 80_000, gasOf: ({ l1Send }) => l1Send.gas },
  { name: 'send from L2, average of 256', limit: 90_000, gasOf: ({ l2Send }) => l2Send.average },
  { name: 'execute on L2 what was sent from L1', limit: 68_000, gasOf: ({ l2Execution }) => l2Execution.gas },
  {
    name: 'commit a state batch of any size',
    limit: 75_000,
    gasOf: ({ stateBatches }) => Math.max(...stateBatches.map(({ gas }) => gas)),
  },
  {
    name: 'relay by a direct proof, state batch of 16, up to 1,000/1,000, median',
    limit: 150_000,
    gasOf: (state) => (isSmall(state) ? state.direct.median.gas : undefined),
  },
  {
    name: 'relay by a direct proof, state batch of 256, up to 1,000/1,000, median',
    limit: 156_000,
    gasOf: (state) => (isSmall(state) ? state.directLargeBatch.median.gas : undefined),
  },
  {
    name: 'relay by path, the root proven, most',
    limit: 85_000,
    gasOf: ({ path }) => Math.max(...path.samples.map(({ gas }) => gas)),
  },
  {
    name: 'relay in a batch of 100, per message, the root included',
    limit: 45_000,
    gasOf({ batches, root }) {
      const batch = batches.find(({ messages }) => messages === BATCH);
      return batch && perMessageWithRoot(batch, root.gas);
    },
  },
];

function isSmall({ accounts, messages }: StateFigures): boolean {
  return Math.max(accounts, messages) <= DIRECT_STATE;
}

/** What came of the targets, those that no measured size of the state is for left out. */
export function verdictsOf({ states }: Figures): Verdict[] {
  return TARGETS.flatMap(({ name, limit, gasOf }) => {
    const figures = states.map(gasOf).filter((gas) => gas !== undefined);
    return figures.length === 0 ? [] : [{ name, limit, gas: Math.max(...figures) }];
  });
}

/** Whether a step costs no more than it may. */
export function isMet({ limit, gas }: Verdict): boolean {
  return gas <= limit;
}
