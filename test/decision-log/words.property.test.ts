import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { toLogEntry } from '../../src/decision-log/entry/to-log-entry.ts';
import { replayEntry } from '../../src/decision-log/replay/replay-entry.ts';
import { type Member, newMember } from '../../src/domain/member.ts';
import type { Question } from '../../src/domain/question.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import { ruleBookOf } from '../../src/rules/load/folder/load-rules.ts';
import type { RuleSet } from '../../src/rules/rule-set.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { membership } from '../support/rule-sets.ts';
import { logged, PSEUDONYM, told } from './telling.ts';

/** Rules that read what callers make in every way there is, and say words of their own. */
const YAML = `
format: perkbook/1
ruleSet: words
version: 1
title: Words
effective: {from: 2026-01-01T00:00:00Z}
statements: {W1: All of it}
tiers: {free: {title: Free}, plus: {title: Plus}}
calendar: {month: {startsOn: firstOfMonth, timeZone: UTC}, day: {timeZone: UTC}}
unknownUser: asFree
actions:
  item.use:
    title: Use an item
    resource: item
    input: {size: {title: Size, enum: [small, large]}}
rules:
  item.use:
    source: [W1]
    checks:
      - {when: same_plan, deny: same_plan}
      - {when: same_kind, deny: same_kind}
      - {when: same_subject, deny: same_subject}
      - {when: listed, deny: listed}
    answers:
      where:
        - {when: own, value: {page: profile_page, of: [plus, item, small]}}
        - {value: app_store}
perks:
  bonus:
    title: Bonus
    source: [W1]
    kind: table
    by: input.size
    rows: {small: {free: 1, plus: 2}, large: {free: 3, plus: 4}}
    afterEnd: freeLevel
    actions: {item.use: add}
  shown:
    title: Shown
    source: [W1]
    kind: switch
    tiers: {free: true, plus: true}
    afterEnd: freeLevel
    actions: {item.use: use}
    echoes: {note: context.note, small: resource.properties.shared}
conditions:
  same_plan: {all: [{fact: member, path: $.tier, operator: equal, value: {fact: context, path: $.plan}}]}
  same_kind: {all: [{fact: context, path: $.kind, operator: equal, value: {fact: resource, path: $.type}}]}
  same_subject: {all: [{fact: subject, path: $.type, operator: equal, value: {fact: context, path: $.by}}]}
  listed: {all: [{fact: resource, path: $.attributes.readers, operator: contains, value: {fact: subject, path: $.id}}]}
  own:
    any:
      - {fact: resource, path: $.attributes.owner, operator: equal, value: {fact: subject, path: $.id}}
      - {fact: resource, path: $.properties.owner, operator: equal, value: {fact: subject, path: $.id}}
      - {fact: user, path: $.attributes.role, operator: equal, value: {fact: context, path: $.note}}
attributes:
  user: {role: {title: Role, type: string}}
  item: {owner: {title: Owner, type: string}, readers: {title: Readers, type: string, list: true}}
resources:
  item: {known: {owner: anna, readers: [key, plus]}}
`;
const words: RuleSet = { id: 'words', versions: [compileVersion(parse(YAML), { yaml: YAML, digest: 'sha256:words' })] };

const word = fc.constantFrom(
  ...['profile_page', 'app_store', 'plus', 'free', 'item', 'small', 'large', 'item.use', 'note', 'where', 'bonus'],
  ...['owner', 'user', 'known', 'anna', 'key', 'page', 'of', 'active', 'allow', 'W1', 'words', 'u-4711'],
);
/** Of the caller's making, with the words of the rules in it, and among them the id of whoever asks. */
function madeBy(id: string) {
  const text = fc.oneof(fc.constant(id), word);
  const made = fc.oneof(
    { arbitrary: text, weight: 4 },
    fc.constant(7),
    fc.array(text, { maxLength: 2 }),
    fc.dictionary(text, text, { maxKeys: 2 }),
  );
  const properties = fc.dictionary(text, made, { maxKeys: 2 });
  const read = fc.record(
    { plan: made, kind: made, by: made, note: made, shared: made, owner: made },
    { requiredKeys: [] },
  );
  const both = fc.tuple(properties, read).map((each): Question['context'] => Object.assign({}, ...each));
  return { text, properties: both };
}

