import { XdmError } from '../../../sdk/core/errors.ts';

/** SQLite's codes for a database that another process has locked, for a damaged one, and for a file that is none. */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** SQLite's codes for what has to do with the disk: a fault of it, no room on it, a file that was made read-only. */
const DISK_FAULTS: ReadonlySet<number> = new Set([10, 13, 8]);

/** The lowest byte is the kind of error, those above it say more of it. */
const KIND = 0xff;

/** Whether another process has locked the database. */
export function isLocked(error: unknown): boolean {
  return codeOf(error) === SQLITE_BUSY;
}

/** What an error means that comes of opening a file. */
export function openError(path: string, cause: unknown): XdmError {
  if (cause instanceof XdmError) return cause;
  const code = codeOf(cause);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new XdmError('store-incompatible', `the store ${path} is damaged, or is no store at all`, {
      cause,
      hint: 'move it away: a new one is filled from the chains',
    });
  }
  return new XdmError('invalid-config', `the store ${path} cannot be opened: ${reasonOf(cause)}`, {
    cause,
    hint: 'give a file in a folder that can be written to with --store',
  });
}

/** What an error of a statement means. The statement's own fault is passed on as it is: it is one of the program. */
export function statementError(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined || !DISK_FAULTS.has(code & KIND)) return cause;
  return new XdmError('store-unreachable', `the disk of the store ${path} does not take it: ${reasonOf(cause)}`, {
    cause,
    hint: 'make room on the disk: the node goes on by itself then',
  });
}

function codeOf(error: unknown): number | undefined {
  return (error as { errcode?: number } | undefined)?.errcode;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
