import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Member, Term } from '../../src/domain/member.ts';
import type { Question } from '../../src/domain/question.ts';
import type { RuleFile } from '../../src/generated/rule-file.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import type { Policy, RuleSet } from '../../src/rules/rule-set.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';
import { instant, member, PRESENT } from '../support/arbitrary-member.ts';

const DAY = 86_400_000;
const TIERS = ['free', 'starter', 'hobbyist', 'pro'] as const;
const WORDS = ['keeps', 'frozen', 'freeLevel', 'loses'] as const;

/** What a version says, as plain data: the reference below reads only this. */
interface Change {
  readonly from: number;
  readonly policy: Policy;
  readonly trainings: {
    readonly levels: readonly number[];
    readonly afterEnd: (typeof WORDS)[number];
    readonly policy?: Policy | undefined;
  };
  readonly bonus: { readonly rows: Readonly<Record<string, readonly number[]>> };
}

const policy = fc.constantFrom<Policy>('now', 'nextTerm', 'whileSubscribed', 'neverWorse');
const levels = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 });
const change = fc.record({
  after: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 * DAY })),
  policy,
  trainings: fc.record({ levels, afterEnd: fc.constantFrom(...WORDS), policy: fc.option(policy, { nil: undefined }) }),
  bonus: fc.record({ rows: fc.dictionary(fc.constantFrom('5', '10', '30'), levels, { minKeys: 1 }) }),
});
const history: fc.Arbitrary<readonly Change[]> = fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => {
  let from = PRESENT - 100 * DAY;
  return changes.map(({ after, ...rest }) => {
    from += after;
    return { ...rest, from };
  });
});

function ruleSetFrom(changes: readonly Change[]): RuleSet {
  const versions = changes.map(({ from, policy: existingMembers, trainings, bonus }, index) => {
    const perTier = (each: readonly number[]) => Object.fromEntries(TIERS.map((tier, rank) => [tier, each[rank] ?? 0]));
    const file: RuleFile = {
      format: 'perkbook/1',
      ruleSet: 'changing',
      version: index + 1,
      title: 'Changing',
      effective: { from: new Date(from).toISOString(), existingMembers },
      tiers: Object.fromEntries(TIERS.map((tier) => [tier, { title: tier }])),
      perks: {
        free_lora_training: {
          title: 'Trainings',
          kind: 'quota',
          per: 'month',
          tiers: perTier(trainings.levels),
          afterEnd: trainings.afterEnd,
          actions: { train: 'add' },
          ...(trainings.policy === undefined ? {} : { existingMembers: trainings.policy }),
        },
        bonus: {
          title: 'Bonus',
          kind: 'table',
          by: 'input.pack',
          rows: Object.fromEntries(Object.entries(bonus.rows).map(([key, row]) => [key, perTier(row)])),
          afterEnd: 'loses',
          actions: { top_up: 'add' },
        },
      },
      actions: { train: { title: 'Train' }, top_up: { title: 'Top up', input: { pack: { type: 'number' } } } },
    };
    return compileVersion(file, { yaml: '', digest: `sha256:${index + 1}` });
  });
  return ruleSetOf('changing', versions);
}

function question(action: string, input: Question['input'] = {}): Question {
  return { subject: { type: 'user', id: 'u', properties: {} }, action, input, resource: null, context: {}, amount: 1 };
}

// ── the reference: slow, obvious, and reading only the plain data ──────────────────────────────────────────────────

const rankOf = (term: Term) => (TIERS as readonly string[]).indexOf(term.tier);

function runningTerm({ terms }: Member, at: number): Term | undefined {
  return terms
    .filter((term) => term.startsAt <= at && at < term.endsAt)
    .toSorted((a, b) => rankOf(b) - rankOf(a) || b.endsAt - a.endsAt)[0];
}

/** The start of the chain: every instant before the term that some term covers, or that two terms meet at. */
function chainBegan({ terms }: Member, term: Term): number {
  const before = terms.filter((each) => each.startsAt < term.startsAt && each.endsAt >= term.startsAt);
  return Math.min(term.startsAt, ...before.map((each) => chainBegan({ terms } as Member, each)));
}

/** Folds the versions that have started; `better` says what two of them make together. */
function fold<T>(
  changes: readonly Change[],
  asker: Member,
  at: number,
  policyOf: (each: Change) => Policy,
  contentOf: (each: Change) => T,
  better: (a: T, b: T) => T,
): T {
  const [first, ...later] = changes;
  if (first === undefined) throw new Error('no version');
  const term = runningTerm(asker, at);
  let value = contentOf(first);
  for (const each of later.filter(({ from }) => from <= at)) {
    const next = contentOf(each);
    if (term === undefined) value = next;
    else if (policyOf(each) === 'now') value = next;
    else if (policyOf(each) === 'nextTerm') value = term.startsAt < each.from ? value : next;
    else if (policyOf(each) === 'whileSubscribed') value = chainBegan(asker, term) < each.from ? value : next;
    else value = chainBegan(asker, term) < each.from ? better(value, next) : next;
  }
  return value;
}

