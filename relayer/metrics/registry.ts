import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { METRICS, type MetricName } from './definitions.ts';

type Labels = Readonly<Record<string, string | number>>;

/** The metrics of one node. */
export interface MetricsRegistry {
  /** Of a counter. */
  add(name: MetricName, labels: Labels, amount?: number): void;
  /** Of a histogram. */
  observe(name: MetricName, labels: Labels, value: number): void;
  /** Gives a gauge all of its values: those of other labels are gone. */
  set(name: MetricName, values: readonly (readonly [Labels, number])[]): void;
  /** In Prometheus' text format. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Creates all metrics of a node; none is shared with another node of the process. */
export function newMetricsRegistry(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, definition] of Object.entries(METRICS)) {
    const { help } = definition;
    const labelNames = 'labels' in definition ? [...definition.labels] : [];
    const options = { name, help, labelNames, registers: [registry] };
    if (definition.type === 'counter') counters.set(name, new Counter(options));
    else if (definition.type === 'gauge') gauges.set(name, new Gauge(options));
    else histograms.set(name, new Histogram({ ...options, buckets: [...definition.buckets] }));
  }
  return {
    add: (name, labels, amount = 1) => of(counters, name).inc(labels, amount),
    observe: (name, labels, value) => of(histograms, name).observe(labels, value),
    set(name, values) {
      const gauge = of(gauges, name);
      gauge.reset();
      for (const [labels, value] of values) gauge.set(labels, value);
    },
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function of<T>(metrics: ReadonlyMap<string, T>, name: MetricName): T {
  const metric = metrics.get(name);
  if (metric === undefined) throw new TypeError(`${name} is a ${METRICS[name].type}`);
  return metric;
}
