import { expect } from 'chai';
import type { MappingFile } from '../../src/generated/mapping.ts';
import { doubtsAbout } from '../../src/stores/mapped/mapped-doubts.ts';

const TERMS = {
  list: 'subs',
  onlyIf: { status: ['active', 'past_due'] },
  tier: { path: 'plan.code', values: { basic: 'starter' } },
  channel: 'source',
  startsAt: 'period.start',
  endsAt: 'period.end',
} as const;
const MAPPING: MappingFile = {
  format: 'perkbook-mapping/1',
  collection: 'users',
  id: '_id',
  terms: TERMS,
  usage: { daily_credits: { list: 'claims', at: 'when', amount: 'n' } },
};
const ENTRY = {
  status: 'active',
  plan: { code: 'basic' },
  source: 'stripe',
  period: { start: new Date(0), end: new Date(1) },
};
const PIA = { _id: 'pia', subs: [ENTRY], claims: [{ when: new Date(0), n: 1 }] };

const withTerms = (more: Partial<NonNullable<MappingFile['terms']>>): MappingFile => ({
  ...MAPPING,
  terms: { ...TERMS, ...more },
});

describe('doubts about a mapping', () => {
  it('are none where everything is found, and that there is nothing at all is one', () => {
    for (const documents of [[PIA], [{ _id: 'una' }, PIA]]) {
      expect(doubtsAbout(MAPPING, documents)).to.deep.equal([]);
    }
    expect(doubtsAbout(MAPPING, [])).to.deep.equal([
      'there is no document in `users`: are its name and the database right?',
    ]);
    expect(doubtsAbout(MAPPING, [{ _id: 'una', subs: [], claims: [] }])).to.deep.equal([]);
  });

  it('name each path that leads nowhere, in the document and in the entries of its lists', () => {
    const usage = (more: object) => ({ ...MAPPING, usage: { daily_credits: { list: 'claims', at: 'when', ...more } } });
    for (const [mapping, ...words] of [
      [withTerms({ list: 'subz' }), 'no document', '`users`', '`subz`'],
      [withTerms({ tier: { path: 'plan.kode', values: { basic: 'starter' } } }), '`plan.kode`', 'mean `plan.code`?'],
      [withTerms({ tier: 'plann.code' }), 'no entry of `subs`', '`plann.code`', 'mean `plan.code`?'],
      [withTerms({ channel: 'soruce' }), '`soruce`', 'mean `source`?'],
      [withTerms({ startsAt: 'period.begin' }), '`period.begin`'],
      [withTerms({ endsAt: 'period.ends' }), '`period.ends`', 'mean `period.end`?'],
      [withTerms({ onlyIf: { statu: ['active'] } }), '`statu`', 'mean `status`?'],
      [withTerms({ cancelledAt: 'canceled' }), '`canceled`'],
      [usage({ at: 'wehn' }), 'no entry of `claims`', '`wehn`', 'mean `when`?'],
      [usage({ amount: 'm' }), '`m`'],
    ] as const) {
      const doubts = doubtsAbout(mapping, [PIA]);
      expect(doubts, doubts.join('\n')).to.have.length(1);
      for (const word of words) expect(doubts[0]).to.include(word);
    }
  });

  it('say what was meant also where only whole documents show it', () => {
    const { list: _, ...one } = TERMS;
    const mapping = {
      ...MAPPING,
      usage: {},
      terms: { ...one, onlyIf: { statu: ['active'] }, startsAt: 'period.begn' },
    };
    const { status: __, period: ___, ...seen } = ENTRY;
    const whole = { _id: 'pia', ...ENTRY, period: { begin: 0, end: 1 } };
    expect(doubtsAbout(mapping, [{ _id: 'pia', ...seen, period: { end: 1 } }], [whole])).to.deep.equal([
      'no document looked at in `users` has anything at `statu`; did you mean `status`?',
      'no document looked at in `users` has anything at `period.begn`; did you mean `period.begin`?',
    ]);
  });

  it('say where `onlyIf` leaves out everybody, with the values that are there', () => {
    const documents = [PIA, { _id: 'una', subs: [{ ...ENTRY, status: 'past' }] }];
    expect(doubtsAbout(withTerms({ onlyIf: { status: ['Active'] } }), documents)).to.deep.equal([
      '`onlyIf` leaves out every entry of `subs` looked at in `users`: at `status` is `active` or `past`, never `Active`; did you mean `active`?',
    ]);
    const onlyOne = withTerms({ onlyIf: { status: ['past'], source: ['stripe', 1] } });
    expect(doubtsAbout(onlyOne, documents)).to.deep.equal([]);
    const never = withTerms({ onlyIf: { status: ['past'], source: ['apple'] } });
    expect(doubtsAbout(never, [PIA, { _id: 'una', subs: [{ ...ENTRY, status: 'past' }] }])[0]).to.include('`apple`');
    const both = withTerms({ onlyIf: { status: ['past'], 'plan.code': ['basic'] } });
    expect(doubtsAbout(both, [PIA, { _id: 'una', subs: [{ status: 'past', plan: { code: 'x' } }] }])).to.deep.equal([
      '`onlyIf` leaves out every entry of `subs` looked at in `users`: each of its values is there, never all together',
    ]);
    const { list: _, ...one } = TERMS;
    const own = { ...MAPPING, usage: {}, terms: { ...one, onlyIf: { status: [1] } } };
    expect(doubtsAbout(own, [{ _id: 'pia', ...ENTRY, status: 2 }])[0]).to.include(
      'every document looked at in `users`',
    );
  });
});
