import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Member } from '../../src/domain/member.ts';
import type { Policy, RuleSet, Version } from '../../src/rules/rule-set.ts';
import { sampleQuestions } from '../../src/use-cases/decisions/sample-questions.ts';
import { impactOf } from '../../src/use-cases/impact/impact-of.ts';
import { type Succession, succeeding } from '../../src/use-cases/impact/succession.ts';
import { outlookAt, perkView } from '../../src/use-cases/perks/perks-view.ts';
import { instant, member, PRESENT } from '../support/arbitrary-member.ts';
import { membershipVersions, type PerkChange } from './impact-support.ts';

const DAY = 86_400_000;
const levels = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 });
const policy = fc.constantFrom<Policy>('now', 'nextTerm', 'whileSubscribed', 'neverWorse');
const change: fc.Arbitrary<PerkChange> = fc.record(
  {
    policy,
    trainings: levels,
    trainingsPolicy: policy,
    loras: levels,
    models: levels,
    bonus: levels,
    daily: levels,
    turbo: fc.constantFrom('members', 'nobody', 'everybody'),
    afterEnd: fc.constantFrom('keeps', 'frozen', 'freeLevel', 'loses'),
    renewing: fc.boolean(),
    withoutTags: fc.constant(true),
    newTier: fc.constant(true),
  },
  { requiredKeys: ['policy'] },
);
const history = fc.array(fc.record({ change, after: fc.integer({ min: 0, max: 60 * DAY }) }), {
  minLength: 1,
  maxLength: 3,
});
const members = fc
  .array(member, { minLength: 1, maxLength: 8 })
  .map((all) => all.map((each, i): Member => ({ ...each, id: `u-${i}` })));

function successionFrom(changes: readonly { readonly change: PerkChange; readonly after: number }[]): Succession {
  let from = PRESENT - 60 * DAY;
  const starts = changes.map(({ after }) => (from += after));
  const versions = membershipVersions(
    changes.map((each) => each.change),
    starts,
  );
  const succession = succeeding(
    { id: 'pixai-membership', versions: versions.slice(0, -1) },
    versions.at(-1) as Version,
  );
  if (succession === undefined) throw new Error('there is nothing before it');
  return succession;
}

// ── the reference: every member by themselves, every action and every perk, by `decide` and the view of perks ───────

type Class = 'gain' | 'lose' | 'mixed' | 'unchanged';

function referenceClass({ before, after }: Succession, asker: Member, at: number): Class {
  // Also about actions that the candidate drops: who could do them loses something.
  const amounts = Array.from({ length: 14 }, (_, i) => i + 1);
  const questions = [before, after].flatMap((each) => sampleQuestions(each, { amountsOf: () => amounts })(asker.id));
  let gains = false;
  let loses = false;
  const allowed = (ruleSet: RuleSet, question: (typeof questions)[number]) => {
    // What no version that has started has, nobody may do.
    const started = ruleSet.versions.filter(({ from }, i) => i === 0 || from <= at);
    return (
      started.some(({ actions }) => actions.has(question.action)) &&
      decide({ ruleSet, facts: { state: 'fresh', member: asker }, question, now: at }).allowed
    );
  };
  for (const question of questions) {
    const was = allowed(before, question);
    const is = allowed(after, question);
    gains ||= !was && is;
    loses ||= was && !is;
  }
  const numbers = (ruleSet: RuleSet) => {
    const outlook = outlookAt(ruleSet, asker.id, asker, at);
    return new Map(
      [...outlook.version.cards.values()].map((card) => {
        const { values, rows } = perkView(outlook, card);
        const amount =
          values.kind === 'table'
            ? rows
            : values.kind === 'switch'
              ? values.included
              : values.kind === 'grant'
                ? values.amount
                : values.limit;
        return [card.id, flat(amount)] as const;
      }),
    );
  };
  const [old, now] = [numbers(before), numbers(after)];
  for (const [perk, amounts] of now) {
    const were = old.get(perk);
    if (were === undefined) continue;
    for (const key of new Set([...Object.keys(amounts), ...Object.keys(were)])) {
      const [a, b] = [were[key] ?? -1, amounts[key] ?? -1];
      gains ||= b > a;
      loses ||= b < a;
    }
  }
  return gains ? (loses ? 'mixed' : 'gain') : loses ? 'lose' : 'unchanged';
}

