/** A sample of Prometheus' text format. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics as they were scraped. */
export interface Exposition {
  readonly help: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
  /** Values of a metric by its labels, which are joined by commas in the order in which they stand. */
  values(name: string): Record<string, number>;
}

const SAMPLE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/u;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/gu;

/** Reads Prometheus' text format, of which every line must be one that Prometheus takes. */
export function parseExposition(text: string): Exposition {
  const help = new Map<string, string>();
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, kind, about = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/u.exec(line) ?? [];
    if (kind === 'HELP') help.set(about, rest);
    else if (kind === 'TYPE') types.set(about, rest);
    else samples.push(parseSample(line));
  }
  const values = (name: string): Record<string, number> =>
    Object.fromEntries(
      samples
        .filter((sample) => sample.name === name)
        .map(({ labels, value }) => [Object.values(labels).join(','), value]),
    );
  return { help, types, samples, values };
}

function parseSample(line: string): Sample {
  const groups = SAMPLE.exec(line)?.groups;
  const text = groups?.['value'] ?? '';
  const value = Number(text.replace('+Inf', 'Infinity'));
  const given = groups?.['labels'] ?? '';
  const labels = [...given.matchAll(LABEL)];
  const isWhole = labels.map(([all]) => all).join('') === given;
  const isNumber = !Number.isNaN(value) || text.toLowerCase() === 'nan';
  if (groups === undefined || !isNumber || !isWhole) throw new SyntaxError(`no sample: ${line}`);
  return {
    name: groups['name'] ?? '',
    labels: Object.fromEntries(labels.map(([, key, label]) => [key ?? '', label ?? ''])),
    value,
  };
}
