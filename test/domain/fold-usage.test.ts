import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import { addMonths } from '../../src/domain/calendar.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { foldUsage } from '../../src/domain/fold-usage.ts';
import type { Member, UsageEntry } from '../../src/domain/member.ts';
import type { RuleSet } from '../../src/rules/rule-set.ts';
import { countingsOf } from '../../src/use-cases/members/countings.ts';
import { foldMember } from '../../src/use-cases/members/fold-member.ts';
import { bareQuestion } from '../../src/use-cases/perks/perks-view.ts';
import { member, PRESENT } from '../support/arbitrary-member.ts';
import { membership } from '../support/rule-sets.ts';
import { bookOf, changedMembership, replaced } from '../use-cases/support.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const PERKS = ['free_lora_training', 'daily_credits', 'monthly_credits'] as const;
const QUESTIONS = ['lora.train_free', 'credits.daily.claim', 'credits.monthly.receive'].map((action) =>
  bareQuestion('u', action),
);

const MONTHS = 'month: {startsOn: subscriptionDay, timeZone: UTC}';
const DAYS = 'day: {timeZone: UTC}';
const NEXT_VERSION = replaced('from: 2026-01-01T00:00:00Z', 'from: 2026-11-01T00:00:00Z');

/** All three as quotas, and small ones: a quota counts what a grant only sees. `free`: what everybody has. */
function asQuotas(free: number): (yaml: string) => string {
  const tiers = `tiers: {free: ${free}, starter: 1, hobbyist: 2, pro: 3}`;
  return (yaml) =>
    yaml
      .replace(/(daily_credits:\n.*\n.*\n {4}kind: )grant/, '$1quota')
      .replace(/(monthly_credits:\n.*\n.*\n {4}kind: )grant/, '$1quota')
      .replace('tiers: {free: 0, starter: 300000, hobbyist: 1000000, pro: 2000000}', tiers)
      .replace('tiers: {free: 10000, starter: +20%, hobbyist: +100%, pro: +200%}', tiers)
      .replace('tiers: {free: 0, starter: 3, hobbyist: 5, pro: 10}', tiers);
}

function all(...changes: readonly ((yaml: string) => string)[]): (yaml: string) => string {
  return (yaml) => changes.reduce((text, change) => change(text), yaml);
}

const RULES: readonly RuleSet[] = [
  membership,
  changedMembership(asQuotas(0)),
  changedMembership(all(asQuotas(0), replaced(MONTHS, 'month: {startsOn: firstOfMonth, timeZone: America/New_York}'))),
  changedMembership(all(asQuotas(2), replaced(MONTHS, MONTHS.replace('UTC', 'Australia/Lord_Howe')))),
  changedMembership(asQuotas(0), all(asQuotas(2), NEXT_VERSION, replaced(DAYS, 'day: {timeZone: Europe/Berlin}'))),
];

/**
 * Many entries. Those that count for something lie close to where the terms begin and end, a few months around, or anywhere: so
 * that one counted in the wrong period is seen. A thousand of today, worth nothing, make that the old ones are folded hard.
 */
