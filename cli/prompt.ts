import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import type { TextStream } from './output.ts';

/** Asks at a terminal for one line, and does not show it. */
export async function askSecret(
  question: string,
  terminal: NodeJS.ReadableStream,
  screen: TextStream,
): Promise<string> {
  // The line editor of `readline` shows what is typed on its output.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal, output: nowhere, terminal: true });
  screen.write(question);
  try {
    return await lines.question('');
  } finally {
    lines.close();
    screen.write('\n');
  }
}
