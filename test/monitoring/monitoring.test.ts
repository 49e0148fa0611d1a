import { readFileSync } from 'node:fs';

import { Registry, collectDefaultMetrics } from 'prom-client';
import { describe, expect, test } from 'vitest';

import { METRICS } from '../../relayer/metrics/definitions.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const ALERTS = read('monitoring/alerts.yml');
const OPERATIONS = read('docs/operations.md');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: string;
  readonly summary: string;
  readonly action: string;
  readonly runbook: string;
}

/** What each line of a rule must be, in this order: the file needs no parser of all that YAML can be. */
const RULE = [
  /^ {6}- alert: (?<alert>Xdm[A-Za-z\d]+)$/u,
  /^ {8}expr: '(?<expr>[^']+)'$/u,
  /^ {8}for: (?<for>\d+[mh])$/u,
  /^ {8}labels:$/u,
  /^ {10}severity: (?<severity>page|warning|info)$/u,
  /^ {8}annotations:$/u,
  /^ {10}summary: (?:'(?<summary>[^']+)'|"(?<summary>[^"]+)")$/u,
  /^ {10}action: (?:'(?<action>[^']+)'|"(?<action>[^"]+)")$/u,
  /^ {10}runbook: (?<runbook>\S+)$/u,
];

function parseAlerts(): Alert[] {
  const [, groups, name, rules, ...lines] = ALERTS.trimEnd().split('\n');
  expect([groups, name, rules]).toEqual(['groups:', '  - name: xdm', '    rules:']);
  expect(lines.length % RULE.length).toBe(0);
  return Array.from({ length: lines.length / RULE.length }, (_, index) => {
    const groupsOfRule = RULE.map((pattern, offset) => {
      const line = lines[index * RULE.length + offset] ?? '';
      const match = pattern.exec(line);
      if (match === null) throw new SyntaxError(`line "${line}" is not ${pattern}`);
      return match.groups ?? {};
    });
    return Object.assign({}, ...groupsOfRule) as Alert;
  });
}

const alerts = parseAlerts();

/** Kinds of alarms, as alarm.ts has them. */
const ALARM_KINDS = [
  ...(read('relayer/alarm.ts')
    .split('export type AlarmKind =')[1]
    ?.split(';\n\n')[0]
    ?.matchAll(/^ {2}\| '([a-z\d-]+)'/gmu) ?? []),
].map(([, kind]) => kind ?? '');

/** Names that a scrape has: those of a histogram have three endings. */
function scraped(): Set<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const own = Object.entries(METRICS).flatMap(([name, { type }]) =>
    type === 'histogram' ? ['bucket', 'sum', 'count'].map((ending) => `${name}_${ending}`) : [name],
  );
  return new Set([...own, ...registry.getMetricsAsArray().map(({ name }) => name), 'up']);
}

/** Metrics that an expression names, and the labels beside them. */
function namesIn(expr: string): string[] {
  const bare = expr.replaceAll(/"[^"]*"/gu, '""');
  return [...bare.matchAll(/\b(?:xdm|process|nodejs)_\w+|\bup\b/gu)].map(([name]) => name);
}

function labelsIn(expr: string): { readonly name: string; readonly label: string }[] {
  return [...expr.matchAll(/\b(xdm_\w+)\{([^}]*)\}/gu)].flatMap(([, name = '', matchers = '']) =>
    [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/gu)].map(([, label = '']) => ({ name, label })),
  );
}

/** What is wrong with an expression: metrics or labels that there are not, brackets that do not close. */
function problemsOf(expr: string): string[] {
  const known = scraped();
  const names = namesIn(expr);
  const strangers = names.filter((name) => !known.has(name)).map((name) => `no metric ${name}`);
  const labels = labelsIn(expr).flatMap(({ name, label }) => {
    const base = Object.entries(METRICS).find(([key]) => key === name.replace(/_(?:bucket|sum|count)$/u, ''))?.[1];
    const own: readonly string[] = base !== undefined && 'labels' in base ? base.labels : [];
    return [...own, 'job', 'instance', 'le'].includes(label) ? [] : [`${name} has no label ${label}`];
  });
  const count = (text: string): number => expr.split(text).length;
  const isClosed = count('(') === count(')') && count('{') === count('}') && count('[') === count(']');
  return [
    ...strangers,
    ...labels,
    ...(names.length > 0 ? [] : ['no metric at all']),
    ...(isClosed ? [] : ['brackets']),
  ];
}

test('an expression that is wrong is found to be', () => {
  expect(problemsOf('xdm_gone{job="a"} > (0')).toEqual(['no metric xdm_gone', 'brackets']);
  expect(problemsOf('sum(xdm_messages{lane="a",job=~"b"})')).toEqual(['xdm_messages has no label lane']);
  expect(problemsOf('1 > 0')).toEqual(['no metric at all']);
});

describe.each(alerts)('alert $alert', ({ alert, expr, summary, action, runbook }) => {
  test('is about metrics and labels that there are', () => {
    expect(problemsOf(expr)).toEqual([]);
  });

  test('says what to do, and its section of the runbook says more', () => {
    expect(summary).toMatch(/\.$/u);
    expect(action).toMatch(/\.$/u);
    expect(runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    const section = OPERATIONS.split(/^### /mu).find((text) => text.startsWith(`${alert}\n`));
    expect(section?.length ?? 0).toBeGreaterThan(alert.length + summary.length + action.length);
  });
});

test('no alert is there twice, and the runbook has none that is gone', () => {
  const names = alerts.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  const sections = [...OPERATIONS.matchAll(/^### (Xdm\w+)$/gmu)].map(([, name]) => name);
  expect(sections).toEqual(names);
});

test('every kind of alarm has an alert', () => {
  expect(ALARM_KINDS.length).toBeGreaterThan(3);
  const kinds = alerts.flatMap(({ expr }) => /xdm_alarms\{kind="([a-z\d-]+)"\}/u.exec(expr)?.[1] ?? []);
  expect(kinds.toSorted()).toEqual(ALARM_KINDS.toSorted());
});

describe('the dashboard', () => {
  interface Panel {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  }
  const { panels } = JSON.parse(read('monitoring/grafana-dashboard.json')) as { panels: readonly Panel[] };
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  test('asks for metrics and labels that there are, and leaves out none of ours', () => {
    expect(shown.flatMap((expr) => problemsOf(expr))).toEqual([]);
    const names = new Set(shown.flatMap((expr) => namesIn(expr)));
    const left = Object.keys(METRICS).filter((name) => ![name, `${name}_bucket`].some((each) => names.has(each)));
    expect(left).toEqual(['xdm_queue_oldest_age_seconds']);
  });

  test('has panels that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, { gridPos: a }] of panels.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const { gridPos: b } of panels.slice(index + 1)) {
        const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(isApart).toBe(true);
      }
    }
  });
});
