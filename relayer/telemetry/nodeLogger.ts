import { pino, type DestinationStream, type Logger } from 'pino';

import type { NodeLane } from '../lanes/nodeLane.ts';
import { redactorOf } from './redact.ts';

/** The log of a node: lines of JSON, from which what is secret is taken out whole, wherever in a line it stands. */
export function nodeLogger(
  { settings, secrets }: Pick<NodeLane, 'settings' | 'secrets'>,
  destination: DestinationStream,
): Logger {
  const redact = redactorOf(secrets);
  return pino({ level: settings.logLevel, hooks: { streamWrite: redact } }, destination);
}

/** Where a node's log is written: a file by its path, new each time, or one that is open by its number. A full disk costs lines, and not the node. */
export function logDestination(dest: string | number): DestinationStream {
  const stream = pino.destination({ dest, append: false, sync: true });
  stream.on('error', () => undefined);
  return stream;
}
