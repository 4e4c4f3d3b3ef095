import type { Instant } from './instant.ts';
import type { Term } from './member.ts';

/** Two terms that run at the same time. */
export interface Conflict {
  /** The two, by their id, or by their place in the list where they have none. */
  readonly terms: readonly [string | number, string | number];
  /** While both run: `from <= t < until`. */
  readonly from: Instant;
  readonly until: Instant;
  /** The tier of the one that counts. */
  readonly counts: string;
}

/** A thousand terms can overlap in half a million ways; nobody reads more than these. */
export const MOST_CONFLICTS = 100;

/**
 * The terms that overlap, in the order in which the overlaps begin. Stored all the same: the higher tier counts, then the later
 * `endsAt`, then the first listed.
 */
export function conflictsOf(terms: readonly Term[], rankOf: (tier: string) => number): readonly Conflict[] {
  if (terms.length < 2) return [];
  const byStart = terms.map((term, index) => ({ term, index })).sort((a, b) => a.term.startsAt - b.term.startsAt);
  let running: { readonly term: Term; readonly index: number }[] = [];
  const conflicts: Conflict[] = [];
  for (const later of byStart) {
    running = running.filter(({ term }) => term.endsAt > later.term.startsAt);
    for (const earlier of running) {
      const [a, b] = earlier.index < later.index ? [earlier, later] : [later, earlier];
      conflicts.push({
        terms: [a.term.id ?? a.index, b.term.id ?? b.index],
        from: later.term.startsAt,
        until: Math.min(earlier.term.endsAt, later.term.endsAt),
        counts: (comesFirst(a.term, b.term, rankOf) ? a : b).term.tier,
      });
      // One more tells that these are not all.
      if (conflicts.length > MOST_CONFLICTS) return conflicts;
    }
    running.push(later);
  }
  return conflicts;
}

/** Whether `a`, listed before `b`, is the one that counts. */
function comesFirst(a: Term, b: Term, rankOf: (tier: string) => number): boolean {
  const apart = rankOf(a.tier) - rankOf(b.tier);
  return apart === 0 ? a.endsAt >= b.endsAt : apart > 0;
}
