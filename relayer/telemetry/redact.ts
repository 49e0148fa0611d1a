import { showEndpoint } from '../../sdk/core/endpoint.ts';

/** Shortest part of a URL's path or user that is taken for a credential, and shortest password or value of its query. */
const SHORTEST_PATH_SECRET = 12;
const SHORTEST_PASSWORD = 4;

/** What stands where a secret stood. */
const REDACTED = '(redacted)';

/** Any URL, as far as it goes in a text or in JSON. */
const URL_PATTERN = /[a-z][a-z\d+.-]*:\/\/[^\s"'<>\\]+/giu;

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * Returns what takes secrets out of texts that leave the node: logs, errors, answers. URLs lose their user, path and query wherever
 * they come from; what the settings hold that is secret is taken out as such, whoever repeats it, such as an endpoint that says
 * which key it does not know.
 * @param settings of which values whose name ends with `key` or `keys` are secrets, and whose URLs hold some
 */
export function redactorOf(settings: Readonly<Record<string, unknown>>): Redact {
  const secrets = new Set<string>();
  for (const [name, value] of Object.entries(settings)) {
    for (const text of [value].flat().filter((each) => typeof each === 'string')) {
      const found = /keys?$/iu.test(name) ? [text, text.replace(/^0x/iu, '')] : secretsOfUrl(text);
      for (const secret of found) secrets.add(secret);
    }
  }
  // The longest first: one can be part of another.
  const known = [...secrets].toSorted((a, b) => b.length - a.length).map((secret) => escape(secret));
  const pattern = known.length === 0 ? undefined : new RegExp(known.join('|'), 'giu');
  return (text) => {
    const shown = text.replaceAll(URL_PATTERN, showEndpoint);
    return pattern === undefined ? shown : shown.replaceAll(pattern, REDACTED);
  };
}

/** Parts of a URL that can be credentials, as they stand there and as they are meant. */
function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, pathname, searchParams } = new URL(text);
  const path = pathname.split('/').filter((part) => part.length >= SHORTEST_PATH_SECRET);
  const query = [...searchParams.values()].filter((value) => value.length >= SHORTEST_PASSWORD);
  const user = username.length >= SHORTEST_PATH_SECRET ? [username] : [];
  const parts = [...user, ...(password.length < SHORTEST_PASSWORD ? [] : [password]), ...path, ...query];
  return [...parts, ...parts.map(decode), ...query.map(encodeURIComponent)];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`);
}
