import { LRUCache } from 'lru-cache';
import type { Member } from '../../domain/member.ts';
import { bytesOf } from '../../domain/member-size.ts';
import type { Facts, FactsReader, MaybePromise, MemberStore } from '../../use-cases/ports.ts';
import { type AgedFactsOptions, agedFacts, type CacheBounds, type CachedStore } from './aged-facts.ts';
import { FactsReads } from './facts-reads.ts';

export interface FactsCacheOptions extends AgedFactsOptions {
  /** The most members remembered; the least recently asked for go first. */
  readonly maxEntries?: number;
  /** About the most bytes of JSON that the remembered members are together. */
  readonly maxBytes?: number;
}

/**
 * Facts for decisions over either store; `facts.read` never throws. A store that can tell the revision at once is asked
 * for it each time and its members are only decoded once; any other is asked again when what is known is too old.
 */
export function withFactsCache(store: MemberStore, options: FactsCacheOptions = {}): CachedStore {
  const { maxEntries: max = 100_000, maxBytes: maxSize = 256 * 1_048_576 } = options;
  const bounds = { max, maxSize };
  const revisionOf = store.revision?.bind(store);
  if (revisionOf !== undefined) {
    const reads = new FactsReads();
    return { members: store, facts: factsByRevision(store, revisionOf, bounds, reads, options.onError), reads };
  }
  return agedFacts(store, bounds, options);
}

/** Never old: the revision is the store's own, and a revision never names two contents. */
function factsByRevision(
  store: MemberStore,
  revisionOf: (id: string) => number,
  bounds: CacheBounds,
  reads: FactsReads,
  onError: ((error: unknown) => void) | undefined,
): FactsReader {
  const decoded = new LRUCache<string, Member>({ ...bounds, sizeCalculation: bytesOf });

  function unreachable(error: unknown): Facts {
    onError?.(error);
    return reads.counted({ state: 'unreachable' });
  }

  function keep(id: string, member: Member | undefined): Facts {
    if (member === undefined) decoded.delete(id);
    else decoded.set(id, member);
    return reads.counted({ state: 'fresh', member });
  }

  return {
    read(id: string): MaybePromise<Facts> {
      try {
        const revision = revisionOf(id);
        const known = revision === 0 ? undefined : decoded.get(id);
        // Nobody is stored under the id, or what is stored is decoded already.
        if (revision === (known?.revision ?? 0)) {
          reads.hit++;
          return { state: 'fresh', member: known };
        }
        const read = store.get(id);
        if (read instanceof Promise) return read.then((member) => keep(id, member), unreachable);
        return keep(id, read);
      } catch (error) {
        return unreachable(error);
      }
    },
  };
}
