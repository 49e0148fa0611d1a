/** An endpoint as it may be shown: without its user, path and query, any of which can be a credential. */
export function showEndpoint(url: string): string {
  return url.replace(/[^/]*@/u, '...@').replace(/^([^/]*\/\/[^/?#]*)[/?#].+$/u, '$1/...');
}

/** The endpoints that a text or a list names, the preferred first: a text has commas between them. */
export function listEndpoints(urls: string | readonly string[]): string[] {
  const list = typeof urls === 'string' ? urls.split(',') : urls;
  return [...new Set(list.map((url) => url.trim()))];
}