const question: fc.Arbitrary<Question> = word.chain((id) => {
  const { text, properties } = madeBy(id);
  return fc.record({
    subject: fc.record({ type: fc.oneof(fc.constant('user'), text), id: fc.constant(id), properties }),
    action: fc.constant('item.use'),
    input: fc.record({ size: fc.constantFrom('small', 'large') }),
    resource: fc.record({ type: fc.constant('item'), id: fc.option(fc.oneof(text, fc.constant('known'))), properties }),
    context: properties,
    amount: fc.constant(1),
  });
});
const plus = { tier: 'plus', channel: 'web' as const, startsAt: PRESENT - 1000, endsAt: PRESENT + 1000 };

describe('a user whose id is a word of the rules', () => {
  it('is in nothing that a caller has made, nor in what repeats it', () => {
    fc.assert(
      fc.property(question, word, fc.boolean(), (asked, role, isMember) => {
        const { id } = asked.subject;
        const member: Member = { ...newMember(id), terms: isMember ? [plus] : [], attributes: { role } };
        const each = told(words, { state: 'fresh', member }, asked, PRESENT);
        const options = { time: PRESENT, pseudonym: PSEUDONYM, masks: [], sample: 1 };
        const entry = toLogEntry({ ...each, caller: id, requestId: id }, options);
        const { subject, input, resource, context, caller, requestId, facts, values } = entry;
        const type = subject?.type === 'user' ? undefined : subject?.type;
        const { key } = (values.bonus ?? {}) as { key?: unknown };
        const { note, small } = (values.shown ?? {}) as { note?: unknown; small?: unknown };
        const { attributes } = facts;
        const named = [subject?.properties, resource?.id, resource?.properties, context, caller, requestId, type];
        const nameless = [...Object.values(input ?? {}), ...Object.values(attributes ?? {}), key, note, small];
        expect(JSON.stringify([named, nameless])).to.not.include(`"${id}"`);
      }),
      { numRuns: 3000 },
    );
  });

  it('is told apart from it: the rules keep their words, and the same answer follows from the log', () => {
    let judged = 0;
    fc.assert(
      fc.property(question, word, fc.boolean(), (asked, role, isMember) => {
        const member: Member = { ...newMember(asked.subject.id), terms: isMember ? [plus] : [], attributes: { role } };
        const entry = logged(told(words, { state: 'fresh', member }, asked, PRESENT));
        const replayed = replayEntry(entry, ruleBookOf([words]));
        if ('differs' in replayed) judged++;
        const expected = 'differs' in replayed ? { differs: [] } : { notJudged: 'about_the_user' };
        expect(replayed, JSON.stringify(entry)).to.deep.include(expected);
      }),
      { numRuns: 3000 },
    );
    expect(judged).to.be.greaterThan(200);
  });

  it('is no manipulation of the log', () => {
    for (const id of ['profile_page', 'subscription.cancel', 'cancellation', 'where', 'starter', 'subscribed']) {
      const subject = { type: 'user', id, properties: {} };
      const asked = { subject, action: 'subscription.cancel', input: {}, resource: null, context: {}, amount: 1 };
      const member = { ...newMember(id), terms: [{ ...plus, tier: 'starter' }] };
      const entry = logged(told(membership, { state: 'fresh', member }, asked, PRESENT));
      expect(entry.values.cancellation).to.deep.equal({ where: 'profile_page', needed: false });
      expect(replayEntry(entry, ruleBookOf([membership]))).to.deep.include({ differs: [] });
    }
  });
});
