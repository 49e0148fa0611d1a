/** What a result is made of; undefined stands for what there is not (yet). */
export type Value = string | number | bigint | boolean | undefined | null | readonly Value[] | Values;

/** A result by its fields' names. */
export interface Values {
  readonly [name: string]: Value;
}

/** What readers see instead of some fields' values, such as a date instead of seconds. */
export type Texts = Readonly<Record<string, string>>;

const NOTHING = '-';

/** Indents the lines of a table below the name of its field. */
const INDENT = '\n  ';

/** JSON: a bigint as a string of decimal digits, undefined as null. */
export function formatJson(value: Value): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : (item ?? null)),
    2,
  );
}

/**
 * One `name: value` line for each field, the values one below the other.
 * @param others names that stand above or below, by whose length the values are aligned, too
 */
export function formatFields(values: Values, texts: Texts = {}, others: readonly string[] = []): string {
  const width = Math.max(...[...Object.keys(values), ...others].map((name) => name.length)) + 1;
  return Object.entries(values)
    .map(([name, value]) => `${`${name}:`.padEnd(width)} ${texts[name] ?? formatValue(value)}`)
    .join('\n');
}

/** A heading and one line for each row; the columns are those of the first. */
export function formatTable(rows: readonly Values[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => formatValue(row[column])))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A table below the name of its field. */
export function formatNested(rows: readonly Values[]): string {
  return rows.length === 0 ? NOTHING : INDENT + formatTable(rows).replaceAll('\n', INDENT);
}

function formatValue(value: Value): string {
  if (value === undefined || value === null) return NOTHING;
  return typeof value === 'object' ? formatJson(value) : String(value);
}

/** `3 d 4 h`, `5 min 6 s`, `7 s`: the two largest units. */
export function formatDuration(seconds: number | bigint): string {
  const total = Math.max(0, Number(seconds));
  const parts: readonly (readonly [amount: number, unit: string])[] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3_600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** How many of something are given, in words that follow "and". */
export function formatGiven(count: number): string {
  return ['none is given', '1 is given'][count] ?? `${count} are given`;
}
