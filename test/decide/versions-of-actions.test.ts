import { expect } from 'chai';
import { fromApiQuestion } from '../../src/api/decisions/from-api-question.ts';
import { toApiDecision } from '../../src/api/decisions/to-api-decision.ts';
import { decide } from '../../src/decide/decide.ts';
import { newMember, type Term } from '../../src/domain/member.ts';
import type { RuleFile } from '../../src/generated/rule-file.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import { ruleBookOf } from '../../src/rules/load/folder/load-rules.ts';
import type { Policy } from '../../src/rules/rule-set.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';

const SECOND = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;

type Parts = Pick<RuleFile, 'actions'> & Partial<RuleFile>;

const video: NonNullable<RuleFile['perks']>[string] = {
  title: 'Videos',
  kind: 'switch',
  tiers: 'members',
  afterEnd: 'loses',
  actions: { make_video: 'use' },
  says: { not_in_plan: 'No videos.' },
};

function book(policy: Policy, first: Parts, second: Parts) {
  const versions = [first, second].map((parts, index) =>
    compileVersion(
      {
        format: 'perkbook/1',
        ruleSet: 'changing',
        version: index + 1,
        title: 'Changing',
        effective: {
          from: new Date(index === 0 ? 0 : SECOND).toISOString(),
          existingMembers: index === 0 ? 'now' : policy,
        },
        tiers: { free: { title: 'Free' }, pro: { title: 'Pro' } },
        ...parts,
      },
      { yaml: '', digest: `sha256:${index + 1}` },
    ),
  );
  return ruleBookOf([ruleSetOf('changing', versions)]);
}

/** What a member whose only term began at `startsAt` is answered. */
function answer(rules: ReturnType<typeof book>, action: string, now: number, startsAt?: number, input?: object) {
  const asked = fromApiQuestion({ user: 'u', action, ...(input === undefined ? {} : { input }) }, rules, now);
  const ruleSet = rules.ruleSets.get('changing');
  if (ruleSet === undefined) throw new Error('there is no rule set');
  const terms: readonly Term[] =
    startsAt === undefined ? [] : [{ tier: 'pro', channel: 'web', startsAt, endsAt: SECOND + 90 * DAY }];
  const facts = { state: 'fresh', member: { ...newMember('u'), terms } } as const;
  const decision = decide({ ruleSet, facts, question: asked.question, now });
  return toApiDecision({ decision, asked, at: now, ruleSet }, 'id');
}

const nothing: Parts = { actions: { wave: { title: 'Wave', open: true } } };
const withVideo: Parts = {
  actions: { ...nothing.actions, make_video: { title: 'Make a video' }, look: { title: 'Look', open: true } },
  perks: { videos: video },
};

