import pg from 'pg';

import { XdmError } from '../../../sdk/core/errors.ts';

/** SQLSTATEs, and classes of them, of a server that cannot answer now, or has ended the connection. */
const PASSING = ['08', '53', '57P', '25P03', '25006'];

/** SQLSTATEs of what an operator must change. */
const WRONG_USER = new Set(['28000', '28P01']);
const NO_DATABASE = '3D000';
const NO_RIGHT = '42501';

/**
 * What an error of `pg` means. A statement's own fault is passed on as it is: it is one of the program.
 * @param store as it may be shown
 */
export function toStoreError(error: unknown, store: string): unknown {
  if (error instanceof XdmError) return error;
  const reason = reasonOf(error);
  if (!(error instanceof pg.DatabaseError)) return unreachable(store, reason, error);
  const code = error.code ?? '';
  if (PASSING.some((start) => code.startsWith(start))) return unreachable(store, reason, error);
  if (WRONG_USER.has(code)) {
    return new XdmError('invalid-config', `the store ${store} refuses the user or the password: ${reason}`, {
      cause: error,
      hint: 'give both in the URL: postgres://USER:PASSWORD@HOST/DATABASE, special characters as %XX',
    });
  }
  if (code === NO_DATABASE) {
    return new XdmError('invalid-config', `the store ${store} does not exist: ${reason}`, {
      cause: error,
      hint: 'create the database, or name another one in the URL',
    });
  }
  if (code === NO_RIGHT) {
    return new XdmError('invalid-config', `the user has too few rights in the store ${store}: ${reason}`, {
      cause: error,
      hint: 'make the user the owner of the database: its tables are created and changed by the node itself',
    });
  }
  return error;
}

function unreachable(store: string, reason: string, cause: unknown): XdmError {
  return new XdmError('store-unreachable', `the store ${store} does not answer: ${reason}`, {
    cause,
    hint: 'check that Postgres runs at this address, takes connections, and is no read-only standby',
  });
}

function reasonOf(error: unknown): string {
  // Several addresses of a host were tried: each has its own reason.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
