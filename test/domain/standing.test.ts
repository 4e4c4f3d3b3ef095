import { expect } from 'chai';
import fc from 'fast-check';
import type { Member, Term } from '../../src/domain/member.ts';
import { type Standing, standingAt } from '../../src/domain/standing.ts';

const RANKS: Readonly<Record<string, number>> = { starter: 1, hobbyist: 2, pro: 3 };
const rankOf = (tier: string) => RANKS[tier] ?? 0;

const term: fc.Arbitrary<Term> = fc
  .record({
    tier: fc.constantFrom('starter', 'hobbyist', 'pro', 'forgotten'),
    channel: fc.constant('web' as const),
    startsAt: fc.integer({ min: 0, max: 30 }),
    length: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ length, ...rest }) => ({ ...rest, endsAt: rest.startsAt + length }));

const member: fc.Arbitrary<Member> = fc.array(term, { maxLength: 7 }).map((terms) => ({
  id: 'u',
  revision: 1,
  terms,
  usage: {},
  holdings: {},
  extras: [],
  attributes: {},
  keyDays: {},
}));

/** The same, in the slow way that is seen to be right: instant by instant. */
function slowly(terms: readonly Term[], at: number): Partial<Standing> {
  const best = (of: readonly Term[], keys: readonly ((term: Term) => number)[]) =>
    [...of].sort((a, b) => {
      for (const key of keys) if (key(a) !== key(b)) return key(b) - key(a);
      return terms.indexOf(a) - terms.indexOf(b);
    })[0];
  const rank = (each: Term) => rankOf(each.tier);
  const end = (each: Term) => each.endsAt;
  const running = best(
    terms.filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt),
    [rank, end],
  );
  const over = terms.filter(({ endsAt }) => endsAt <= at);
  const last = best(over, [end, rank]);
  const counts = running ?? last;
  const changes = terms.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]).filter((each) => each > at);
  const membership = running ? 'active' : last ? 'ended' : terms.length > 0 ? 'upcoming' : 'none';
  return {
    membership,
    rank: running ? rank(running) : 0,
    lastRank: membership === 'ended' && last ? rank(last) : 0,
    term: running ?? null,
    endedAt: membership === 'ended' && last ? last.endsAt : null,
    anchor: counts === undefined ? null : anchorOf(terms, counts),
    changesAt: changes.length === 0 ? null : Math.min(...changes),
  };
}

/** Back from the start as long as the instant before, or the start itself as an end, is covered. */
function anchorOf(terms: readonly Term[], from: Term): number {
  let start = from.startsAt;
  while (terms.some(({ startsAt, endsAt }) => startsAt < start && start <= endsAt)) start--;
  return start;
}

describe('standingAt', () => {
  it('is what looking at every instant says', () => {
    fc.assert(
      fc.property(member, fc.integer({ min: -2, max: 45 }), (someone, at) => {
        expect(standingAt(someone, at, rankOf)).to.deep.include(slowly(someone.terms, at));
      }),
      { numRuns: 5000 },
    );
  });

  it('knows the ranks of all terms that are over', () => {
    fc.assert(
      fc.property(member, fc.integer({ min: -2, max: 45 }), (someone, at) => {
        const over = someone.terms.filter(({ endsAt }) => endsAt <= at).map(({ tier }) => rankOf(tier));
        expect(standingAt(someone, at, rankOf).pastRanks).to.have.members(over);
      }),
    );
  });

  it('an unknown user is a stranger', () => {
    expect(standingAt(undefined, 5, rankOf)).to.include({ membership: 'none', rank: 0, term: null, anchor: null });
  });
});