describe('an action that only some versions have', () => {
  it('is not in the plan before the version starts that brings it, until then', () => {
    const rules = book('now', nothing, withVideo);
    const denied = answer(rules, 'make_video', SECOND - 1, SECOND - DAY);
    expect(denied).to.deep.include({
      decision: 'deny',
      values: {},
      unlockedBy: null,
      validUntil: new Date(SECOND).toISOString(),
    });
    expect(denied.reason).to.deep.equal({ code: 'not_in_plan', message: 'Make a video is not part of your plan.' });
    expect(answer(rules, 'make_video', SECOND, SECOND - DAY).decision).to.equal('allow');
    expect(answer(rules, 'look', SECOND - 1).decision).to.equal('deny');
    expect(answer(rules, 'look', SECOND).decision).to.equal('allow');
  });

  it('comes with the next term, where the version is for the next term', () => {
    const rules = book('nextTerm', nothing, withVideo);
    expect(answer(rules, 'make_video', SECOND, SECOND - 1)).to.deep.include({ decision: 'deny', unlockedBy: null });
    expect(answer(rules, 'make_video', SECOND, SECOND).decision).to.equal('allow');
  });

  it('is gone for everybody whom the version that drops it judges, and says so in words', () => {
    const rules = book('now', withVideo, nothing);
    const gone = answer(rules, 'look', SECOND);
    expect(gone.decision).to.equal('deny');
    expect(gone.reason?.message).to.equal('Look is not part of your plan.');
    expect(answer(rules, 'make_video', SECOND, SECOND - DAY).decision).to.equal('deny');
    expect(answer(rules, 'make_video', SECOND - 1, SECOND - DAY).decision).to.equal('allow');
  });

  it('stays with a member who may not be worse off, by the version that had it', () => {
    const rules = book('neverWorse', withVideo, nothing);
    const kept = answer(rules, 'make_video', SECOND, SECOND - DAY);
    expect(kept.decision).to.equal('allow');
    expect(kept.ruleSet.perks).to.deep.equal({ videos: [1] });
    expect(answer(rules, 'make_video', SECOND, SECOND).decision).to.equal('deny');
  });

  it('is asked with the inputs of the version of that day', () => {
    const sized = (name: string): Parts => ({
      actions: { draw: { title: 'Draw', input: { [name]: { type: 'integer' } } } },
      perks: {
        size: {
          title: 'Size',
          kind: 'limit',
          of: `input.${name}`,
          tiers: { free: 1, pro: 9 },
          afterEnd: 'freeLevel',
          actions: { draw: 'use' },
        },
      },
    });
    const rules = book('now', sized('width'), sized('side'));
    expect(answer(rules, 'draw', SECOND - 1, undefined, { width: 1 }).decision).to.equal('allow');
    expect(answer(rules, 'draw', SECOND, undefined, { side: 1 }).decision).to.equal('allow');
    expect(() => answer(rules, 'draw', SECOND, undefined, { width: 1 })).to.throw('`side` is required');
  });
});

describe('what a perk measures or looks up', () => {
  const measured = (of: string): Parts => ({
    actions: { draw: { title: 'Draw' } },
    perks: {
      size: {
        title: 'Size',
        kind: 'limit',
        of,
        tiers: { free: 5, pro: 9 },
        afterEnd: 'freeLevel',
        actions: { draw: 'use' },
      },
    },
  });
  const looked: Parts = {
    actions: { buy: { title: 'Buy' } },
    perks: {
      gift: {
        title: 'Gift',
        kind: 'table',
        by: 'context.sku',
        rows: { '007': { free: 1, pro: 2 }, '5': { free: 3, pro: 4 } },
        afterEnd: 'freeLevel',
        actions: { buy: 'use' },
      },
    },
  };

  function ask(parts: Parts, action: string, context?: object) {
    const rules = book('now', parts, parts);
    return () => {
      const asked = fromApiQuestion({ user: 'u', action, ...(context === undefined ? {} : { context }) }, rules, 0);
      const ruleSet = rules.ruleSets.get('changing');
      if (ruleSet === undefined) throw new Error('there is no rule set');
      return decide({ ruleSet, facts: { state: 'fresh', member: undefined }, question: asked.question, now: 0 });
    };
  }

  it('must be said: a claim that is missing or of another kind is no denial', () => {
    expect(ask(measured('context.n'), 'draw')).to.throw('needs `context.n`');
    for (const n of ['3', [3], -1, null, { a: 1 }])
      expect(ask(measured('context.n'), 'draw', { n })).to.throw('context.n');
    expect(ask(measured('context.n'), 'draw', { n: 5 })().allowed).to.equal(true);
    expect(ask(looked, 'buy')).to.throw('needs `context.sku`');
  });

  it('a text of digits is no number', () => {
    expect(ask(looked, 'buy', { sku: '007' })().allowed).to.equal(true);
    expect(ask(looked, 'buy', { sku: 7 })().reason?.code).to.equal('value_not_listed');
    expect(ask(looked, 'buy', { sku: 5 })().allowed).to.equal(true);
  });
});
