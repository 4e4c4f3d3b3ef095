import { expect } from 'chai';
import fc from 'fast-check';
import type { Member } from '../../src/domain/member.ts';
import type { MappingFile } from '../../src/generated/mapping.ts';
import { fromMapped } from '../../src/mapping/from-mapped.ts';
import { member } from '../support/arbitrary-member.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const NAMES = { isFirstTier: (tier: string) => tier === 'free' };

const MAPPING: MappingFile = {
  format: 'perkbook-mapping/1',
  collection: 'users',
  id: '_id',
  epoch: 'milliseconds',
  terms: {
    list: 'billing.subscriptions',
    tier: { path: 'plan.code', values: { S: 'starter', H: 'hobbyist', P: 'pro', none: 'free' } },
    channel: { path: 'source', values: { stripe: 'web', apple: 'ios', google: 'android' } },
    startsAt: 'period.start',
    endsAt: 'period.end',
    cancelledAt: 'canceled_at',
    autoRenew: 'renews',
  },
  holdings: { private_models: 'stats.privateModels' },
  usage: { free_lora_training: { list: 'trainings', at: 'when', amount: 'n' } },
  attributes: { role: 'role' },
};
const CODE: Readonly<Record<string, string>> = { starter: 'S', hobbyist: 'H', pro: 'P' };
const SOURCE = { web: 'stripe', ios: 'apple', android: 'google' };

/** An instant in each form that may be stored. */
const FORMS = [(at: number) => new Date(at), (at: number) => new Date(at).toISOString(), (at: number) => at];

function foreign({ terms, holdings, usage }: Member, form: (at: number) => unknown): object {
  return {
    billing: {
      subscriptions: terms.map(({ tier, channel, startsAt, endsAt, cancelledAt, autoRenew }) => ({
        plan: { code: CODE[tier] },
        source: SOURCE[channel],
        period: { start: form(startsAt), end: form(endsAt) },
        canceled_at: cancelledAt === undefined ? null : form(cancelledAt),
        renews: autoRenew,
      })),
    },
    stats: { privateModels: holdings.private_models, other: 'x' },
    trainings: usage.free_lora_training?.map(({ at, amount }) => ({ when: form(at), n: amount })),
  };
}

