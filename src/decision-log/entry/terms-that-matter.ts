import type { Instant } from '../../domain/instant.ts';
import type { Term } from '../../domain/member.ts';

/**
 * The terms as far as they decide anything at `at`. Of terms that are over only their tiers, their last end and where their chain
 * began matter, so those of one tier that touch become one: years of monthly terms are one line.
 *
 * INVARIANT: `standingAt` finds the same standing in them, also where tiers are ranked otherwise.
 */
export function termsThatMatter(terms: readonly Term[], at: Instant): readonly Term[] {
  if (terms.length < 2) return terms;
  const over = terms.filter(({ endsAt }) => endsAt <= at);
  if (over.length < 2) return terms;
  const merged: Term[] = [];
  for (const tier of new Set(over.map((each) => each.tier))) {
    let last: Term | undefined;
    for (const term of over.filter((each) => each.tier === tier).sort((a, b) => a.startsAt - b.startsAt)) {
      const { channel, startsAt, endsAt } = term;
      if (last === undefined || startsAt > last.endsAt) {
        last = { tier, channel, startsAt, endsAt };
        merged.push(last);
      } else if (endsAt > last.endsAt) {
        last = { ...last, channel, endsAt };
        merged[merged.length - 1] = last;
      }
    }
  }
  return [...merged, ...terms.filter(({ endsAt }) => endsAt > at)];
}
