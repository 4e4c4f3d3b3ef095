import type { Membership } from './decision.ts';
import type { Instant } from './instant.ts';
import type { Member, Term } from './member.ts';

/** Where a member stands at one instant. Tiers are ranks: 0 is everybody without a running term. */
export interface Standing {
  readonly membership: Exclude<Membership, 'unknown'>;
  /** The rank of the running term, 0 without one. */
  readonly rank: number;
  /** The rank of the last term that is over, for whom the membership has ended; else 0. */
  readonly lastRank: number;
  /** The running term that counts. */
  readonly term: Term | null;
  /** The start of the unbroken chain of terms that is running, or that ran last; null for who never had a term. */
  readonly anchor: Instant | null;
  /** The end of the last term, for whom the membership has ended. */
  readonly endedAt: Instant | null;
  /** The ranks of terms that are over. */
  readonly pastRanks: readonly number[];
  /** The earliest start or end of a term after this instant. */
  readonly changesAt: Instant | null;
}

/** Who never had a term: also every user that nobody has written about. */
export const STRANGER: Standing = {
  membership: 'none',
  rank: 0,
  lastRank: 0,
  term: null,
  anchor: null,
  endedAt: null,
  pastRanks: [],
  changesAt: null,
};

/**
 * The highest tier counts, then the latest `endsAt`, then the first listed. The end of a term is exclusive.
 * `rankOf` gives the rank of a tier id, 0 for one that the rule set does not know.
 */
export function standingAt(member: Member | undefined, at: Instant, rankOf: (tier: string) => number): Standing {
  if (member === undefined || member.terms.length === 0) return STRANGER;
  let term: Term | null = null;
  let rank = 0;
  let last: Term | null = null;
  let lastRank = 0;
  let changesAt: Instant | null = null;
  const pastRanks: number[] = [];
  for (const each of member.terms) {
    if (each.startsAt > at) {
      if (changesAt === null || each.startsAt < changesAt) changesAt = each.startsAt;
      continue;
    }
    const eachRank = rankOf(each.tier);
    if (each.endsAt > at) {
      if (changesAt === null || each.endsAt < changesAt) changesAt = each.endsAt;
      if (term === null || eachRank > rank || (eachRank === rank && each.endsAt > term.endsAt)) {
        term = each;
        rank = eachRank;
      }
    } else {
      pastRanks.push(eachRank);
      if (last === null || each.endsAt > last.endsAt || (each.endsAt === last.endsAt && eachRank > lastRank)) {
        last = each;
        lastRank = eachRank;
      }
    }
  }
  const latest = term ?? last;
  if (latest === null) return { ...STRANGER, membership: 'upcoming', changesAt };
  const active = term !== null;
  return {
    membership: active ? 'active' : 'ended',
    rank,
    lastRank: active ? 0 : lastRank,
    term,
    anchor: chainStart(member.terms, latest),
    endedAt: active || last === null ? null : last.endsAt,
    pastRanks,
    changesAt,
  };
}

/** The earliest start of the chain that `term` is part of: terms that touch or overlap, one after the other. */
function chainStart(terms: readonly Term[], term: Term): Instant {
  let start = term.startsAt;
  if (terms.length === 1) return start;
  // A term that reaches the start found so far and begins earlier moves it; until none does. From the last to the first, because
  // billing lists terms as they came, and so mostly one pass is enough.
  for (let moved = true; moved; ) {
    moved = false;
    for (let i = terms.length - 1; i >= 0; i--) {
      const each = terms[i];
      if (each !== undefined && each.startsAt < start && each.endsAt >= start) {
        start = each.startsAt;
        moved = true;
      }
    }
  }
  return start;
}

/** The end of the chain that `term` is part of: when the membership really ends. */
export function chainEnd(terms: readonly Term[], term: Term): Instant {
  let end = term.endsAt;
  for (const each of [...terms].sort((a, b) => a.startsAt - b.startsAt)) {
    if (each.startsAt <= end && each.endsAt > end) end = each.endsAt;
  }
  return end;
}
