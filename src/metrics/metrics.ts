import { AggregatorRegistry, collectDefaultMetrics, type PrometheusContentType, Registry } from 'prom-client';
import { readingsOf } from './readings.ts';
import type { Watched } from './watched.ts';

/** The metrics of a process, each as it is when it is asked for. */
export type Sample = readonly { readonly type: unknown }[];

/** The metrics of this process. Loaded with the first scrape: nothing of it is needed to count. */
export class Metrics {
  readonly #watched: Watched;
  /** What `prom-client` itself knows about a process: memory, processor time, event loop, collections of garbage. */
  readonly #ofProcess = new Registry();

  constructor(watched: Watched) {
    this.#watched = watched;
    collectDefaultMetrics({ register: this.#ofProcess });
  }

  async sample(): Promise<Sample> {
    const ofProcess = await this.#ofProcess.getMetricsAsJSON();
    return [...readingsOf(this.#watched), ...ofProcess.map(shownWhole)];
  }
}

/** An average would hide the one process that hangs, and some are left out as soon as there are several: the highest is shown. */
function shownWhole<T extends { readonly aggregator: string }>(metric: T): T {
  return metric.aggregator === 'average' || metric.aggregator === 'omit' ? { ...metric, aggregator: 'max' } : metric;
}

/** One text for all processes: counters and distributions are added up, and gauges as each wants it. */
export function expositionOf(samples: readonly Sample[]): Promise<string> {
  return AggregatorRegistry.aggregate<PrometheusContentType>([...samples]).metrics();
}

/** Several samples as one. */
export function together(samples: readonly Sample[]): Promise<Sample> {
  return AggregatorRegistry.aggregate<PrometheusContentType>([...samples]).getMetricsAsJSON();
}

/** What only ever grows: all that is left to say of a process that has ended. */
export function countsOf(sample: Sample): Sample {
  return sample.filter(({ type }) => type !== 'gauge');
}

export const EXPOSITION_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;
