/** An endpoint as it may be shown: without its user, path and query, any of which can be a credential. */
export function showEndpoint(url: string): string {
  return url.replace(/[^/]*@/u, '...@').replace(/^([^/]*\/\/[^/?#]*)[/?#].+$/u, '$1/...');
}

/** The endpoints that a text or a list names, the preferred first: a text has commas between them. */
export function listEndpoints(urls: string | readonly string[]): string[] {
  const list = typeof urls === 'string' ? urls.split(',') : urls;
  return [...new Set(list.map((url) => url.trim()))];
}

/**
 * The endpoints that a text names for each of several chains, such as `A=URL,B=URL,URL`: what follows a comma without a name belongs to
 * the chain before. What stands before the first name goes by the empty one.
 */
export function listEndpointsByName(text: string): Record<string, string[]> {
  const byName: Record<string, string[]> = {};
  let name = '';
  for (const part of text.split(',')) {
    // What a name and a sign of equality begin is no URL.
    const [, named, first] = /^\s*([\w-]+)=(.*)$/su.exec(part) ?? [];
    name = named ?? name;
    (byName[name] ??= []).push((first ?? part).trim());
  }
  return byName;
}