/** Unlimited is infinite, no is 0. */
function flat(amount: unknown): Readonly<Record<string, number>> {
  const number = (each: unknown) => (each === null ? Number.POSITIVE_INFINITY : Number(each));
  if (typeof amount !== 'object' || amount === null) return { '': number(amount) };
  return Object.fromEntries(Object.entries(amount).map(([key, each]) => [key, number(each)]));
}

// ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const RUNS = { numRuns: 100 };

describe('the impact of a candidate', () => {
  it('is what a slow, obvious reference finds, member by member', async () => {
    const seen = new Set<Class>();
    await fc.assert(
      fc.asyncProperty(history, change, members, instant, async (changes, last, all, at) => {
        const succession = successionFrom([...changes, { change: last, after: 10 * DAY }]);
        const expected = { gain: 0, lose: 0, mixed: 0, unchanged: 0 };
        for (const each of all) {
          const found = referenceClass(succession, each, at);
          expected[found]++;
          seen.add(found);
        }
        const { gain, lose, mixed, unchanged } = await impactOf({ succession, at, pages: [all] });
        expect({ gain, lose, mixed, unchanged }).to.deep.equal(expected);
      }),
      RUNS,
    );
    expect([...seen]).to.have.members(['gain', 'lose', 'mixed', 'unchanged']);
  });

  it('is nothing where the candidate says the same', async () => {
    await fc.assert(
      fc.asyncProperty(change, members, instant, async (each, all, at) => {
        const succession = successionFrom([
          { change: each, after: 0 },
          { change: each, after: DAY },
        ]);
        const impact = await impactOf({ succession, at, pages: [all] });
        expect(impact).to.include({ members: all.length, unchanged: all.length });
        expect(impact).to.deep.include({ perks: {}, actions: {}, examples: [] });
      }),
      RUNS,
    );
  });

  it('is never a loss where one number is raised', async () => {
    let gained = 0;
    await fc.assert(
      fc.asyncProperty(
        levels,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('trainings' as const, 'loras' as const, 'models' as const, 'bonus' as const),
        policy,
        fc.constantFrom('keeps', 'frozen', 'freeLevel', 'loses'),
        members,
        instant,
        async (numbers, rank, more, perk, who, afterEnd, all, at) => {
          const raised = numbers.map((each, i) => (i === rank ? each + more : each));
          const succession = successionFrom([
            { change: { policy: 'now', afterEnd, [perk]: numbers }, after: 0 },
            { change: { policy: who, afterEnd, [perk]: raised }, after: 30 * DAY },
          ]);
          const impact = await impactOf({ succession, at, pages: [all] });
          expect(impact).to.include({ lose: 0, mixed: 0 });
          if (impact.later !== undefined) expect(impact.later).to.include({ lose: 0, mixed: 0 });
          gained += impact.gain;
        },
      ),
      RUNS,
    );
    expect(gained).to.be.greaterThan(50);
  });

  it('adds up, now and later, and per tier', async () => {
    await fc.assert(
      fc.asyncProperty(history, change, members, instant, async (changes, last, all, at) => {
        const succession = successionFrom([...changes, { change: last, after: DAY }]);
        const impact = await impactOf({ succession, at, pages: [all.slice(0, 3), all.slice(3)] });
        for (const each of [impact, ...(impact.later === undefined ? [] : [impact.later])]) {
          expect(each.members).to.equal(all.length);
          expect(each.gain + each.lose + each.mixed + each.unchanged).to.equal(all.length);
          const tiers = Object.values(each.tiers);
          const sum = (what: 'members' | 'gain' | 'lose') => tiers.reduce((total, tier) => total + tier[what], 0);
          expect(sum('members')).to.equal(all.length);
          expect(sum('gain')).to.equal(each.gain + each.mixed);
          expect(sum('lose')).to.equal(each.lose + each.mixed);
        }
      }),
      RUNS,
    );
  });
});
