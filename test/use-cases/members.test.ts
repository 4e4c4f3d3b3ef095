import { expect } from 'chai';
import fc from 'fast-check';
import { fromApiMember, fromApiTerm } from '../../src/api/members/from-api-member.ts';
import { fromApiMemberPatch } from '../../src/api/members/from-api-member-patch.ts';
import { toApiMember } from '../../src/api/members/to-api-member.ts';
import { newMember } from '../../src/domain/member.ts';
import { deleteMember } from '../../src/use-cases/members/delete-member.ts';
import { deleteTerm } from '../../src/use-cases/members/delete-term.ts';
import { getMember } from '../../src/use-cases/members/get-member.ts';
import { listMembers } from '../../src/use-cases/members/list-members.ts';
import { patchMember } from '../../src/use-cases/members/patch-member.ts';
import { expecting, MUST_NOT_EXIST, type Precondition } from '../../src/use-cases/members/precondition.ts';
import { putMember } from '../../src/use-cases/members/put-member.ts';
import { putTerm } from '../../src/use-cases/members/put-term.ts';
import { documents } from '../support/rule-sets.ts';
import { book, bookOf, iso, NOON, openWorld, problemOf, type World } from './support.ts';

const TERM = {
  id: 'sub_1',
  tier: 'starter',
  channel: 'web',
  startsAt: '2026-11-01T00:00:00.000Z',
  endsAt: '2026-12-01T00:00:00.000Z',
} as const;

const WHOLE = {
  terms: [{ ...TERM, cancelledAt: '2026-11-05T08:30:00.000Z', autoRenew: false }],
  holdings: { private_models: 12 },
  usage: {
    free_lora_training: [{ at: '2026-11-10T00:00:00.000Z', amount: 1, key: 'job-81' }],
    daily_credits: [{ at: '2027-01-01T00:00:00.000Z', amount: 1 }],
  },
  extras: [
    {
      perk: 'free_lora_training',
      amount: 2,
      from: '2026-11-01T00:00:00.000Z',
      until: '2026-11-30T00:00:00.000Z',
      note: 'support case 4711',
    },
  ],
  attributes: { role: 'admin', groups: ['a', 'b'], age: 7, on: true, none: null },
} as const;

