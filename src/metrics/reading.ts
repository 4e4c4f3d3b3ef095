import type { Distribution } from './distribution.ts';

type Labels = Readonly<Record<string, string | number>>;

/** How the readings of several processes become one. */
type Together = 'sum' | 'min' | 'max';

/** One metric as it is now, in the form that `prom-client` writes out and adds up. */
export interface Reading {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly aggregator: Together;
  readonly values: readonly { readonly metricName?: string; readonly labels: Labels; readonly value: number }[];
}

type Values = Iterable<readonly [labels: Labels, value: number]>;

export function counter(name: string, help: string, values: Values): Reading {
  return { name, help, type: 'counter', aggregator: 'sum', values: listed(values) };
}

export function gauge(name: string, help: string, aggregator: Together, values: Values): Reading {
  return { name, help, type: 'gauge', aggregator, values: listed(values) };
}

export function histogram(
  name: string,
  help: string,
  distributions: Iterable<readonly [labels: Labels, Distribution]>,
): Reading {
  const values = [...distributions].flatMap(([labels, { bounds, cumulative, sum }]) => [
    ...cumulative.map((value, i) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: bounds[i] ?? '+Inf' },
      value,
    })),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: cumulative.at(-1) ?? 0 },
  ]);
  return { name, help, type: 'histogram', aggregator: 'sum', values };
}

function listed(values: Values): Reading['values'] {
  return Array.from(values, ([labels, value]) => ({ labels, value }));
}