const best = (a: readonly number[], b: readonly number[]) => a.map((each, i) => Math.max(each, b[i] ?? 0));

function ask(ruleSet: RuleSet, asker: Member | undefined, asked: Question, now: number): Decision {
  return decide({ ruleSet, facts: { state: 'fresh', member: asker }, question: asked, now });
}

const plain = member.map((each): Member => ({ ...each, extras: [] }));
const RUNS = { numRuns: 2000 };

describe('the version that judges', () => {
  it('gives a running member the numbers that a slow, obvious fold gives', () => {
    let mixed = 0;
    fc.assert(
      fc.property(history, plain, instant, (changes, asker, at) => {
        const term = runningTerm(asker, at);
        if (term === undefined) return;
        const decision = ask(ruleSetFrom(changes), asker, question('train'), at);
        const expected = fold(
          changes,
          asker,
          at,
          (each) => each.trainings.policy ?? each.policy,
          (each) => each.trainings.levels,
          best,
        );
        const values = decision.values.free_lora_training;
        expect(values?.kind === 'quota' ? values.limit : undefined).to.equal(expected[rankOf(term)]);
        if (decision.mixed !== null) mixed++;
      }),
      RUNS,
    );
    expect(mixed).to.be.greaterThan(15);
  });

  it('mixes the rows of a table cell by cell where nobody may be worse off', () => {
    fc.assert(
      fc.property(history, plain, instant, fc.constantFrom(5, 10, 30), (changes, asker, at, pack) => {
        const term = runningTerm(asker, at);
        if (term === undefined) return;
        const none: readonly number[] = [-1, -1, -1, -1];
        const expected = fold(
          changes,
          asker,
          at,
          (each) => each.policy,
          (each) => each.bonus.rows[String(pack)] ?? none,
          best,
        );
        const values = ask(ruleSetFrom(changes), asker, question('top_up', { pack }), at).values.bonus;
        const amount = expected[rankOf(term)];
        expect(values?.kind === 'table' ? values.amount : undefined).to.equal(amount === -1 ? null : amount);
      }),
      RUNS,
    );
  });

  it('is the newest that has started for everybody without a running term, and names it', () => {
    fc.assert(
      fc.property(history, plain, instant, (changes, asker, at) => {
        if (runningTerm(asker, at) !== undefined) return;
        const started = changes.filter((each, index) => index === 0 || each.from <= at).length;
        expect(ask(ruleSetFrom(changes), asker, question('train'), at).judgedBy.version).to.equal(started);
      }),
      RUNS,
    );
  });

  it('neverWorse never gives a member less than the version before or the version itself', () => {
    const two = fc.tuple(change, change).map(([a, b]): readonly Change[] => [
      { ...a, from: PRESENT - 100 * DAY },
      { ...b, from: PRESENT - DAY, policy: 'neverWorse', trainings: { ...b.trainings, policy: undefined } },
    ]);
    fc.assert(
      fc.property(two, plain, (changes, asker) => {
        const at = PRESENT;
        const term = runningTerm(asker, at);
        if (term === undefined || chainBegan(asker, term) >= PRESENT - DAY) return;
        const limitOf = (each: readonly Change[]) => {
          const values = ask(ruleSetFrom(each), asker, question('train'), at).values.free_lora_training;
          return values?.kind === 'quota' ? (values.limit ?? Number.POSITIVE_INFINITY) : Number.NaN;
        };
        const [before, after] = changes;
        if (before === undefined || after === undefined) throw new Error('two versions were made');
        expect(limitOf(changes)).to.be.at.least(limitOf([before]));
        expect(limitOf(changes)).to.be.at.least(limitOf([after]));
      }),
      RUNS,
    );
  });

  it('changes no answer by itself before validUntil, whatever versions are still to start', () => {
    fc.assert(
      fc.property(
        history,
        plain,
        instant,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        (changes, asker, at, shares) => {
          const ruleSet = ruleSetFrom(changes);
          const answer = ({ allowed, reason, values, judgedBy }: Decision) => ({ allowed, reason, values, judgedBy });
          const first = ask(ruleSet, asker, question('train'), at);
          const until = first.validUntil ?? at + 400 * DAY;
          for (const t of [...shares.map((share) => at + Math.floor(share * (until - 1 - at))), until - 1]) {
            expect(answer(ask(ruleSet, asker, question('train'), t))).to.deep.equal(answer(first));
          }
        },
      ),
      RUNS,
    );
  });
});
