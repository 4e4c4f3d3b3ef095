import type { MemberStore } from '../../use-cases/ports.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';

/** A probe that has not come back after this has failed. */
const PROBE_WITHIN_MS = 500;

export type WithBreakerOptions = Pick<BreakerOptions, 'onOpen' | 'onClose' | 'probeEveryMs'>;

/**
 * A store whose outages cost no time: see `Breaker`. Of a store in the process only the writes are guarded, which may have to wait for
 * another process: its reads answer or fail at once, and go on while nothing can be written.
 */
export function withBreaker(store: MemberStore, options: WithBreakerOptions = {}): MemberStore {
  const breaker = new Breaker({ ...options, probe: () => store.ping({ withinMs: PROBE_WITHIN_MS }) });
  const guarded: Pick<MemberStore, 'outages' | 'update' | 'ping' | 'close'> = {
    outages: breaker,
    update: (id, change, updateOptions) => breaker.run(() => store.update(id, change, updateOptions)),
    ping: (pingOptions) => breaker.run(() => store.ping(pingOptions)),
    close: () => {
      breaker.stop();
      return store.close();
    },
  };
  if (store.revision !== undefined) return { ...store, ...guarded };
  return {
    ...guarded,
    get: (id, getOptions) => breaker.run(async () => store.get(id, getOptions)),
    page: (after, limits) => breaker.run(async () => store.page(after, limits)),
    list: (after, limit) => breaker.run(async () => store.list(after, limit)),
    count: () => breaker.run(async () => store.count()),
  };
}
