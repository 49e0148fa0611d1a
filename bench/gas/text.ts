import type { Table } from './tables.ts';

/** A table for a terminal: the first column to the left, the others to the right. */
export function toText({ header, rows }: Table): string {
  const plain = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('**', '')));
  const widths = header.map((_, column) => Math.max(...plain.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => {
    return row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  };
  const [first = [], ...others] = plain;
  return [line(first), widths.map((width) => '-'.repeat(width)).join('  '), ...others.map(line)]
    .map((one) => one.trimEnd())
    .join('\n');
}

/** The same for a document. */
export function toMarkdown({ header, rows }: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const alignments = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(header), line(alignments), ...rows.map(line)].join('\n');
}
