import { expect } from 'chai';
import fc from 'fast-check';
import { SchemaCheck } from '../../src/api/schema.ts';
import { replayEntry } from '../../src/decision-log/replay/replay-entry.ts';
import { Replay } from '../../src/decision-log/replay/replay-report.ts';
import { ANYBODY } from '../../src/domain/caller.ts';
import type { Member } from '../../src/domain/member.ts';
import { newMember } from '../../src/domain/member.ts';
import type { Question } from '../../src/domain/question.ts';
import { ruleBookOf } from '../../src/rules/load/folder/load-rules.ts';
import type { Policy, RuleSet } from '../../src/rules/rule-set.ts';
import { MemoryStore } from '../../src/scenarios/doors/memory-store.ts';
import { consume } from '../../src/use-cases/consumes/consume.ts';
import { instant, member, PRESENT } from '../support/arbitrary-member.ts';
import { membershipQuestion } from '../support/arbitrary-question.ts';
import { documents, membership } from '../support/rule-sets.ts';
import { logged, membershipWith, told } from './telling.ts';

const RUNS = { numRuns: 1500 };
const someone = fc.option(member, { nil: undefined, freq: 12 });
const isEntry = new SchemaCheck('answers/log/entry');

function expectReplayed(ruleSet: RuleSet, asker: Member | undefined, question: Question, at: number): void {
  const entry = logged(told(ruleSet, { state: 'fresh', member: asker }, question, at));
  expect(isEntry.matches(entry), JSON.stringify(isEntry.errors)).to.equal(true);
  expect(JSON.stringify(entry)).to.not.include(`"${question.subject.id}"`);
  const replayed = replayEntry(entry, ruleBookOf([ruleSet]));
  expect(replayed, JSON.stringify(entry)).to.have.property('differs').that.deep.equals([]);
}

const policy = fc.constantFrom<Policy>('now', 'nextTerm', 'whileSubscribed', 'neverWorse');
const day = (days: number) => new Date(PRESENT + days * 86_400_000).toISOString();
const changed = fc.record({
  policy,
  days: fc.integer({ min: -90, max: 90 }),
  next: policy,
  later: fc.integer({ min: 0, max: 60 }),
});

describe('a decision that was logged', () => {
  it('is made again from the log alone, whoever asked what about which instant', () => {
    fc.assert(
      fc.property(someone, membershipQuestion, instant, (asker, question, at) =>
        expectReplayed(membership, asker, question, at),
      ),
      RUNS,
    );
  });

  it('under versions that are for some members only, or that have not started', () => {
    fc.assert(
      fc.property(
        someone,
        membershipQuestion,
        instant,
        changed,
        (asker, question, at, { policy, days, next, later }) => {
          const ruleSet = membershipWith(
            {
              from: day(days),
              policy,
              replace: [['starter: 3, hobbyist: 5, pro: 10', 'starter: 4, hobbyist: 4, pro: 9']],
            },
            { from: day(days + later), policy: next },
          );
          expectReplayed(ruleSet, asker, question, at);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('by the versions of then, whatever has been published since', () => {
    const then = membershipWith({ from: day(-40), policy: 'nextTerm' });
    const now = membershipWith(
      { from: day(-40), policy: 'nextTerm' },
      { from: day(-20), replace: [['starter: 3, hobbyist: 5, pro: 10', 'starter: 1, hobbyist: 1, pro: 1']] },
    );
    const other = membershipWith({ from: day(-40) }, { from: day(-20) });
    fc.assert(
      fc.property(someone, membershipQuestion, instant, (asker, question, at) => {
        const entry = logged(told(then, { state: 'fresh', member: asker }, question, at));
        const replayed = replayEntry(entry, ruleBookOf([now]));
        expect(replayed, JSON.stringify(entry)).to.have.property('differs').that.deep.equals([]);
        const [first, , third] = other.versions;
        if (first === undefined || third === undefined) throw new Error('no version');
        const without = ruleBookOf([{ id: now.id, versions: [first, third] }]);
        expect(replayEntry(entry, without)).to.deep.equal({ notJudged: 'unknown_version' });
      }),
      { numRuns: 300 },
    );
  });

  it('with stale facts, and with none', () => {
    fc.assert(
      fc.property(member, membershipQuestion, instant, fc.boolean(), (asker, question, at, stale) => {
        const facts = stale ? ({ state: 'stale', member: asker } as const) : ({ state: 'unreachable' } as const);
        const entry = logged(told(membership, facts, question, at));
        expect(entry.degraded).to.equal(true);
        expect(replayEntry(entry, ruleBookOf([membership])))
          .to.have.property('differs')
          .that.deep.equals([]);
      }),
      { numRuns: 500 },
    );
  });

  it('where the rules compare who asks with the question, the catalogue and stored attributes', () => {
    const owner = fc.constantFrom('u-anna', 'u-ben', 'u-carl');
    fc.assert(
      fc.property(
        owner,
        fc.constantFrom('document.read', 'document.edit', 'document.delete'),
        fc.constantFrom('handbook', 'salaries', 'constructor', 'new'),
        fc.record({ owner, visibility: fc.constantFrom('public', 'private') }),
        fc.constantFrom({}, { role: 'admin' }, { role: 'editor' }),
        (id, action, document, properties, attributes) => {
          const subject = { type: 'user', id, properties: {} };
          const resource = { type: 'document', id: document, properties };
          const question: Question = { subject, action, input: {}, resource, context: {}, amount: 1 };
          expectReplayed(documents, { ...newMember(id), revision: 3, attributes }, question, PRESENT);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('also when it was a consume', async () => {
    await fc.assert(
      fc.asyncProperty(someone, membershipQuestion, instant, async (asker, question, at) => {
        const store = new MemoryStore();
        if (asker !== undefined) await store.update(asker.id, () => ({ result: undefined, write: { member: asker } }));
        const asked = { question, ruleSetId: membership.id, at, minRevision: undefined, detail: 'full' } as const;
        const book = ruleBookOf([membership]);
        const { consumption, before } = await consume(
          { store, clock: { now: () => at } },
          book,
          { sent: asked, asked },
          { key: 'k', id: 'c', by: ANYBODY },
        );
        const { decision } = consumption;
        const answered = {
          decision,
          asked,
          at,
          ruleSet: membership,
          facts: { state: 'fresh', member: before },
        } as const;
        const entry = logged({ id: 'c', answered, caller: 'k', requestId: 'r', consumption });
        expect(entry.consume?.consumed).to.equal(consumption.consumed);
        expect(replayEntry(entry, book)).to.have.property('differs').that.deep.equals([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is answered the same by a candidate that changes nothing', () => {
    const [version] = membership.versions;
    if (version === undefined) throw new Error('no version');
    const run = new Replay(ruleBookOf([membership]), { ruleSet: membership.id, version, since: 0 });
    fc.assert(
      fc.property(someone, membershipQuestion, instant, (asker, question, at) => {
        run.add(logged(told(membership, { state: 'fresh', member: asker }, question, at)));
      }),
      RUNS,
    );
    expect(run.report).to.deep.include({ entries: 1500, same: 1500, mismatches: 0, notJudged: {} });
    expect(run.report.candidate).to.deep.include({ same: 1500, different: 0, notJudged: {} });
  });
});
