/** Whether a store is on Postgres, and not a file of SQLite's. */
export function isPostgres(location: string): boolean {
  return /^postgres(?:ql)?:/iu.test(location);
}

/** A store's location as it may be shown: a URL without user, password and parameters, each of which can be a secret. */
export function showStore(location: string): string {
  if (!isPostgres(location)) return location;
  // What is no URL is not shown at all: nobody knows which part of it is secret.
  if (!URL.canParse(location)) return 'postgres://...';
  const { host, pathname } = new URL(location);
  return `postgres://${host}${pathname}`;
}
