import { expect } from 'chai';
import { conflictsOf, MOST_CONFLICTS } from '../../src/domain/conflicts.ts';
import type { Term } from '../../src/domain/member.ts';

const rankOf = (tier: string) => ['free', 'starter', 'hobbyist', 'pro'].indexOf(tier);

function term(tier: string, startsAt: number, endsAt: number, id?: string): Term {
  return { tier, channel: 'web', startsAt, endsAt, ...(id !== undefined && { id }) };
}

describe('conflictsOf', () => {
  it('terms that only touch do not conflict', () => {
    expect(conflictsOf([term('pro', 0, 10), term('starter', 10, 20)], rankOf)).to.deep.equal([]);
  });

  it('names both terms, while both run, and the tier that counts', () => {
    const terms = [term('starter', 0, 10, 'a'), term('pro', 5, 20), term('hobbyist', 8, 9, 'c')];
    expect(conflictsOf(terms, rankOf)).to.deep.equal([
      { terms: ['a', 1], from: 5, until: 10, counts: 'pro' },
      { terms: ['a', 'c'], from: 8, until: 9, counts: 'hobbyist' },
      { terms: [1, 'c'], from: 8, until: 9, counts: 'pro' },
    ]);
  });

  it('a thousand terms at once are told in a hundred, and one more says that there are others', () => {
    const terms = Array.from({ length: 1000 }, () => term('pro', 0, 10));
    expect(conflictsOf(terms, rankOf)).to.have.length(MOST_CONFLICTS + 1);
  });
});
