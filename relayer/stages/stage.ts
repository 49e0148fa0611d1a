import type { Logger } from 'pino';

import type { Signals } from '../signals.ts';
import type { Store } from '../store/store.ts';

/** What every stage works with. */
export interface StageContext {
  readonly store: Store;
  readonly logger: Logger;
  readonly signals: Signals;
}

/** A piece of the pipeline. It takes rows from the store, and leaves them there for the next one. */
export interface Stage {
  readonly name: string;
  /** Milliseconds between two passes that found nothing to do. */
  readonly interval: number;
  /** Whether it also runs as soon as another stage has moved something. */
  readonly isWoken?: boolean;
  /** Whether the last pass found that what another stage moves has to come first, so that for now it is woken, too. */
  isWaiting?(): boolean;
  /** Whether the last pass, though it has moved something, has left nothing that the next one would find at once. */
  isAtEnd?(): boolean;
  /** One pass. Returns how many rows it moved: after more than none the next pass follows at once, unless it is at an end. */
  run(): Promise<number>;
}
