import { createServer } from 'node:net';

import { XdmError } from '../sdk/core/errors.ts';

/** A port on 127.0.0.1 that nothing listens on now. */
export async function freePort(): Promise<number> {
  return await listenOnce(0);
}

/** Whether nothing listens on a port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return await listenOnce(port).then(
    () => true,
    () => false,
  );
}

/**
 * Makes sure that nothing listens on a port.
 * @param option that names another one
 * @throws {XdmError} `in-use`
 */
export async function checkPort(port: number | undefined, option: string): Promise<void> {
  if (port === undefined) return;
  try {
    await listenOnce(port);
  } catch (cause) {
    throw new XdmError('in-use', `port ${port} on 127.0.0.1 is in use`, {
      cause,
      hint: `stop what listens there, or choose another one with ${option}`,
    });
  }
}

async function listenOnce(port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
