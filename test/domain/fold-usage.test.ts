import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Member, UsageEntry } from '../../src/domain/member.ts';
import type { RuleSet } from '../../src/rules/rule-set.ts';
import { foldMember } from '../../src/use-cases/fold-member.ts';
import { bareQuestion } from '../../src/use-cases/perks-view.ts';
import { instant, member, PRESENT } from '../support/arbitrary-member.ts';
import { membership } from '../support/rule-sets.ts';
import { bookOf, changedMembership, replaced } from '../use-cases/support.ts';

const DAY = 86_400_000;
const PERKS = ['free_lora_training', 'daily_credits', 'monthly_credits'] as const;
const QUESTIONS = ['lora.train_free', 'credits.daily.claim', 'credits.monthly.receive'].map((action) =>
  bareQuestion('u', action),
);

const MONTHS = 'month: {startsOn: subscriptionDay, timeZone: UTC}';
const DAYS = 'day: {timeZone: UTC}';
const same = (text: string) => text;
const FREE_TRAINING = replaced(
  'tiers: {free: 0, starter: 3, hobbyist: 5, pro: 10}',
  'tiers: {free: 2, starter: 3, hobbyist: 5, pro: 10}',
);
const RULES: readonly RuleSet[] = [
  membership,
  changedMembership(replaced(MONTHS, 'month: {startsOn: firstOfMonth, timeZone: America/New_York}')),
  changedMembership((text) => FREE_TRAINING(replaced(MONTHS, MONTHS.replace('UTC', 'Australia/Lord_Howe'))(text))),
  changedMembership(same, (text) =>
    replaced(
      'from: 2026-01-01T00:00:00Z',
      'from: 2026-11-01T00:00:00Z',
    )(replaced(DAYS, 'day: {timeZone: Europe/Berlin}')(FREE_TRAINING(text))),
  ),
];

/** Many entries, most of them worth nothing, so that a little that is counted wrongly is seen. */
const manyEntries: fc.Arbitrary<readonly UsageEntry[]> = fc
  .record({ seed: fc.integer(), count: fc.integer({ min: 1001, max: 1500 }), days: fc.constantFrom(3, 60, 200) })
  .map(({ seed, count, days }) => {
    const random = randomFrom(seed);
    return Array.from({ length: count }, (_, i) => ({
      at: PRESENT + DAY - Math.floor(random() * days * DAY),
      amount: random() < 0.02 ? 1 + Math.floor(random() * 3) : 0,
      ...(random() < 0.5 && { key: `k${i}` }),
    }));
  });

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function withUsage(of: Member, entries: readonly UsageEntry[]): Member {
  return { ...of, usage: Object.fromEntries(PERKS.map((perk) => [perk, entries])) };
}

describe('folding usage', () => {
  it('never changes an answer, for any instant, terms and calendar', () => {
    fc.assert(
      fc.property(
        member,
        manyEntries,
        fc.constantFrom(...RULES),
        fc.array(instant, { minLength: 8, maxLength: 8 }),
        (someone, entries, ruleSet, instants) => {
          const full = withUsage(someone, entries);
          const folded = foldMember(bookOf(ruleSet), full, PRESENT);
          const boundaries = someone.terms.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt - 1, endsAt]);
          const used = entries.slice(0, 8).map(({ at }) => at);
          for (const now of [...instants, ...boundaries, ...used, ...used.map((at) => at + 1)]) {
            for (const question of QUESTIONS) {
              const answer = (asker: Member) =>
                decide({ ruleSet, facts: { state: 'fresh', member: asker }, question, now });
              expect(answer(folded), `${question.action} ${new Date(now).toISOString()}`).to.deep.equal(answer(full));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps the sum, and everything of the last 48 hours with its keys', () => {
    fc.assert(
      fc.property(member, manyEntries, (someone, entries) => {
        const folded = foldMember(bookOf(membership), withUsage(someone, entries), PRESENT);
        for (const perk of PERKS) {
          const kept = folded.usage[perk] ?? [];
          const sum = (of: readonly UsageEntry[]) => of.reduce((total, { amount }) => total + amount, 0);
          expect(sum(kept)).to.equal(sum(entries));
          const young = (of: readonly UsageEntry[]) =>
            of.filter(({ at }) => at >= PRESENT - 2 * DAY).sort((a, b) => a.at - b.at);
          expect(young(kept)).to.deep.equal(young(entries));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('up to 1,000 entries come back exactly as given', () => {
    const entries = Array.from({ length: 1000 }, (_, i) => ({ at: PRESENT - (i % 7) * DAY, amount: 1 }));
    const someone = withUsage(STRANGER, entries);
    expect(foldMember(bookOf(membership), someone, PRESENT)).to.equal(someone);
  });

  it('stays bounded: years of heavy use become one entry a day, then one a period', () => {
    const heavy = Array.from({ length: 60_000 }, (_, i) => ({ at: PRESENT - 1000 * DAY + i * 24 * 60_000, amount: 1 }));
    const term = { tier: 'pro', channel: 'web', startsAt: PRESENT - 1200 * DAY, endsAt: PRESENT + 9 * DAY } as const;
    const folded = foldMember(bookOf(membership), withUsage({ ...STRANGER, terms: [term] }, heavy), PRESENT);
    // 120 of the last 48 hours, about 60 days, about 31 months.
    expect(folded.usage.free_lora_training).to.have.length.within(150, 250);
    // A period of one day is one day: nothing more can go.
    expect(folded.usage.daily_credits).to.have.length.within(1000, 1200);
    const stranger = foldMember(bookOf(membership), withUsage(STRANGER, heavy), PRESENT);
    expect(stranger.usage.free_lora_training).to.have.length.below(10_000);
  });

  it('leaves a perk alone that the rules no longer know', () => {
    const entries = Array.from({ length: 1500 }, (_, i) => ({ at: PRESENT - 90 * DAY + i, amount: 1 }));
    const folded = foldMember(bookOf(membership), { ...STRANGER, usage: { gone: entries } }, PRESENT);
    expect(folded.usage.gone).to.deep.equal(entries);
  });
});

const STRANGER: Member = {
  id: 'u',
  revision: 1,
  terms: [],
  usage: {},
  holdings: {},
  extras: [],
  attributes: {},
  keyDays: {},
};
