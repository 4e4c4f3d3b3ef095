import { expect } from 'chai';
import fc from 'fast-check';
import { termsThatMatter } from '../../src/decision-log/entry/terms-that-matter.ts';
import { toLogEntry } from '../../src/decision-log/entry/to-log-entry.ts';
import { replayEntry } from '../../src/decision-log/replay/replay-entry.ts';
import { isSampled } from '../../src/decision-log/sampled.ts';
import { BadMask, parseMask } from '../../src/domain/mask.ts';
import { type Member, newMember } from '../../src/domain/member.ts';
import type { Question } from '../../src/domain/question.ts';
import { standingAt } from '../../src/domain/standing.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { instant, member, PRESENT } from '../support/arbitrary-member.ts';
import { documents, membership } from '../support/rule-sets.ts';
import { logged, PSEUDONYM, told } from './telling.ts';

const DAY = 86_400_000;
/** Stands for the user who is the resource. */
const OTHER = 'u:BBBBBBBBBBBBBBBBBBBBBB';
const someone: Member = {
  ...newMember('anna'),
  revision: 4,
  attributes: { role: 'editor', email: 'anna@example.org' },
};

function asked(action: string, rest: Partial<Question> = {}): Question {
  const subject = { type: 'user', id: 'anna', properties: {} };
  return { subject, action, input: {}, resource: null, context: {}, amount: 1, ...rest };
}

describe('an entry of the decision log', () => {
  it('has what is masked nowhere, also not where the answer repeats it', () => {
    const question = asked('generation.create', {
      input: { loras: 6, width: 1024, height: 1024 },
      context: { ip: '192.0.2.7', device: { id: 'd-1', kind: 'phone' } },
    });
    const masks = ['input.loras', 'context.device.*', 'context.nothing'];
    const entry = logged(told(membership, { state: 'fresh', member: someone }, question, PRESENT), { masks });
    expect(entry.input).to.deep.equal({ loras: '***', width: 1024, height: 1024 });
    expect(entry.context).to.deep.equal({ ip: '192.0.2.7', device: { id: '***', kind: '***' } });
    expect(entry.values.loras_per_generation).to.deep.equal({ asked: '***', limit: 3 });
    expect(entry.masked, 'only what was there').to.deep.equal(['input.loras', 'context.device.*']);
  });

  it('has what a card echoes masked with its source', () => {
    const resource = { type: 'model', id: 'm-1', properties: { freeTrial: true, title: 'x' } };
    const question = asked('model.use_early', { resource });
    const masks = ['resource.properties.freeTrial', 'resource.id'];
    const entry = logged(told(membership, { state: 'fresh', member: someone }, question, PRESENT), { masks });
    expect(entry.resource).to.deep.equal({ type: 'model', id: '***', properties: { freeTrial: '***', title: 'x' } });
    expect(entry.values.early_access).to.deep.include({ freeTrial: '***' });
  });

  it('has only the stored attributes that the rules of the action read', () => {
    const question = asked('document.edit', { resource: { type: 'document', id: 'x', properties: {} } });
    const entry = logged(told(documents, { state: 'fresh', member: someone }, question, PRESENT));
    expect(entry.facts.attributes).to.deep.equal({ role: 'editor' });
    const masks = ['user.attributes.role'];
    const hidden = logged(told(documents, { state: 'fresh', member: someone }, question, PRESENT), { masks });
    expect(hidden.facts.attributes).to.deep.equal({ role: '***' });
    const turbo = logged(told(membership, { state: 'fresh', member: someone }, asked('generation.turbo'), PRESENT));
    expect(turbo.facts).to.deep.equal({ state: 'fresh', revision: 4 });
  });

  it('has the pseudonym wherever the question names the user', () => {
    const subject = { type: 'user', id: 'anna', properties: { manager: 'ben', self: 'anna' } };
    const resource = { type: 'document', id: 'anna', properties: { owner: 'anna', readers: ['ben', 'anna'] } };
    const question = asked('document.read', { subject, resource, context: { by: { user: 'anna' }, note: 'of anna' } });
    const entry = logged(told(documents, { state: 'fresh', member: someone }, question, PRESENT));
    expect(entry.subject?.properties).to.deep.equal({ manager: 'ben', self: PSEUDONYM });
    expect(entry.resource).to.deep.equal({
      type: 'document',
      id: PSEUDONYM,
      properties: { owner: PSEUDONYM, readers: ['ben', PSEUDONYM] },
    });
    expect(entry.context).to.deep.equal({ by: { user: PSEUDONYM }, note: 'of anna' });
  });

  it('has users nowhere else either: not as a name, nor as who asks, nor as what is asked about', () => {
    const question = asked('document.read', {
      resource: { type: 'user', id: 'ben', properties: { manager: { ben: 1 } } },
      context: { roles: { anna: 'owner' }, to: 'ben' },
    });
    const each = told(documents, { state: 'fresh', member: someone }, question, PRESENT);
    const options = { time: PRESENT, pseudonym: PSEUDONYM, ofResource: OTHER, masks: [], sample: 1 };
    const entry = toLogEntry({ ...each, caller: 'jwt:anna', requestId: 'anna' }, options);
    expect(JSON.stringify(entry)).to.not.match(/anna|ben/);
    expect(entry).to.deep.include({
      caller: `jwt:${PSEUDONYM}`,
      requestId: PSEUDONYM,
      resource: { type: 'user', id: OTHER, properties: { manager: { [OTHER]: 1 } } },
      context: { roles: { [PSEUDONYM]: 'owner' }, to: OTHER },
    });
  });

  it('has no key in it, wherever a caller has put one', () => {
    const key = 'pk_4f9a1kq0zt_0123456789abcdef';
    const resource = { type: 'document', id: key, properties: { [key]: key } };
    const entry = logged(
      told(
        documents,
        { state: 'fresh', member: someone },
        asked('document.read', { resource, context: { [key]: 1 } }),
        PRESENT,
      ),
    );
    expect(JSON.stringify(entry)).to.include('pk_4f9a1kq0zt_…').and.not.include('0123456789abcdef');
  });

  it('is judged again where a name in the question is that of the user, or not at all', () => {
    const resource = { type: 'document', id: 'x', properties: { owner: 'owner' } };
    const subject = { type: 'user', id: 'owner', properties: {} };
    const question = asked('document.edit', { subject, resource });
    const entry = logged(told(documents, { state: 'fresh', member: undefined }, question, PRESENT));
    expect(entry.resource?.properties).to.deep.equal({ [PSEUDONYM]: PSEUDONYM });
    const book = { ruleSets: new Map([[documents.id, documents]]) } as unknown as RuleBook;
    expect(replayEntry(entry, book)).to.deep.equal({ notJudged: 'about_the_user' });
  });

  it('has years of monthly terms as one', () => {
    const terms = Array.from({ length: 60 }, (_, i) => ({
      id: `t-${i}`,
      tier: 'starter',
      channel: 'web' as const,
      startsAt: PRESENT - (60 - i) * 30 * DAY,
      endsAt: PRESENT - (59 - i) * 30 * DAY,
    }));
    const entry = logged(
      told(membership, { state: 'fresh', member: { ...someone, terms } }, asked('generation.turbo'), PRESENT - DAY),
    );
    expect(entry.facts.terms).to.have.lengthOf(2);
    expect(entry.facts.anchor).to.equal(new Date(PRESENT - 1800 * DAY).toISOString());
  });

  it('leaves facts out that are no ordinary member’s, and says so', () => {
    const terms = Array.from({ length: 600 }, (_, i) => ({
      tier: 'starter',
      channel: 'web' as const,
      startsAt: PRESENT + 2 * i * DAY,
      endsAt: PRESENT + (2 * i + 1) * DAY,
    }));
    const entry = logged(
      told(membership, { state: 'fresh', member: { ...someone, terms } }, asked('generation.turbo'), PRESENT),
    );
    expect(entry.facts).to.deep.equal({ state: 'tooLarge', revision: 4 });
  });
});