describe('a document of another shape', () => {
  it('tells the same as the member that it was made from, whatever form its instants have', () => {
    fc.assert(
      fc.property(member, fc.constantFrom(...FORMS), (each, form) => {
        const { terms, holdings, usage } = fromMapped(foreign(each, form), MAPPING, NAMES, NOW);
        expect(terms).to.deep.equal(each.terms);
        expect(holdings).to.deep.equal({ ...each.holdings });
        expect(usage).to.deep.equal({ free_lora_training: each.usage.free_lora_training });
      }),
    );
  });

  const TERMS = {
    tier: 'tier',
    channel: { always: 'web' },
    startsAt: 'from',
    endsAt: 'until',
  } as const;
  const ONE: MappingFile = { format: 'perkbook-mapping/1', collection: 'users', id: '_id', terms: TERMS };
  const FROM = new Date(NOW - 1000);
  const UNTIL = new Date(NOW + 1000);
  const read = (document: object, more: Partial<MappingFile> = {}) =>
    fromMapped(document, { ...ONE, ...more }, NAMES, NOW);

  it('has no term where no tier is there, or the first one', () => {
    for (const tier of [undefined, null, 'free']) expect(read({ tier, from: FROM }).terms).to.deep.equal([]);
    expect(read({ tier: 'pro', from: FROM, until: UNTIL }).terms).to.have.length(1);
  });

  it("is refused where an entry of the list has nothing at its tier: it must not become nobody's term", () => {
    const entry = { plan: { kode: 'P' }, source: 'stripe', period: { start: FROM, end: UNTIL } };
    for (const each of [entry, { ...entry, plan: null }]) {
      expect(() => fromMapped({ billing: { subscriptions: [each] } }, MAPPING, NAMES, NOW)).to.throw(
        '`billing.subscriptions.plan.code` is missing; a term has a tier',
      );
    }
    const none = { ...entry, plan: { code: 'none' } };
    expect(fromMapped({ billing: { subscriptions: [none] } }, MAPPING, NAMES, NOW).terms).to.deep.equal([]);
  });

  it('has only the terms that count', () => {
    const terms = { ...TERMS, onlyIf: { status: ['active', 'past_due'] } };
    for (const [status, count] of [
      ['active', 1],
      ['past_due', 1],
      ['incomplete', 0],
    ] as const) {
      expect(read({ status, tier: 'pro', from: FROM, until: UNTIL }, { terms }).terms).to.have.length(count);
    }
  });

  it('is refused where nothing says whether a term counts, unless the mapping says that it then does not', () => {
    const onlyIf = { status: ['active'], 'payment.ok': [true] };
    const terms = { ...TERMS, onlyIf };
    const term = { tier: 'pro', from: FROM, until: UNTIL };
    for (const [document, path] of [
      [term, 'status'],
      [{ ...term, status: null, payment: { ok: true } }, 'status'],
      [{ ...term, status: 'active' }, 'payment.ok'],
    ] as const) {
      expect(() => read(document, { terms })).to.throw(`\`${path}\` is missing; a term has what \`onlyIf\` asks for`);
      expect(read(document, { terms: { ...terms, onlyIfMissing: 'leftOut' } }).terms).to.deep.equal([]);
    }
    const list = { ...MAPPING, terms: { ...TERMS, list: 'subs', onlyIf } };
    expect(() => fromMapped({ subs: [{ ...term, status: 'active' }] }, list, NAMES, NOW)).to.throw('`subs.payment.ok`');
    // What is there says enough; and so does that there is no tier.
    for (const document of [{ ...term, status: 'ended' }, {}, { tier: 'free' }])
      expect(read(document, { terms }).terms).to.deep.equal([]);
  });

  it('has a term without end only where the mapping says so', () => {
    expect(() => read({ tier: 'pro', from: FROM })).to.throw('`until` is missing; `withoutEnd: forever`');
    const terms = { ...TERMS, withoutEnd: 'forever' } as const;
    expect(read({ tier: 'pro', from: FROM, until: null }, { terms }).terms?.[0]?.endsAt).to.be.greaterThan(NOW);
  });

  it('has usage as a counter of now, a counter since then, and a last instant', () => {
    const usage = {
      free_lora_training: { used: 'lora.count' },
      monthly_credits: { used: 'credits.n', at: 'credits.since' },
      daily_credits: { at: 'lastClaim' },
    };
    const document = { lora: { count: 2 }, credits: { n: 1, since: FROM }, lastClaim: UNTIL };
    expect(read(document, { usage }).usage).to.deep.equal({
      free_lora_training: [{ at: NOW, amount: 2 }],
      monthly_credits: [{ at: FROM.getTime(), amount: 1 }],
      daily_credits: [{ at: UNTIL.getTime(), amount: 1 }],
    });
    expect(read({ lora: { count: 0 } }, { usage }).usage).to.deep.equal({});
  });

  it('is refused, with the path, where something cannot be what it should be', () => {
    const good = { tier: 'pro', from: FROM, until: UNTIL };
    const holdings = { private_models: 'count' };
    for (const [document, message, more] of [
      [{ ...good, until: 'next month' }, '`until` is the text `"next month"`; an instant is'],
      [{ ...good, until: 1_799_000_000 }, '`until` is `1799000000`; say what it counts: `epoch: seconds`'],
      [{ ...good, until: 1_799_000_000_000 }, 'does it count milliseconds?', { epoch: 'seconds' }],
      [{ ...good, until: 1_799_000_000 }, 'does it count seconds?', { epoch: 'milliseconds' }],
      [{ ...good, until: FROM }, 'a term ends after it starts'],
      [{ ...good, from: new Date(Number.NaN) }, '`from` is a date; an instant is'],
      [{ ...good, tier: { code: 'pro' } }, '`tier` is an object; it must be a text'],
      [{ ...good, count: 1.5 }, '`count` is `1.5`; a count is', { holdings }],
      [{ ...good, count: -1 }, 'a count is a whole number of at least 0', { holdings }],
      [{ ...good, count: '3' }, '`count` is the text `"3"`; a count is a whole number', { holdings }],
    ] as [object, string, Partial<MappingFile>?][]) {
      expect(() => read(document, more)).to.throw(message);
    }
    const entry = { plan: { code: 'p' }, source: 'stripe', period: { start: FROM, end: UNTIL } };
    expect(() => fromMapped({ billing: { subscriptions: [entry] } }, MAPPING, NAMES, NOW)).to.throw(
      '`plan.code` is the text `"p"`; the mapping knows `S`, `H`, `P` or `none`',
    );
    expect(() => fromMapped({ billing: { subscriptions: {} } }, MAPPING, NAMES, NOW)).to.throw('it must be a list');
  });

  it('is read by its own properties only', () => {
    const attributes = { a: 'constructor', b: 'role.constructor.name', c: '__proto__' };
    expect(read({ role: {} }, { attributes }).attributes).to.deep.equal({});
    expect(() => read({ role: 'admin' }, { attributes: { d: 'role.length' } })).to.throw('`role` is the text');
  });
});
