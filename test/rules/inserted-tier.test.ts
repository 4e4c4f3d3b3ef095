import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { Term } from '../../src/domain/member.ts';
import { newMember } from '../../src/domain/member.ts';
import type { RuleFile } from '../../src/generated/rule-file.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import { matrixOf } from '../../src/rules/matrix.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';

const SECOND = Date.UTC(2026, 5, 1);

function version(number: number, from: number, trainings: Readonly<Record<string, number>>) {
  const file: RuleFile = {
    format: 'perkbook/1',
    ruleSet: 'growing',
    version: number,
    title: 'Growing',
    effective: { from: new Date(from).toISOString(), existingMembers: 'nextTerm' },
    tiers: Object.fromEntries(Object.keys(trainings).map((tier) => [tier, { title: tier }])),
    perks: {
      trainings: {
        title: 'Trainings',
        kind: 'quota',
        per: 'month',
        tiers: trainings,
        afterEnd: 'loses',
        actions: { train: 'add' },
      },
    },
    actions: { train: { title: 'Train' } },
  };
  return compileVersion(file, { yaml: '', digest: `sha256:${number}` });
}

describe('a tier that a later version puts between two others', () => {
  const ruleSet = ruleSetOf('growing', [
    version(1, 0, { free: 0, starter: 3, pro: 10 }),
    version(2, SECOND, { free: 0, starter: 3, plus: 6, pro: 12 }),
  ]);

  function train(tier: string, startsAt: number, now: number) {
    const terms: readonly Term[] = [{ tier, channel: 'web', startsAt, endsAt: Date.UTC(2027, 0, 1) }];
    const question = {
      subject: { type: 'user', id: 'u', properties: {} },
      action: 'train',
      input: {},
      resource: null,
      context: {},
      amount: 1,
    };
    return decide({ ruleSet, facts: { state: 'fresh', member: { ...newMember('u'), terms } }, question, now });
  }

  it('leaves everybody under the old version the numbers of their own tier', () => {
    const decision = train('pro', SECOND - 1, SECOND + 1);
    expect(decision.tier).to.equal('pro');
    expect(decision.judgedBy.version).to.equal(1);
    expect(decision.values.trainings).to.include({ limit: 10 });
  });

  it('has its own numbers under the new one, and the next lower tier’s under the old one', () => {
    expect(train('plus', SECOND, SECOND).values.trainings).to.include({ limit: 6 });
    expect(train('plus', SECOND - 1, SECOND).values.trainings).to.include({ limit: 3 });
  });

  it('is in the table of the new version only', () => {
    expect(ruleSet.versions.map((each) => matrixOf(each).tiers.map((tier) => tier.id))).to.deep.equal([
      ['free', 'starter', 'pro'],
      ['free', 'starter', 'plus', 'pro'],
    ]);
  });
});