describe('the terms that matter', () => {
  it('are the same standing as all terms, however tiers are ranked', () => {
    fc.assert(
      fc.property(
        member,
        instant,
        fc.shuffledSubarray(['starter', 'hobbyist', 'pro'], { minLength: 3 }),
        (each, at, order) => {
          const rankOf = (tier: string) => order.indexOf(tier) + 1;
          const { term, pastRanks, ...all } = standingAt(each, at, rankOf);
          const kept = standingAt({ ...each, terms: termsThatMatter(each.terms, at) }, at, rankOf);
          expect(kept).to.deep.include(all);
          expect(kept.term).to.deep.equal(term);
          expect(new Set(kept.pastRanks)).to.deep.equal(new Set(pastRanks));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('the share of allows', () => {
  it('is about as large as wanted, also of ids of one moment, and the same each time', () => {
    const ids = Array.from(
      { length: 20_000 },
      (_, i) => `01M8429H36FAM8SCSVPA${i.toString(32).toUpperCase().padStart(6, '0')}`,
    );
    for (const share of [0.01, 0.1, 0.5]) {
      const taken = ids.filter((id) => isSampled(id, share));
      expect(taken.length / ids.length).to.be.within(share * 0.8, share * 1.2);
      expect(ids.filter((id) => isSampled(id, share))).to.deep.equal(taken);
      expect(taken.every((id) => isSampled(id, share * 2))).to.equal(true);
    }
    expect(ids.some((id) => isSampled(id, 0))).to.equal(false);
    expect(ids.every((id) => isSampled(id, 1))).to.equal(true);
  });
});

describe('a mask', () => {
  for (const [text, says] of [
    ['inputs.loras', /did you mean `input`\?/],
    ['context', /`context\.name`/],
    ['context..ip', /`context\.name`/],
    ['resource.type', /has `id` and `properties`/],
    ['subject.id', /its id is never written/],
    ['user.role', /in `attributes`/],
  ] as const) {
    it(`\`${text}\` would mask nothing, and is refused`, () => {
      expect(() => parseMask(text)).to.throw(BadMask, says);
    });
  }
});
