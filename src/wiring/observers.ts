import type { Config } from '../config/config.ts';
import type { Deps } from '../http/deps.ts';
import type { Measured } from '../http/measured.ts';
import type { Log } from '../log/logger.ts';
import type { Meters } from './meters.ts';

/** Who is told of what the server does: as few as the configuration asks for. */
export function observersOf(
  { metrics, logLevel }: Config,
  log: Log,
  meters: Meters,
  decisionLog: Pick<Deps, 'onTold' | 'onConsumed'> = {},
): Pick<Deps, 'onTold' | 'onConsumed' | 'onSearched' | 'onFlag' | 'measured'> {
  return {
    onSearched: metrics ? meters.onSearched : undefined,
    onFlag: metrics ? meters.onFlag : undefined,
    onTold: together(metrics ? meters.onTold : undefined, decisionLog.onTold),
    onConsumed: together<Parameters<NonNullable<Deps['onConsumed']>>>(
      metrics ? meters.onConsumed : undefined,
      decisionLog.onConsumed,
    ),
    measured: together(metrics ? meters.measured : undefined, logLevel === 'debug' ? accessLog(log) : undefined),
  };
}

/** One that tells all of them, in this order; undefined where there is none, so that nobody is called in vain. */
export function together<Args extends readonly unknown[]>(
  ...observers: readonly (((...args: Args) => void) | undefined)[]
): ((...args: Args) => void) | undefined {
  const [first, ...others] = observers.filter((each) => each !== undefined);
  if (first === undefined || others.length === 0) return first;
  return (...args) => {
    first(...args);
    for (const each of others) each(...args);
  };
}

/** A line for each answer. The route and not the path: ids of users are in paths. */
function accessLog(log: Log): Measured {
  return (route, status, startedAt, names) => {
    const ms = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
    log({ level: 'debug', message: 'answered', ...names, method: route?.method, route: route?.path, status, ms });
  };
}