describe('members', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const put = async (id: string, json: unknown, precondition?: Precondition) =>
    putMember(world, book, id, fromApiMember(json, id), precondition);
  const patch = async (id: string, json: unknown, precondition?: Precondition) =>
    patchMember(world, book, id, fromApiMemberPatch(json, id), precondition);
  const read = async (id: string) => toApiMember(await getMember(world, book, id));

  describe('put', () => {
    it('what is put is what is read', async () => {
      const written = await put('whole', WHOLE);
      expect(written.created).to.equal(true);
      expect(await read('whole')).to.deep.equal({ id: 'whole', revision: 1, ...WHOLE, conflicts: [] });
    });

    it('what is read can be put back, and changes nothing', async () => {
      await put('back', WHOLE);
      const seen = await read('back');
      expect(await put('back', seen)).to.include({ created: false });
      expect(await read('back')).to.deep.equal(seen);
    });

    it('what is left out stays, an empty list empties', async () => {
      await put('stays', WHOLE);
      await put('stays', { holdings: { private_models: 3 }, extras: [] });
      expect(await read('stays')).to.deep.include({
        ...WHOLE,
        holdings: { private_models: 3 },
        extras: [],
        revision: 2,
      });
    });

    it('an amount of usage is 1 where none is given, null leaves an instant open', async () => {
      await put('defaults', {
        usage: { daily_credits: [{ at: '2026-11-10T01:00:00+01:00' }] },
        extras: [{ perk: 'turbo_mode', from: null, until: null }],
        terms: [{ ...TERM, cancelledAt: null }],
      });
      expect(await read('defaults')).to.deep.include({
        usage: { daily_credits: [{ at: '2026-11-10T00:00:00.000Z', amount: 1 }] },
        extras: [{ perk: 'turbo_mode', amount: 1 }],
        terms: [TERM],
      });
    });

    it('shows a hundred conflicts, and says where there are more', async () => {
      const overlapping = (count: number) =>
        Array.from({ length: count }, (_, i) => ({ ...TERM, id: `t-${i}`, endsAt: '2026-12-02T00:00:00.000Z' }));
      await put('many-overlap', { terms: overlapping(20) });
      const many = await read('many-overlap');
      expect(many.conflicts).to.have.length(100);
      expect(many.moreConflicts).to.equal(true);
      await put('many-overlap', { ...many, terms: overlapping(3) });
      expect(await read('many-overlap')).to.not.have.property('moreConflicts');
    });

    it('tells which terms overlap and which tier counts', async () => {
      const pro = { ...TERM, id: 'sub_2', tier: 'pro', startsAt: '2026-11-20T00:00:00.000Z' };
      await put('overlap', { terms: [TERM, pro] });
      expect((await read('overlap')).conflicts).to.deep.equal([
        { terms: ['sub_1', 'sub_2'], from: pro.startsAt, until: TERM.endsAt, counts: 'pro' },
      ]);
    });

    it('a stale revision is refused and nothing is written', async () => {
      await put('stale', WHOLE);
      const emptied = { holdings: {} };
      for (const precondition of [expecting(2), MUST_NOT_EXIST]) {
        expect((await problemOf(() => put('stale', emptied, precondition))).code).to.equal('stale_revision');
      }
      expect((await problemOf(() => put('nobody', emptied, expecting('*')))).code).to.equal('stale_revision');
      expect((await read('stale')).revision).to.equal(1);
      await put('stale', emptied, expecting(1));
      await put('stale', { attributes: {} }, expecting('*'));
      expect((await put('fresh', emptied, MUST_NOT_EXIST)).created).to.equal(true);
    });
  });

  describe('what is refused', () => {
    const term = (change: object) => ({ terms: [{ ...TERM, ...change }] });
    const usage = (entry: object) => ({ usage: { daily_credits: [entry] } });
    const at = '2026-11-10T00:00:00Z';
    const refusals: readonly (readonly [
      what: string,
      json: unknown,
      code: string,
      field: string,
      didYouMean?: string,
    ])[] = [
      ['no object', [], 'invalid_field', ''],
      ['a misspelt field', { holding: {} }, 'unknown_field', '/holding', 'holdings'],
      ['a misspelt field of a term', term({ endAt: at }), 'unknown_field', '/terms/0/endAt', 'endsAt'],
      ['a list that is none', { terms: {} }, 'invalid_field', '/terms'],
      ['a term without an end', { terms: [{ ...TERM, endsAt: undefined }] }, 'missing_field', '/terms/0/endsAt'],
      ['a number as an instant', term({ endsAt: 5 }), 'invalid_field', '/terms/0/endsAt'],
      ['a text as a count', { holdings: { private_models: '3' } }, 'invalid_field', '/holdings/private_models'],
      ['another id', { id: 'somebody' }, 'invalid_field', '/id'],
      ['an unknown tier', term({ tier: 'hobbist' }), 'invalid_member', '/terms/0/tier', 'hobbyist'],
      ['the first tier', term({ tier: 'free' }), 'invalid_member', '/terms/0/tier'],
      ['an unknown channel', term({ channel: 'andriod' }), 'invalid_member', '/terms/0/channel', 'android'],
      ['an end at the start', term({ endsAt: TERM.startsAt }), 'invalid_member', '/terms/0/endsAt'],
      ['an impossible date', term({ endsAt: '2027-02-29T00:00:00Z' }), 'invalid_member', '/terms/0/endsAt'],
      [
        'an impossible date of cancelling',
        term({ cancelledAt: '2026-11-31T00:00:00Z' }),
        'invalid_member',
        '/terms/0/cancelledAt',
      ],
      ['two terms of one id', { terms: [TERM, TERM] }, 'invalid_member', '/terms/1/id'],
      ['an unknown perk', { usage: { daily_credit: [] } }, 'invalid_member', '/usage/daily_credit', 'daily_credits'],
      ['usage of what is not counted', { usage: { turbo_mode: [] } }, 'invalid_member', '/usage/turbo_mode'],
      [
        'usage without a date that exists',
        usage({ at: '2026-02-30T00:00:00Z' }),
        'invalid_member',
        '/usage/daily_credits/0/at',
      ],
      ['a negative use', usage({ at, amount: -1 }), 'invalid_member', '/usage/daily_credits/0/amount'],
      ['a fractional use', usage({ at, amount: 1.5 }), 'invalid_member', '/usage/daily_credits/0/amount'],
      [
        'an unknown holding',
        { holdings: { private_model: 1 } },
        'invalid_member',
        '/holdings/private_model',
        'private_models',
      ],
      ['a negative holding', { holdings: { private_models: -1 } }, 'invalid_member', '/holdings/private_models'],
      ['a fractional holding', { holdings: { private_models: 0.5 } }, 'invalid_member', '/holdings/private_models'],
      [
        'an extra of an unknown perk',
        { extras: [{ perk: 'turbo_mod' }] },
        'invalid_member',
        '/extras/0/perk',
        'turbo_mode',
      ],
      ['an extra of a grant', { extras: [{ perk: 'daily_credits' }] }, 'invalid_member', '/extras/0/perk'],
      ['an extra of a table', { extras: [{ perk: 'topup_bonus' }] }, 'invalid_member', '/extras/0/perk'],
      [
        'an extra that ends first',
        { extras: [{ perk: 'turbo_mode', from: at, until: at }] },
        'invalid_member',
        '/extras/0/until',
      ],
      ['an attribute that is an object', { attributes: { a: {} } }, 'invalid_field', '/attributes/a'],
      ['names with slashes, as a pointer', { usage: { 'a/b~c': [] } }, 'invalid_member', '/usage/a~1b~0c'],
    ];
    for (const [what, json, code, field, didYouMean] of refusals) {
      it(what, async () => {
        const given = JSON.parse(JSON.stringify(json));
        const problem = await problemOf(() => put('refused', given));
        expect({ code: problem.code, field: problem.field, didYouMean: problem.didYouMean }).to.deep.equal({
          code,
          field,
          didYouMean,
        });
        expect(world.store.get('refused')).to.equal(undefined);
      });
    }

    it('says what is possible', async () => {
      const problem = await problemOf(() => put('refused', { usage: { turbo_mode: [] } }));
      expect(problem.message).to.include('`free_lora_training`').and.include('`daily_credits`');
    });

    it('says what the first tier is', async () => {
      const problem = await problemOf(() => put('refused', term({ tier: 'free' })));
      expect(problem.message).to.equal(
        '`free` is what everybody has without a term; a term is of `starter`, `hobbyist`, `pro`',
      );
    });

    it('a term where no rule set has tiers', async () => {
      const general = bookOf(documents);
      const problem = await problemOf(() => putMember(world, general, 'u', fromApiMember({ terms: [TERM] }, 'u')));
      expect(problem).to.include({ code: 'invalid_member', field: '/terms/0/tier' });
      expect(problem.message).to.include('no rule set with tiers');
    });
  });

  it('what an older rule set has left is read, and can be written back', async () => {
    const old = {
      ...newMember('old'),
      terms: [{ tier: 'gold', channel: 'web', startsAt: NOON, endsAt: NOON + 1 }],
      usage: { forgotten: [{ at: NOON, amount: 1 }] },
      holdings: { stickers: 3 },
      extras: [{ perk: 'forgotten', amount: 1 }],
    } as const;
    await world.store.update('old', () => ({ result: 0, write: { member: old } }));
    const seen = await read('old');
    expect(seen.terms[0]).to.include({ tier: 'gold', endsAt: iso(NOON + 1) });
    await put('old', { ...seen, holdings: { stickers: 2 } });
    await patch('old', { attributes: { role: 'x' } });
    expect(await read('old')).to.deep.include({ holdings: { stickers: 2 }, usage: seen.usage });
    expect((await problemOf(() => put('new', seen))).code).to.equal('invalid_field');
  });

  describe('patch', () => {
    it('changes what it names, null takes away', async () => {
      await put('patched', WHOLE);
      await patch('patched', {
        attributes: { role: null, team: 'x' },
        usage: { daily_credits: null },
        extras: null,
        holdings: { private_models: 4 },
      });
      const { role: _role, ...attributes } = WHOLE.attributes;
      const { daily_credits: _credits, ...usage } = WHOLE.usage;
      expect(await read('patched')).to.deep.include({
        terms: WHOLE.terms,
        attributes: { ...attributes, team: 'x' },
        usage,
        extras: [],
        holdings: { private_models: 4 },
        revision: 2,
      });
    });

    it('an empty one changes nothing, the same one twice changes once', async () => {
      await put('laws', WHOLE);
      await patch('laws', {});
      expect((await read('laws')).revision).to.equal(1);
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.constantFrom('a', 'b', 'role'), fc.option(fc.nat(), { nil: null })),
          async (attributes) => {
            await patch('laws', { attributes });
            const once = await read('laws');
            await patch('laws', { attributes });
            expect(await read('laws')).to.deep.equal(once);
          },
        ),
        { numRuns: 20 },
      );
    });

    it('what comes out must be a member', async () => {
      await put('strict', WHOLE);
      expect(await problemOf(() => patch('strict', { holdings: { private_models: -4 } }))).to.include({
        code: 'invalid_member',
        field: '/holdings/private_models',
      });
      expect((await problemOf(() => patch('strict', null))).code).to.equal('invalid_field');
      expect((await problemOf(() => patch('strict', {}, expecting(9)))).code).to.equal('stale_revision');
    });

    it('keeps the memory of keys', async () => {
      await world.consume('keys', { action: 'credits.daily.claim', idempotencyKey: 'k' });
      await patch('keys', { attributes: { a: 1 } });
      expect(world.store.get('keys')?.keyDays).to.deep.equal({ '2026-11-22': 1 });
    });
  });

  describe('one term', () => {
    const { id: _id, ...BODY } = TERM;
    const putOne = async (user: string, id: string, json: unknown) => putTerm(world, book, user, fromApiTerm(json, id));

    it('comes twice and is there once, with one revision', async () => {
      expect((await putOne('billing', 'sub_1', BODY)).created).to.equal(true);
      expect((await putOne('billing', 'sub_1', { ...BODY, id: 'sub_1' })).created).to.equal(false);
      expect(await read('billing')).to.deep.include({ terms: [TERM], revision: 1 });
    });

    it('is replaced in its place', async () => {
      await putOne('place', 'a', BODY);
      await putOne('place', 'b', { ...BODY, tier: 'pro' });
      await putOne('place', 'a', { ...BODY, endsAt: '2027-01-01T00:00:00.000Z' });
      const { terms } = await read('place');
      expect(terms.map(({ id, endsAt }) => [id, endsAt])).to.deep.equal([
        ['a', '2027-01-01T00:00:00.000Z'],
        ['b', TERM.endsAt],
      ]);
    });

    it('is taken away as often as one likes, also where it never was', async () => {
      await putOne('gone', 'a', BODY);
      expect((await deleteTerm(world, book, 'gone', 'a')).existed).to.equal(true);
      expect((await deleteTerm(world, book, 'gone', 'a')).existed).to.equal(false);
      expect(await read('gone')).to.deep.include({ terms: [], revision: 2 });
      expect(await deleteTerm(world, book, 'never', 'a')).to.deep.equal({ existed: false, view: null });
      expect(world.store.get('never')).to.equal(undefined);
    });

    it('is refused with the field of its own body', async () => {
      expect(await problemOf(() => putOne('bad', 'a', { ...BODY, tier: 'free' }))).to.include({
        code: 'invalid_member',
        field: '/tier',
      });
      expect(await problemOf(() => putOne('bad', 'a', { ...BODY, id: 'b' }))).to.include({ field: '/id' });
      expect(await problemOf(() => putOne('bad', 'a', { ...BODY, endsAt: BODY.startsAt }))).to.include({
        field: '/endsAt',
      });
    });
  });

  it('delete forgets, and is no problem where nothing is', async () => {
    const other = await openWorld();
    try {
      await putMember(other, book, 'u', fromApiMember(WHOLE, 'u'));
      expect((await problemOf(() => deleteMember(other, 'u', expecting(4)))).code).to.equal('stale_revision');
      expect(await deleteMember(other, 'u')).to.deep.equal({ existed: true });
      expect(await deleteMember(other, 'u')).to.deep.equal({ existed: false });
      expect(await problemOf(() => getMember(other, book, 'u'))).to.include({ code: 'unknown_member' });
      // A revision never names two contents: not even that of a member made anew by a consume.
      const again = await other.consume('u', { action: 'credits.daily.claim', idempotencyKey: 'k' });
      expect(again.revision).to.equal(2).and.to.equal(other.store.get('u')?.revision);
    } finally {
      await other.close();
    }
  });

  it('pages show every member once', async () => {
    const other = await openWorld();
    try {
      for (const id of ['c', 'a', 'd', 'b', 'e']) await putMember(other, book, id, {});
      const ids: string[] = [];
      let after: string | undefined;
      let pages = 0;
      do {
        const page = await listMembers(other, book, { after, limit: 2 });
        ids.push(...page.members.map(({ member }) => member.id));
        after = page.next ?? undefined;
        pages++;
      } while (after !== undefined);
      expect(ids).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
      expect(pages).to.equal(3);
      expect((await listMembers(other, book, { after: 'c', limit: 2 })).next).to.equal(null);
    } finally {
      await other.close();
    }
  });
});
