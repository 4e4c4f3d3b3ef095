import type { StartTrace } from '../http/request-trace.ts';

/** Where every copy of `@opentelemetry/api` 1 leaves what is set up: absent, nobody has, and the package need not be loaded. */
const SET_UP = Symbol.for('opentelemetry.js.api.1');

/** What follows requests in traces; undefined where nobody collects any, which then costs nothing. */
export async function openTracing(): Promise<StartTrace | undefined> {
  if (!(SET_UP in globalThis)) return undefined;
  return (await import('../traces/request-traces.ts')).requestTraces();
}
