import type { BacklogFigures } from './backlog.ts';
import type { DepositFigures } from './deposits.ts';
import type { IdleFigures } from './idle.ts';
import type { LatencyFigures } from './latency.ts';
import type { Cost } from './profile.ts';
import type { ReadyFigures } from './ready.ts';
import type { StoredFigures } from './stored.ts';

/** What was measured. */
export interface Figures {
  /** Where: `2 cores, Node 24`, such as it is. */
  readonly machine: string;
  readonly ready: ReadyFigures;
  readonly deposits: DepositFigures;
  readonly latency: LatencyFigures;
  readonly idle: IdleFigures;
  /** The smallest first. */
  readonly backlogs: readonly BacklogFigures[];
  /** Calls of the endpoints for as many messages, by chain and method. */
  readonly calls: { readonly messages: number; readonly counts: Readonly<Record<string, number>> };
  /** Of a run that leaves nothing out. */
  readonly stored: StoredFigures | undefined;
  /** Where the CPU's time went with the largest backlog, the largest share first. */
  readonly costs: readonly Cost[];
}

/** The value that so much of the values, 0 to 1, is not above. */
export function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('nothing was measured');
  return value;
}
