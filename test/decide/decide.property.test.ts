import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Member } from '../../src/domain/member.ts';
import type { Question } from '../../src/domain/question.ts';
import { standingAt } from '../../src/domain/standing.ts';
import type { Version } from '../../src/rules/rule-set.ts';
import { instant, member, PRESENT } from '../support/arbitrary-member.ts';
import { membershipQuestion } from '../support/arbitrary-question.ts';
import { membership } from '../support/rule-sets.ts';

const someone = fc.option(member, { nil: undefined, freq: 12 });
const RUNS = { numRuns: 4000 };
const YEAR = 366 * 86_400_000;

function ask(asker: Member | undefined, question: Question, now: number): Decision {
  return decide({ ruleSet: membership, facts: { state: 'fresh', member: asker }, question, now });
}

/** What `validUntil` promises not to change. */
function answer({ allowed, reason, values, answers }: Decision): unknown {
  return { allowed, code: reason?.code, perk: reason?.perk, values, answers };
}

const [version] = membership.versions;
if (version === undefined) throw new Error('the membership has no version');
const { tiers, rankOf }: Version = version;

describe('validUntil', () => {
  it('no answer changes before it', () => {
    fc.assert(
      fc.property(
        someone,
        membershipQuestion,
        instant,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (asker, question, now, shares) => {
          const first = ask(asker, question, now);
          const until = first.validUntil ?? now + YEAR;
          expect(until).to.be.greaterThan(now);
          const boundaries = (asker?.terms ?? []).flatMap((term) => [term.startsAt, term.endsAt]);
          const between = [
            ...shares.map((share) => now + Math.floor(share * (until - 1 - now))),
            until - 1,
            ...boundaries,
          ];
          for (const t of between) {
            if (t >= now && t < until) expect(answer(ask(asker, question, t))).to.deep.equal(answer(first));
          }
        },
      ),
      RUNS,
    );
  });

  it('is no trivial bound: at it, the answer or the numbers usually change', () => {
    let changed = 0;
    let bounded = 0;
    fc.assert(
      fc.property(someone, membershipQuestion, instant, (asker, question, now) => {
        const first = ask(asker, question, now);
        if (first.validUntil === null) return;
        bounded++;
        if (JSON.stringify(answer(ask(asker, question, first.validUntil))) !== JSON.stringify(answer(first))) changed++;
      }),
      RUNS,
    );
    expect(bounded).to.be.greaterThan(1000);
    expect(changed / bounded).to.be.greaterThan(0.4);
  });
});

describe('unlockedBy', () => {
  it('is the lowest tier above the present one that turns the denial into an allow', () => {
    let unlocked = 0;
    fc.assert(
      fc.property(someone, membershipQuestion, instant, (asker, question, now) => {
        const decision = ask(asker, question, now);
        if (decision.allowed) {
          expect(decision.unlockedBy).to.equal(null);
          return;
        }
        const { perk, code } = decision.reason ?? { perk: null, code: '' };
        if (perk === null || code === 'already_claimed' || code === 'value_not_listed') {
          expect(decision.unlockedBy).to.equal(null);
          return;
        }
        const present = standingAt(asker, now, rankOf).rank;
        const expected = tiers
          .slice(present + 1)
          .find((tier) => ask(supposing(asker, tier.id, now), question, now).allowed);
        if (expected !== undefined) unlocked++;
        expect(decision.unlockedBy).to.equal(expected?.id ?? null);
      }),
      RUNS,
    );
    expect(unlocked).to.be.greaterThan(100);
  });

  /** The same member on another tier, made the long way: the running term with its tier replaced, or one web term from now. */
  function supposing(asker: Member | undefined, tier: string, now: number): Member {
    const base = asker ?? {
      id: 'u',
      revision: 0,
      terms: [],
      usage: {},
      holdings: {},
      extras: [],
      attributes: {},
      keyDays: {},
    };
    const { term } = standingAt(base, now, rankOf);
    if (term === null) {
      return { ...base, terms: [{ tier, channel: 'web', startsAt: now, endsAt: now + 28 * 86_400_000 }] };
    }
    return { ...base, terms: base.terms.map((each) => (each === term ? { ...each, tier } : each)) };
  }
});

describe('limits', () => {
  it('more usage never turns a denial into an allow', () => {
    fc.assert(
      fc.property(
        member,
        membershipQuestion,
        instant,
        instant,
        fc.integer({ min: 1, max: 9 }),
        (asker, question, now, at, amount) => {
          if (ask(asker, question, now).allowed) return;
          const add = (perk: string) => [...(asker.usage[perk] ?? []), { at, amount }];
          const busier: Member = {
            ...asker,
            usage: {
              free_lora_training: add('free_lora_training'),
              daily_credits: add('daily_credits'),
              monthly_credits: add('monthly_credits'),
            },
            holdings: { private_models: (asker.holdings.private_models ?? 0) + amount },
          };
          expect(ask(busier, question, now).allowed).to.equal(false);
        },
      ),
      RUNS,
    );
  });

  it('a higher tier is never denied what a lower one may', () => {
    fc.assert(
      fc.property(member, membershipQuestion, (asker, question) => {
        const { term } = standingAt(asker, PRESENT, rankOf);
        // A plan's own rules say when it may change, not what it gives.
        if (term === null || question.action.startsWith('subscription.')) return;
        const others = asker.terms.filter((each) => each.endsAt <= PRESENT || each.startsAt > PRESENT);
        const allowed = tiers.slice(1).map((tier) => {
          const terms = [...others, { ...term, tier: tier.id }];
          return ask({ ...asker, terms }, question, PRESENT).allowed;
        });
        expect(allowed).to.deep.equal([...allowed].sort());
      }),
      RUNS,
    );
  });
});
