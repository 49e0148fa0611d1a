/** An endpoint as it may be shown: without its user, path and query, any of which can be a credential. */
export function showEndpoint(url: string): string {
  return url.replace(/[^/]*@/u, '...@').replace(/^([^/]*\/\/[^/?#]*)[/?#].+$/u, '$1/...');
}
