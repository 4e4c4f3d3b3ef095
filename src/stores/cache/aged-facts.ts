import { LRUCache } from 'lru-cache';
import type { Member } from '../../domain/member.ts';
import { bytesOf } from '../../domain/member-size.ts';
import type { Facts, FactsReader, MaybePromise, MemberStore } from '../../use-cases/ports.ts';
import { FactsReads } from './facts-reads.ts';

export interface AgedFactsOptions {
  /** How old an answer may be while the store is there. */
  readonly maxAgeMs?: number;
  /** How long an answer is still used, marked as stale, while the store is down. */
  readonly staleForMs?: number;
  /** Milliseconds that only ever grow: real time, never the test clock. */
  readonly now?: () => number;
  /** Told why the store could not be read; `read` itself never throws. */
  readonly onError?: (error: unknown) => void;
}

/** The least recently asked for are forgotten first. */
export interface CacheBounds {
  readonly max: number;
  readonly maxSize: number;
}

/** A store with a cache in front of its reads. Write through `members`, so that the cache sees the writes. */
export interface CachedStore {
  readonly members: MemberStore;
  readonly facts: FactsReader;
  /** What came of the reads of `facts`. */
  readonly reads: Readonly<FactsReads>;
}

/** What was known about one user, also that there is no such member, at the time `readAt`. */
interface Known {
  readonly member: Member | undefined;
  readonly readAt: number;
}

interface Reading {
  readonly startedAt: number;
  readonly facts: Promise<Facts>;
}

/** Facts of a store that is a network away. */
export function agedFacts(store: MemberStore, bounds: CacheBounds, options: AgedFactsOptions): CachedStore {
  const { maxAgeMs = 1000, staleForMs = 60_000, now = () => performance.now(), onError } = options;
  const known = new LRUCache<string, Known>({
    ...bounds,
    sizeCalculation: ({ member }) => (member === undefined ? 100 : bytesOf(member)),
  });
  const readings = new Map<string, Reading>();
  const reads = new FactsReads();

  function startReading(id: string): Reading {
    const startedAt = now();
    const reading: Reading = { startedAt, facts: readStore(id, startedAt, () => readings.get(id) === reading) };
    readings.set(id, reading);
    reading.facts.then(() => {
      if (readings.get(id) === reading) readings.delete(id);
    });
    return reading;
  }

  async function readStore(id: string, startedAt: number, isCurrent: () => boolean): Promise<Facts> {
    try {
      const member = await store.get(id, { soon: true });
      // INVARIANT: a write of ours that came in between has taken this reading out; what it read may be older.
      if (isCurrent()) known.set(id, { member, readAt: startedAt });
      return { state: 'fresh', member };
    } catch (error) {
      onError?.(error);
      return withoutStore(id);
    }
  }

  function withoutStore(id: string): Facts {
    const last = known.get(id);
    if (last === undefined || now() - last.readAt > staleForMs) return { state: 'unreachable' };
    return { state: 'stale', member: last.member };
  }

  /** A reading begun before the caller came may be older than the write that the caller knows of; the next one is not. */
  async function share(reading: Reading, id: string, minRevision: number): Promise<Facts> {
    const facts = await reading.facts;
    if (facts.state !== 'fresh' || revisionIn(facts) >= minRevision) return notOlder(facts, minRevision);
    const next = readings.get(id) ?? startReading(id);
    return notOlder(await next.facts, minRevision);
  }

  function read(id: string, minRevision = 0): MaybePromise<Facts> {
    const time = now();
    const last = known.get(id);
    if (last !== undefined && time - last.readAt <= maxAgeMs && (last.member?.revision ?? 0) >= minRevision) {
      reads.hit++;
      return { state: 'fresh', member: last.member };
    }
    const facts = readAnew(id, minRevision, time);
    return facts instanceof Promise ? facts.then((each) => reads.counted(each)) : reads.counted(facts);
  }

  function readAnew(id: string, minRevision: number, time: number): MaybePromise<Facts> {
    // Nobody waits for a store that is down; whether it is back is found out beside the callers.
    if (store.outages?.isDown === true) return notOlder(withoutStore(id), minRevision);
    const running = readings.get(id);
    if (running !== undefined && time - running.startedAt <= maxAgeMs) return share(running, id, minRevision);
    return startReading(id).facts.then((facts) => notOlder(facts, minRevision));
  }

  const members: MemberStore = {
    get: (id, getOptions) => store.get(id, getOptions),
    async update(id, change, updateOptions) {
      const startedAt = now();
      try {
        const updated = await store.update(id, change, updateOptions);
        known.set(id, { member: updated.member, readAt: startedAt });
        return updated;
      } catch (error) {
        // Whether it was written is not known: what was known is too old now, but better than nothing.
        const last = known.get(id);
        if (last !== undefined) known.set(id, { ...last, readAt: Math.min(last.readAt, startedAt - maxAgeMs - 1) });
        throw error;
      } finally {
        readings.delete(id);
      }
    },
    page: (after, limits) => store.page(after, limits),
    list: (after, limit) => store.list(after, limit),
    count: () => store.count(),
    ping: (pingOptions) => store.ping(pingOptions),
    outages: store.outages,
    close: () => store.close(),
  };
  return { members, facts: { read }, reads };
}

function revisionIn(facts: Facts): number {
  return facts.state === 'unreachable' ? 0 : (facts.member?.revision ?? 0);
}

/** A fresh answer is what the store holds, whatever the caller believed; an older stale one is no answer. */
function notOlder(facts: Facts, minRevision: number): Facts {
  return facts.state === 'stale' && revisionIn(facts) < minRevision ? { state: 'unreachable' } : facts;
}
