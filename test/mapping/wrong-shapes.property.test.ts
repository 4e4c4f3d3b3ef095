import { expect } from 'chai';
import fc from 'fast-check';
import { ObjectId } from 'mongodb';
import type { MappingFile } from '../../src/generated/mapping.ts';
import { fromMapped } from '../../src/mapping/from-mapped.ts';
import { UnreadableValue } from '../../src/mapping/unreadable-value.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const NAMES = { isFirstTier: (tier: string) => tier === 'free' };
const LATER = new Date('2026-12-10T00:00:00Z');

const MAPPING: MappingFile = {
  format: 'perkbook-mapping/1',
  collection: 'users',
  id: '_id',
  terms: {
    onlyIf: { 'payment.state': ['paid'] },
    onlyIfMissing: 'leftOut',
    id: 'bill.number',
    tier: { path: 'plan.now.code', values: { plus: 'pro', none: 'free' } },
    channel: 'source.shop',
    startsAt: 'period.start',
    endsAt: 'until.at',
    withoutEnd: 'forever',
    cancelledAt: 'cancelled.at',
    autoRenew: 'renewal.on',
  },
  holdings: { private_models: 'stats.models' },
  usage: {
    free_lora_training: { used: 'usage.lora.n', at: 'since.at' },
    monthly_credits: { at: 'credits.last' },
    daily_credits: { list: 'claims.all', at: 'when.at', amount: 'many.n' },
  },
  attributes: { role: 'profile.role' },
};

/** A document with something at every path. */
const whole = () => ({
  _id: 'ada',
  payment: { state: 'paid' },
  bill: { number: 'b1' },
  plan: { now: { code: 'plus' } },
  source: { shop: 'web' },
  period: { start: new Date('2026-11-10T00:00:00Z') },
  until: { at: LATER },
  cancelled: { at: LATER },
  renewal: { on: true },
  stats: { models: 3 },
  usage: { lora: { n: 5 } },
  since: { at: new Date('2026-11-10T00:00:00Z') },
  credits: { last: LATER },
  claims: { all: [{ when: { at: LATER }, many: { n: 2 } }] },
  profile: { role: 'admin' },
});

/** Every place that holds what the mapping reads, so that an object belongs there. */
const HOLDERS = [
  ...['payment', 'bill', 'plan', 'plan.now', 'source', 'period', 'until', 'cancelled', 'renewal', 'stats', 'usage'],
  ...['usage.lora', 'since', 'credits', 'claims', 'claims.all.0', 'claims.all.0.when', 'claims.all.0.many', 'profile'],
];

/** What has no names in it, whatever else it may hold. */
const wrong = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.date(),
  fc.array(fc.object(), { maxLength: 3 }),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.constant(new ObjectId()),
);

type Holder = Record<string, unknown>;

function put(document: object, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const holder = names.reduce<Holder>((found, name) => found[name] as Holder, document as Holder);
  holder[last] = value;
}

const read = (document: object) => fromMapped(document, MAPPING, NAMES, NOW);

describe('a document in which something is not the object that the mapping looks into', () => {
  it('cannot be read, wherever that is: it is never as if nothing were there', () => {
    expect(read(whole()).terms).to.have.length(1);
    fc.assert(
      fc.property(fc.constantFrom(...HOLDERS), wrong, (holder, value) => {
        const document = whole();
        put(document, holder, value);
        expect(() => read(document), holder).to.throw(
          UnreadableValue,
          `\`${holder.replace('claims.all.0.', '')}\` is `,
        );
      }),
    );
  });

  it('is one also with what it holds in a list of one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOLDERS), (holder) => {
        const document = whole();
        const names = holder.split('.');
        put(document, holder, [names.reduce<unknown>((found, name) => (found as Holder)[name], document)]);
        expect(() => read(document), holder).to.throw(UnreadableValue, 'a list of 1');
      }),
    );
  });

  it('is another than one where nothing is there', () => {
    for (const nothing of [undefined, null, {}]) {
      for (const holder of ['cancelled', 'renewal', 'stats', 'usage', 'usage.lora', 'credits', 'claims', 'profile']) {
        const document = whole();
        put(document, holder, nothing);
        expect(read(document).terms, holder).to.have.length(1);
      }
    }
    const { plan: _, ...free } = whole();
    expect(read(free).terms).to.deep.equal([]);
  });

  it('says what is there, and what is looked for in it', () => {
    for (const [document, message] of [
      [{ ...whole(), plan: [{ now: {} }] }, '`plan` is a list of 1; `plan.now.code` needs an object there'],
      [{ ...whole(), plan: { now: 'plus' } }, '`plan.now` is the text `"plus"`; `plan.now.code` needs an object there'],
      [{ ...whole(), usage: 5 }, '`usage` is `5`; `usage.lora.n` needs an object there'],
      [{ ...whole(), claims: { all: ['x'] } }, '`claims.all.0` is the text `"x"`; an entry of this list is an object'],
    ] as const) {
      expect(() => read(document)).to.throw(message);
    }
  });
});