function entriesAround(someone: Member, seed: number, today: number): readonly UsageEntry[] {
  const random = randomFrom(seed);
  const edges = someone.terms.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]);
  const near = () => {
    const edge = edges[Math.floor(random() * edges.length)] ?? PRESENT;
    const months = Math.floor(random() * 7) - 3;
    return addMonths(edge, months, 'UTC') + Math.floor((random() - 0.5) * (random() < 0.5 ? 6 * HOUR : 4 * DAY));
  };
  const counted = Array.from({ length: 500 }, (_, i) => ({
    at: random() < 0.7 ? near() : PRESENT + DAY - Math.floor(random() * 150 * DAY),
    amount: random() < 0.02 ? 1 : 0,
    ...(random() < 0.5 && { key: `k${i}` }),
  }));
  const ofToday = Array.from({ length: today }, (_, i) => ({ at: PRESENT - i, amount: 0 }));
  return [...counted, ...ofToday];
}

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
  /** Asks around everything that can matter, with all entries and with the folded ones. */
  function expectSameAnswers(
    someone: Member,
    entries: readonly UsageEntry[],
    ruleSet: RuleSet,
    but: Partial<Decision>,
  ) {
    const full = withUsage(someone, entries);
    const folded = foldMember(bookOf(ruleSet), full, PRESENT);
    const edges = someone.terms.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]);
    const counted = entries.filter(({ amount }) => amount > 0).map(({ at }) => at);
    const around = [...edges, ...counted].flatMap((at) => [at - 1, at, at + 1, addMonths(at, -1, 'UTC') + 1]);
    for (const now of [PRESENT, PRESENT + 40 * DAY, ...around]) {
      for (const question of QUESTIONS) {
        const answer = (asker: Member) => ({
          ...decide({ ruleSet, facts: { state: 'fresh', member: asker }, question, now }),
          ...but,
        });
        expect(answer(folded), `${question.action} ${new Date(now).toISOString()}`).to.deep.equal(answer(full));
      }
    }
  }

  it('never changes an answer, for any instant, terms and calendar', () => {
    fc.assert(
      fc.property(
        member,
        fc.integer(),
        fc.constantFrom(510, 1001),
        fc.constantFrom(...RULES),
        (someone, seed, today, rules) => {
          expectSameAnswers(someone, entriesAround(someone, seed, today), rules, {});
        },
      ),
      { numRuns: 80 },
    );
  });

  it('beyond 10,000 entries it changes nothing but what a past non-member would have needed', () => {
    fc.assert(
      fc.property(member, fc.integer(), fc.constantFrom(...RULES), (someone, seed, rules) => {
        expectSameAnswers(someone, entriesAround(someone, seed, 10_001), rules, { unlockedBy: null });
      }),
      { numRuns: 8 },
    );
  });

  describe('where a higher tier counts for a while', () => {
    const [, rules = membership] = RULES;
    const start = PRESENT - 110 * DAY;
    const old = { tier: 'starter', channel: 'web', startsAt: start, endsAt: start + 50 * DAY } as const;
    // Who had no term a month ago could have had one from any instant on: then nothing is folded.
    const earlier = { ...old, startsAt: start - 60 * DAY, endsAt: start - 5 * DAY };
    const ofToday = Array.from({ length: 1001 }, () => ({ at: PRESENT, amount: 0 }));
    const usedAt = (someone: Member, now: number) => {
      const question = bareQuestion('u', 'credits.monthly.receive');
      return decide({ ruleSet: rules, facts: { state: 'fresh', member: someone }, question, now }).values
        .monthly_credits;
    };

    it('the months of the lower one still end where they end', () => {
      const higher = { ...old, tier: 'pro', startsAt: start + 20 * DAY };
      const end = addMonths(start, 1, 'UTC');
      const entries = [{ at: end - HOUR, amount: 1 }, { at: end + HOUR, amount: 1 }, ...ofToday];
      const folded = foldMember(
        bookOf(rules),
        withUsage({ ...STRANGER, terms: [{ ...earlier, endsAt: start }, old, higher] }, entries),
        PRESENT,
      );
      expect(folded.usage.monthly_credits).to.have.length(1003);
      expect(usedAt(folded, higher.startsAt - 1)).to.include({ used: 1 });
    });

    it('the months of the lower one still begin where they begin', () => {
      const higher = { ...old, tier: 'pro', startsAt: start - 5 * DAY, endsAt: start + 20 * DAY };
      const entries = [{ at: start - HOUR, amount: 1 }, { at: start + HOUR, amount: 1 }, ...ofToday];
      const folded = foldMember(
        bookOf(rules),
        withUsage({ ...STRANGER, terms: [earlier, old, higher] }, entries),
        PRESENT,
      );
      expect(folded.usage.monthly_credits).to.have.length(1003);
      expect(usedAt(folded, higher.endsAt)).to.include({ used: 1 });
    });
  });

  it('changes no answer about the present when terms come or are corrected within the last 62 days', () => {
    const late = fc.record({
      tier: fc.constantFrom('starter', 'hobbyist', 'pro'),
      startsAt: fc.integer({ min: PRESENT - 62 * DAY, max: PRESENT + 5 * DAY }),
      days: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(
        member,
        fc.array(late, { maxLength: 3 }),
        fc.integer({ min: 0, max: 62 * DAY }),
        fc.integer(),
        fc.constantFrom(...RULES),
        (someone, arrived, endedAgo, seed, rules) => {
          const entries = entriesAround(someone, seed, 1001);
          const folded = foldMember(bookOf(rules), withUsage(someone, entries), PRESENT);
          const terms = [
            ...someone.terms.map((term) =>
              term.endsAt > PRESENT - 62 * DAY && term.startsAt < PRESENT - 62 * DAY
                ? { ...term, endsAt: PRESENT - endedAgo }
                : term,
            ),
            ...arrived.map(({ tier, startsAt, days }) => ({
              tier,
              channel: 'web' as const,
              startsAt,
              endsAt: startsAt + days * DAY,
            })),
          ];
          for (const now of [PRESENT, PRESENT + 3 * DAY, PRESENT + 29 * DAY]) {
            for (const question of QUESTIONS) {
              const answer = (asker: Member) =>
                decide({ ruleSet: rules, facts: { state: 'fresh', member: { ...asker, terms } }, question, now });
              expect(answer(folded)).to.deep.equal(answer(withUsage(someone, entries)));
            }
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it('keeps the sum, everything of the last 62 days, and its keys of the last 48 hours', () => {
    fc.assert(
      fc.property(member, fc.integer(), (someone, seed) => {
        const entries = entriesAround(someone, seed, 1001);
        const folded = foldMember(bookOf(membership), withUsage(someone, entries), PRESENT);
        for (const perk of PERKS) {
          const kept = folded.usage[perk] ?? [];
          const sum = (of: readonly UsageEntry[]) => of.reduce((total, { amount }) => total + amount, 0);
          expect(sum(kept)).to.equal(sum(entries));
          const young = (of: readonly UsageEntry[]) =>
            of
              .filter(({ at }) => at >= PRESENT - 62 * DAY)
              .sort((a, b) => a.at - b.at)
              .map(({ key, ...entry }) =>
                key === undefined || entry.at < PRESENT - 2 * DAY ? entry : { ...entry, key },
              );
          expect(young(kept)).to.deep.equal(young(entries));
        }
        expect(folded.usage.daily_credits).to.have.length.below(entries.length);
      }),
      { numRuns: 50 },
    );
  });

  it('up to 1,000 entries come back exactly as given', () => {
    const entries = Array.from({ length: 1000 }, (_, i) => ({ at: PRESENT - (i % 7) * DAY - 9 * DAY, amount: 1 }));
    const someone = withUsage(STRANGER, entries);
    expect(foldUsage(entries, () => countingsOf(membership, someone, 'daily_credits'), PRESENT)).to.equal(entries);
    expect(foldMember(bookOf(membership), someone, PRESENT)).to.equal(someone);
  });

  it('stays bounded: years of heavy use become one entry a day, then one a period', () => {
    const heavy = Array.from({ length: 60_000 }, (_, i) => ({ at: PRESENT - 1000 * DAY + i * 24 * 60_000, amount: 1 }));
    const term = { tier: 'pro', channel: 'web', startsAt: PRESENT - 1200 * DAY, endsAt: PRESENT + 9 * DAY } as const;
    const folded = foldMember(bookOf(membership), withUsage({ ...STRANGER, terms: [term] }, heavy), PRESENT);
    // 62 days with 60 each, 338 days, 20 months.
    expect(folded.usage.free_lora_training).to.have.length.within(4070, 4095);
    // A period of one day is one day: nothing more can go.
    expect(folded.usage.daily_credits).to.have.length.within(4655, 4660);
    const stranger = foldMember(bookOf(membership), withUsage(STRANGER, heavy), PRESENT);
    expect(stranger.usage.free_lora_training).to.have.length.below(10_000 + 62 * 60);
  });

  it('does not look at the terms while there is nothing old to fold', () => {
    const entries = Array.from({ length: 62_000 }, (_, i) => ({ at: PRESENT - i * 86_000, amount: 1 }));
    const countings = () => {
      throw new Error('nobody should ask');
    };
    expect(foldUsage(entries, countings, PRESENT)).to.equal(entries);
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
