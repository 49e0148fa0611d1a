import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

const document = readFileSync('docs/gas.md', 'utf8');

/** Numbers of a text, as they are written. */
function numbersOf(text: string): string[] {
  return text.match(/\d{1,3}(?:,\d{3})+/gu) ?? [];
}

describe('gas figures', () => {
  test('in the README are those of docs/gas.md', () => {
    const readme = readFileSync('README.md', 'utf8');
    const [, section = ''] = /^## What it costs$(.*?)^## /msu.exec(readme) ?? [];
    const table = section.split('\n').filter((line) => line.startsWith('|'));
    expect(table.length).toBeGreaterThan(5);
    expect(numbersOf(table.join('\n')).filter((figure) => !document.includes(figure))).toEqual([]);
  });

  test('in docs/gas.md of large trees are those of the snapshots', () => {
    const snapshots = JSON.parse(readFileSync('snapshots/messages.json', 'utf8')) as Record<string, string>;
    for (const name of ['relay by path, tree of 65536', 'send from L2, average of 256 after 65,536']) {
      expect(numbersOf(document)).toContain(Number(snapshots[name]).toLocaleString('en-US'));
    }
  });

  test('in docs/gas.md meet all targets', () => {
    expect(document).toMatch(/\| met \|/u);
    expect(document).not.toContain('MISSED');
  });
});
