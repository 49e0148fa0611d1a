import { sql, type RawBuilder } from 'kysely';

/** Rows named in one statement. */
const CHUNK = 1000;

/** Rows written by one statement: a parameter for each of their columns, of which a database takes some ten thousand. */
const WRITTEN = 200;

/** Numbers of the store in a statement's text: as parameters there could be too many of them. */
export function listed(ids: readonly number[]): RawBuilder<number> {
  return sql.raw<number>(`(${ids.map((id) => `${BigInt(id)}`).join(',')})`);
}

/** Numbers of the store, as many at a time as one statement names. */
export function chunksOf(ids: readonly number[]): (readonly number[])[] {
  return slices(ids, CHUNK);
}

/** Rows, as many at a time as one statement writes. */
export function rowsAtATime<T>(rows: readonly T[]): (readonly T[])[] {
  return slices(rows, WRITTEN);
}

function slices<T>(all: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size),
  );
}
